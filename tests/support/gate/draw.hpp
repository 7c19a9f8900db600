#pragma once
// Random calls of a gate, valid or not, for tests that hold one gate against another.
#include <initializer_list>
#include <tradsys/risk_spec.hpp>

#include "hostsw/core/random.hpp"
#include "tests/support/gate/world.hpp"

namespace tradsys::testing {

/// Draws values that lie on, just beside or far beyond the limits of tests/support/gate/world.hpp.
class GateDraw {
 public:
  GateDraw(u64 seed, u16 accounts, u16 instruments)
      : random_(seed), accounts_(accounts), instruments_(instruments) {}

  u32 of(std::initializer_list<u32> values) { return values.begin()[random_.below(values.size())]; }
  bool rarely() { return random_.chance(20'000); }
  u64 below(u64 bound) { return random_.below(bound); }
  u16 account() { return static_cast<u16>(rarely() ? of({accounts_, 0xFFFF}) : below(accounts_)); }
  u16 instrument() {
    return static_cast<u16>(rarely() ? of({instruments_, 0xFFFF}) : below(instruments_));
  }
  Side side() { return static_cast<Side>(rarely() ? of({0, 4, 255}) : 1 + below(3)); }
  u32 qty() {
    return rarely() ? of({0, 1, 0xFFFF'FFFF, 0xFFFF'FFFE})
                    : of({10, 20, 50, 100, 105, 990, 1'000, 1'010});
  }
  u32 price() {
    return rarely() ? of({0, 1, kMarketPrice, kMarketPrice - 1})
                    : of({9'495, 9'500, 9'990, 10'000, 10'001, 10'500, 10'505});
  }

  OrderRequest order(u64 seq) {
    OrderRequest r = buy(account(), instrument(), qty(), price());
    r.seq = r.order_id = seq;
    r.side = side();
    r.kind = static_cast<RequestKind>(rarely() ? 3 : of({0, 0, 0, 0, 1, 1, 2}));
    if (below(8) == 0) {
      r.order_type = static_cast<OrderType>(rarely() ? 2 : 1);
      r.price = rarely() ? r.price : kMarketPrice;
    }
    r.tif = static_cast<TimeInForce>(rarely()                            ? of({0, 3})
                                     : r.order_type == OrderType::kLimit ? below(3)
                                                                         : 1);
    r.replaces_cum_qty = of({0, 0, 10, 50, 2'000});
    r.replaces_reserved_qty = of({0, 10, 40, 100});
    r.replaces_reserved_value = u64{of({0, 10, 100})} * of({9'990, 10'000});
    r.strategy = static_cast<u8>(below(rarely() ? 5 : 3));
    r.crosses_own = rarely() ? 1 : 0;
    return r;
  }
  MarketState market(u16 instrument) {
    MarketState m = open_market(rarely() ? static_cast<u16>(instrument + 1) : instrument);
    if (below(6) == 0) m.bid_price = 0;
    if (below(6) == 0) m.ask_price = of({0, 10'011, 0xFFFF'FFFF});
    if (below(3) == 0) m.last_price = 0;
    if (below(6) == 0) m.reference_price = 0;
    if (rarely()) m.trading = static_cast<u8>(of({0, 2}));
    if (rarely()) m.market_open = static_cast<u8>(of({0, 2}));
    m.heard_ns = below(4) == 0 ? below(20'000'000'000) : ~u64{0} >> 2;
    if (rarely()) m.stale = static_cast<u8>(of({1, 2}));
    return m;
  }
  Execution execution_of_any() {
    Execution e =
        execution(buy(account(), instrument()),
                  static_cast<ExecKind>(rarely() ? 7 + below(2) : below(7)), qty(), of({0, 0, 10}));
    e.side = side();
    e.price = rarely() ? price() : of({9'990, 10'000, 10'010});
    e.strategy = static_cast<u8>(below(3));
    e.ts_ns = below(100'000'000);
    e.released_value = rarely() ? ~u64{0} >> of({0, 4}) : u64{e.price} * e.qty;
    return e;
  }
  AccountLimits account_row() {
    AccountLimits row = open_account(account());
    row.rate_per_s = of({0, 1, 3, 1'000'000, 0xFFFF'FFFF});
    row.rate_burst = of({1, 2, 5, 100, 0xFFFF'FFFF});
    row.orders_per_trade_max = below(4) == 0 ? of({0, 1, 5}) : kNoLimit32;
    row.orders_per_trade_from = of({0, 10, 100});
    row.duplicates_max = static_cast<u8>(of({0, 0, 1, 2, 9}));
    row.duplicate_window_ms = of({0, 1, 1'000, 0xFFFF'FFFF});
    row.client = static_cast<u16>(rarely() ? of({1, 256}) : row.account % 2);
    row.max_qty = of({990, 1'000, 0xFFFF'FFFF});
    row.max_notional = of({0, 1'000'000, 100'000'000});
    row.enabled = static_cast<u8>(rarely() ? of({0, 2}) : 1);
    row.killed = static_cast<u8>(rarely() ? of({1, 2}) : 0);
    return row;
  }
  InstrumentLimits instrument_row() {
    InstrumentLimits row = open_instrument(instrument());
    row.tick_size = of({0, 1, 1, 5, 5, 7, 0xFFFF'FFFF});
    row.lot_size = of({0, 1, 1, 10, 10, 100});
    row.collar_bp = of({0, 500, 9'999, 10'000, 10'000'000, 10'000'001, 0xFFFF'FFFF});
    row.max_notional = below(3) == 0 ? ~u64{0} : 50'000'000;
    row.min_qty = of({0, 0, 10, 20});
    row.fat_finger_bp = of({kNoLimit32, kNoLimit32, 50, 0, 10'000'001});
    row.band_low = of({0, 0, 9'990});
    row.band_high = of({kNoLimit32, kNoLimit32, 10'010});
    row.feed_silence_max_ms = of({kNoLimit32, kNoLimit32, 0, 500});
    row.short_sale_restricted = static_cast<u8>(below(4) == 0 ? 1 : 0);
    row.enabled = static_cast<u8>(rarely() ? of({0, 2}) : 1);
    row.killed = static_cast<u8>(rarely() ? of({1, 2}) : 0);
    return row;
  }
  PositionLimits position_row() {
    PositionLimits row = open_position(account(), instrument());
    row.max_long = below(8) == 0 ? ~u64{0} : of({0, 100, 5'000, 1'000'000});
    row.max_short = below(8) == 0 ? ~u64{0} : of({0, 100, 5'000, 1'000'000});
    row.max_value = below(2) == 0 ? kValueMax : u64{of({0, 999'999, 5'000'000})};
    row.daily_qty_max = below(2) == 0 ? ~u64{0} : u64{of({0, 500, 20'000})};
    row.buy_qty_max = of({kNoLimit32, kNoLimit32, 0, 500});
    row.sell_qty_max = of({kNoLimit32, kNoLimit32, 0, 500});
    row.same_day_qty_max = of({0, 100, 0xFFFF'FFFF});
    row.short_qty_max = of({kNoLimit32, kNoLimit32, 0, 500});
    row.restrictions = static_cast<u16>(below(3) == 0 ? below(64) : 0);
    return row;
  }
  ScopeLimits scope_row() {
    const LimitScope scope = static_cast<LimitScope>(rarely() ? 4 : below(4));
    const u16 index = static_cast<u16>(rarely() ? of({2, 256}) : below(2));
    ScopeLimits row = open_scope(scope, scope == LimitScope::kFirm ? 0 : index);
    const auto value = [&] {
      return below(3) != 0 ? kValueMax : u64{of({0, 1'000'000, 50'000'000})};
    };
    row.gross_value_max = value();
    row.net_value_max = value();
    row.open_value_max = value();
    row.buying_power = value();
    row.loss_max = value();
    row.loss_halt = value();
    row.open_orders_max = of({1, 50, 0xFFFF'FFFF, 0xFFFF'FFFF});
    row.executions_max = below(3) == 0 ? of({0, 3, 100}) : kNoLimit32;
    row.executions_window_ms = of({0, 1, 50});
    return row;
  }
  SwitchState switch_state() {
    return static_cast<SwitchState>(rarely() ? of({2, 3}) : of({0, 0, 0, 1}));
  }
  i64 time_step() {
    return i64{of({0, 0, 1, 1, 999'999, 333'333'333, 1'000'000'000})} - (rarely() ? 1'000 : 0);
  }

 private:
  Random random_;
  u16 accounts_, instruments_;
};

}  // namespace tradsys::testing
