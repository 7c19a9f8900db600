#pragma once
// Puts what the configuration says of limits and clients in force, as journaled events, where it
// changed since the journal last heard of it: what operators changed meanwhile stands. Kill
// switches are not its business: only an operator releases one.
#include <cstring>
#include <vector>

#include "dataplane/edge/configured_history.hpp"
#include "dataplane/edge/edge_config.hpp"
#include "dataplane/edge/market.hpp"
#include "hostsw/orders/events.hpp"
#include "hostsw/risk/rows.hpp"

namespace tradsys::dataplane {

/// Instruments whose limits one housekeep puts in force.
inline constexpr u32 kRowsPerStep = 64;

/// `Engine` journals and applies rows, `Gate` knows what is in force, `Owner` is the market's.
template <class Engine, class Gate, class Owner>
class ConfiguredRows {
 public:
  ConfiguredRows(const EdgeConfig& config, Engine& engine, const Gate& gate, Market<Owner>& market)
      : config_(config),
        engine_(engine),
        gate_(gate),
        market_(market),
        history_(config),
        noted_(config.books.instruments_max),
        waiting_(config.books.instruments_max) {
    TRADSYS_ASSERT(config.clients.size() <= orders::kStrategySession);
  }

  /// A record of the journal, before the engine hears of it.
  void replay(orders::EventType type, Bytes payload) noexcept {
    history_.replay(type, payload, gate_);
  }
  /// An operator is about to change a row.
  template <class Row>
  void operator_sets(const Row& row) noexcept {
    history_.operator_sets(row, gate_);
  }

  /// The first client whose place belongs to another user in the replayed journal (its orders and
  /// stream would change hands), or nullptr.
  [[nodiscard]] const orders::ClientRow* misplaced_client() const noexcept {
    for (u16 c = 0; c < orders::kStrategySession; ++c) {
      const orders::ClientRow& row = engine_.core().client(c);
      if (row.user == orders::ClientRow{}.user) continue;
      if (c >= config_.clients.size() || client_row(c).user != row.user) return &row;
    }
    return nullptr;
  }

  /// The first account that the journal keeps for another client, or nullptr.
  [[nodiscard]] const AccountLimits* moved_account() const noexcept {
    for (const AccountConfig& account : config_.accounts) {
      const AccountLimits* in_force = gate_.account_limits(account.limits.account);
      if (in_force != nullptr && in_force->client != account.limits.client) return in_force;
    }
    return nullptr;
  }

  /// Net position of all accounts in an instrument.
  [[nodiscard]] i64 position(u16 instrument) const noexcept {
    i64 sum = 0;
    for (const AccountConfig& account : config_.accounts)
      sum += gate_.exposure({account.limits.account}, {instrument}).position;
    return sum;
  }

  /// Accounts, scopes and clients; once, at start.
  void apply_accounts_and_clients(u64 ts_ns) noexcept {
    if (history_.operator_pending()) engine_.checkpoint(ts_ns);
    for (const AccountConfig& account : config_.accounts) {
      const AccountLimits* in_force = gate_.account_limits(account.limits.account);
      put(account.limits, in_force != nullptr && same_bytes(*in_force, account.limits), ts_ns);
    }
    for (const ScopeLimits& scope : config_.scopes) {
      const ScopeLimits* in_force = gate_.scope_limits(scope.scope, scope.index);
      const ScopeLimits asked = risk::with_no_limits(scope);
      put(scope, in_force != nullptr && same_bytes(*in_force, asked), ts_ns);
    }
    for (u16 c = 0; c < config_.clients.size(); ++c) {
      const orders::ClientRow row = client_row(c);
      if (!(engine_.core().client(c) == row)) engine_.set(row, ts_ns);
    }
  }

  /// Notes an instrument of the directory the first time it is named: what operators changed since
  /// then stands when the venue names it again. A directory spin names thousands at once, each of
  /// them a record an account, so the rows follow in steps.
  void add_instrument(u16 number) noexcept {
    if (noted_[number] != 0) return;
    noted_[number] = 1;
    waiting_[waiting_count_++] = number;
  }
  /// Records one instrument makes at most.
  [[nodiscard]] u32 records_per_instrument() const noexcept {
    return 1 + static_cast<u32>(config_.accounts.size());
  }
  /// Puts the rows of one noted instrument in force; false when none is left.
  bool apply_next_instrument(u64 ts_ns) noexcept {
    if (waiting_count_ == 0) return false;
    const u16 number = waiting_[--waiting_count_];
    apply_instrument(number, ts_ns);
    return true;
  }

 private:
  template <class Row>
  void put(const Row& row, bool in_force, u64 ts_ns) noexcept {
    if (!history_.is_due(row, in_force)) return;
    engine_.set(row, ts_ns);
    history_.configured(row);
  }
  template <WireRecord Row>
  static bool same_bytes(const Row& a, const Row& b) noexcept {
    return std::memcmp(&a, &b, sizeof(Row)) == 0;
  }
  [[nodiscard]] orders::ClientRow client_row(u16 client) const noexcept {
    orders::ClientRow row;
    const ClientConfig& config = config_.clients[client];
    for (usize i = 0; i < config.user.size() && i < row.user.size(); ++i)
      row.user[i] = config.user[i];
    row.session = client;
    row.account = config.account;
    return row;
  }
  /// nullptr where the defaults hold.
  [[nodiscard]] const InstrumentRule* rule_of(Symbol symbol) const noexcept {
    for (const InstrumentRule& rule : config_.instrument_rules)
      if (rule.symbol == symbol) return &rule;
    return nullptr;
  }
  [[nodiscard]] orders::InstrumentEvent instrument_row(u16 number) const noexcept {
    const InstrumentInfo& info = market_.info(number);
    orders::InstrumentEvent event;
    event.symbol = info.symbol.word();
    event.limits = config_.instrument_defaults;
    if (const InstrumentRule* rule = rule_of(info.symbol)) event.limits = rule->limits;
    event.limits.instrument = number;
    if (info.round_lot != 0 && event.limits.lot_size == 0) event.limits.lot_size = info.round_lot;
    return event;
  }
  void apply_instrument(u16 number, u64 ts_ns) noexcept {
    const orders::InstrumentEvent event = instrument_row(number);
    const InstrumentLimits* in_force = gate_.instrument_limits(number);
    const bool same = in_force != nullptr && same_bytes(*in_force, event.limits);
    if (history_.is_due(event.limits, same)) {
      engine_.set(event, ts_ns);
      history_.configured(event.limits);
    }
    const InstrumentRule* rule = rule_of(market_.info(number).symbol);
    market_.set_reference_price(number, rule == nullptr ? 0 : rule->reference_price);
    market_.set_limits_known(number);
    for (const AccountConfig& account : config_.accounts) {
      PositionLimits row = account.position;
      row.account = account.limits.account;
      row.instrument = number;
      for (const PairRestriction& restriction : config_.restrictions) {
        if (restriction.account == row.account && restriction.symbol == market_.info(number).symbol)
          row.restrictions = static_cast<u16>(row.restrictions | restriction.bits);
      }
      put(row, gate_.in_force(row), ts_ns);
    }
  }

  const EdgeConfig& config_;
  Engine& engine_;
  const Gate& gate_;
  Market<Owner>& market_;
  ConfiguredHistory history_;
  std::vector<u8> noted_;  ///< per instrument: 1 = its rows are or were put in force
  std::vector<u16> waiting_;  ///< the first waiting_count_
  u32 waiting_count_ = 0;
};

}  // namespace tradsys::dataplane
