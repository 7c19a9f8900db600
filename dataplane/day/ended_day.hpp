#pragma once
// The day that ended, as its journal tells it: the engine's state, and beside it what only the
// records themselves say: the names of instruments, who moved a switch, how FIX clients name their
// orders.
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "dataplane/day/changed_rows.hpp"
#include "dataplane/day/day_roll.hpp"
#include "dataplane/edge/fix/fix_client.hpp"
#include "dataplane/engine/silent_out.hpp"
#include "drivers/offload/soft_gate.hpp"

namespace tradsys::dataplane {

class EndedDay {
 public:
  using Engine = engine::OrderEngine<offload::SoftGate, EndedDay>;

  EndedDay(const RollConfig& config, offload::SoftGate gate)
      : gate_(std::move(gate)),
        symbols_(config.gate.instruments_max),
        engine_(gate_, *this, config.orders) {
    for (const RollClient& client : config.clients) {
      const FixReporterConfig reporter{.requests_max = client.requests_max};
      const bool fix = is_fix(client.protocol);
      reporters_.push_back(fix ? std::make_unique<Reporter>(unsaid_, reporter) : nullptr);
    }
  }
  EndedDay(const EndedDay&) = delete;
  EndedDay& operator=(const EndedDay&) = delete;

  [[nodiscard]] engine::ReplayStatus replay(orders::EventType type, u64 seq,
                                            Bytes payload) noexcept {
    if (!note(type, payload)) return engine::ReplayStatus::kBadRecord;
    changed_.replay(type, payload, gate_);
    return engine_.replay(type, seq, payload);
  }

  [[nodiscard]] const Engine& engine() const noexcept { return engine_; }
  [[nodiscard]] const risk::Gate& gate() const noexcept { return gate_.gate(); }
  [[nodiscard]] Symbol symbol_of(u16 instrument) const noexcept { return symbols_[instrument]; }
  /// The last word on each switch.
  [[nodiscard]] const auto& switches() const noexcept { return switches_; }
  [[nodiscard]] const ChangedRows& changed_rows() const noexcept { return changed_; }
  /// How its FIX client knows an order; nullptr where it is of no FIX client, or unnamed.
  [[nodiscard]] const FixOrder* fix_order(const orders::Order& order) noexcept {
    Reporter* reporter = reporter_of(order.session);
    return reporter == nullptr ? nullptr : reporter->table().find(order.client_ref);
  }

  // --- outside of the engine ---------------------------------------------------------------------
  bool venue_ready() noexcept { return false; }
  bool venue_open() noexcept { return false; }
  bool venue_takes(TimeInForce) noexcept { return false; }
  bool journal_ready() noexcept { return false; }
  void venue_enter(const orders::Order&) noexcept {}
  void venue_replace(const orders::Order&) noexcept {}
  void venue_cancel(u64, u32) noexcept {}
  void journal(orders::EventType, u64, u64, Bytes) noexcept {}
  void instrument(const orders::InstrumentEvent& event) noexcept {
    if (event.limits.instrument >= symbols_.size()) return;
    std::memcpy(symbols_[event.limits.instrument].text, &event.symbol, sizeof event.symbol);
  }
  void client_report(const engine::ClientReport& report) noexcept {
    Reporter* reporter = reporter_of(report.session);
    if (reporter == nullptr) return;
    const bool named = report.instrument < symbols_.size();
    reporter->on_report(report, named ? symbols_[report.instrument] : Symbol{});
  }

 private:
  /// Messages to clients were said on their day.
  struct Unsaid {
    void tell(const FixOrder&, const FixExecution&) noexcept {}
    void refuse(const FixCancelReject&) noexcept {}
    [[nodiscard]] static FixNumberText exec_id() noexcept { return {'E', 0, 0}; }
  };
  using Reporter = FixReporter<Unsaid>;

  [[nodiscard]] Reporter* reporter_of(u16 session) noexcept {
    return session < reporters_.size() ? reporters_[session].get() : nullptr;
  }
  [[nodiscard]] bool note(orders::EventType type, Bytes payload) {
    switch (type) {
      case orders::EventType::kKill: {
        orders::KillEvent event;
        if (!load_record(payload, event)) return false;
        switches_[{event.scope, event.index}] = event;
        return true;
      }
      case orders::EventType::kFixRequest: {
        orders::FixRequestEvent event;
        if (!load_record(payload, event) || reporter_of(event.session) == nullptr) return false;
        static_cast<void>(reporter_of(event.session)->apply(event));
        return true;
      }
      case orders::EventType::kFixCarriedOrder: {
        orders::FixCarriedOrderEvent event;
        if (!load_record(payload, event) || reporter_of(event.session) == nullptr) return false;
        return reporter_of(event.session)->table().carry(event);
      }
      default:
        return true;
    }
  }

  offload::SoftGate gate_;
  std::vector<Symbol> symbols_;  ///< by instrument
  std::map<std::pair<KillScope, u16>, orders::KillEvent> switches_;
  ChangedRows changed_;
  Unsaid unsaid_;
  std::vector<std::unique_ptr<Reporter>> reporters_;  ///< by session; nullptr: no FIX client
  Engine engine_;
};

}  // namespace tradsys::dataplane
