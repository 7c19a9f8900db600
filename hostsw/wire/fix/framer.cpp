#include "hostsw/wire/fix/framer.hpp"

namespace tradsys::fix {
namespace {

constexpr std::string_view kStart = "8=FIX";
constexpr usize kBeginStringBytesMax = 20;
constexpr usize kLengthDigitsMax = 5;

enum class Look : u8 { kWhole, kCut, kNone };

/// Reads "8=...|9=ddd|" at the front; `end` is then where the body and its length end.
Look read_head(std::string_view text, usize& end) noexcept {
  const usize begin_end = slice(text, 0, kBeginStringBytesMax).find(kSoh);
  if (begin_end == std::string_view::npos)
    return text.size() < kBeginStringBytesMax ? Look::kCut : Look::kNone;
  const usize length_at = begin_end + 3;
  if (text.size() < length_at) return Look::kCut;
  if (slice(text, begin_end + 1, 2) != "9=") return Look::kNone;
  const usize length_end = text.find(kSoh, length_at);
  if (length_end == std::string_view::npos)
    return text.size() <= length_at + kLengthDigitsMax ? Look::kCut : Look::kNone;
  const std::string_view digits = slice(text, length_at, length_end - length_at);
  const std::optional<u64> length =
      digits.size() <= kLengthDigitsMax ? parse_count(digits) : std::nullopt;
  if (!length || *length > kMessageBytesMax / 2) return Look::kNone;
  end = length_end + 1 + static_cast<usize>(*length);
  return Look::kWhole;
}

}  // namespace

void Framer::make_room() noexcept {
  if (begin_ != 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ != buffer_.size()) return;
  skip(end_);  // twice the longest message without an end: none of it is one
  begin_ = end_ = 0;
}

std::string_view Framer::next() noexcept {
  for (;;) {
    const std::string_view text(buffer_.data() + begin_, end_ - begin_);
    const usize start = text.find(kStart);
    if (start != 0) {
      const usize keep = std::min(text.size(), kStart.size() - 1);
      skip(start == std::string_view::npos ? text.size() - keep : start);
      if (start == std::string_view::npos) return {};
      continue;
    }
    usize body_end = 0;
    const Look look = read_head(text, body_end);
    if (look == Look::kNone) {
      skip(kStart.size());
      continue;
    }
    if (look == Look::kCut || text.size() < body_end) return {};
    const usize trailer = text.find(
        "\x01"
        "10=",
        body_end - 1);
    if (trailer == std::string_view::npos) return {};
    const usize end = text.find(kSoh, trailer + 4);
    if (end == std::string_view::npos) return {};
    begin_ += end + 1;
    return slice(text, 0, end + 1);
  }
}

}  // namespace tradsys::fix
