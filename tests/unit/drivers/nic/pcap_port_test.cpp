// Goal: a port copies its frames, both ways, into a capture file; a port of kind pcap plays a
// capture and records what it sends. Method: frames captured from a ring port are played by a pcap
// port and compared byte for byte.
#include <cstring>
#include <fstream>
#include <vector>

#include "drivers/nic/port.hpp"
#include "tests/support/eal_environment.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::nic {
namespace {

const auto* const kEal = testing::use_eal();

template <class End>
bool send(End& end, u32 len_bytes, u32 seed) {
  std::byte* out = end.tx_alloc();
  if (out == nullptr) return false;
  std::memset(out, static_cast<int>(seed & 0xFF), len_bytes);
  return end.tx_send(len_bytes);
}

Port make(const PortConfig& config) {
  auto port = Port::make(config);
  EXPECT_TRUE(port.ok()) << port.error().message();
  return std::move(port).value();
}

// Everything that a pcap port plays, as (length, first byte).
std::vector<std::pair<u32, u32>> play(const std::filesystem::path& file) {
  Port port = make({.name = "play", .kind = PortKind::kPcap, .device = file.string()});
  std::vector<std::pair<u32, u32>> seen;
  RxFrame frames[8];
  while (const u32 count = port.rx_burst(frames, 8)) {
    for (u32 i = 0; i < count; ++i) {
      seen.emplace_back(frames[i].len_bytes, std::to_integer<u32>(frames[i].data[0]));
    }
    port.release(frames, count);
  }
  EXPECT_EQ(port.buffers_in_use(), 0U);
  return seen;
}

const std::vector<std::pair<u32, u32>> kExpected{{60, 1}, {1'514, 2}, {61, 3}};

TEST(PcapPort, PlaysWhatARingPortHasCapturedInBothDirections) {
  const testing::TempDir folder;
  {
    Port port = make({.name = "tap", .capture_file = (folder / "tap.pcap").string()});
    RxFrame frame;
    ASSERT_TRUE(send(port, 60, 1));
    ASSERT_TRUE(send(port.wire_end(), 1'514, 2));
    ASSERT_EQ(port.rx_burst(&frame, 1), 1U);
    port.release(&frame, 1);
    ASSERT_TRUE(send(port, 61, 3));
    port.flush_capture();
    EXPECT_EQ(play(folder / "tap.pcap"), kExpected);
  }
  EXPECT_EQ(play(folder / "tap.pcap"), kExpected);
}

TEST(PcapPort, RecordsWhatItSends) {
  const testing::TempDir folder;
  {
    Port port =
        make({.name = "rec", .kind = PortKind::kPcap, .tx_file = (folder / "sent.pcap").string()});
    for (const auto& [len_bytes, byte] : kExpected) ASSERT_TRUE(send(port, len_bytes, byte));
    EXPECT_EQ(port.counters().tx_packets, 3U);
    EXPECT_EQ(port.buffers_in_use(), 0U);
  }
  EXPECT_EQ(play(folder / "sent.pcap"), kExpected);
}

TEST(PcapPort, RefusesAFileThatIsNotThere) {
  auto port = Port::make({.name = "gone", .kind = PortKind::kPcap, .device = "/no/such/file.pcap"});
  ASSERT_FALSE(port.ok());
  EXPECT_NE(port.error().message().find("/no/such/file.pcap"), std::string::npos);
}

TEST(PcapPort, RefusesACaptureFileThatCannotBeWritten) {
  auto port = Port::make({.name = "cap", .capture_file = "/no/such/folder/x.pcap"});
  ASSERT_FALSE(port.ok());
  EXPECT_NE(port.error().message().find("/no/such/folder"), std::string::npos);
}

}  // namespace
}  // namespace tradsys::nic
