#pragma once
// A verdict of the gate in words.
#include <string>
#include <string_view>
#include <vector>

#include <tradsys/risk_spec.hpp>

#include "control/cli/output/paint.hpp"

namespace tradsys::cli {

/// Names of the reasons that failed, by priority.
[[nodiscard]] std::vector<std::string_view> reasons_of(const Verdict& verdict);

[[nodiscard]] std::string verdict_text(const Verdict& verdict, const Paint& paint);
[[nodiscard]] std::string verdict_json(std::string_view schema, const Verdict& verdict);

}  // namespace tradsys::cli
