#pragma once
// The calls of a gate as beats of the circuit's input stream (fpga/spec/gate.toml): what the
// circuit cannot divide in its few clocks is divided here, with the functions of the software gate.
// Same calls in the same order, same state: see gate_engine.hpp.
#include <array>
#include <cstring>
#include <tradsys/gate_spec.hpp>
#include <tradsys/risk_spec.hpp>
#include <type_traits>
#include <vector>

#include "hostsw/core/units.hpp"
#include "hostsw/risk/reference_price.hpp"
#include "hostsw/risk/rows.hpp"

namespace tradsys::offload {

/// One beat: what it is, the time the gate holds it against, and its record; bytes behind the
/// record are zero.
struct GateBeat {
  GateOp kind{GateOp::kNone};
  i64 now_ns{};
  std::array<std::byte, 64> bytes{};
};

template <class Record>
[[nodiscard]] inline GateBeat make_beat(GateOp kind, const Record& record,
                                        Nanos now = {}) noexcept {
  static_assert(sizeof(Record) <= 64 && std::is_trivially_copyable_v<Record>);
  GateBeat beat{.kind = kind, .now_ns = now.v};
  std::memcpy(beat.bytes.data(), &record, sizeof record);
  return beat;
}

[[nodiscard]] inline GateBeat beat_of(const OrderRequest& r, Nanos now) noexcept {
  return make_beat(GateOp::kOrder, r, now);
}
[[nodiscard]] inline GateBeat beat_of(const Execution& e) noexcept {
  return make_beat(GateOp::kExecution, e);
}
[[nodiscard]] inline GateBeat adoption_beat(const OrderRequest& r, bool opens_order) noexcept {
  return make_beat(opens_order ? GateOp::kAdoptOpen : GateOp::kAdopt, r);
}
[[nodiscard]] inline GateBeat beat_of(const AccountLimits& limits) noexcept {
  const GateAccount row{.max_notional = limits.max_notional,
                        .capacity = limits.rate_burst * risk::kMessageCost,
                        .duplicate_window_ns = u64{limits.duplicate_window_ms} * 1'000'000,
                        .max_qty = limits.max_qty,
                        .rate_per_s = limits.rate_per_s,
                        .orders_per_trade_max = limits.orders_per_trade_max,
                        .orders_per_trade_from = limits.orders_per_trade_from,
                        .account = limits.account,
                        .client = limits.client,
                        .enabled = limits.enabled,
                        .killed = limits.killed,
                        .duplicates_max = limits.duplicates_max};
  return make_beat(GateOp::kAccount, row);
}
[[nodiscard]] inline GateBeat beat_of(const ScopeLimits& limits) noexcept {
  return make_beat(GateOp::kScope, limits);
}
[[nodiscard]] inline GateBeat beat_of(const PositionLimits& limits) noexcept {
  return make_beat(GateOp::kPosition, limits);
}
[[nodiscard]] inline GateBeat switch_beat(KillScope scope, u16 index, SwitchState state) noexcept {
  return make_beat(
      GateOp::kSwitch,
      GateSwitch{.index = index, .scope = static_cast<u8>(scope), .state = static_cast<u8>(state)});
}
[[nodiscard]] inline GateBeat holding_beat(AccountIndex account, InstrumentIndex instrument,
                                           i64 position, u32 price) noexcept {
  return make_beat(
      GateOp::kHolding,
      GateHolding{
          .position = position, .price = price, .account = account.v, .instrument = instrument.v});
}

/// Rules and market of every instrument, from which its gate_prices is worked out. Both changes
/// give a new row, so that the circuit never holds a price against the edges of other rules.
class InstrumentBeats {
 public:
  explicit InstrumentBeats(u32 instruments_max) : instruments_(instruments_max) {
    for (u32 i = 0; i < instruments_max; ++i)
      instruments_[i].market.instrument = static_cast<u16>(i);
  }

  /// The rules and the prices that go with them, in the order in which they must be sent.
  [[nodiscard]] std::array<GateBeat, 2> beats_of(const InstrumentLimits& limits) noexcept {
    if (limits.instrument >= instruments_.size())
      return {make_beat(GateOp::kInstrument, GateInstrument{.instrument = limits.instrument}), {}};
    Instrument& own = instruments_[limits.instrument];
    own.rules = risk::make_instrument_row(limits);
    ++own.tag;
    const GateInstrument row{.max_notional = limits.max_notional,
                             .tick_inverse = own.rules.tick_inverse,
                             .lot_inverse = own.rules.lot_inverse,
                             .max_qty = limits.max_qty,
                             .min_qty = limits.min_qty,
                             .tick_size = limits.tick_size,
                             .lot_size = limits.lot_size,
                             .band_low = limits.band_low,
                             .band_high = limits.band_high,
                             .feed_silence_max_ms = limits.feed_silence_max_ms,
                             .instrument = limits.instrument,
                             .enabled = limits.enabled,
                             .killed = limits.killed,
                             .short_sale_restricted = limits.short_sale_restricted,
                             .fat_finger = own.rules.fat_finger_bp != kNoLimit32,
                             .rules_tag = own.tag};
    return {make_beat(GateOp::kInstrument, row), prices_of(own)};
  }

  /// `market.instrument` says whose market it is; one out of range gives a beat that does nothing.
  [[nodiscard]] GateBeat beat_of(const MarketState& market) noexcept {
    if (market.instrument >= instruments_.size()) return {};
    instruments_[market.instrument].market = market;
    return prices_of(instruments_[market.instrument]);
  }

 private:
  struct Instrument {
    risk::InstrumentRow rules{};
    MarketState market{};
    u8 tag{};
  };

  [[nodiscard]] static GateBeat prices_of(const Instrument& own) noexcept {
    const u64 doubled = risk::reference_doubled(own.market);
    const bool fat_finger = own.rules.known && own.rules.fat_finger_bp != kNoLimit32;
    GatePrices row{.heard_ns = own.market.heard_ns,
                   .doubled = doubled,
                   .bid_price = own.market.bid_price,
                   .instrument = own.market.instrument,
                   .rules_tag = own.tag,
                   .trading = own.market.trading,
                   .market_open = own.market.market_open,
                   .stale = own.market.stale};
    if (own.rules.known) {
      row.collar_top = risk::collar_top(doubled, own.rules.collar_bp);
      row.collar_bottom = static_cast<u32>(risk::collar_bottom(doubled, own.rules.collar_bp));
    }
    if (fat_finger) {
      row.fat_finger_top = risk::collar_top(doubled, own.rules.fat_finger_bp);
      row.fat_finger_bottom =
          static_cast<u32>(risk::collar_bottom(doubled, own.rules.fat_finger_bp));
    }
    return make_beat(GateOp::kPrices, row);
  }

  std::vector<Instrument> instruments_;
};

}  // namespace tradsys::offload
