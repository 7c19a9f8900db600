#include "hostsw/wire/fix/writer.hpp"

namespace tradsys::fix {

Writer& Writer::decimal(i32 tag, u64 value, u32 decimals) noexcept {
  char digits[24];
  usize at = sizeof digits;
  for (u32 i = 0; i < decimals; ++i, value /= 10)
    digits[--at] = static_cast<char>('0' + value % 10);
  if (decimals != 0) digits[--at] = '.';
  do {
    digits[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  return text(tag, {digits + at, sizeof digits - at});
}

std::string_view Writer::finish(std::string_view begin_string) noexcept {
  if (overflow_) return {};
  char head[kHeadBytes];
  char* p = head;
  const auto put = [&p](std::string_view text) {
    std::memcpy(p, text.data(), text.size());
    p += text.size();
  };
  put("8=");
  put(slice(begin_string, 0, 8));
  *p++ = kSoh;
  put("9=");
  p = std::to_chars(p, head + sizeof head, end_ - kHeadBytes).ptr;
  *p++ = kSoh;
  const usize head_bytes = static_cast<usize>(p - head);
  const usize begin = kHeadBytes - head_bytes;
  std::memcpy(&buffer_[begin], head, head_bytes);
  const u8 sum = checksum_of({&buffer_[begin], end_ - begin});
  char* out = &buffer_[end_];
  std::memcpy(out, "10=", 3);
  out[3] = static_cast<char>('0' + sum / 100);
  out[4] = static_cast<char>('0' + sum / 10 % 10);
  out[5] = static_cast<char>('0' + sum % 10);
  out[6] = kSoh;
  return {&buffer_[begin], end_ + 7 - begin};
}

}  // namespace tradsys::fix
