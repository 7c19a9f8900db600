#include "control/cli/commands/risk_scope.hpp"

#include <charconv>

#include "hostsw/core/symbol.hpp"

namespace tradsys::cli {
namespace {

constexpr std::string_view kAccount = "account:";
constexpr std::string_view kInstrument = "instrument:";
constexpr u32 kAccountMax = 65'534;  // 65535 is kNoAccount

}  // namespace

Result<Scope> parse_scope(std::string_view text) {
  if (text == "all") return Scope{};
  if (text.starts_with(kAccount)) {
    const std::string_view number = text.substr(kAccount.size());
    u32 account = 0;
    const char* end = number.data() + number.size();
    const auto [stop, failure] = std::from_chars(number.data(), end, account);
    if (failure == std::errc{} && stop == end && account <= kAccountMax)
      return Scope{Scope::Kind::kAccount, static_cast<u16>(account), {}};
  }
  if (text.starts_with(kInstrument)) {
    const std::string_view symbol = text.substr(kInstrument.size());
    if (!symbol.empty() && symbol.size() <= sizeof(Symbol))
      return Scope{Scope::Kind::kInstrument, 0, std::string(symbol)};
  }
  return Error{"--scope '" + std::string(text) + "'", "is not a scope",
               "use all, account:N or instrument:SYM"};
}

ipc::CommandKind command_kind(Scope::Kind scope, bool kill) noexcept {
  using ipc::CommandKind;
  switch (scope) {
    case Scope::Kind::kAll:
      return kill ? CommandKind::kKillFirm : CommandKind::kResumeFirm;
    case Scope::Kind::kAccount:
      return kill ? CommandKind::kKillAccount : CommandKind::kResumeAccount;
    case Scope::Kind::kInstrument:
      return kill ? CommandKind::kKillInstrument : CommandKind::kResumeInstrument;
  }
  return CommandKind::kNone;
}

}  // namespace tradsys::cli
