#pragma once
// Rows of limits as an operator names and reads them: which row a word means, and its fields by
// name. Values are whole currency units, as in the configuration.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/cli/globals.hpp"
#include "hostsw/ipc/command/command.hpp"

namespace tradsys::cli {

/// The forms of a row, for help and errors.
inline constexpr const char* kRowForms =
    "firm, client:N, account:N, strategy:N, instrument:SYM or pair:N:SYM";

/// One integer field of a row.
struct LimitField {
  std::string_view name;
  u64 (*get)(const ipc::Payload& row) noexcept;
  void (*set)(ipc::Payload& row, u64 number) noexcept;
  u8 bytes;
  bool is_value;  ///< book value: 10,000 times what an operator reads

  /// Not limited: the largest number of its kind.
  [[nodiscard]] bool is_none(u64 number) const noexcept;
  /// As an operator reads it; "none" for no limit.
  [[nodiscard]] std::string text(const ipc::Payload& row) const;
  /// The number that `text` means; Error names field, text and remedy.
  [[nodiscard]] Result<u64> parse(std::string_view text) const;
};

/// Fields that may be shown and set.
[[nodiscard]] std::span<const LimitField> fields_of(ipc::LimitRow row) noexcept;

/// The rows that `text` means: an account has two. Symbols are looked up in the status region.
[[nodiscard]] Outcome<std::vector<ipc::Command>> rows_named(const Globals& globals,
                                                            const std::string& text);

/// The command that asks for the limits of a scope.
[[nodiscard]] ipc::Command scope_row(LimitScope scope, u16 index) noexcept;

}  // namespace tradsys::cli
