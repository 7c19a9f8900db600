#pragma once
// One FIX message over a buffer: fields in the order in which they came. Sans-I/O, nothing is
// copied; the buffer outlives the message.
#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "hostsw/core/types.hpp"

namespace tradsys::fix {

inline constexpr char kSoh = '\x01';
inline constexpr usize kMessageBytesMax = 16'384;
inline constexpr usize kFieldsMax = 512;

/// As substr, but cut at the end of the text instead of thrown about.
[[nodiscard]] constexpr std::string_view slice(std::string_view text, usize from,
                                               usize count = std::string_view::npos) noexcept {
  text.remove_prefix(std::min(from, text.size()));
  return {text.data(), std::min(count, text.size())};
}

/// `tag=value`. Tags as they came: 0 and negative ones are read and refused later, with a reason.
struct Field {
  i32 tag = 0;
  std::string_view value;
};

enum class ParseResult : u8 { kOk, kGarbled };

/// Fields 8, 9 and 35 come first and 10 last, or the message is garbled (FIX 4.4 volume 2).
class Message {
 public:
  /// Reads a frame as Framer cuts it: structure, body length and checksum. A garbled message is to
  /// be ignored as if it had never come.
  [[nodiscard]] ParseResult parse(std::string_view frame) noexcept;

  /// What was parsed: typed records are read from it.
  [[nodiscard]] std::string_view frame() const noexcept { return frame_; }
  [[nodiscard]] std::span<const Field> fields() const noexcept { return {fields_.data(), count_}; }
  [[nodiscard]] std::string_view begin_string() const noexcept { return fields_[0].value; }
  [[nodiscard]] std::string_view type() const noexcept { return fields_[2].value; }
  /// The first field with the tag.
  [[nodiscard]] std::optional<std::string_view> find(i32 tag) const noexcept {
    for (const Field& field : fields())
      if (field.tag == tag) return field.value;
    return std::nullopt;
  }
  /// Empty when the field is not there.
  [[nodiscard]] std::string_view text(i32 tag) const noexcept {
    return find(tag).value_or(std::string_view{});
  }
  [[nodiscard]] bool is_yes(i32 tag) const noexcept { return text(tag) == "Y"; }
  /// The field as a number without sign; nothing when it is missing or none.
  [[nodiscard]] std::optional<u64> number(i32 tag) const noexcept;

 private:
  std::array<Field, kFieldsMax> fields_;
  usize count_ = 0;
  std::string_view frame_;
};

/// Tag before '=' at the front of `text`; how many bytes it took, 0 where there is none.
[[nodiscard]] usize read_tag(std::string_view text, i32& tag) noexcept;

/// 1 to 19 digits, nothing else.
[[nodiscard]] std::optional<u64> parse_count(std::string_view text) noexcept;

/// Sum of all bytes modulo 256.
[[nodiscard]] u8 checksum_of(std::string_view bytes) noexcept;

}  // namespace tradsys::fix
