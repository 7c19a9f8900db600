#pragma once
// A small market in which every order passes, for tests of the gate: change one thing, see one
// reason.
#include <tradsys/risk_spec.hpp>

#include "hostsw/core/units.hpp"

namespace tradsys::testing {

inline AccountLimits open_account(u16 account) {
  return {.max_notional = 100'000'000,
          .max_qty = 1'000,
          .rate_per_s = 1'000,
          .rate_burst = 100,
          .orders_per_trade_max = kNoLimit32,
          .account = account,
          .enabled = 1,
          .killed = 0};
}
inline InstrumentLimits open_instrument(u16 instrument) {
  return {.max_notional = 200'000'000,
          .max_qty = 2'000,
          .tick_size = 5,
          .lot_size = 10,
          .collar_bp = 500,
          .fat_finger_bp = kNoLimit32,
          .band_high = kNoLimit32,
          .feed_silence_max_ms = kNoLimit32,
          .instrument = instrument,
          .enabled = 1,
          .killed = 0};
}
inline PositionLimits open_position(u16 account, u16 instrument) {
  return {.max_long = 5'000,
          .max_short = 3'000,
          .max_value = kValueMax,
          .daily_qty_max = kValueMax,
          .buy_qty_max = kNoLimit32,
          .sell_qty_max = kNoLimit32,
          .short_qty_max = kNoLimit32,
          .account = account,
          .instrument = instrument};
}
/// Values without limits, at most 50 orders.
inline ScopeLimits open_scope(LimitScope scope, u16 index) {
  return {.gross_value_max = kValueMax,
          .net_value_max = kValueMax,
          .open_value_max = kValueMax,
          .buying_power = kValueMax,
          .loss_max = kValueMax,
          .loss_halt = kValueMax,
          .open_orders_max = 50,
          .executions_max = kNoLimit32,
          .index = index,
          .scope = scope};
}
inline MarketState open_market(u16 instrument) {
  return {.bid_price = 9'990,
          .ask_price = 10'010,
          .last_price = 10'000,
          .reference_price = 9'800,
          .instrument = instrument,
          .trading = 1,
          .market_open = 1,
          .stale = 0};
}
inline OrderRequest buy(u16 account, u16 instrument, u32 qty = 100, u32 price = 10'000) {
  return {.seq = 1,
          .order_id = 1,
          .price = price,
          .qty = qty,
          .instrument = instrument,
          .account = account,
          .kind = RequestKind::kNew,
          .side = Side::kBuy};
}
inline OrderRequest sell(u16 account, u16 instrument, u32 qty = 100, u32 price = 10'000) {
  OrderRequest order = buy(account, instrument, qty, price);
  order.side = Side::kSell;
  return order;
}
/// What the venue did to `order`.
inline Execution execution(const OrderRequest& order, ExecKind kind, u32 qty, u32 leaves_qty) {
  return {.order_id = order.order_id,
          .price = order.price,
          .qty = qty,
          .leaves_qty = leaves_qty,
          .instrument = order.instrument,
          .account = order.account,
          .kind = kind,
          .side = order.side,
          .strategy = order.strategy,
          .released_value = u64{order.price} * qty};
}

/// Opens account 0 and instrument 0 of `gate` for orders.
template <class Gate>
void open_gate(Gate& gate, u16 account = 0, u16 instrument = 0) {
  gate.set(open_account(account));
  gate.set(open_scope(LimitScope::kFirm, 0));
  gate.set(open_scope(LimitScope::kClient, 0));
  gate.set(open_scope(LimitScope::kAccount, account));
  gate.set(open_scope(LimitScope::kStrategy, 0));
  gate.set(open_instrument(instrument));
  gate.set(open_position(account, instrument));
  gate.move_switch(KillScope::kFirm, 0, SwitchState::kActive);
}

}  // namespace tradsys::testing
