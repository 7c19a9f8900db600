// Goal: the card takes every ITCH 5.0 message apart as the software does, field by field, and
// judges type and length alike. Method: random bytes of every type and length, and recorded days
// where they are present. Seed: printed, TRADSYS_SEED overrides.
#include <gtest/gtest.h>

#include "Vitch50_shim.h"
#include "hostsw/wire/binary_file.hpp"
#include "itch50_shim.hpp"
#include "tests/support/rtl/axis.hpp"
#include "tests/support/rtl/scale.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/test_data.hpp"

namespace tradsys {
namespace {

struct ItchDecodeTest : ::testing::Test {
  /// Compares every field with the view of the message's type.
  struct Compare {
    Vitch50_shim& dut;
    u64 compared = 0;
    template <class View>
    void on(const View& view) {
      ++compared;
      itch50_shim::compare(dut, view, [&](const char* field) { ADD_FAILURE() << field; });
    }
  };

  void decode(Bytes message) {
    std::array<std::byte, 52> noise{};
    for (std::byte& b : noise) b = static_cast<std::byte>(random.next());
    std::memcpy(noise.data(), message.data(), std::min<usize>(message.size(), 50));
    testing::put_bytes(dut.message_i, noise);
    dut.length_i = static_cast<u16>(message.size());
    dut.en_i = 1;
    testing::clock(dut);
    Compare compare{dut};
    const DecodeResult result = itch50::dispatch(message, compare);
    ASSERT_EQ(dut.result_o, static_cast<u32>(result)) << message.size() << " bytes";
    ++results[dut.result_o];
    if (result != DecodeResult::kOk) return;
    ASSERT_EQ(dut.message_type_o, load_u8(message.data()));
    ASSERT_EQ(compare.compared, 1U);
  }
  void decode_file(const std::filesystem::path& path) {
    auto file = wire::BinaryFileReader::open(path);
    ASSERT_TRUE(file.ok());
    Bytes message;
    u64 count = 0;
    for (; file.value().next(message) == wire::FileRead::kRecord && !HasFailure(); ++count)
      decode(message);
    EXPECT_GT(count, 900U);
    EXPECT_EQ(results[0], count) << "a recorded message that is not good";
  }

  Random random{testing::test_seed(20'260'405)};
  Vitch50_shim dut;
  std::array<u64, 4> results{};
};

TEST_F(ItchDecodeTest, EveryTypeAndLength) {
  for (u32 i = 0; i < 40'000 * testing::cosim_scale() && !HasFailure(); ++i) {
    const char type = "ABCDEFHhIJKLNOPQRSUVWXYZ"[random.below(24)];
    const usize right = itch50::kLength[static_cast<u8>(type)];
    std::vector<std::byte> message(random.below(4) != 0 ? right : random.below(60));
    for (std::byte& b : message) b = static_cast<std::byte>(random.next());
    if (!message.empty() && random.below(16) != 0) store_char(message.data(), type);
    decode(message);
  }
  for (u64 count : results) EXPECT_GT(count, 100U);
}

TEST_F(ItchDecodeTest, WithoutEnableTheMessageStays) {
  std::vector<std::byte> message(36);
  store_char(message.data(), 'A');
  decode(message);
  dut.en_i = 0;
  dut.length_i = 3;
  testing::clock(dut);
  EXPECT_EQ(dut.result_o, 0U);
  EXPECT_EQ(dut.message_type_o, u32{'A'});
}

TEST_F(ItchDecodeTest, ADayOfOneInstrument) {
  TRADSYS_REQUIRE_DATA(path, "itch50/ARL_2025-07-17_full_day_from_xnas_itch_mbo.itch50.gz");
  decode_file(path);
}

TEST_F(ItchDecodeTest, TheFirstMessagesOfAMarket) {
  TRADSYS_REQUIRE_DATA(path, "itch50/nasdaq_itch50_sod_first1000.itch");
  decode_file(path);
}

}  // namespace
}  // namespace tradsys
