#include "hostsw/wire/fix/record/values.hpp"

#include <limits>

namespace tradsys::fix::record {
namespace {

constexpr u8 kFormat = refused(RejectReason::kIncorrectFormat);
constexpr u8 kRange = refused(RejectReason::kValueOutOfRange);

/// All digits are there already; false when the number does not fit.
bool add_digits(std::string_view digits, u64& value) noexcept {
  for (const char c : digits)
    if (__builtin_mul_overflow(value, u64{10}, &value) ||
        __builtin_add_overflow(value, static_cast<u64>(c - '0'), &value))
      return false;
  return true;
}

/// Sign, digits before and behind the point of a text that is a decimal.
struct Parts {
  bool negative;
  std::string_view whole;
  std::string_view part;  ///< without zeros at its end
};
Parts parts_of(std::string_view text) noexcept {
  const bool negative = text[0] == '-';
  if (negative) text.remove_prefix(1);
  const usize dot = std::min(text.find('.'), text.size());
  std::string_view part = slice(text, dot + 1);
  while (!part.empty() && part.back() == '0') part.remove_suffix(1);
  return {negative, slice(text, 0, dot), part};
}

}  // namespace

u8 take_odd_count(Value value, u64& out) noexcept {
  if (!has_format(FieldType::kCount, value.text())) return kFormat;
  out = 0;
  return add_digits(value.text(), out) ? kTaken : kRange;
}

u8 take_odd_quantity(Value value, u64& out) noexcept {
  if (!has_format(FieldType::kDecimal, value.text())) return kFormat;
  const Parts parts = parts_of(value.text());
  out = 0;
  if (!parts.part.empty() || !add_digits(parts.whole, out)) return kRange;
  return parts.negative && out != 0 ? kRange : kTaken;
}

u8 take_odd_decimal(Value value, u32 decimals, i64& out) noexcept {
  if (!has_format(FieldType::kDecimal, value.text())) return kFormat;
  const Parts parts = parts_of(value.text());
  u64 units = 0;
  if (parts.part.size() > decimals || !add_digits(parts.whole, units) ||
      !add_digits(parts.part, units))
    return kRange;
  if (__builtin_mul_overflow(units, kPow10[decimals - parts.part.size()], &units) ||
      units > static_cast<u64>(std::numeric_limits<i64>::max()))
    return kRange;
  out = parts.negative ? -static_cast<i64>(units) : static_cast<i64>(units);
  return kTaken;
}

u8 take_odd_timestamp(Value value, Nanos& out) noexcept {
  const std::optional<Nanos> time = parse_timestamp(value.text());
  out = time.value_or(Nanos{});
  return time ? kTaken : kFormat;
}

u8 take_whole(Value value, i64& out) noexcept {
  if (!has_format(FieldType::kInt, value.text())) return kFormat;
  const bool negative = *value.begin == '-';
  u64 amount = 0;
  if (!add_digits(slice(value.text(), negative ? 1 : 0), amount) ||
      amount > static_cast<u64>(std::numeric_limits<i64>::max()))
    return kRange;
  out = negative ? -static_cast<i64>(amount) : static_cast<i64>(amount);
  return kTaken;
}

u8 take_code(Value value, FieldType type, Allowed allowed, u32& out) noexcept {
  if (!has_format(type, value.text())) return kFormat;
  const bool padded = value.bytes > 1 && *value.begin == '0';
  const std::optional<u64> code = parse_count(value.text());
  if (padded || !code || !allowed.has(*code)) return kRange;
  out = static_cast<u32>(*code);
  return kTaken;
}

u8 take_date(Value value, u32& out) noexcept {
  if (!has_format(FieldType::kDate, value.text())) return kFormat;
  out = static_cast<u32>(parse_count(value.text()).value_or(0));
  return kTaken;
}

u8 take_listed(Value value, const Dictionary& dictionary, i32 tag, usize bytes_max,
               std::string_view& out) noexcept {
  const FieldRow* row = dictionary.field(tag);
  if (row == nullptr || !has_format(row->type, value.text())) return kFormat;
  if (value.bytes == 0 || !has_allowed_value(dictionary, *row, value.text())) return kRange;
  return take_text(value, bytes_max, out);
}

}  // namespace tradsys::fix::record
