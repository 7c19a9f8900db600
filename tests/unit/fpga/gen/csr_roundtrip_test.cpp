// Goal: host and card mean the same by every register and field, and a card of another build is
// refused. Method: the generated accessors over the Verilated decode block; what the host writes is
// looked at from the card's side and the other way round. Seed: printed, TRADSYS_SEED overrides.
#include "csr_roundtrip.hpp"

#include <gtest/gtest.h>

#include <map>

#include "Vcsr_decode.h"
#include "tests/support/rtl/axil_card.hpp"
#include "tests/support/seed.hpp"

namespace tradsys {
namespace {

using Card = testing::AxilCard<Vcsr_decode>;

struct CsrTest : ::testing::Test {
  CsrTest() : seed(testing::test_seed(20'260'401)), random(seed), card(seed + 1) {
    csr::roundtrip::quiet(card.dut);
    card.reset();
  }
  csr::Registers<Card::Bus> registers() {
    csr::Refusal refusal;
    auto opened = csr::Registers<Card::Bus>::open(card.bus, refusal);
    TRADSYS_ASSERT(opened.has_value());
    return *opened;
  }
  u64 seed;
  Random random;
  Card card;
};

TEST_F(CsrTest, EveryRegisterAndFieldIsTheSameOnBothSides) {
  auto opened = registers();
  u32 checks = 0;
  csr::roundtrip::all(card, opened, random, [&](const char* what, bool good) {
    ++checks;
    EXPECT_TRUE(good) << what;
  });
  EXPECT_GT(checks, 1'000U);
}

TEST_F(CsrTest, AWordThatIsNoRegisterIsRefusedAndCounted) {
  u32 refused = 0;
  card.watch([&] { refused += card.dut.bus_error_o; });
  EXPECT_TRUE(card.refuses_read(0xFFFC));
  EXPECT_TRUE(card.refuses_write(0xFFFC));
  EXPECT_TRUE(card.refuses_write(0x0000)) << "a constant";
  EXPECT_TRUE(card.refuses_read(0x0102)) << "no multiple of four";
  EXPECT_TRUE(card.refuses_write(0x0102)) << "no multiple of four";
  card.clock();
  EXPECT_EQ(refused, 5U);
}

TEST_F(CsrTest, AWriteOfPartOfAWordChangesNothing) {
  auto opened = registers();
  opened.write_watchdog_timeout_clocks(0x1234'5678);
  for (u32 bytes = 0; bytes < 15; ++bytes) EXPECT_TRUE(card.refuses_write(0x0200, bytes)) << bytes;
  EXPECT_EQ(opened.watchdog_timeout_clocks(), 0x1234'5678U);
}

TEST_F(CsrTest, AWideValueIsNeverHalfOldAndHalfNew) {
  auto opened = registers();
  opened.write_rings_to_card_base(0x1111'1111'2222'2222);
  card.bus.write(0x0300, 0x3333'3333);  // the low word alone is not in force yet
  EXPECT_EQ(card.dut.rings_to_card_base_o, 0x1111'1111'2222'2222U);
  card.dut.feed_expected_sequence_i = 0x0000'0000'FFFF'FFFF;
  const u32 low = card.bus.read(0x0530);
  card.dut.feed_expected_sequence_i = 0x0000'0001'0000'0000;
  const u32 high = card.bus.read(0x0534);
  EXPECT_EQ(low, 0xFFFF'FFFFU);
  EXPECT_EQ(high, 0U);
}

TEST_F(CsrTest, NoTwoRegistersShareAWord) {
  // Each writable word gets a number of its own; then all are read again.
  auto opened = registers();
  opened.write_feed_line_a_ip(1);
  opened.write_feed_line_b_ip(2);
  opened.write_feed_gap_wait_clocks(3);
  opened.write_feed_gap_window_messages(4);
  opened.write_feed_session_low(5);
  opened.write_feed_session_middle(6);
  opened.write_feed_resume_sequence(7);
  opened.write_rings_to_card_base(8);
  opened.write_rings_from_card_base(9);
  opened.write_time_set_ns(10);
  opened.write_time_step(11);
  const u64 found[] = {opened.feed_line_a_ip(),
                       opened.feed_line_b_ip(),
                       opened.feed_gap_wait_clocks(),
                       opened.feed_gap_window_messages(),
                       opened.feed_session_low(),
                       opened.feed_session_middle(),
                       opened.feed_resume_sequence(),
                       opened.rings_to_card_base(),
                       opened.rings_from_card_base(),
                       opened.time_set_ns(),
                       opened.time_step()};
  for (u64 i = 0; i < std::size(found); ++i) EXPECT_EQ(found[i], i + 1);
}

/// A card of another build: words by offset.
struct OtherCard {
  std::map<u32, u32> words;
  u32 read(u32 offset) { return words[offset]; }
  void write(u32, u32) { ADD_FAILURE() << "nothing may be written before the card is known"; }
};

TEST(CsrOpen, ACardOfAnotherBuildIsRefusedByName) {
  using csr::kIdLayoutHash;
  OtherCard card;
  csr::Refusal refusal;
  EXPECT_FALSE(csr::Registers<OtherCard>::open(card, refusal));
  EXPECT_STREQ(refusal.name, "magic");
  card.words[0x00] = csr::kIdMagic;
  card.words[0x04] = csr::kIdVersion + 1;
  EXPECT_FALSE(csr::Registers<OtherCard>::open(card, refusal));
  EXPECT_STREQ(refusal.name, "version");
  card.words[0x04] = csr::kIdVersion;
  card.words[0x08] = static_cast<u32>(kIdLayoutHash);
  card.words[0x0C] = static_cast<u32>(kIdLayoutHash >> 32) ^ 1;
  EXPECT_FALSE(csr::Registers<OtherCard>::open(card, refusal));
  EXPECT_STREQ(refusal.name, "layout_hash");
  EXPECT_NE(refusal.text().find("register id.layout_hash is 0x"), std::string::npos);
  card.words[0x0C] ^= 1;
  EXPECT_TRUE(csr::Registers<OtherCard>::open(card, refusal));
}

}  // namespace
}  // namespace tradsys
