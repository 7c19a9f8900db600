#include "control/cli/output/json_writer.hpp"

#include <cstdio>
#include <utility>

namespace tradsys::cli {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

u8 byte_at(std::string_view text, usize index) noexcept { return static_cast<u8>(text[index]); }

/// Length of the well-formed UTF-8 sequence at `at` (Unicode 15, table 3-7); 0 when there is none.
usize sequence_bytes(std::string_view text, usize at) noexcept {
  const u8 lead = byte_at(text, at);
  if (lead < 0x80) return 1;
  const usize bytes = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (bytes == 0 || text.size() - at < bytes) return 0;
  const u8 low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const u8 high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte_at(text, at + 1) < low || byte_at(text, at + 1) > high) return 0;
  for (usize i = 2; i < bytes; ++i)
    if ((byte_at(text, at + i) & 0xC0U) != 0x80) return 0;
  return bytes;
}

void append_escaped(std::string& out, u8 c) {
  constexpr std::string_view kPlain = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetter = "\"\\bfnrt";
  const usize index = kPlain.find(static_cast<char>(c));
  if (index != std::string_view::npos) {
    out += '\\';
    out += kLetter[index];
  } else {
    char code[8];
    std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
    out += code;
  }
}

}  // namespace

std::string JsonWriter::quoted(std::string_view text) {
  std::string out = "\"";
  for (usize at = 0; at < text.size();) {
    const u8 c = byte_at(text, at);
    const usize bytes = sequence_bytes(text, at);
    if (c < 0x20 || c == '"' || c == '\\')
      append_escaped(out, c);
    else
      out += bytes == 0 ? kReplacement : text.substr(at, bytes);
    at += bytes == 0 ? 1 : bytes;
  }
  return out += '"';
}

void JsonWriter::separate() {
  if (!std::exchange(levels_.back().empty, false)) text_ += ',';
  if (style_ == Style::kIndented) text_.append(1, '\n').append(2 * levels_.size(), ' ');
}

void JsonWriter::before_value() {
  TRADSYS_ASSERT(!complete_);
  if (std::exchange(after_key_, false) || levels_.empty()) return;
  TRADSYS_ASSERT(levels_.back().close == ']');
  separate();
}

JsonWriter& JsonWriter::open(char opening, char closing) {
  before_value();
  text_ += opening;
  levels_.push_back({closing});
  return *this;
}

JsonWriter& JsonWriter::end() {
  TRADSYS_ASSERT(!levels_.empty() && !after_key_);
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.empty && style_ == Style::kIndented)
    text_.append(1, '\n').append(2 * levels_.size(), ' ');
  text_ += level.close;
  complete_ = levels_.empty();
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  TRADSYS_ASSERT(!levels_.empty() && levels_.back().close == '}' && !after_key_);
  separate();
  text_ += quoted(name);
  text_ += style_ == Style::kIndented ? ": " : ":";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::scalar(std::string_view text) {
  before_value();
  text_ += text;
  complete_ = levels_.empty();
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) { return scalar(quoted(text)); }
JsonWriter& JsonWriter::null() { return scalar("null"); }

std::string JsonWriter::take() {
  TRADSYS_ASSERT(complete_);
  return std::exchange(text_, {}) + "\n";
}

}  // namespace tradsys::cli
