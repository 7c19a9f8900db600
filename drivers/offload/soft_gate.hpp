#pragma once
// The software engine: the fast gate of hostsw/risk on the calling core.
#include <string_view>
#include <utility>

#include "drivers/offload/gate_engine.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/risk/gate.hpp"

namespace tradsys::offload {

/// Single writer, like the gate it holds; every call answers at once and never fails.
class SoftGate {
 public:
  [[nodiscard]] static Result<SoftGate> make(const risk::GateConfig& config) {
    Result<risk::Gate> gate = risk::Gate::make(config);
    if (!gate) return gate.error();
    return SoftGate(std::move(gate).value());
  }

  [[nodiscard]] Verdict submit(const OrderRequest& request, const MarketState& market,
                               Nanos now) noexcept {
    const Verdict verdict = gate_.submit(request, market, now);
    ++submitted_;
    refused_ += verdict.fail_bitmap != 0;
    return verdict;
  }
  void apply(const Execution& execution) noexcept {
    ++applied_;
    gate_.apply(execution);
  }
  u64 adopt(const OrderRequest& request, bool opens_order) noexcept {
    return gate_.adopt(request, opens_order);
  }
  [[nodiscard]] Verdict what_if(const OrderRequest& request, const MarketState& market,
                                Nanos now) const noexcept {
    return gate_.what_if(request, market, now);
  }
  template <class Limits>
  bool set(const Limits& limits) noexcept {
    return gate_.set(limits);
  }
  bool move_switch(KillScope scope, u16 index, SwitchState state) noexcept {
    return gate_.move_switch(scope, index, state);
  }
  [[nodiscard]] SwitchState switch_state(KillScope scope, u16 index) const noexcept {
    return gate_.switch_state(scope, index);
  }
  bool load_position(AccountIndex account, InstrumentIndex instrument, i64 position,
                     u32 price) noexcept {
    return gate_.load_position(account, instrument, position, price);
  }
  void prefetch(u16 account, u16 instrument) const noexcept { gate_.prefetch(account, instrument); }

  [[nodiscard]] bool killed_by_operator(u16 account, u16 instrument, u8 strategy) const noexcept {
    return gate_.killed_by_operator(account, instrument, strategy);
  }
  [[nodiscard]] const ScopeLimits* scope_limits(LimitScope kind, u16 index) const noexcept {
    return gate_.scope_limits(kind, index);
  }
  [[nodiscard]] const AccountLimits* account_limits(u16 account) const noexcept {
    return gate_.account_limits(account);
  }
  [[nodiscard]] const InstrumentLimits* instrument_limits(u16 instrument) const noexcept {
    return gate_.instrument_limits(instrument);
  }
  [[nodiscard]] PositionLimits position_limits(u16 account, u16 instrument) const noexcept {
    return gate_.position_limits(account, instrument);
  }
  /// Of a scope in range.
  [[nodiscard]] const risk::ScopeUse& scope_use(LimitScope kind, u16 index) const noexcept {
    return gate_.scope(kind, index).use;
  }
  [[nodiscard]] bool in_force(const PositionLimits& limits) const noexcept {
    return gate_.in_force(limits);
  }
  [[nodiscard]] risk::Exposure exposure(AccountIndex account,
                                        InstrumentIndex instrument) const noexcept {
    return gate_.exposure(account, instrument);
  }
  [[nodiscard]] u64 hash() const noexcept { return gate_.hash(); }
  [[nodiscard]] std::string_view name() const noexcept { return "soft"; }
  [[nodiscard]] EngineHealth health() const noexcept {
    return {.state = EngineState::kOk,
            .submitted = submitted_,
            .refused = refused_,
            .applied = applied_,
            .anomalies = gate_.anomalies()};
  }
  /// The gate itself, for reports and audits.
  [[nodiscard]] const risk::Gate& gate() const noexcept { return gate_; }

 private:
  explicit SoftGate(risk::Gate gate) noexcept : gate_(std::move(gate)) {}

  risk::Gate gate_;
  u64 submitted_{}, refused_{}, applied_{};
};
static_assert(GateEngine<SoftGate>);

}  // namespace tradsys::offload
