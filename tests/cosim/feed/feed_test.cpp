// Goal: from frames on two ports to decoded messages, the feed side gives every wanted message once
// and in order, with the fields the software reads. Method: a recorded day where it is present, and
// made-up days, over two lines that lose frames and stall; each message is compared. Seed: printed,
// TRADSYS_SEED overrides.
#include <gtest/gtest.h>

#include <tradsys/feed_spec.hpp>
#include <tradsys/itch50_spec.hpp>

#include "Vfeed_top.h"
#include "hostsw/wire/binary_file.hpp"
#include "hostsw/wire/mold64.hpp"
#include "tests/support/rtl/axis.hpp"
#include "tests/support/rtl/frames.hpp"
#include "tests/support/rtl/scale.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/test_data.hpp"

namespace tradsys {
namespace {

using Message = std::vector<std::byte>;

constexpr net::Ipv4 kGroup[2] = {net::Ipv4{0xE900'0001}, net::Ipv4{0xE900'0002}};
constexpr u16 kPort[2] = {26'477, 26'478};
constexpr u64 kLatencyClocks = 15;
constexpr u8 kSlot = 77;
const wire::MoldSession kSession = make_text<10>("SESSION001");

/// What the card said of one message.
struct Seen {
  u64 sequence, at_clock;
  u8 slot, type, side;
  u16 stock_locate;
  u64 timestamp_ns, order, old_order, new_order;
  u32 shares, price, executed, canceled;
};

/// The same by the software's views.
struct Wanted {
  Seen seen{};
  template <class View>
  void on(const View& v) {
    seen.type = static_cast<u8>(View::kType);
    seen.stock_locate = v.stock_locate();
    seen.timestamp_ns = v.timestamp_ns();
    if constexpr (requires { v.order_reference_number(); }) seen.order = v.order_reference_number();
    if constexpr (requires { v.original_order_reference_number(); })
      seen.old_order = v.original_order_reference_number();
    if constexpr (requires { v.new_order_reference_number(); })
      seen.new_order = v.new_order_reference_number();
    if constexpr (requires { v.buy_sell_indicator(); })
      seen.side = static_cast<u8>(v.buy_sell_indicator());
    if constexpr (requires { v.shares(); }) seen.shares = v.shares();
    if constexpr (requires { v.price(); }) seen.price = v.price();
    if constexpr (requires { v.executed_shares(); }) seen.executed = v.executed_shares();
    if constexpr (requires { v.canceled_shares(); }) seen.canceled = v.canceled_shares();
  }
};

struct FeedTest : ::testing::Test {
  FeedTest()
      : seed(testing::test_seed(20'260'406)),
        random(seed),
        ports{testing::Stalls(seed + 1), testing::Stalls(seed + 2)},
        receiver(seed + 3) {
    dut.line_a_ip_i = kGroup[0].v;
    dut.line_a_port_i = kPort[0];
    dut.line_b_ip_i = kGroup[1].v;
    dut.line_b_port_i = kPort[1];
    dut.filter_write_i = 0;
    dut.s_valid_i = 0;
    dut.enable_i = 1;
    dut.m_ready_i = 1;
    dut.rst = 1;
    testing::clock(dut);
    testing::clock(dut);
    dut.rst = 0;
    u32 clearing = 0;
    for (; !dut.ready_o; ++clearing) testing::clock(dut);
    EXPECT_NEAR(clearing, 65'536, 2);
  }

  void want(u16 locate, bool wanted = true) {
    dut.filter_write_i = 1;
    dut.filter_locate_i = locate;
    dut.filter_wanted_i = wanted;
    dut.filter_slot_i = kSlot;
    testing::clock(dut);
    dut.filter_write_i = 0;
  }
  /// A frame with messages [first, first + count) of `day`, on `line`.
  void send(u32 line, u64 first, u64 count, u32 port) {
    wire::MoldPacketBuilder builder;
    builder.start(kSession, first + 1);
    for (u64 i = first; i < first + count; ++i) ASSERT_TRUE(builder.add(day[i]));
    testing::FramePlan plan{kGroup[line], kPort[line]};
    if (line == 1) plan.vlan_id = 7;
    std::vector<std::byte> frame = testing::make_frame(plan, builder.packet());
    if (frame.size() < 60) frame.resize(60);
    testing::append_beats(frame, random, queue[port]);
    ++frames_sent[port];
    ++packets_sent[line];
  }
  void step(bool stalls) {
    u8 valid = 0;
    u8 last = 0;
    for (u32 p = 0; p < 2; ++p) {
      offering[p] = offering[p] || (!queue[p].empty() && !(stalls && ports[p].now()));
      if (!offering[p]) continue;
      const testing::Beat& beat = queue[p].front();
      valid |= static_cast<u8>(1U << p);
      last |= static_cast<u8>(beat.last << p);
      std::memcpy(dut.s_data_i.data() + 16 * p, beat.data.data(), beat.data.size());
      const u64 keep = beat.keep();
      std::memcpy(dut.s_keep_i.data() + 2 * p, &keep, sizeof keep);
    }
    dut.s_valid_i = valid;
    dut.s_last_i = last;
    dut.m_ready_i = !(stalls && receiver.now());
    dut.eval();
    if (dut.m_valid_o && dut.m_ready_i) take();
    for (u32 p = 0; p < 2; ++p) {
      if (!((dut.frame_o >> p) & 1)) continue;
      ++frames[p];
      ASSERT_EQ((dut.frame_fault_o >> (8 * p)) & 0xFF, 0U) << "port " << p;
    }
    for (u32 p = 0; p < 2; ++p) {
      if (!offering[p] || !((dut.s_ready_o >> p) & 1)) continue;
      if (queue[p].front().last) last_beat_at = clocks;
      queue[p].pop_front();
      offering[p] = false;
    }
    testing::clock(dut);
    ++clocks;
    packets[0] += dut.packet_a_o;
    packets[1] += dut.packet_b_o;
    malformed += dut.malformed_o;
    errors += dut.itch_error_o;
    filtered += dut.itch_filtered_o;
  }
  void take() {
    seen.push_back({dut.m_sequence_o, clocks, dut.m_slot_o, dut.type_o, dut.side_o,
                    dut.stock_locate_o, dut.timestamp_ns_o, dut.order_o, dut.old_order_o,
                    dut.new_order_o, dut.shares_o, dut.price_o, dut.executed_o, dut.canceled_o});
  }
  void drain(bool stalls) {
    const u64 patience = clocks + 1'000'000;
    for (u32 quiet = 0; quiet < 60;
         quiet = queue[0].empty() && queue[1].empty() && !dut.m_valid_o ? quiet + 1 : 0) {
      TRADSYS_ASSERT(clocks < patience);  // else the card stands still
      step(stalls);
    }
  }
  /// The whole day over both lines; what both lost comes again.
  void play(bool stalls) {
    u64 next[2] = {0, 0};
    while (next[0] < day.size() || next[1] < day.size()) {
      const u32 line = next[0] <= next[1] ? u32(random.below(4) == 0) : u32(random.below(4) != 0);
      if (next[line] < day.size()) {
        const u64 count = std::min<u64>(1 + random.below(20), day.size() - next[line]);
        if (random.below(10) != 0) send(line, next[line], count, line);
        next[line] += count;
      }
      for (u64 i = random.below(60); i > 0; --i) step(stalls);
    }
    drain(stalls);
    for (u64 expected = dut.expected_o - 1; expected < day.size(); expected = dut.expected_o - 1) {
      send(1, expected, std::min<u64>(20, day.size() - expected), 1);
      drain(stalls);
      ASSERT_GT(dut.expected_o - 1, expected);
    }
  }
  /// Each good message of a wanted instrument, and nothing else.
  void compare(const std::vector<bool>& wanted) {
    u64 bad = 0;
    u64 unwanted = 0;
    usize at = 0;
    for (u64 i = 0; i < day.size(); ++i) {
      Wanted software;
      if (itch50::dispatch(day[i], software) != DecodeResult::kOk) {
        ++bad;
        continue;
      }
      if (!wanted[software.seen.stock_locate]) {
        ++unwanted;
        continue;
      }
      ASSERT_LT(at, seen.size());
      const Seen& a = seen[at++];
      const Seen& b = software.seen;
      ASSERT_EQ(a.sequence, i + 1);
      ASSERT_EQ(a.slot, kSlot);
      ASSERT_EQ(std::tie(a.type, a.stock_locate, a.timestamp_ns, a.order, a.old_order, a.new_order,
                         a.side, a.shares, a.price, a.executed, a.canceled),
                std::tie(b.type, b.stock_locate, b.timestamp_ns, b.order, b.old_order, b.new_order,
                         b.side, b.shares, b.price, b.executed, b.canceled))
          << "message " << i + 1;
    }
    EXPECT_EQ(at, seen.size());
    EXPECT_EQ(errors, bad);
    EXPECT_EQ(filtered, unwanted);
    EXPECT_FALSE(dut.stale_o);
    // Frames of two ports never mix: each is a whole packet of its line.
    EXPECT_EQ(frames, frames_sent);
    EXPECT_EQ(packets, packets_sent);
    EXPECT_EQ(malformed, 0U);
  }
  Message random_message(u16 locates) {
    const char type = "ADEXUFCPSRZ"[random.below(11)];
    Message message(type == 'Z' ? random.below(50) : itch50::kLength[static_cast<u8>(type)]);
    for (std::byte& b : message) b = static_cast<std::byte>(random.next());
    if (message.empty()) return message;
    store_char(message.data(), type);
    if (message.size() > 3) store_be16(message.data() + 1, static_cast<u16>(random.below(locates)));
    return message;
  }

  Vfeed_top dut;
  u64 seed;
  Random random;
  std::vector<Message> day;
  std::deque<testing::Beat> queue[2];
  bool offering[2] = {};
  testing::Stalls ports[2];
  testing::Stalls receiver;
  std::vector<Seen> seen;
  std::array<u64, 2> frames{}, frames_sent{}, packets{}, packets_sent{};
  u64 clocks = 0, last_beat_at = 0, malformed = 0, errors = 0, filtered = 0;
};

TEST_F(FeedTest, AMadeUpDayOfSomeInstruments) {
  std::vector<bool> wanted(65'536);
  for (u16 locate : std::initializer_list<u16>{0, 3, 5, 6, 15}) {
    want(locate);
    wanted[locate] = true;
  }
  want(4);
  want(4, false);
  for (u32 i = 0; i < 20'000 * testing::cosim_scale(); ++i) day.push_back(random_message(16));
  play(true);
  compare(wanted);
  EXPECT_GT(seen.size(), day.size() / 6);
}

TEST_F(FeedTest, ARecordedDay) {
  TRADSYS_REQUIRE_DATA(path, "itch50/ARL_2025-07-17_full_day_from_xnas_itch_mbo.itch50.gz");
  auto file = wire::BinaryFileReader::open(path);
  ASSERT_TRUE(file.ok());
  std::vector<bool> wanted(65'536);
  Bytes message;
  while (file.value().next(message) == wire::FileRead::kRecord) {
    day.emplace_back(message.begin(), message.end());
    const u16 locate = load_be16(message.data() + 1);
    if (!wanted[locate]) want(locate);
    wanted[locate] = true;
  }
  ASSERT_GT(day.size(), 5'000U);
  play(true);
  compare(wanted);
  EXPECT_EQ(errors, 0U);
}

TEST_F(FeedTest, TheLatencyFromFrameToMessageIsTheSame) {
  want(1);
  for (u64 i = 0; i < 400; ++i) {
    day.push_back(random_message(1));
    while (day.back().size() < 3 ||
           itch50::kLength[load_u8(day.back().data())] != day.back().size())
      day.back() = random_message(1);
    store_be16(day.back().data() + 1, 1);
    const u32 port = static_cast<u32>(i % 2);
    send(port, i, 1, port);
    drain(false);
    ASSERT_EQ(seen.size(), i + 1);
    ASSERT_EQ(seen.back().at_clock - last_beat_at, kLatencyClocks) << i;
  }
}

TEST_F(FeedTest, AFrameThatBeganWhileTheFeedWasOffIsDroppedToItsEnd) {
  want(1);
  for (u64 i = 0; i < 60; ++i) {
    day.emplace_back(36);
    store_char(day.back().data(), 'A');
    store_be16(day.back().data() + 1, 1);
  }
  dut.enable_i = 0;
  send(0, 0, 30, 0);
  for (u32 i = 0; i < 5; ++i) step(false);
  dut.enable_i = 1;
  drain(false);
  EXPECT_EQ(dut.next_seen_o, 1U);
  send(0, 0, 30, 0);
  for (u32 i = 0; i < 5; ++i) step(false);
  dut.enable_i = 0;  // one that has begun is taken to its end
  drain(false);
  EXPECT_EQ(dut.next_seen_o, 31U);
  EXPECT_EQ(seen.size(), 30U);
}

}  // namespace
}  // namespace tradsys
