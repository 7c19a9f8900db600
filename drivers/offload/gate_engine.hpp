#pragma once
// The pre-trade gate behind one concept, whoever computes it: `soft` (this host), `rtl` (the
// Verilated circuit) or `xrt` (the card). The dataplane takes the engine as a template parameter,
// so the hot path has no virtual call; which engine runs is chosen once, where the program puts its
// tiles together.
//
// Every engine is a function of its input sequence: set, move_switch, load_position, submit and
// apply, in the order of the calls, are one stream of records. Two engines given the same stream
// give the same verdicts and the same exposures; hostsw/risk is the definition.
#include <array>
#include <concepts>
#include <string_view>

#include <tradsys/risk_spec.hpp>

#include "hostsw/core/units.hpp"
#include "hostsw/risk/gate.hpp"

namespace tradsys::offload {

/// How an engine feels.
enum class EngineState : u8 {
  kOk = 0,  ///< answers every request
  kDegraded = 1,  ///< answers, but from the host: the device is gone, full or disagreed
  kFailed = 2,  ///< answers nothing: the gate must be rebuilt from the journal
};

/// Which side decides; one at a time. Looking aside, each request waits for its verdict, so nothing
/// is ever under way between the two and no side has to be drained.
enum class Ownership : u8 {
  kSoftware = 0,  ///< the host decides alone
  kFollowing = 1,  ///< the host decides, the circuit gets all it gets and is compared
  kCircuit = 2,  ///< the circuit decides, the host is compared with it
};

/// Why a circuit lost the right to decide; it never gets it back without a restart.
enum class Fallback : u8 {
  kNone = 0,
  kMismatch = 1,  ///< a verdict was not the software's
  kTimeout = 2,  ///< no beat taken, or no verdict given, within the clocks allowed
  kFull = 3,  ///< no slot was left for a pair, or state was lost for want of one
};

[[nodiscard]] constexpr std::string_view name_of(Ownership owner) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"software", "following", "circuit"};
  return kNames[static_cast<usize>(owner)];
}
[[nodiscard]] constexpr std::string_view name_of(Fallback fallback) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"none", "mismatch", "timeout", "full"};
  return kNames[static_cast<usize>(fallback)];
}

struct EngineHealth {
  EngineState state{EngineState::kFailed};
  u64 submitted{};  ///< requests answered
  u64 refused{};  ///< of these, not passed
  u64 applied{};  ///< executions booked
  risk::GateAnomalies anomalies{};
  Ownership owner{Ownership::kSoftware};
  Fallback fallback{Fallback::kNone};
  u64 compared{};  ///< verdicts of a circuit that were held against the software's
};

/// What the dataplane asks of a gate. submit answers before it returns: an engine with a device
/// waits for it (bounded, busy) or falls back to the host's own copy of the state.
template <class E>
concept GateEngine = requires(E e, const E& c, const OrderRequest& request,
                              const MarketState& market, Nanos now, const Execution& execution,
                              const AccountLimits& account, const ScopeLimits& scope,
                              const InstrumentLimits& instrument, const PositionLimits& position) {
  { e.submit(request, market, now) }
  noexcept->std::same_as<Verdict>;
  { e.apply(execution) }
  noexcept;
  { e.set(account) }
  noexcept->std::same_as<bool>;
  { e.set(scope) }
  noexcept->std::same_as<bool>;
  { e.set(instrument) }
  noexcept->std::same_as<bool>;
  { e.set(position) }
  noexcept->std::same_as<bool>;
  { e.adopt(request, true) }
  noexcept->std::same_as<u64>;
  { c.what_if(request, market, now) }
  noexcept->std::same_as<Verdict>;
  { e.move_switch(KillScope{}, u16{}, SwitchState{}) }
  noexcept->std::same_as<bool>;
  { e.load_position(AccountIndex{}, InstrumentIndex{}, i64{}, u32{}) }
  noexcept->std::same_as<bool>;
  { e.prefetch(u16{}, u16{}) }
  noexcept;
  { c.killed_by_operator(u16{}, u16{}, u8{}) }
  noexcept->std::same_as<bool>;
  { c.switch_state(KillScope{}, u16{}) }
  noexcept->std::same_as<SwitchState>;
  { c.account_limits(u16{}) }
  noexcept->std::same_as<const AccountLimits*>;
  { c.scope_limits(LimitScope{}, u16{}) }
  noexcept->std::same_as<const ScopeLimits*>;
  { c.instrument_limits(u16{}) }
  noexcept->std::same_as<const InstrumentLimits*>;
  { c.position_limits(u16{}, u16{}) }
  noexcept->std::same_as<PositionLimits>;
  { c.scope_use(LimitScope{}, u16{}) }
  noexcept->std::same_as<const risk::ScopeUse&>;
  { c.in_force(position) }
  noexcept->std::same_as<bool>;
  { c.exposure(AccountIndex{}, InstrumentIndex{}) }
  noexcept->std::same_as<risk::Exposure>;
  { c.hash() }
  noexcept->std::same_as<u64>;
  { c.name() }
  noexcept->std::same_as<std::string_view>;
  { c.health() }
  noexcept->std::same_as<EngineHealth>;
};

}  // namespace tradsys::offload
