// Goal: books built from a real exchange day equal the vendor's own, ten levels deep, at every
// point. Method: replay the day through ItchBookBuilder over each implementation, message by
// message and in blocks, and hold it against the oracle (price, quantity, order count of each level
// and side).
#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <string_view>
#include <vector>

#include "dataplane/feed/itch_book_builder.hpp"
#include "hostsw/book/flat_books.hpp"
#include "hostsw/book/reference_books.hpp"
#include "sim/bench/input/load_bytes.hpp"
#include "tests/support/test_data.hpp"

namespace tradsys::feed {
namespace {

constexpr u32 kDepth = 10;
constexpr usize kPoints = 3'354;
constexpr usize kMessages = 5'867;
constexpr book::BookConfig kBooks{
    .instruments_max = 16'384, .orders_max = 8'192, .levels_max = 8'192};

struct Point {
  u64 message_index = 0;
  std::array<book::Level, kDepth> bids, asks;
};

// Columns: message_index, timestamp_ns, then bid price, qty, orders, ask price, qty, orders by
// level.
std::vector<Point> parse_points(Bytes csv) {
  std::string_view text(reinterpret_cast<const char*>(csv.data()), csv.size());
  std::vector<Point> points;
  text.remove_prefix(text.find('\n') + 1);
  while (!text.empty()) {
    std::array<u64, 2 + 6 * kDepth> field{};
    for (u64& value : field) {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc{}) return {};
      text.remove_prefix(static_cast<usize>(end - text.data()));
      text.remove_prefix(text.find_first_of(",\n") == 0 ? 1 : text.find_first_of(",\n") + 1);
    }
    Point point{.message_index = field[0], .bids = {}, .asks = {}};
    for (u32 i = 0; i < kDepth; ++i) {
      const u64* level = &field[2 + 6 * i];
      point.bids[i] = {static_cast<u32>(level[0]), static_cast<u32>(level[2]), level[1]};
      point.asks[i] = {static_cast<u32>(level[3]), static_cast<u32>(level[5]), level[4]};
    }
    points.push_back(point);
  }
  return points;
}

struct Observer {
  void on_bbo(u16) { ++bbo_count; }
  u64 bbo_count = 0;
};

template <class Books>
class RealDay : public ::testing::Test {
 protected:
  std::array<book::Level, kDepth> levels(u16 instrument, Side side) const {
    std::array<book::Level, kDepth> out{};
    books.levels(instrument, side, out);
    return out;
  }
  Books books{kBooks};
  Observer observer;
  ItchBookBuilder<Books, Observer> builder{books, observer};
};

using Implementations = ::testing::Types<book::ReferenceBooks, book::FlatBooks>;
TYPED_TEST_SUITE(RealDay, Implementations);

TYPED_TEST(RealDay, GivesTheVendorsTenLevelsAtEveryPoint) {
  TRADSYS_REQUIRE_DATA(itch, "itch50/ARL_2025-07-17_full_day_from_xnas_itch_mbo.itch50.gz");
  TRADSYS_REQUIRE_DATA(oracle, "expected/ARL_2025-07-17_mbp10.csv.gz");
  const std::vector<std::byte> day = bench::load_bytes(itch).value();
  const std::vector<Point> points = parse_points(bench::load_bytes(oracle).value());
  ASSERT_EQ(points.size(), kPoints);

  usize point = 0;
  usize equal = 0;
  usize index = 0;
  u16 instrument = 0;  // the day has one; system events name none
  for (usize at = 0; at < day.size(); ++index) {
    const usize bytes = load_be16(&day[at]);
    const Bytes message = Bytes(day).subspan(at + 2, bytes);
    this->builder.on_message(message);
    at += 2 + bytes;
    if (load_be16(&message[1]) != 0) instrument = load_be16(&message[1]);
    if (point == points.size() || points[point].message_index != index) continue;
    const bool same = this->levels(instrument, Side::kBuy) == points[point].bids &&
                      this->levels(instrument, Side::kSell) == points[point].asks;
    EXPECT_TRUE(same) << "point " << point << " after message " << index;
    equal += same ? 1 : 0;
    ++point;
  }
  EXPECT_EQ(index, kMessages);
  EXPECT_EQ(equal, kPoints);
  EXPECT_EQ(this->builder.counters().errors(), 0U);
  EXPECT_EQ(this->observer.bbo_count, this->builder.counters().bbo_changes);
}

TYPED_TEST(RealDay, GivesTheSameBookInBlocksAsMessageByMessage) {
  TRADSYS_REQUIRE_DATA(itch, "itch50/ARL_2025-07-17_full_day_from_xnas_itch_mbo.itch50.gz");
  const std::vector<std::byte> day = bench::load_bytes(itch).value();
  EXPECT_EQ(this->builder.on_blocks(day), day.size());
  EXPECT_EQ(this->builder.counters().errors(), 0U);

  TypeParam single_books{kBooks};
  Observer single_observer;
  ItchBookBuilder<TypeParam, Observer> single{single_books, single_observer};
  u16 instrument = 0;
  for (usize at = 0; at < day.size(); at += usize{2} + load_be16(&day[at])) {
    single.on_message(Bytes(day).subspan(at + 2, load_be16(&day[at])));
    instrument = load_be16(&day[at + 3]) != 0 ? load_be16(&day[at + 3]) : instrument;
  }
  EXPECT_EQ(single.counters().by_type, this->builder.counters().by_type);
  EXPECT_EQ(single.counters().bbo_changes, this->builder.counters().bbo_changes);
  for (const Side side : {Side::kBuy, Side::kSell}) {
    std::array<book::Level, 1'000> in_blocks{}, one_by_one{};
    this->books.levels(instrument, side, in_blocks);
    single_books.levels(instrument, side, one_by_one);
    EXPECT_EQ(in_blocks, one_by_one);
  }
}

TYPED_TEST(RealDay, ReadsTheStartOfADayAndStopsAtACutMessage) {
  TRADSYS_REQUIRE_DATA(whole, "itch50/nasdaq_itch50_sod_first1000.itch");
  TRADSYS_REQUIRE_DATA(cut, "itch50/nasdaq_itch50_sod_first500bytes.itch");
  const std::vector<std::byte> first = bench::load_bytes(whole).value();
  EXPECT_EQ(this->builder.on_blocks(first), first.size());
  const ItchCounters& counters = this->builder.counters();
  EXPECT_EQ(counters.by_type['S'], 1U);
  EXPECT_EQ(counters.by_type['R'], 993U);
  EXPECT_EQ(counters.by_type['H'], 3U);
  EXPECT_EQ(counters.by_type['Y'], 3U);
  EXPECT_EQ(counters.errors(), 0U);

  const std::vector<std::byte> rest = bench::load_bytes(cut).value();
  EXPECT_EQ(this->builder.on_blocks(rest), rest.size() - 3);
  EXPECT_EQ(counters.errors(), 0U);
}

}  // namespace
}  // namespace tradsys::feed
