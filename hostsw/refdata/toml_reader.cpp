#include "hostsw/refdata/toml_reader.hpp"

#include <algorithm>
#include <limits>

namespace tradsys::refdata {

std::optional<i64> parse_decimal(std::string_view text) {
  const usize dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  const std::string_view part = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  if (whole.empty() || part.size() > kPriceDecimals) return std::nullopt;
  if (dot != std::string_view::npos && part.empty()) return std::nullopt;
  i128 value = 0;
  const auto append = [&value](char c) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
    return value <= std::numeric_limits<i64>::max();
  };
  if (!std::all_of(whole.begin(), whole.end(), append)) return std::nullopt;
  if (!std::all_of(part.begin(), part.end(), append)) return std::nullopt;
  value *= price_scale(static_cast<u32>(part.size()));
  if (value > std::numeric_limits<i64>::max()) return std::nullopt;
  return static_cast<i64>(value);
}

const toml::node* TomlReader::take(std::string_view key) {
  if (failed()) return nullptr;
  read_.emplace(key);
  return table_.get(key);
}

const toml::node* TomlReader::require(std::string_view key) {
  const toml::node* node = take(key);
  if (node == nullptr) fail(key, "is missing", "every rule states it");
  return node;
}

std::string TomlReader::at(const toml::node& node) const {
  return std::string(file_) + ":" + std::to_string(node.source().begin.line);
}

void TomlReader::fail(const toml::node& node, std::string_view key, std::string what,
                      std::string remedy) {
  if (failed()) return;
  error_ = Error{at(node) + ": " + std::string(key), std::move(what), std::move(remedy)};
}

void TomlReader::fail(std::string_view key, std::string what, std::string remedy) {
  const toml::node* node = table_.get(key);
  fail(node != nullptr ? *node : table_, key, std::move(what), std::move(remedy));
}

std::string TomlReader::text(std::string_view key) {
  const toml::node* node = require(key);
  if (node == nullptr) return {};
  const auto value = node->value_exact<std::string>();
  if (!value || value->empty()) fail(*node, key, "is not a text", "put it in quotes");
  return value.value_or("");
}

i64 TomlReader::signed_integer(std::string_view key, i64 low, i64 high) {
  const toml::node* node = require(key);
  if (node == nullptr) return low;
  const auto value = node->value_exact<i64>();
  if (value && *value >= low && *value <= high) return *value;
  fail(*node, key, value ? std::to_string(*value) + " is out of range" : "is not a whole number",
       "use " + std::to_string(low) + ".." + std::to_string(high));
  return low;
}

u32 TomlReader::integer(std::string_view key, i64 low, i64 high) {
  return static_cast<u32>(signed_integer(key, low, high));
}

bool TomlReader::flag(std::string_view key, bool fallback) {
  const toml::node* node = take(key);
  if (node == nullptr) return fallback;
  const auto value = node->value_exact<bool>();
  if (!value) fail(*node, key, "is neither true nor false");
  return value.value_or(fallback);
}

Date TomlReader::date(std::string_view key) {
  return require(key) == nullptr ? kFirstDate : date(key, kFirstDate);
}

Date TomlReader::date(std::string_view key, Date fallback) {
  const toml::node* node = take(key);
  if (node == nullptr) return fallback;
  const auto value = node->value_exact<toml::date>();
  if (!value) {
    fail(*node, key, "is not a date", "write 2026-03-01, without quotes");
    return fallback;
  }
  return make_date(value->year, value->month, value->day);
}

Nanos TomlReader::time(std::string_view key) {
  const toml::node* node = require(key);
  if (node == nullptr) return {};
  const auto value = node->value_exact<toml::time>();
  if (!value) {
    fail(*node, key, "is not a time of day", "write 09:30:00, without quotes");
    return {};
  }
  const i64 seconds = i64{value->hour} * 3'600 + i64{value->minute} * 60 + value->second;
  return {seconds * kSecond.v + value->nanosecond};
}

i64 TomlReader::price(std::string_view key) {
  const toml::node* node = require(key);
  if (node == nullptr) return 0;
  const auto text = node->value_exact<std::string>();
  const auto value = text ? parse_decimal(*text) : std::nullopt;
  if (!value)
    fail(*node, key, "is not a decimal number in quotes", "write \"0.001\": exact, never a float");
  return value.value_or(0);
}

u32 TomlReader::word_value(const toml::node& node, std::string_view key,
                           std::span<const Choice> choices) {
  const auto word = node.value_exact<std::string>();
  std::string all;
  for (const Choice& choice : choices) {
    if (word && *word == choice.word) return choice.value;
    all += (all.empty() ? "" : ", ") + std::string(choice.word);
  }
  fail(node, key, word ? "'" + *word + "' is not known" : "is not a text", "use one of: " + all);
  return 0;
}

u32 TomlReader::choice(std::string_view key, std::span<const Choice> choices) {
  const toml::node* node = require(key);
  return node == nullptr ? 0 : word_value(*node, key, choices);
}

u32 TomlReader::bits(std::string_view key, std::span<const Choice> words) {
  const toml::node* node = require(key);
  if (node == nullptr) return 0;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    fail(*node, key, "is not a list", "write [\"...\", \"...\"]");
    return 0;
  }
  u32 bits = 0;
  for (const toml::node& item : *array) bits |= word_value(item, key, words);
  return bits;
}

void TomlReader::finish() {
  if (failed()) return;
  for (const auto& [key, node] : table_)
    if (!read_.contains(key.str()))
      return fail(node, key.str(), "is not a known key", "remove it, or correct its spelling");
}

}  // namespace tradsys::refdata
