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
          .open_orders_max = 50,
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
          .instrument = instrument,
          .enabled = 1,
          .killed = 0};
}
inline PositionLimits open_position(u16 account, u16 instrument) {
  return {.max_long = 5'000, .max_short = 3'000, .account = account, .instrument = instrument};
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
          .side = order.side};
}

/// Opens account 0 and instrument 0 of `gate` for orders.
template <class Gate>
void open_gate(Gate& gate, u16 account = 0, u16 instrument = 0) {
  gate.set(open_account(account));
  gate.set(open_instrument(instrument));
  gate.set(open_position(account, instrument));
  gate.kill_firm(false);
}

}  // namespace tradsys::testing
