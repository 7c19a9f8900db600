#pragma once
// What a kill switch covers, as an operator writes it.
#include <string>
#include <string_view>

#include <tradsys/risk_spec.hpp>

#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::cli {

/// The forms of a scope, for help and errors.
inline constexpr const char* kScopeForms = "all, client:N, account:N, strategy:N or instrument:SYM";

/// "all", "client:N", "account:N", "strategy:N" or "instrument:SYM".
struct Scope {
  KillScope kind = KillScope::kFirm;
  u16 index = 0;  ///< of an instrument: to be looked up by `symbol`
  std::string symbol;
};

/// Exactly one of the forms; anything else is an Error that names them.
[[nodiscard]] Result<Scope> parse_scope(std::string_view text);

}  // namespace tradsys::cli
