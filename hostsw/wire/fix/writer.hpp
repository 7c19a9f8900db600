#pragma once
// Writes one FIX message into a buffer of its own: header and body in the order of the calls, then
// finish() puts BeginString and BodyLength before and CheckSum behind them.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "hostsw/wire/fix/message.hpp"
#include "hostsw/wire/fix/utc.hpp"

namespace tradsys::fix {

/// A message that does not fit is empty at the end: nothing is ever cut.
class Writer {
 public:
  Writer() noexcept { clear(); }
  void clear() noexcept {
    end_ = kHeadBytes;
    overflow_ = false;
  }

  Writer& text(i32 tag, std::string_view value) noexcept {
    if (begin_field(tag, value.size())) {
      std::copy(value.begin(), value.end(), &buffer_[end_]);
      end_ += value.size();
      buffer_[end_++] = kSoh;
    }
    return *this;
  }
  Writer& character(i32 tag, char value) noexcept { return text(tag, {&value, 1}); }
  Writer& number(i32 tag, i64 value) noexcept {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return text(tag, {digits, static_cast<usize>(end - digits)});
  }
  /// `value` is in steps of 10^-decimals; written with all of them.
  Writer& decimal(i32 tag, u64 value, u32 decimals) noexcept;
  Writer& timestamp(i32 tag, Nanos since_1970, u32 digits) noexcept {
    if (begin_field(tag, kTimestampBytesMax)) {
      end_ += format_timestamp(since_1970, digits, &buffer_[end_]);
      buffer_[end_++] = kSoh;
    }
    return *this;
  }
  /// Fields as they stand on the wire, each with its separator.
  Writer& raw(std::string_view fields) noexcept {
    if (!fits(fields.size())) return *this;
    std::copy(fields.begin(), fields.end(), &buffer_[end_]);
    end_ += fields.size();
    return *this;
  }

  /// What was written so far, without head and trailer.
  [[nodiscard]] std::string_view body() const noexcept {
    return overflow_ ? std::string_view{}
                     : std::string_view(&buffer_[kHeadBytes], end_ - kHeadBytes);
  }
  /// The whole message, valid until the next call; empty when it did not fit.
  [[nodiscard]] std::string_view finish(std::string_view begin_string) noexcept;

 private:
  static constexpr usize kHeadBytes = 32;  ///< "8=FIXT.1.1|9=12345|" and some
  static constexpr usize kTailBytes = 8;

  bool fits(usize bytes) noexcept {
    if (end_ + bytes + kTailBytes > buffer_.size()) overflow_ = true;
    return !overflow_;
  }
  bool begin_field(i32 tag, usize value_bytes) noexcept {
    if (!fits(value_bytes + 12)) return false;
    end_ = static_cast<usize>(
        std::to_chars(&buffer_[end_], buffer_.data() + buffer_.size(), tag).ptr - buffer_.data());
    buffer_[end_++] = '=';
    return true;
  }

  std::array<char, kMessageBytesMax> buffer_;
  usize end_ = kHeadBytes;
  bool overflow_ = false;
};

}  // namespace tradsys::fix
