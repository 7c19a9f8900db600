#pragma once
// Reads typed values out of one TOML table, remembers the first thing that is wrong (with file and
// line), and knows at the end which keys nobody asked for. Internal to the pack loader.
#include <toml++/toml.h>

#include <array>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "hostsw/core/result.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/refdata/date.hpp"

namespace tradsys::refdata {

/// A word a key may hold, and what it stands for.
struct Choice {
  std::string_view word;
  u32 value;
};

class TomlReader {
 public:
  /// `error` is shared by all readers of a file; once set, reads return defaults and change
  /// nothing.
  TomlReader(const toml::table& table, std::string_view file, std::optional<Error>& error)
      : table_(table), file_(file), error_(error) {}

  /// Required unless a fallback is given. A wrong type or range is an error in either case.
  [[nodiscard]] std::string text(std::string_view key);
  [[nodiscard]] u32 integer(std::string_view key, i64 low, i64 high);
  [[nodiscard]] i64 signed_integer(std::string_view key, i64 low, i64 high);
  [[nodiscard]] bool flag(std::string_view key, bool fallback);
  [[nodiscard]] Date date(std::string_view key);
  [[nodiscard]] Date date(std::string_view key, Date fallback);
  /// Local time of day.
  [[nodiscard]] Nanos time(std::string_view key);
  /// A decimal number in a string, exact to 1e-8: "0.001".
  [[nodiscard]] i64 price(std::string_view key);
  [[nodiscard]] u32 choice(std::string_view key, std::span<const Choice> choices);
  /// A list of words as bits: word i of `words` is bit i.
  [[nodiscard]] u32 bits(std::string_view key, std::span<const Choice> words);

  /// Calls f(TomlReader&) for each table of the array `key`; an absent array is empty.
  template <class F>
  void for_each(std::string_view key, F&& f) {
    const toml::node* node = take(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr || !array->is_array_of_tables())
      return fail(*node, key, "is not a list of tables");
    for (const toml::node& item : *array) {
      TomlReader reader(*item.as_table(), file_, error_);
      f(reader);
      reader.finish();
    }
  }
  /// Calls f(TomlReader&) for the table `key`, which must be there.
  template <class F>
  void within(std::string_view key, F&& f) {
    const toml::node* node = require(key);
    if (node == nullptr) return;
    const toml::table* table = node->as_table();
    if (table == nullptr) return fail(*node, key, "is not a table");
    TomlReader reader(*table, file_, error_);
    f(reader);
    reader.finish();
  }

  /// Reports the first key that nobody read.
  void finish();
  /// An error of meaning, found by the caller, at `key` (or at the table when the key is absent).
  void fail(std::string_view key, std::string what, std::string remedy = {});
  /// "egx.toml:12", where the table starts.
  [[nodiscard]] std::string where() const { return at(table_); }
  [[nodiscard]] bool failed() const { return error_.has_value(); }

 private:
  [[nodiscard]] const toml::node* take(std::string_view key);
  [[nodiscard]] const toml::node* require(std::string_view key);
  [[nodiscard]] std::string at(const toml::node& node) const;
  [[nodiscard]] u32 word_value(const toml::node& node, std::string_view key,
                               std::span<const Choice> choices);
  void fail(const toml::node& node, std::string_view key, std::string what,
            std::string remedy = {});

  const toml::table& table_;
  std::string_view file_;
  std::optional<Error>& error_;
  std::set<std::string, std::less<>> read_;
};

/// "1.25" -> 125000000; nothing for anything but digits with at most 8 decimals, or beyond the
/// range.
[[nodiscard]] std::optional<i64> parse_decimal(std::string_view text);

}  // namespace tradsys::refdata
