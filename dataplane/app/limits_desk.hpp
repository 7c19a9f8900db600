#pragma once
// Answers what operators ask of limits, and puts changed rows in force: each a record of its own,
// in force from that record on.
#include <cstring>
#include <optional>

#include <tradsys/risk_spec.hpp>

#include "hostsw/core/bytes.hpp"
#include "hostsw/ipc/command/command.hpp"
#include "hostsw/risk/rows.hpp"

namespace tradsys::dataplane {

/// What became of a change: the number of its record, or why there is none.
struct LimitsChange {
  u64 seq = 0;
  ipc::CommandResult refusal = ipc::CommandResult::kRefused;
};

/// `Tile` is an EdgeTile.
template <class Tile>
class LimitsDesk {
 public:
  explicit LimitsDesk(Tile& tile) : tile_(tile) {}

  /// The reply to a question; nothing when there is no such row.
  [[nodiscard]] std::optional<ipc::Payload> ask(const ipc::Command& command) const noexcept {
    switch (command.kind) {
      case ipc::CommandKind::kWhatIf:
        return payload_of(tile_.what_if(record_of<OrderRequest>(command)));
      case ipc::CommandKind::kReadLimits:
        return read(command);
      case ipc::CommandKind::kReadUse:
        return use(command);
      default:
        return std::nullopt;
    }
  }

  /// Puts a row in force, unless it names what is not there, would move an account to another
  /// client, or another operator changed the row after this one had read it.
  [[nodiscard]] LimitsChange set(const ipc::Command& command) noexcept {
    const std::optional<ipc::Payload> in_force = read(command);
    if (!in_force || !is_sound(command)) return {};
    if (ipc::mark_of(*in_force) != command.seen) return {.refusal = ipc::CommandResult::kChanged};
    switch (command.row) {
      case ipc::LimitRow::kAccount:
        return put<AccountLimits>(command);
      case ipc::LimitRow::kScope:
        return put<ScopeLimits>(command);
      case ipc::LimitRow::kInstrument:
        return put<InstrumentLimits>(command);
      case ipc::LimitRow::kPosition:
        return put<PositionLimits>(command);
    }
    return {};
  }

 private:
  template <class Row>
  [[nodiscard]] LimitsChange put(const ipc::Command& command) noexcept {
    return {.seq = tile_.set_limits(record_of<Row>(command), ipc::operator_of(command))};
  }
  template <WireRecord Record>
  static Record record_of(const ipc::Command& command) noexcept {
    static_assert(sizeof(Record) <= ipc::kPayloadBytes);
    Record record;
    std::memcpy(static_cast<void*>(&record), command.payload.data(), sizeof record);
    return record;
  }
  template <class Record>
  static ipc::Payload payload_of(const Record& record) noexcept {
    static_assert(sizeof(Record) <= ipc::kPayloadBytes && std::is_trivially_copyable_v<Record>);
    ipc::Payload payload{};
    std::memcpy(payload.data(), &record, sizeof record);
    return payload;
  }
  template <class Row>
  static std::optional<ipc::Payload> payload_if(const Row* row) noexcept {
    if (row == nullptr) return std::nullopt;
    return payload_of(*row);
  }

  /// Whether the row is of what the command names, and changes only what may change. There is one
  /// in force.
  [[nodiscard]] bool is_sound(const ipc::Command& command) const noexcept {
    switch (command.row) {
      case ipc::LimitRow::kAccount: {
        const auto row = record_of<AccountLimits>(command);
        const AccountLimits* in_force = tile_.gate().account_limits(command.index);
        return row.account == command.index && row.client == in_force->client &&
               row.killed == in_force->killed && row.self_trade <= SelfTrade::kAllow;
      }
      case ipc::LimitRow::kScope: {
        const auto row = record_of<ScopeLimits>(command);
        return row.scope == command.limit_scope && row.index == command.index;
      }
      case ipc::LimitRow::kInstrument: {
        const auto row = record_of<InstrumentLimits>(command);
        const InstrumentLimits* in_force = tile_.gate().instrument_limits(command.index);
        return row.instrument == command.index && row.killed == in_force->killed &&
               row.band_low <= row.band_high;
      }
      case ipc::LimitRow::kPosition: {
        const auto row = record_of<PositionLimits>(command);
        return row.account == command.index && row.instrument == command.instrument;
      }
    }
    return false;
  }
  [[nodiscard]] std::optional<ipc::Payload> read(const ipc::Command& command) const noexcept {
    const auto& gate = tile_.gate();
    switch (command.row) {
      case ipc::LimitRow::kAccount:
        return payload_if(gate.account_limits(command.index));
      case ipc::LimitRow::kScope:
        return payload_if(gate.scope_limits(command.limit_scope, command.index));
      case ipc::LimitRow::kInstrument:
        return payload_if(gate.instrument_limits(command.index));
      case ipc::LimitRow::kPosition:
        return position(command);
    }
    return std::nullopt;
  }
  [[nodiscard]] std::optional<ipc::Payload> position(const ipc::Command& command) const noexcept {
    const auto& gate = tile_.gate();
    if (gate.account_limits(command.index) == nullptr ||
        gate.instrument_limits(command.instrument) == nullptr)
      return std::nullopt;
    return payload_of(gate.position_limits(command.index, command.instrument));
  }
  [[nodiscard]] std::optional<ipc::Payload> use(const ipc::Command& command) const noexcept {
    if (command.row != ipc::LimitRow::kScope || !read(command)) return std::nullopt;
    return payload_of(tile_.gate().scope_use(command.limit_scope, command.index));
  }

  Tile& tile_;
};

}  // namespace tradsys::dataplane
