#pragma once
// The engine of a program that chooses where its gate runs when it starts: the software gate, and
// beside it, where one was asked for, a circuit that decides in its place. The software has the
// whole state at any time and is compared with every verdict; when the two differ, or the circuit
// is silent or full, the software decides from then on: see docs/adr/0018.
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "drivers/offload/circuit_link.hpp"
#include "drivers/offload/gate_engine.hpp"
#include "drivers/offload/soft_gate.hpp"

namespace tradsys::offload {

/// The order on which circuit and software differed, for the log.
struct Disagreement {
  OrderRequest request;
  Verdict circuit;
  Verdict software;
};

/// Single writer. Without a circuit each call costs one branch more than SoftGate, always the same
/// way; with one, it waits for the circuit, bounded, and is answered in any case.
class OffloadGate {
 public:
  /// An empty gate. A circuit beside it follows until arm(); an Error says why there is none, or
  /// that it is too small.
  [[nodiscard]] static Result<OffloadGate> make(const risk::GateConfig& config,
                                                const CircuitMaker& make_circuit);

  /// From now on the circuit decides. False, and nothing changes, when there is none or it fell
  /// back. To be called once the journal is replayed: what was decided stays decided.
  bool arm() noexcept;

  [[nodiscard]] Verdict submit(const OrderRequest& request, const MarketState& market,
                               Nanos now) noexcept {
    if (link_ == nullptr) [[likely]]
      return soft_.submit(request, market, now);
    return submit_to_circuit(request, market, now);
  }
  void apply(const Execution& execution) noexcept {
    soft_.apply(execution);
    if (link_ != nullptr) [[unlikely]]
      tell_of(execution.instrument, beat_of(execution));
  }
  u64 adopt(const OrderRequest& request, bool opens_order) noexcept {
    if (link_ != nullptr) [[unlikely]]
      tell_of(request.instrument, adoption_beat(request, opens_order));
    return soft_.adopt(request, opens_order);
  }
  /// The circuit hears of what the software took; what it refuses changes neither.
  template <class Limits>
  bool set(const Limits& limits) noexcept {
    const bool done = soft_.set(limits);
    if (done && link_ != nullptr) [[unlikely]]
      tell_row(limits);
    return done;
  }
  bool move_switch(KillScope scope, u16 index, SwitchState state) noexcept {
    const bool done = soft_.move_switch(scope, index, state);
    if (done && link_ != nullptr) [[unlikely]]
      tell(switch_beat(scope, index, state));
    return done;
  }
  bool load_position(AccountIndex account, InstrumentIndex instrument, i64 position,
                     u32 price) noexcept {
    const bool done = soft_.load_position(account, instrument, position, price);
    if (done && link_ != nullptr) [[unlikely]]
      tell(holding_beat(account, instrument, position, price));
    return done;
  }

  [[nodiscard]] Verdict what_if(const OrderRequest& request, const MarketState& market,
                                Nanos now) const noexcept {
    return soft_.what_if(request, market, now);
  }
  void prefetch(u16 account, u16 instrument) const noexcept { soft_.prefetch(account, instrument); }
  [[nodiscard]] SwitchState switch_state(KillScope scope, u16 index) const noexcept {
    return soft_.switch_state(scope, index);
  }
  [[nodiscard]] bool killed_by_operator(u16 account, u16 instrument, u8 strategy) const noexcept {
    return soft_.killed_by_operator(account, instrument, strategy);
  }
  [[nodiscard]] const ScopeLimits* scope_limits(LimitScope kind, u16 index) const noexcept {
    return soft_.scope_limits(kind, index);
  }
  [[nodiscard]] const AccountLimits* account_limits(u16 account) const noexcept {
    return soft_.account_limits(account);
  }
  [[nodiscard]] const InstrumentLimits* instrument_limits(u16 instrument) const noexcept {
    return soft_.instrument_limits(instrument);
  }
  [[nodiscard]] PositionLimits position_limits(u16 account, u16 instrument) const noexcept {
    return soft_.position_limits(account, instrument);
  }
  /// Of a scope in range.
  [[nodiscard]] const risk::ScopeUse& scope_use(LimitScope kind, u16 index) const noexcept {
    return soft_.scope_use(kind, index);
  }
  [[nodiscard]] bool in_force(const PositionLimits& limits) const noexcept {
    return soft_.in_force(limits);
  }
  [[nodiscard]] risk::Exposure exposure(AccountIndex account,
                                        InstrumentIndex instrument) const noexcept {
    return soft_.exposure(account, instrument);
  }
  [[nodiscard]] u64 hash() const noexcept { return soft_.hash(); }
  /// "soft", or the circuit's name while it is fed.
  [[nodiscard]] std::string_view name() const noexcept {
    return link_ == nullptr ? soft_.name() : link_->name();
  }
  [[nodiscard]] EngineHealth health() const noexcept;
  /// The software gate, for reports and audits.
  [[nodiscard]] const risk::Gate& gate() const noexcept { return soft_.gate(); }
  /// Why the circuit lost the right to decide, for the log; empty while it did not.
  [[nodiscard]] std::string fallback_text() const;
  /// What the circuit fell back on; all zero unless health() says kMismatch.
  [[nodiscard]] const Disagreement& disagreement() const noexcept { return disagreement_; }

 private:
  [[gnu::cold, gnu::noinline]] Verdict submit_to_circuit(const OrderRequest& request,
                                                         const MarketState& market,
                                                         Nanos now) noexcept;
  [[gnu::cold, gnu::noinline]] void tell(const GateBeat& beat) noexcept;
  /// The circuit may have room for an instrument that the gate beside it has none for.
  [[gnu::cold, gnu::noinline]] void tell_of(u16 instrument, const GateBeat& beat) noexcept;
  [[gnu::cold, gnu::noinline]] void tell_row(const InstrumentLimits& limits) noexcept;
  template <class Limits>
  void tell_row(const Limits& limits) noexcept {
    tell(beat_of(limits));
  }
  void fall_back(Fallback cause) noexcept;
  [[nodiscard]] bool in_range(u16 instrument) const noexcept {
    return instrument < gate().config().instruments_max;
  }
  explicit OffloadGate(SoftGate soft) noexcept : soft_(std::move(soft)) {}

  SoftGate soft_;
  std::unique_ptr<CircuitLink> link_;  ///< null: the software decides alone
  Ownership owner_{Ownership::kSoftware};
  Fallback fallback_{Fallback::kNone};
  u64 compared_{}, overruled_{};
  Disagreement disagreement_{};
};
static_assert(GateEngine<OffloadGate>);

}  // namespace tradsys::offload
