// Goal: bytes on a wire mean the same on every host. Method: known byte patterns at odd addresses,
// and records that are too short by one.
#include "hostsw/core/bytes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "hostsw/core/random.hpp"
#include "hostsw/core/symbol.hpp"
#include "tests/support/seed.hpp"

namespace tradsys {
namespace {

std::vector<std::byte> counting(usize count) {
  std::vector<std::byte> bytes(count);
  for (usize i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(i);
  return bytes;
}

TEST(Bytes, BigEndianLoadsReadTheMostSignificantByteFirstAtAnyAddress) {
  const auto bytes = counting(16);
  EXPECT_EQ(load_u8(&bytes[3]), 3U);
  EXPECT_EQ(load_be16(&bytes[1]), 0x0102U);
  EXPECT_EQ(load_be32(&bytes[1]), 0x01020304U);
  EXPECT_EQ(load_be48(&bytes[1]), 0x010203040506U);
  EXPECT_EQ(load_be64(&bytes[1]), 0x0102030405060708U);
}

TEST(Bytes, StoresTouchTheirOwnBytesOnlyAndLoadBack) {
  Random random(testing::test_seed(17));
  for (int i = 0; i < 1'000; ++i) {
    const u64 value = random.next();
    std::array<std::byte, 18> memory;
    const auto check = [&](usize bytes, auto store, auto load, u64 mask) {
      memory.fill(std::byte{0xEE});
      store(&memory[5]);
      EXPECT_EQ(load(&memory[5]), value & mask);
      for (usize at = 0; at < memory.size(); ++at) {
        if (at >= 5 && at < 5 + bytes) continue;
        EXPECT_EQ(memory[at], std::byte{0xEE}) << bytes << " " << at;
      }
    };
    check(
        1, [&](std::byte* p) { store_u8(p, static_cast<u8>(value)); }, load_u8, 0xFF);
    check(
        2, [&](std::byte* p) { store_be16(p, static_cast<u16>(value)); }, load_be16, 0xFFFF);
    check(
        4, [&](std::byte* p) { store_be32(p, static_cast<u32>(value)); }, load_be32, 0xFFFF'FFFF);
    check(
        6, [&](std::byte* p) { store_be48(p, value); }, load_be48, 0xFFFF'FFFF'FFFF);
    check(
        8, [&](std::byte* p) { store_be64(p, value); }, load_be64, ~u64{0});
  }
}

struct Pair {
  u32 a;
  u32 b;
};
static_assert(WireRecord<Pair>);
struct Padded {
  u8 a;
  u32 b;
};
static_assert(!WireRecord<Padded>, "padding has no place on a wire");
TEST(Bytes, ARecordIsLoadedWholeOrLeftAlone) {
  const auto bytes = counting(8);
  Pair pair{7, 7};
  EXPECT_FALSE(load_record(Bytes(bytes).first(7), pair));
  EXPECT_EQ(pair.a, 7U);
  EXPECT_TRUE(load_record(Bytes(bytes), pair));
  EXPECT_EQ(pair.a, 0x03020100U);
  EXPECT_EQ(pair.b, 0x07060504U);
}

TEST(Symbol, IsPaddedOnTheWireAndTrimmedForPeople) {
  const Symbol symbol = Symbol::from("ARL");
  EXPECT_EQ(std::string(symbol.text, 8), "ARL     ");
  EXPECT_EQ(symbol.str(), "ARL");
  EXPECT_EQ(Symbol::load(reinterpret_cast<const std::byte*>("ARL     ")), symbol);
  EXPECT_EQ(symbol.word(), 0x20202020204C5241U);
}

TEST(Symbol, LongNamesAreCutAndDifferentOnesDiffer) {
  EXPECT_EQ(Symbol::from("ABCDEFGHIJ").str(), "ABCDEFGH");
  EXPECT_EQ(Symbol::from("").str(), "");
  EXPECT_EQ(Symbol{}, Symbol::from("        "));
  EXPECT_FALSE(Symbol::from("A") == Symbol::from("B"));
  EXPECT_FALSE(Symbol::from("A") == Symbol::from(" A"));
}

}  // namespace
}  // namespace tradsys
