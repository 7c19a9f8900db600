// Goal: the built-in stream is whole, the same for the same seed, and made of the messages a book
// bench needs; a file is cut at a whole message. Method: decode what is made; small files in a
// scratch folder.
#include "sim/bench/input/itch_input.hpp"

#include <gtest/gtest.h>
#include <tradsys/itch50_spec.hpp>

#include <array>
#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace tradsys::bench {
namespace {

struct Ignore {};

std::array<u64, 256> types_of(const ItchInput& input) {
  std::array<u64, 256> counts{};
  Ignore ignore;
  for (usize at = 0; at < input.blocks.size();) {
    const usize bytes = load_be16(&input.blocks[at]);
    const Bytes message = Bytes(input.blocks).subspan(at + 2, bytes);
    EXPECT_EQ(itch50::dispatch(message, ignore), DecodeResult::kOk);
    ++counts[load_u8(message.data())];
    at += 2 + bytes;
  }
  return counts;
}

TEST(SyntheticItch, HoldsTheMessagesAskedForInTheMixOfAMarket) {
  const ItchInput input = make_synthetic_itch(60'000, 1);
  EXPECT_EQ(input.messages, 60'000U);
  const std::array<u64, 256> counts = types_of(input);
  u64 total = 0;
  for (const u64 count : counts) total += count;
  EXPECT_EQ(total, 60'000U);
  for (const char type : {'R', 'A', 'D', 'U', 'E', 'X', 'P'}) {
    EXPECT_GT(counts[static_cast<u8>(type)], 100U) << type;
  }
}

TEST(SyntheticItch, IsTheSameForTheSameSeed) {
  EXPECT_EQ(make_synthetic_itch(5'000, 3).blocks, make_synthetic_itch(5'000, 3).blocks);
  EXPECT_NE(make_synthetic_itch(5'000, 3).blocks, make_synthetic_itch(5'000, 4).blocks);
}

class ItchFile : public ::testing::Test {
 protected:
  void write(Bytes bytes) {
    std::ofstream file(path_, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  testing::TempDir folder_;
  const std::string path_ = (folder_ / "day.itch").string();
};

TEST_F(ItchFile, IsCutAtTheLastWholeMessageAndAtTheItemsAskedFor) {
  const ItchInput made = make_synthetic_itch(3'000, 1);
  write(Bytes(made.blocks).first(made.blocks.size() - 5));
  const auto cut = load_itch({.itch_path = path_});
  ASSERT_TRUE(cut.ok());
  EXPECT_EQ(cut.value().messages, 2'999U);
  const auto some = load_itch({.itch_path = path_, .items = 100});
  ASSERT_TRUE(some.ok());
  EXPECT_EQ(some.value().messages, 100U);
  types_of(some.value());
}

TEST_F(ItchFile, IsRefusedWithAReasonWhenItHoldsNoMessage) {
  write({});
  const auto empty = load_itch({.itch_path = path_});
  ASSERT_FALSE(empty.ok());
  EXPECT_NE(empty.error().message().find("no whole message"), std::string::npos);
  EXPECT_FALSE(load_itch({.itch_path = path_ + ".absent"}).ok());
}

}  // namespace
}  // namespace tradsys::bench
