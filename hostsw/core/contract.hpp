#pragma once
// Contracts: a broken invariant stops the process, in every build. Bad input is never a contract:
// the control path returns a Result, the hot path counts and rejects.

namespace tradsys {

/// Prints the expression and where it stands, then aborts. Never returns.
[[noreturn, gnu::cold, gnu::noinline]] void contract_failed(const char* expression,
                                                            const char* file, int line) noexcept;

}  // namespace tradsys

/// Always on. The expression has no side effect.
#define TRADSYS_ASSERT(expression)     \
  ((expression) ? static_cast<void>(0) \
                : ::tradsys::contract_failed(#expression, __FILE__, __LINE__))
