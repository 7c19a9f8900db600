#pragma once
// Rows of limits that operators changed on the day that ended, with who did it and what the
// configuration had said: the next day's start must tell both apart (edge/configured_history.hpp).
#include <map>
#include <optional>
#include <tuple>

#include "hostsw/orders/events.hpp"

namespace tradsys::dataplane {

class ChangedRows {
 public:
  template <class Row>
  struct Change {
    Row configured;
    orders::OperatorEvent who;  ///< the last one
  };

  /// A record of the day, before the gate hears of it; `gate` knows what is in force. The payload
  /// fits its type.
  template <class Gate>
  void replay(orders::EventType type, Bytes payload, const Gate& gate) {
    const std::optional<orders::OperatorEvent> who = who_;
    who_.reset();
    switch (type) {
      case orders::EventType::kOperator:
        who_ = as<orders::OperatorEvent>(payload);
        return;
      case orders::EventType::kAccount: {
        const auto row = as<AccountLimits>(payload);
        return note(row, gate.account_limits(row.account), who);
      }
      case orders::EventType::kScope: {
        const auto row = as<ScopeLimits>(payload);
        return note(row, gate.scope_limits(row.scope, row.index), who);
      }
      case orders::EventType::kInstrument: {
        const InstrumentLimits row = as<orders::InstrumentEvent>(payload).limits;
        return note(row, gate.instrument_limits(row.instrument), who);
      }
      case orders::EventType::kPosition: {
        const auto row = as<PositionLimits>(payload);
        if (gate.account_limits(row.account) == nullptr ||
            gate.instrument_limits(row.instrument) == nullptr)
          return;
        const PositionLimits in_force = gate.position_limits(row.account, row.instrument);
        return note(row, &in_force, who);
      }
      default:
        return;
    }
  }
  /// nullptr where the configuration's row is in force.
  template <class Row>
  [[nodiscard]] const Change<Row>* find(const Row& row) const {
    const auto& changes = std::get<Changes<Row>>(changes_);
    const auto found = changes.find(key_of(row));
    return found == changes.end() ? nullptr : &found->second;
  }

 private:
  template <class Row>
  using Changes = std::map<u32, Change<Row>>;

  template <class Record>
  static Record as(Bytes payload) noexcept {
    Record record{};
    static_cast<void>(load_record(payload, record));
    return record;
  }
  template <class Row>
  void note(const Row& row, const Row* in_force, const std::optional<orders::OperatorEvent>& who) {
    auto& changes = std::get<Changes<Row>>(changes_);
    if (!who || in_force == nullptr)
      changes.erase(key_of(row));
    else
      changes.try_emplace(key_of(row), Change<Row>{*in_force, {}}).first->second.who = *who;
  }
  static u32 key_of(const AccountLimits& row) noexcept { return row.account; }
  static u32 key_of(const ScopeLimits& row) noexcept {
    return u32{static_cast<u8>(row.scope)} << 16 | row.index;
  }
  static u32 key_of(const InstrumentLimits& row) noexcept { return row.instrument; }
  static u32 key_of(const PositionLimits& row) noexcept {
    return u32{row.account} << 16 | row.instrument;
  }

  std::optional<orders::OperatorEvent> who_;  ///< of the record before, where it was an operator's
  std::tuple<Changes<AccountLimits>, Changes<ScopeLimits>, Changes<InstrumentLimits>,
             Changes<PositionLimits>>
      changes_;
};

}  // namespace tradsys::dataplane
