// Goal: the checksums on disk are the published ones, so that another program can check a journal.
// Method: published vectors (RFC 3720 B.4, FIPS 180-2 B.1) and both CRC versions against each
// other.
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "hostsw/core/random.hpp"
#include "hostsw/journal/crc32c.hpp"
#include "hostsw/journal/sha256.hpp"
#include "hostsw/journal/verify.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::journal {
namespace {

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

TEST(Crc32c, GivesThePublishedValues) {
  const std::vector<std::byte> zeros(32), ones(32, std::byte{0xFF});
  EXPECT_EQ(crc32c(zeros), 0x8A9136AAU);
  EXPECT_EQ(crc32c(ones), 0x62A8AB43U);
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE3069283U);
  EXPECT_EQ(crc32c({}), 0U);
}

TEST(Crc32c, InstructionAndTableAgreeAtEveryLengthAndAlignment) {
  Random random(testing::test_seed(11));
  std::vector<std::byte> data(600);
  for (std::byte& b : data) b = static_cast<std::byte>(random.next());
  for (usize start = 0; start < 9; ++start)
    for (usize length = 0; length < 300; ++length) {
      const Bytes part = Bytes(data).subspan(start, length);
      ASSERT_EQ(crc32c(part), crc32c_portable(part)) << start << " " << length;
    }
}

TEST(Crc32c, ContinuesWhereItStopped) {
  const Bytes all = bytes_of("123456789");
  EXPECT_EQ(crc32c(all.subspan(4), crc32c(all.first(4))), 0xE3069283U);
}

TEST(Sha256, GivesThePublishedValuesInOneOrTwoParts) {
  Sha256 sha;
  const char* const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(hex(sha.of(bytes_of("abc"))), expected);
  EXPECT_EQ(hex(sha.of(bytes_of("a"), bytes_of("bc"))), expected);
}

}  // namespace
}  // namespace tradsys::journal
