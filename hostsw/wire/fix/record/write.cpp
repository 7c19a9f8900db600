#include "hostsw/wire/fix/record/write.hpp"

#include <charconv>

namespace tradsys::fix::record {

void Encoder::put_long_number(u64 value) noexcept { at_ = std::to_chars(at_, at_ + 20, value).ptr; }

void Encoder::date(Lead lead, u32 value) noexcept {
  put_lead(lead);
  char digits[8];
  const u64 text = digits_of(value % 100'000'000) | kZeros;
  std::memcpy(digits, &text, sizeof digits);
  wrong_ |= value > 99'999'999 || !is_date({digits, sizeof digits});
  store_word(at_, text);
  at_ += sizeof digits;
}

void Encoder::make_length_fit(usize body_bytes) noexcept {
  char digits[20];
  char* const end = std::to_chars(digits, digits + sizeof digits, body_bytes).ptr;
  const usize count = static_cast<usize>(end - digits);
  char* const length = begin_ + head_bytes_;
  std::memmove(length + count, length + kLengthDigits, body_bytes + 1);
  std::memcpy(length, digits, count);
  at_ = length + count + 1 + body_bytes;
}

}  // namespace tradsys::fix::record
