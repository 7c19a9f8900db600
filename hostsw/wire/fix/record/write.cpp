#include "hostsw/wire/fix/record/write.hpp"

#include <charconv>

namespace tradsys::fix::record {

char* Encoder::long_number(char* at, u64 value) noexcept {
  return std::to_chars(at, at + 20, value).ptr;
}

char* Encoder::make_length_fit(char* length, usize body_bytes) noexcept {
  char digits[20];
  char* const end = std::to_chars(digits, digits + sizeof digits, body_bytes).ptr;
  const usize count = static_cast<usize>(end - digits);
  std::memmove(length + count, length + kLengthDigits, body_bytes + 1);
  std::memcpy(length, digits, count);
  return length + count + 1 + body_bytes;
}

}  // namespace tradsys::fix::record
