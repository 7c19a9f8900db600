#include "control/cli/risk/scope.hpp"

#include <array>
#include <charconv>
#include <optional>

#include "hostsw/core/symbol.hpp"

namespace tradsys::cli {
namespace {

struct Numbered {
  std::string_view prefix;
  KillScope kind;
  u32 count;
};
constexpr std::array<Numbered, 3> kNumbered{{{"client:", KillScope::kClient, kClientsMax},
                                             {"account:", KillScope::kAccount, kAccountsMax},
                                             {"strategy:", KillScope::kStrategy, kStrategiesMax}}};
constexpr std::string_view kInstrument = "instrument:";

std::optional<u16> number_below(std::string_view text, u32 count) {
  u32 number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc{} || stop != end || number >= count) return std::nullopt;
  return static_cast<u16>(number);
}

}  // namespace

Result<Scope> parse_scope(std::string_view text) {
  if (text == "all") return Scope{};
  for (const Numbered& form : kNumbered) {
    if (!text.starts_with(form.prefix)) continue;
    const std::optional<u16> number = number_below(text.substr(form.prefix.size()), form.count);
    if (number) return Scope{form.kind, *number, {}};
  }
  if (text.starts_with(kInstrument)) {
    const std::string_view symbol = text.substr(kInstrument.size());
    if (!symbol.empty() && symbol.size() <= sizeof(Symbol))
      return Scope{KillScope::kInstrument, 0, std::string(symbol)};
  }
  return Error{"--scope '" + std::string(text) + "'", "is not a scope",
               std::string("use ") + kScopeForms};
}

}  // namespace tradsys::cli
