#pragma once
// Which row of the configuration was last put in force, as the journal tells: a row of limits that
// follows no record of an operator is the configuration's. So a start puts a row in force where the
// configuration changed, not where an operator did.
#include <algorithm>
#include <concepts>
#include <cstring>
#include <limits>
#include <vector>

#include "dataplane/edge/edge_config.hpp"
#include "hostsw/core/random.hpp"
#include "hostsw/orders/events.hpp"
#include "hostsw/risk/rows.hpp"

namespace tradsys::dataplane {

/// Remembers a hash a row, of what the configuration names; memory is taken at the start.
class ConfiguredHistory {
 public:
  explicit ConfiguredHistory(const EdgeConfig& config)
      : config_(config),
        instruments_max_(config.books.instruments_max),
        accounts_(config.accounts.size()),
        scopes_(config.scopes.size()),
        instruments_(instruments_max_),
        positions_(config.accounts.size() * instruments_max_) {}

  /// A record of the journal, before the gate hears of it; `gate` knows what is in force.
  template <class Gate>
  void replay(orders::EventType type, Bytes payload, const Gate& gate) noexcept {
    const bool by_operator = operator_pending_;
    operator_pending_ = type == orders::EventType::kOperator;
    orders::InstrumentEvent instrument;
    switch (type) {
      case orders::EventType::kAccount:
        return replay_row(AccountLimits{}, payload, by_operator, gate);
      case orders::EventType::kScope:
        return replay_row(ScopeLimits{}, payload, by_operator, gate);
      case orders::EventType::kPosition:
        return replay_row(PositionLimits{}, payload, by_operator, gate);
      case orders::EventType::kInstrument:
        if (!by_operator && load_record(payload, instrument)) configured(instrument.limits);
        return;
      default:
        return;
    }
  }
  /// The last record was that of an operator whose row a crash took: a row written now would count
  /// as the operator's.
  [[nodiscard]] bool operator_pending() const noexcept { return operator_pending_; }

  /// The configuration's row is put in force.
  template <class Row>
  void configured(const Row& row) noexcept {
    if (u64* last = find(row)) *last = hash_of(row);
  }
  /// An operator is about to change a row. Only limits of a pair may have been in force without a
  /// record, where the configuration asked for what holds anyway.
  template <class Row, class Gate>
  void operator_sets(const Row& row, const Gate& gate) noexcept {
    if constexpr (std::same_as<Row, PositionLimits>) {
      u64* last = find(row);
      if (last == nullptr || *last != 0) return;
      *last = hash_of(gate.position_limits(row.account, row.instrument));
    }
  }
  /// Whether the configuration's row has to be put in force; `in_force`: it is, whoever set it.
  template <class Row>
  [[nodiscard]] bool is_due(const Row& row, bool in_force) noexcept {
    const u64* last = find(row);
    return last != nullptr && *last != 0 ? *last != hash_of(row) : !in_force;
  }

 private:
  template <class Row, class Gate>
  void replay_row(Row row, Bytes payload, bool by_operator, const Gate& gate) noexcept {
    if (!load_record(payload, row)) return;
    if (by_operator)
      operator_sets(row, gate);
    else
      configured(row);
  }

  /// Of the row as the gate keeps it; never 0.
  template <WireRecord Row>
  static u64 hash_of(const Row& row) noexcept {
    u64 h = sizeof(Row);
    const auto* bytes = reinterpret_cast<const std::byte*>(&row);
    for (usize at = 0; at < sizeof(Row); at += sizeof(u64)) {
      u64 word = 0;
      std::memcpy(&word, bytes + at, std::min(sizeof word, sizeof(Row) - at));
      h = mix64(h ^ word);
    }
    return h | 1U;
  }
  static u64 hash_of(const ScopeLimits& row) noexcept {
    return hash_of<ScopeLimits>(risk::with_no_limits(row));
  }
  static u64 hash_of(PositionLimits row) noexcept {
    constexpr u64 kMax = std::numeric_limits<i64>::max();
    row.max_long = std::min(row.max_long, kMax);
    row.max_short = std::min(row.max_short, kMax);
    return hash_of<PositionLimits>(row);
  }

  /// nullptr for what the configuration does not name.
  [[nodiscard]] u64* find(const AccountLimits& row) noexcept {
    const usize at = place_of(row.account);
    return at < accounts_.size() ? &accounts_[at] : nullptr;
  }
  [[nodiscard]] u64* find(const ScopeLimits& row) noexcept {
    for (usize at = 0; at < scopes_.size(); ++at) {
      const ScopeLimits& named = config_.scopes[at];
      if (named.scope == row.scope && named.index == row.index) return &scopes_[at];
    }
    return nullptr;
  }
  [[nodiscard]] u64* find(const InstrumentLimits& row) noexcept {
    return row.instrument < instruments_max_ ? &instruments_[row.instrument] : nullptr;
  }
  [[nodiscard]] u64* find(const PositionLimits& row) noexcept {
    const usize at = place_of(row.account);
    const bool named = at < accounts_.size() && row.instrument < instruments_max_;
    return named ? &positions_[at * instruments_max_ + row.instrument] : nullptr;
  }
  [[nodiscard]] usize place_of(u16 account) const noexcept {
    usize at = 0;
    while (at < accounts_.size() && config_.accounts[at].limits.account != account) ++at;
    return at;
  }

  const EdgeConfig& config_;
  usize instruments_max_;
  bool operator_pending_ = false;
  std::vector<u64> accounts_;  ///< by place in the configuration, as scopes_; 0 = none yet
  std::vector<u64> scopes_;
  std::vector<u64> instruments_;  ///< by number
  std::vector<u64> positions_;  ///< by place of the account, then instrument
};

}  // namespace tradsys::dataplane
