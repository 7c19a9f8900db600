#include "control/cli/risk/limit_rows.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include "hostsw/core/symbol.hpp"

namespace tradsys::cli {
namespace {

constexpr u64 kBookScale = 10'000;

template <class Row, class Type>
Row row_of_member(Type Row::*);
template <class Row, class Type>
Type type_of_member(Type Row::*);

template <auto Member>
using RowOf = decltype(row_of_member(Member));

template <auto Member>
RowOf<Member> load(const ipc::Payload& payload) noexcept {
  RowOf<Member> row;
  std::memcpy(static_cast<void*>(&row), payload.data(), sizeof row);
  return row;
}
template <auto Member>
constexpr LimitField field(std::string_view name, bool is_value = false) {
  using Type = decltype(type_of_member(Member));
  return {name,
          [](const ipc::Payload& payload) noexcept {
            return static_cast<u64>(load<Member>(payload).*Member);
          },
          [](ipc::Payload& payload, u64 number) noexcept {
            RowOf<Member> row = load<Member>(payload);
            row.*Member = static_cast<Type>(number);
            std::memcpy(payload.data(), &row, sizeof row);
          },
          sizeof(Type), is_value};
}

constexpr std::array kAccount{field<&AccountLimits::max_notional>("max_notional", true),
                              field<&AccountLimits::max_qty>("max_qty"),
                              field<&AccountLimits::rate_per_s>("rate_per_s"),
                              field<&AccountLimits::rate_burst>("rate_burst"),
                              field<&AccountLimits::orders_per_trade_max>("orders_per_trade_max"),
                              field<&AccountLimits::orders_per_trade_from>("orders_per_trade_from"),
                              field<&AccountLimits::duplicates_max>("duplicates_max"),
                              field<&AccountLimits::duplicate_window_ms>("duplicate_window_ms"),
                              field<&AccountLimits::self_trade>("self_trade"),
                              field<&AccountLimits::enabled>("enabled")};
constexpr std::array kScope{field<&ScopeLimits::gross_value_max>("gross_value_max", true),
                            field<&ScopeLimits::net_value_max>("net_value_max", true),
                            field<&ScopeLimits::open_value_max>("open_value_max", true),
                            field<&ScopeLimits::buying_power>("buying_power", true),
                            field<&ScopeLimits::loss_max>("loss_max", true),
                            field<&ScopeLimits::loss_halt>("loss_halt", true),
                            field<&ScopeLimits::open_orders_max>("open_orders_max"),
                            field<&ScopeLimits::executions_max>("executions_max"),
                            field<&ScopeLimits::executions_window_ms>("executions_window_ms")};
constexpr std::array kInstrument{
    field<&InstrumentLimits::max_notional>("max_notional", true),
    field<&InstrumentLimits::max_qty>("max_qty"),
    field<&InstrumentLimits::min_qty>("min_qty"),
    field<&InstrumentLimits::tick_size>("tick_size"),
    field<&InstrumentLimits::lot_size>("lot_size"),
    field<&InstrumentLimits::collar_bp>("collar_bp"),
    field<&InstrumentLimits::fat_finger_bp>("fat_finger_bp"),
    field<&InstrumentLimits::band_low>("band_low"),
    field<&InstrumentLimits::band_high>("band_high"),
    field<&InstrumentLimits::feed_silence_max_ms>("feed_silence_max_ms"),
    field<&InstrumentLimits::short_sale_restricted>("short_sale_restricted"),
    field<&InstrumentLimits::enabled>("enabled")};
constexpr std::array kPosition{field<&PositionLimits::max_long>("max_long"),
                               field<&PositionLimits::max_short>("max_short"),
                               field<&PositionLimits::max_value>("max_value", true),
                               field<&PositionLimits::daily_qty_max>("daily_qty_max"),
                               field<&PositionLimits::buy_qty_max>("buy_qty_max"),
                               field<&PositionLimits::sell_qty_max>("sell_qty_max"),
                               field<&PositionLimits::same_day_qty_max>("same_day_qty_max"),
                               field<&PositionLimits::short_qty_max>("short_qty_max"),
                               field<&PositionLimits::restrictions>("restrictions")};

constexpr u64 largest(u8 bytes) noexcept { return ~u64{0} >> (64 - 8 * bytes); }

std::optional<u32> number_in(std::string_view text, u32 count) {
  u32 number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (text.empty() || failure != std::errc{} || stop != end || number >= count) return std::nullopt;
  return number;
}

Outcome<u16> instrument_named(const Globals& globals, const std::string& symbol) {
  const Outcome<ipc::StatusReader> reader = open_status(globals);
  if (!reader) return reader.failure();
  const Outcome<u32> index = find_instrument(globals, *reader, symbol);
  if (!index) return index.failure();
  return static_cast<u16>(*index);
}

ipc::Command row_command(ipc::LimitRow row, u16 index) noexcept {
  ipc::Command command;
  command.kind = ipc::CommandKind::kReadLimits;
  command.row = row;
  command.index = index;
  return command;
}

Failure no_row(const std::string& text) {
  return {ExitCode::kUsage,
          {"'" + text + "'", "does not name limits", std::string("use ") + kRowForms}};
}

}  // namespace

bool LimitField::is_none(u64 number) const noexcept {
  return is_value ? number >= kValueMax : bytes >= 4 && number >= largest(bytes) / 2;
}

std::string LimitField::text(const ipc::Payload& row) const {
  const u64 number = get(row);
  if (is_none(number)) return "none";
  return std::to_string(is_value ? number / kBookScale : number);
}

Result<u64> LimitField::parse(std::string_view text) const {
  if (text == "none" && (is_value || bytes >= 4)) return is_value ? kValueMax : largest(bytes);
  u64 number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  const u64 most = is_value ? kValueMax / kBookScale : largest(bytes);
  if (failure == std::errc{} && stop == end && number <= most)
    return is_value ? number * kBookScale : number;
  return Error{std::string(name), "'" + std::string(text) + "' is not one of its values",
               "use 0 to " + std::to_string(most) +
                   (is_value || bytes >= 4 ? ", or none for no limit" : "")};
}

std::span<const LimitField> fields_of(ipc::LimitRow row) noexcept {
  switch (row) {
    case ipc::LimitRow::kAccount:
      return kAccount;
    case ipc::LimitRow::kScope:
      return kScope;
    case ipc::LimitRow::kInstrument:
      return kInstrument;
    case ipc::LimitRow::kPosition:
      return kPosition;
  }
  return {};
}

ipc::Command scope_row(LimitScope scope, u16 index) noexcept {
  ipc::Command command = row_command(ipc::LimitRow::kScope, index);
  command.limit_scope = scope;
  return command;
}

Outcome<std::vector<ipc::Command>> rows_named(const Globals& globals, const std::string& text) {
  using Rows = std::vector<ipc::Command>;
  if (text == "firm") return Rows{scope_row(LimitScope::kFirm, 0)};
  const usize colon = text.find(':');
  if (colon == std::string::npos) return no_row(text);
  const std::string kind = text.substr(0, colon), rest = text.substr(colon + 1);
  if (kind == "instrument") {
    const Outcome<u16> index = instrument_named(globals, rest);
    if (!index) return index.failure();
    return Rows{row_command(ipc::LimitRow::kInstrument, *index)};
  }
  if (kind == "pair") {
    const usize second = rest.find(':');
    const std::optional<u32> account = number_in(rest.substr(0, second), kAccountsMax);
    if (second == std::string::npos || !account) return no_row(text);
    const Outcome<u16> index = instrument_named(globals, rest.substr(second + 1));
    if (!index) return index.failure();
    ipc::Command command = row_command(ipc::LimitRow::kPosition, static_cast<u16>(*account));
    command.instrument = *index;
    return Rows{command};
  }
  const std::optional<u32> number = number_in(rest, 256);
  if (!number) return no_row(text);
  const u16 index = static_cast<u16>(*number);
  if (kind == "client") return Rows{scope_row(LimitScope::kClient, index)};
  if (kind == "strategy") return Rows{scope_row(LimitScope::kStrategy, index)};
  if (kind != "account") return no_row(text);
  return Rows{row_command(ipc::LimitRow::kAccount, index), scope_row(LimitScope::kAccount, index)};
}

}  // namespace tradsys::cli
