#pragma once
// What a kill switch covers, as an operator writes it.
#include <string>
#include <string_view>

#include "hostsw/core/result.hpp"
#include "hostsw/ipc/command_ring.hpp"

namespace tradsys::cli {

/// "all", "account:N" or "instrument:SYM".
struct Scope {
  enum class Kind : u8 { kAll, kAccount, kInstrument };
  Kind kind = Kind::kAll;
  u16 account = 0;
  std::string symbol;
};

/// Exactly one of the three forms; anything else is an Error that names them.
[[nodiscard]] Result<Scope> parse_scope(std::string_view text);

[[nodiscard]] ipc::CommandKind command_kind(Scope::Kind scope, bool kill) noexcept;

}  // namespace tradsys::cli
