#pragma once
// What a step of a command gives: a value, or why there is none and the exit code that says so.
#include <optional>
#include <utility>

#include "control/cli/exit_code.hpp"
#include "hostsw/core/contract.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::cli {

/// The reason a command ends early. Nobody has been told yet: fail() does that.
struct Failure {
  ExitCode code = ExitCode::kFailed;
  Error error;
};

/// A value or a Failure.
template <class T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : value_(std::move(value)) {}  // NOLINT: implicit by design
  Outcome(Failure failure) : failure_(std::move(failure)) {}  // NOLINT: implicit by design

  explicit operator bool() const noexcept { return value_.has_value(); }
  [[nodiscard]] const T& operator*() const noexcept {
    TRADSYS_ASSERT(value_.has_value());
    return *value_;
  }
  [[nodiscard]] T& operator*() noexcept {
    TRADSYS_ASSERT(value_.has_value());
    return *value_;
  }
  [[nodiscard]] const T* operator->() const noexcept { return &**this; }
  [[nodiscard]] const Failure& failure() const noexcept {
    TRADSYS_ASSERT(!value_.has_value());
    return failure_;
  }

 private:
  std::optional<T> value_;
  Failure failure_;
};

}  // namespace tradsys::cli
