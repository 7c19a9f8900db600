#pragma once
// Result of a control-path operation. The hot path never uses it.
#include <string>
#include <utility>
#include <variant>

#include "hostsw/core/contract.hpp"

namespace tradsys {

/// What went wrong: where (file, key, session), what was found, and what to do about it.
struct Error {
  std::string where;  ///< e.g. "dataplane.toml:12: gate.collar_bp"
  std::string what;  ///< e.g. "20000 is out of range 1..10000"
  std::string remedy;  ///< e.g. "use basis points: 500 is 5 %"; may be empty

  /// One line for an operator.
  [[nodiscard]] std::string message() const {
    std::string text = where.empty() ? what : where + ": " + what;
    if (!remedy.empty()) text += "; " + remedy;
    return text;
  }
};

/// Either a value or an Error; reading the wrong one is a broken invariant.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by design
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }
  [[nodiscard]] T& value() & {
    TRADSYS_ASSERT(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const T& value() const& {
    TRADSYS_ASSERT(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& value() && {
    TRADSYS_ASSERT(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  [[nodiscard]] const Error& error() const {
    TRADSYS_ASSERT(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

/// A Result without a value.
struct Done {};
using Status = Result<Done>;

}  // namespace tradsys
