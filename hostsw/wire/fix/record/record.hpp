#pragma once
// What typed FIX records are made of: decimals with a stated scale, and what read() says. The
// records themselves are made from dictionary/records.toml: <tradsys/fix_records.hpp>.
#include <optional>
#include <span>
#include <string_view>

#include "hostsw/core/units.hpp"
#include "hostsw/wire/fix/validate.hpp"

namespace tradsys::fix {

/// A price or an amount in whole units of 10^-kDecimals.
template <u32 kDecimals>
struct Decimal {
  i64 units = 0;
  constexpr auto operator<=>(const Decimal&) const = default;
};

enum class ReadResult : u8 {
  kOk,
  kGarbled,  ///< no message at all: to be ignored as if it had never come
  kRefused,  ///< a message with a defect: to be rejected
};

/// What read() says. The record is whole with kOk and not to be used otherwise.
struct ReadOutcome {
  ReadResult result = ReadResult::kOk;
  RejectReason reason{};  ///< with kRefused: why, and for which tag
  i32 tag = 0;

  [[nodiscard]] constexpr bool ok() const noexcept { return result == ReadResult::kOk; }
  constexpr bool operator==(const ReadOutcome&) const = default;
};

/// A field of a record, as <tradsys/fix_record_fields.hpp> tells of it.
struct FieldInfo {
  i32 tag;
  std::string_view name;
  FieldType type;
  bool required;
  bool in_header;
  usize bytes_max;  ///< of a text
};

/// MsgType of a frame as Framer cuts it, to choose the record; empty where there is none.
[[nodiscard]] std::string_view type_of(std::string_view frame) noexcept;

}  // namespace tradsys::fix
