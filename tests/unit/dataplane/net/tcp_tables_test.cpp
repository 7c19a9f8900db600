// Goal: the session index, the interval list and the neighbour table never lose or invent an entry.
// Method: random operations against an obvious model; TRADSYS_SEED picks the seed.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "dataplane/net/tcp/session_table.hpp"
#include "dataplane/net/tcp/tcp_recovery.hpp"
#include "dataplane/net/tcp/tcp_reorder.hpp"

namespace tradsys::net {
namespace {

u64 seed_of_run() {
  const char* text = std::getenv("TRADSYS_SEED");
  const u64 seed = text != nullptr ? std::strtoull(text, nullptr, 10) : 11;
  std::printf("  seed %llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

TEST(SessionTable, FindsExactlyTheOpenSessionsThroughManyOpensAndCloses) {
  TcpConfig config;
  config.sessions_max = 64;
  config.send_ring_bytes = config.receive_window_bytes = 2'048;
  SessionTable table(config);
  std::map<u64, ConnId> model;
  Random random(seed_of_run());
  for (int step = 0; step < 200'000; ++step) {
    const Ipv4 ip{ipv4(10, 0, 0, 0).v + static_cast<u32>(random.below(12))};
    const u16 port = static_cast<u16>(1 + random.below(12));
    const u64 key = tcp_key(ip, port, 7'001);
    TcpSession* s = table.find(key);
    ASSERT_EQ(s != nullptr, model.count(key) == 1);
    if (s != nullptr) {
      ASSERT_EQ(table.id_of(*s), model[key]);
      ASSERT_EQ(table.get(model[key]), s);
      table.release(*s);
      ASSERT_EQ(table.get(model[key]), nullptr);
      model.erase(key);
    } else if ((s = table.claim(ip, port, 7'001)) != nullptr) {
      s->state = TcpState::kEstablished;
      model[key] = table.id_of(*s);
    } else {
      ASSERT_EQ(model.size(), 64u);
    }
    ASSERT_EQ(table.open_count(), model.size());
  }
}

TEST(TcpSession, CountsUnacknowledgedBytesWhereverInTheSequenceSpace) {
  TcpSession s;
  s.state = TcpState::kSynSent;
  s.iss = s.snd_una = 100;
  s.snd_end = 101 + 500;  // queued before the handshake is over
  EXPECT_EQ(s.unacked_bytes(), 500u);
  s.state = TcpState::kEstablished;
  for (const u32 sent : {1u, 0x7FFF'FFFFu, 0x8000'0000u, 0x8000'1000u, 0xFFFF'FFF0u}) {
    s.snd_una = s.iss + sent;
    s.snd_end = s.snd_una + 60'000;
    EXPECT_EQ(s.unacked_bytes(), 60'000u) << sent;
  }
  s.snd_una = s.snd_end + 1;  // our FIN was acknowledged
  EXPECT_EQ(s.unacked_bytes(), 0u);
}

TEST(TcpSession, FastRetransmitStillWorksAfterGibibytesWithoutALoss) {
  TcpSession s;
  TcpConfig config;
  start_recovery_state(s, config);
  s.mss = 1'460;
  s.iss = 100;
  s.snd_una = s.recover = 101;
  for (u32 i = 0; i < 5; ++i) ASSERT_FALSE(on_new_ack(s, s.snd_una + (1u << 29), kSecond, config));
  s.snd_max = s.snd_una + 10'000;
  EXPECT_FALSE(on_duplicate_ack(s));
  EXPECT_FALSE(on_duplicate_ack(s));
  EXPECT_TRUE(on_duplicate_ack(s));
}

TEST(SessionTable, RingsKeepBytesAcrossTheirEndAndTheSequenceWrap) {
  TcpConfig config;
  config.sessions_max = 2;
  config.send_ring_bytes = config.receive_window_bytes = 2'048;
  SessionTable table(config);
  TcpSession* s = table.claim(ipv4(10, 0, 0, 1), 1, 2);
  ASSERT_NE(s, nullptr);
  std::array<std::byte, 1'500> data, copy;
  Random random(3);
  for (auto& b : data) b = static_cast<std::byte>(random.next());
  for (u32 i = 0; i < 84; ++i) {
    const u32 seq = 0xFFFF'F000U + 97 * i;
    table.put_send(*s, seq, data);
    table.get_send(*s, seq, copy.data(), 1'500);
    ASSERT_EQ(data, copy);
    table.put_receive(*s, seq, data);
    const Bytes first = table.receive_piece(*s, seq, seq + 1'500);
    ASSERT_EQ(std::memcmp(first.data(), data.data(), first.size()), 0);
    const u32 next = seq + static_cast<u32>(first.size());
    if (first.size() == 1'500) continue;
    const Bytes rest = table.receive_piece(*s, next, seq + 1'500);
    ASSERT_EQ(first.size() + rest.size(), 1'500u);
    ASSERT_EQ(std::memcmp(rest.data(), data.data() + first.size(), rest.size()), 0);
  }
}

TEST(SessionTable, ListensAndStopsListening) {
  TcpConfig config;
  config.listeners_max = 2;
  SessionTable table(config);
  EXPECT_TRUE(table.listen(1));
  EXPECT_TRUE(table.listen(2));
  EXPECT_TRUE(table.listen(2)) << "again is the same";
  EXPECT_FALSE(table.listen(3)) << "full";
  EXPECT_FALSE(table.listen(0));
  table.stop_listening(1);
  EXPECT_FALSE(table.is_listening(1));
  EXPECT_TRUE(table.is_listening(2));
  EXPECT_TRUE(table.listen(3));
}

TEST(Intervals, HoldTheUnionOfAllThatWasAdded) {
  Random random(seed_of_run());
  for (int round = 0; round < 2'000; ++round) {
    TcpSession s;
    const u32 base = static_cast<u32>(random.next());
    std::set<u32> model;  // offsets from base
    for (int i = 0; i < 40; ++i) {
      const u32 begin = 1 + static_cast<u32>(random.below(200));
      const u32 end = begin + 1 + static_cast<u32>(random.below(8));
      if (!add_interval(s, base + begin, base + end)) {
        ASSERT_EQ(s.interval_count, kTcpIntervalsMax);
        continue;
      }
      for (u32 x = begin; x < end; ++x) model.insert(x);
    }
    std::set<u32> held;
    for (u32 i = 0; i < s.interval_count; ++i) {
      ASSERT_TRUE(seq_before(s.intervals[i].begin, s.intervals[i].end));
      ASSERT_TRUE(i == 0 || seq_before(s.intervals[i - 1].end, s.intervals[i].begin));
      for (u32 q = s.intervals[i].begin; q != s.intervals[i].end; ++q) held.insert(q - base);
    }
    ASSERT_EQ(held, model);
    u32 end = 0;
    const u32 first = s.intervals[0].begin;
    EXPECT_FALSE(take_interval(s, first - 1, end));
    EXPECT_TRUE(take_interval(s, first, end));
  }
}

TEST(ArpTable, AFullTableForgetsTheOldestButNeverAStaticEntry) {
  ArpTable table(3, {60'000'000'000}, kSecond, 3);
  MacAddress mac;
  EXPECT_TRUE(table.set_static(ipv4(10, 0, 0, 1), {1}));
  EXPECT_TRUE(table.learn(ipv4(10, 0, 0, 2), {2}, true, {1}));
  EXPECT_TRUE(table.learn(ipv4(10, 0, 0, 3), {4}, true, {2}));
  EXPECT_TRUE(table.learn(ipv4(10, 0, 0, 4), {6}, true, {3}));
  EXPECT_EQ(table.lookup(ipv4(10, 0, 0, 1), {4}, mac), ArpTable::Lookup::kFound);
  EXPECT_EQ(table.peek(ipv4(10, 0, 0, 2)), kNoMac);
  EXPECT_EQ(table.peek(ipv4(10, 0, 0, 4)).v, 6u);
  EXPECT_FALSE(table.learn(ipv4(10, 0, 0, 9), {8}, false, {5})) << "gossip about strangers";
  EXPECT_FALSE(table.learn(ipv4(10, 0, 0, 4), kBroadcastMac, true, {5})) << "not a host's address";
}

}  // namespace
}  // namespace tradsys::net
