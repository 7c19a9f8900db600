#pragma once
// Writes JSON text (RFC 8259), key by key in the order of the calls, so that output is stable.
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::cli {

/// One JSON document. Calls that would not make a valid one (a value without a key in an object, a
/// key in an array, a second top-level value) are broken invariants. Numbers are integers only:
/// prices are written as decimal strings.
class JsonWriter {
 public:
  enum class Style : u8 {
    kLine,  ///< all on one line, for streams of documents
    kIndented,  ///< two spaces for each level
  };
  explicit JsonWriter(Style style = Style::kIndented) noexcept : style_(style) {}

  JsonWriter& begin_object() { return open('{', '}'); }
  JsonWriter& begin_array() { return open('[', ']'); }
  /// Closes the innermost object or array.
  JsonWriter& end();
  JsonWriter& key(std::string_view name);
  /// Bytes that are not UTF-8 come out as U+FFFD.
  JsonWriter& value(std::string_view text);
  JsonWriter& null();
  template <std::integral T>
  JsonWriter& value(T number) {
    static_assert(!std::same_as<T, char>, "a character is text");
    if constexpr (std::same_as<T, bool>)
      return scalar(number ? "true" : "false");
    else
      return scalar(std::to_string(number));
  }

  /// A key with its value.
  template <class T>
  JsonWriter& field(std::string_view name, const T& item) {
    return key(name).value(item);
  }
  JsonWriter& object(std::string_view name) { return key(name).begin_object(); }
  JsonWriter& array(std::string_view name) { return key(name).begin_array(); }

  /// The finished document with a newline behind it. Everything opened must have been closed.
  [[nodiscard]] std::string take();

  /// `text` as a JSON string, quotes included.
  [[nodiscard]] static std::string quoted(std::string_view text);

 private:
  struct Level {
    char close;
    bool empty = true;
  };

  JsonWriter& open(char opening, char closing);
  JsonWriter& scalar(std::string_view text);
  void before_value();
  void separate();

  Style style_;
  bool after_key_ = false;
  bool complete_ = false;
  std::vector<Level> levels_;
  std::string text_;
};

}  // namespace tradsys::cli
