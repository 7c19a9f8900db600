// Goal: files of real trading days are read to the last byte, and a file cut inside a message says
// so. Method: message counts by type, timestamps and truncation against what is known of each file.
#include <gmock/gmock.h>

#include <tradsys/itch50_spec.hpp>

#include "hostsw/wire/binary_file.hpp"
#include "tests/conformance/wire/captured.hpp"
#include "tests/support/test_data.hpp"

namespace tradsys::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using tradsys::testing::TypeCounter;

struct Day {
  std::map<char, u64> count;
  u64 messages = 0;
  u64 first_ns = 0;
  u64 last_ns = 0;
  bool in_time_order = true;
  FileRead end = FileRead::kDamaged;
  usize trailing_bytes = 0;
};

Day read_day(const std::filesystem::path& path) {
  Day day;
  Result<BinaryFileReader> reader = BinaryFileReader::open(path);
  if (!reader) {
    ADD_FAILURE() << reader.error().message();
    return day;
  }
  TypeCounter counter;
  Bytes message;
  while ((day.end = reader.value().next(message)) == FileRead::kRecord) {
    EXPECT_EQ(itch50::dispatch(message, counter), DecodeResult::kOk);
    const u64 time_ns = itch50::SystemEventView{message.data()}.timestamp_ns();
    if (day.messages++ == 0) day.first_ns = time_ns;
    if (time_ns < day.last_ns) day.in_time_order = false;
    day.last_ns = time_ns;
  }
  EXPECT_EQ(reader.value().messages(), day.messages);
  day.count = counter.count;
  day.trailing_bytes = reader.value().trailing_bytes();
  return day;
}

TEST(RealItchFile, TheStartOfADayHasItsThousandMessages) {
  TRADSYS_REQUIRE_DATA(path, "itch50/nasdaq_itch50_sod_first1000.itch");
  const Day day = read_day(path);
  EXPECT_EQ(day.end, FileRead::kEnd);
  EXPECT_EQ(day.messages, 1'000U);
  EXPECT_THAT(day.count, ElementsAre(Pair('H', 3), Pair('R', 993), Pair('S', 1), Pair('Y', 3)));
  EXPECT_EQ(day.first_ns, 11'072'057'543'747U);
  EXPECT_EQ(day.last_ns, 11'354'360'581'176U);
  EXPECT_TRUE(day.in_time_order);
}

TEST(RealItchFile, AFileCutInsideAMessageIsReadUpToItAndReported) {
  TRADSYS_REQUIRE_DATA(path, "itch50/nasdaq_itch50_sod_first500bytes.itch");
  const Day day = read_day(path);
  EXPECT_EQ(day.end, FileRead::kTruncated);
  EXPECT_EQ(day.trailing_bytes, 3U);
  EXPECT_THAT(day.count, ElementsAre(Pair('H', 4), Pair('R', 7), Pair('S', 1), Pair('Y', 4)));
}

TEST(RealItchFile, TheCompressedDayOfOneStockIsWhole) {
  TRADSYS_REQUIRE_DATA(path, "itch50/ARL_2025-07-17_full_day_from_xnas_itch_mbo.itch50.gz");
  const Day day = read_day(path);
  EXPECT_EQ(day.end, FileRead::kEnd);
  EXPECT_EQ(day.messages, 5'867U);
  EXPECT_THAT(day.count, ElementsAre(Pair('A', 2'915), Pair('D', 2'902), Pair('E', 11),
                                     Pair('H', 1), Pair('P', 35), Pair('R', 1), Pair('S', 2)));
  EXPECT_TRUE(day.in_time_order);
}

/// Keeps the references of live orders.
struct ReferenceCheck {
  std::map<u64, u32> live;
  u64 unknown = 0;
  void on(itch50::AddOrderView view) { live[view.order_reference_number()] = view.shares(); }
  void on(itch50::OrderDeleteView view) {
    unknown += 1 - live.erase(view.order_reference_number());
  }
  void on(itch50::OrderExecutedView view) {
    const auto order = live.find(view.order_reference_number());
    if (order == live.end() || order->second < view.executed_shares()) {
      ++unknown;
    } else if ((order->second -= view.executed_shares()) == 0) {
      live.erase(order);
    }
  }
};

TEST(RealItchFile, NoMessageOfTheDayNamesAnUnknownOrder) {
  TRADSYS_REQUIRE_DATA(path, "itch50/ARL_2025-07-17_full_day_from_xnas_itch_mbo.itch50.gz");
  Result<BinaryFileReader> reader = BinaryFileReader::open(path);
  ASSERT_TRUE(reader);
  ReferenceCheck check;
  Bytes message;
  while (reader.value().next(message) == FileRead::kRecord)
    ASSERT_EQ(itch50::dispatch(message, check), DecodeResult::kOk);
  EXPECT_EQ(check.unknown, 0U);
}

}  // namespace
}  // namespace tradsys::wire
