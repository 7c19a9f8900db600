#include "hostsw/wire/fix/message.hpp"

#include <cstring>
#include <limits>

#include "hostsw/wire/fix/data_fields.hpp"

namespace tradsys::fix {
namespace {

constexpr i32 kBeginString = 8;
constexpr i32 kBodyLength = 9;
constexpr i32 kMsgType = 35;
constexpr i32 kCheckSum = 10;
constexpr usize kTrailerBytes = 7;  // "10=ddd|", behind a separator

bool checksum_holds(std::string_view frame) noexcept {
  const std::string_view trailer = slice(frame, frame.size() - kTrailerBytes);
  if (slice(trailer, 0, 3) != "10=" || trailer.back() != kSoh) return false;
  if (frame[frame.size() - kTrailerBytes - 1] != kSoh) return false;  // the end of a longer value
  const std::optional<u64> said = parse_count(slice(trailer, 3, 3));
  return said && *said == checksum_of(slice(frame, 0, frame.size() - kTrailerBytes));
}

}  // namespace

usize read_tag(std::string_view text, i32& tag) noexcept {
  const bool negative = !text.empty() && text[0] == '-';
  usize at = negative ? 1 : 0;
  i32 value = 0;
  const usize first = at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    if (at - first == 9) return 0;
    value = value * 10 + (text[at] - '0');
  }
  const bool padded = at - first > 1 && text[first] == '0';
  if (at == first || padded || at == text.size() || text[at] != '=') return 0;
  tag = negative ? -value : value;
  return at + 1;
}

std::optional<u64> parse_count(std::string_view text) noexcept {
  if (text.empty() || text.size() > 19) return std::nullopt;
  u64 value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<u64>(c - '0');
  }
  return value;
}

u8 checksum_of(std::string_view bytes) noexcept {
  u32 sum = 0;
  for (const char c : bytes) sum += static_cast<u8>(c);
  return static_cast<u8>(sum);
}

std::optional<u64> Message::number(i32 tag) const noexcept {
  const std::optional<std::string_view> value = find(tag);
  return value ? parse_count(*value) : std::nullopt;
}

ParseResult Message::parse(std::string_view frame) noexcept {
  count_ = 0;
  frame_ = frame;
  if (frame.size() <= kTrailerBytes || !checksum_holds(frame)) return ParseResult::kGarbled;
  usize body_begin = 0;
  usize data_bytes = 0;
  i32 data_tag = 0;
  for (usize at = 0; at < frame.size();) {
    i32 tag = 0;
    const usize tag_bytes = read_tag(slice(frame, at), tag);
    if (tag_bytes == 0 || count_ == kFieldsMax) return ParseResult::kGarbled;
    const usize value_at = at + tag_bytes;
    usize end = frame.find(kSoh, value_at);
    if (tag == data_tag && data_tag != 0) end = value_at + data_bytes;  // may hold separators
    if (end >= frame.size() || frame[end] != kSoh) return ParseResult::kGarbled;
    const std::string_view value = slice(frame, value_at, end - value_at);
    fields_[count_++] = {tag, value};
    at = end + 1;
    if (count_ == 2) body_begin = at;
    data_tag = data_after(tag);
    if (data_tag == 0) continue;
    const std::optional<u64> length = parse_count(value);
    if (!length) data_tag = 0;  // the length field itself will be refused
    if (length && *length > frame.size()) return ParseResult::kGarbled;
    data_bytes = static_cast<usize>(length.value_or(0));
  }
  const bool ordered = count_ >= 4 && fields_[0].tag == kBeginString &&
                       fields_[1].tag == kBodyLength && fields_[2].tag == kMsgType &&
                       fields_[count_ - 1].tag == kCheckSum;
  if (!ordered) return ParseResult::kGarbled;
  const std::optional<u64> body_bytes = parse_count(fields_[1].value);
  if (!body_bytes || *body_bytes != frame.size() - kTrailerBytes - body_begin)
    return ParseResult::kGarbled;
  return ParseResult::kOk;
}

}  // namespace tradsys::fix
