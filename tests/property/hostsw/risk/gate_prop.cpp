// Goal: the fast gate gives the same verdicts (every field), exposures, counts and epochs as the
// obvious
//   one, for any sequence of calls, valid or not.
// Method: random streams of all calls over few accounts and instruments, with values drawn from the
// edges
//   of each check. Reasons are counted, so that a stream that stops reaching one fails the test.
#include <gtest/gtest.h>

#include <array>
#include <bit>

#include "hostsw/core/random.hpp"
#include "tests/support/gate_pair.hpp"
#include "tests/support/gate_world.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::testing {
namespace {

constexpr u16 kAccounts = 3, kInstruments = 4;

/// Draws values that lie on, just beside or far beyond the limits of tests/support/gate_world.hpp.
class Draw {
 public:
  explicit Draw(u64 seed) : random_(seed) {}

  u32 of(std::initializer_list<u32> values) { return values.begin()[random_.below(values.size())]; }
  bool rarely() { return random_.chance(20'000); }
  u64 below(u64 bound) { return random_.below(bound); }
  u16 account() { return static_cast<u16>(rarely() ? of({kAccounts, 0xFFFF}) : below(kAccounts)); }
  u16 instrument() {
    return static_cast<u16>(rarely() ? of({kInstruments, 0xFFFF}) : below(kInstruments));
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
    r.tif = static_cast<TimeInForce>(rarely()                            ? of({0, 2})
                                     : r.order_type == OrderType::kLimit ? below(2)
                                                                         : 1);
    r.replaces_cum_qty = of({0, 0, 10, 50, 2'000});
    r.replaces_reserved_qty = of({0, 10, 40, 100});
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
    if (rarely()) m.stale = static_cast<u8>(of({1, 2}));
    return m;
  }
  Execution execution_of_any() {
    Execution e =
        execution(buy(account(), instrument()),
                  static_cast<ExecKind>(rarely() ? 7 + below(2) : below(7)), qty(), of({0, 0, 10}));
    e.side = side();
    return e;
  }
  AccountLimits account_row() {
    AccountLimits row = open_account(account());
    row.rate_per_s = of({0, 1, 3, 1'000'000, 0xFFFF'FFFF});
    row.rate_burst = of({1, 2, 5, 100, 0xFFFF'FFFF});
    row.open_orders_max = of({1, 5, 50, 0xFFFF'FFFF});
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
    row.enabled = static_cast<u8>(rarely() ? of({0, 2}) : 1);
    row.killed = static_cast<u8>(rarely() ? of({1, 2}) : 0);
    return row;
  }
  PositionLimits position_row() {
    PositionLimits row = open_position(account(), instrument());
    row.max_long = below(8) == 0 ? ~u64{0} : of({0, 100, 5'000, 1'000'000});
    row.max_short = below(8) == 0 ? ~u64{0} : of({0, 100, 5'000, 1'000'000});
    return row;
  }
  i64 time_step() {
    return i64{of({0, 0, 1, 1, 999'999, 333'333'333, 1'000'000'000})} - (rarely() ? 1'000 : 0);
  }

 private:
  Random random_;
};

void control_step(GatePair& pair, Draw& draw) {
  const bool killed = draw.below(20) == 0;
  switch (draw.below(7)) {
    case 0:
      return pair.control([row = draw.account_row()](auto& g) { return g.set(row); });
    case 1:
      return pair.control([row = draw.instrument_row()](auto& g) { return g.set(row); });
    case 2:
    case 3:
      return pair.control([row = draw.position_row()](auto& g) { return g.set(row); });
    case 4: {
      const u64 scope = draw.below(3);
      const u16 account = draw.account(), instrument = draw.instrument();
      return pair.control([=](auto& g) {
        if (scope == 0) return g.kill_firm(killed);
        return scope == 1 ? g.kill_account(account, killed) : g.kill_instrument(instrument, killed);
      });
    }
    case 5: {
      const AccountIndex account{draw.account()};
      const InstrumentIndex instrument{draw.instrument()};
      const i64 position = i64{draw.of({0, 100, 5'000})} * (draw.below(2) == 0 ? 1 : -1);
      return pair.control([=](auto& g) { return g.load_position(account, instrument, position); });
    }
    default:
      return pair.adopt(draw.order(0), draw.below(2) == 0);
  }
}

TEST(GateProperty, AgreesWithTheReferenceOnRandomStreams) {
  const u64 seed = test_seed(20'260'701);
  std::array<u64, 64> reached{};
  u64 passed = 0;
  for (u64 stream = 0; stream < 200; ++stream) {
    SCOPED_TRACE("stream " + std::to_string(stream));
    GatePair pair(kAccounts, kInstruments);
    Draw draw(mix64(seed + stream));
    pair.control([](auto& g) { return g.kill_firm(false); });
    i64 now_ns = 0;
    for (u64 step = 0; step < 2'000; ++step) {
      const u64 choice = draw.below(100);
      if (choice < 8) {
        control_step(pair, draw);
      } else if (choice < 35) {
        pair.apply(draw.execution_of_any());
      } else {
        now_ns += draw.time_step();
        const OrderRequest order = draw.order(step);
        const Verdict v = pair.submit(order, draw.market(order.instrument), {now_ns});
        passed += v.fail_bitmap == 0;
        for (u64 bits = v.fail_bitmap; bits != 0; bits &= bits - 1)
          ++reached[static_cast<usize>(std::countr_zero(bits))];
      }
      ASSERT_EQ(pair.difference(), "") << "step " << step;
    }
    pair.compare_all();
    ASSERT_EQ(pair.difference(), "");
  }
  EXPECT_GT(passed, 5'000U);
  for (u32 code = 1; code <= static_cast<u32>(RejectReason::kPositionLimit); ++code)
    EXPECT_GT(reached[code], 20U) << name_of(static_cast<RejectReason>(code));
}

TEST(GateProperty, NamesTheLowestFailingReason) {
  const u64 seed = test_seed(7);
  Draw draw(seed);
  risk::Gate gate =
      risk::Gate::make({.accounts_max = kAccounts, .instruments_max = kInstruments}).value();
  open_gate(gate);
  for (u64 step = 0; step < 20'000; ++step) {
    const OrderRequest order = draw.order(step);
    const Verdict v = gate.submit(order, draw.market(order.instrument), {static_cast<i64>(step)});
    const u32 lowest = v.fail_bitmap == 0 ? 0 : static_cast<u32>(std::countr_zero(v.fail_bitmap));
    ASSERT_EQ(static_cast<u32>(v.primary_reason), lowest);
    ASSERT_EQ(v.fail_bitmap >> kRejectReasonCount, 0U);
  }
}

}  // namespace
}  // namespace tradsys::testing
