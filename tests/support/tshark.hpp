#pragma once
// Captures judged by an independent dissector.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "hostsw/core/types.hpp"

namespace tradsys::testing {

/// tshark's verdict on one frame; a checksum status is "1" when good, empty where there is none.
struct Dissection {
  std::string protocols, severity, ip_status, udp_status, tcp_status, igmp_status, icmp_status,
      retransmission, mold_count, udp_dst_port, ip_dst;

  [[nodiscard]] bool has(const std::string& layer) const {
    return (protocols + ":").find(":" + layer + ":") != std::string::npos;
  }
};

/// What a command prints; empty when it cannot run.
inline std::string output_of(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string text;
  char chunk[4'096];
  while (const usize count = std::fread(chunk, 1, sizeof chunk, pipe)) text.append(chunk, count);
  pclose(pipe);
  return text;
}

/// Every frame of a capture; `decode_as` are options "-d ...".
inline std::vector<Dissection> dissect(const std::string& path, const std::string& decode_as) {
  const std::string text = output_of(
      "tshark -r " + path + " " + decode_as +
      " -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -T fields"
      " -E occurrence=l -e frame.protocols -e _ws.expert.severity -e ip.checksum.status"
      " -e udp.checksum.status -e tcp.checksum.status -e igmp.checksum.status"
      " -e icmp.checksum.status -e tcp.analysis.retransmission -e moldudp64.count"
      " -e udp.dstport -e ip.dst 2>/dev/null");
  std::vector<Dissection> frames;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    Dissection d;
    for (std::string* field :
         {&d.protocols, &d.severity, &d.ip_status, &d.udp_status, &d.tcp_status, &d.igmp_status,
          &d.icmp_status, &d.retransmission, &d.mold_count, &d.udp_dst_port, &d.ip_dst})
      std::getline(fields, *field, '\t');
    frames.push_back(d);
  }
  return frames;
}

/// Expects every frame to be whole, every checksum good and `repeated` segments sent again; frames
/// by layer. nullopt: in real time, where a machine that pauses makes timers expire.
inline std::map<std::string, u64> expect_flawless(const std::vector<Dissection>& frames,
                                                  std::optional<u64> repeated = 0) {
  constexpr u64 kError = 8'388'608;  // tshark's PI_ERROR; a malformed frame is one
  std::map<std::string, u64> layers;
  u64 retransmissions = 0;
  for (usize i = 0; i < frames.size(); ++i) {
    const Dissection& d = frames[i];
    SCOPED_TRACE("frame " + std::to_string(i + 1) + ": " + d.protocols);
    EXPECT_EQ(d.protocols.find("malformed"), std::string::npos);
    EXPECT_LT(d.severity.empty() ? 0 : std::stoul(d.severity), kError);
    retransmissions += d.retransmission.empty() ? 0U : 1U;
    for (const auto& [layer, status] : {std::pair<std::string, std::string>{"ip", d.ip_status},
                                        {"udp", d.udp_status},
                                        {"tcp", d.tcp_status},
                                        {"igmp", d.igmp_status},
                                        {"icmp", d.icmp_status}}) {
      if (!d.has(layer)) continue;
      EXPECT_EQ(status, "1") << layer << " checksum";
    }
    for (const char* layer :
         {"ip", "udp", "tcp", "igmp", "icmp", "moldudp64", "soupbintcp", "fix", "data"}) {
      if (d.has(layer)) ++layers[layer];
    }
  }
  if (repeated) {
    EXPECT_EQ(retransmissions, *repeated) << "segments sent again";
  }
  return layers;
}

}  // namespace tradsys::testing

#define TRADSYS_REQUIRE_TSHARK()                                             \
  if (::tradsys::testing::output_of("tshark --version 2>/dev/null").empty()) \
  GTEST_SKIP() << "SKIPPED: tshark is not installed (Debian package tshark)"
