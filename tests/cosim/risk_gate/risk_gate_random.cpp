// Goal: the circuit of the gate answers as the software gate does, every field of every verdict,
// for any sequence of calls, at a fixed latency, whatever stalls on either side. Method: streams of
// random calls with values on the edges of each check go to both; few accounts and instruments, so
// that records hit the rows of those before them at every distance. Stalls change from stream to
// stream. Each reason must be seen, and be seen alone. Seed: printed, TRADSYS_SEED overrides.
// Records: TRADSYS_RECORDS, 200 000 by default.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "Vrisk_gate.h"
#include "tests/cosim/risk_gate/gate_twin.hpp"
#include "tests/support/gate/draw.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::testing {
namespace {

// The circuit is built with room for 8 accounts, 16 instruments and all of their pairs.
constexpr fpga::CircuitSize kSize{.accounts = 8, .instruments = 16, .slots = 255};
constexpr u16 kAccounts = 8, kInstruments = 4;
using Twin = GateTwin<Vrisk_gate>;

u64 records_asked() {
  const char* text = std::getenv("TRADSYS_RECORDS");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 200'000;
}

/// What a stream is rich in.
enum class Flavour : u8 {
  kWild,  // everything, much of it refused
  kOrders,  // orders that pass one after the other, up to the limits of scopes and pairs
  kTrades,  // the same with executions between them
};

/// One stream: everything open at first, then random calls.
class Stream {
 public:
  Stream(u64 seed, u64 number)
      : twin_(kSize, seed),
        accounts_(static_cast<u16>(1 + number % 3)),
        draw_(seed, accounts_, kInstruments),
        flavour_(static_cast<Flavour>(number / 4 % 3)) {
    // In turn: no stalls, those of one side, of the other, of both.
    twin_.dut().stalls(
        {.input = number % 2 == 0 ? 0U : 400'000U, .output = number % 4 < 2 ? 0U : 400'000U});
  }

  void open_all() {
    twin_.move_switch(KillScope::kFirm, 0, SwitchState::kActive);
    for (u16 n = 0; n < accounts_; ++n) {
      AccountLimits account = open_account(n);
      account.client = n % 2;
      twin_.set(account);
      for (u8 scope = 0; scope < 4; ++scope)
        twin_.set(open_scope(static_cast<LimitScope>(scope), scope == 0 ? u16{0} : n));
      for (u16 i = 0; i < kInstruments; ++i) twin_.set(open_position(n, i));
    }
    for (u16 i = 0; i < kInstruments; ++i) {
      twin_.set(open_instrument(i));
      twin_.market(open_market(i));
    }
  }

  /// Random calls; `watch` sees each verdict.
  template <class Watch>
  void run(u64 calls, Watch&& watch) {
    OrderRequest order = draw_.order(0);
    for (u64 step = 1; step <= calls; ++step) {
      const u64 choice = draw_.below(100);
      if (flavour_ != Flavour::kWild) {
        watch(tame(step, choice));
      } else if (choice < 6) {
        control();
      } else if (choice < 20) {
        twin_.apply(draw_.execution_of_any());
      } else if (choice < 26) {
        market();
      } else {
        now_ns_ += draw_.time_step();
        if (draw_.below(6) != 0) order = draw_.order(step);  // else the same terms again
        order.seq = step;
        watch(twin_.submit(order, {now_ns_}));
      }
      if (draw_.rarely()) noise();
      twin_.dut().keep_short();
    }
  }
  Twin& twin() { return twin_; }

 private:
  /// Orders without a fault on one or two pairs; limits that are near what is used move with it, so
  /// that one order more or less decides. Nothing keeps records apart in these streams.
  Verdict tame(u64 step, u64 choice) {
    if (choice < (refused_ ? 60U : 4U)) tighten();
    if (choice < 25 && flavour_ == Flavour::kTrades) trade();
    now_ns_ += i64{draw_.of({0, 1, 1'000, 3'000'000})};
    OrderRequest order =
        buy(static_cast<u16>(draw_.below(accounts_)), static_cast<u16>(draw_.below(2)),
            10 * draw_.of({1, 2, 3, 10}), draw_.of({9'990, 10'000, 10'010}));
    order.side = static_cast<Side>(1 + draw_.below(3));
    order.strategy = static_cast<u8>(draw_.below(accounts_));
    order.seq = order.order_id = step;
    if (draw_.below(4) == 0) {
      order.kind = RequestKind::kReplace;
      order.replaces_reserved_qty = 10;
      order.replaces_reserved_value = 10 * u64{order.price};
    }
    const Verdict v = twin_.submit(order, {now_ns_});
    refused_ = v.fail_bitmap != 0;
    return v;
  }
  void trade() {
    Execution e = draw_.execution_of_any();
    e.instrument = static_cast<u16>(draw_.below(2));
    e.released_value = u64{e.price} * e.qty;
    twin_.apply(e);
  }
  /// Limits of one account, its scopes and a pair, some orders above what is used.
  void tighten() {
    const u16 n = static_cast<u16>(draw_.below(accounts_));
    const auto room = [&](u64 used) {
      return draw_.below(3) != 0 ? kValueMax : used + draw_.below(10'000'000);
    };
    ScopeLimits row = open_scope(static_cast<LimitScope>(draw_.below(4)), n);
    if (row.scope == LimitScope::kFirm) row.index = 0;
    const risk::ScopeUse& use = twin_.model().gate().scope(row.scope, row.index).use;
    row.open_orders_max = use.open_orders + static_cast<u32>(draw_.below(100));
    row.open_value_max = room(use.open_buy + use.open_sell);
    row.gross_value_max = room(use.open_buy + use.open_sell + use.bought + use.sold);
    row.net_value_max = room(use.bought + use.open_buy);
    row.buying_power = room(use.bought + use.open_buy);
    row.loss_max = room(static_cast<u64>(use.result < 0 ? -use.result : 0));
    twin_.set(row);
    PositionLimits pair = open_position(n, static_cast<u16>(draw_.below(2)));
    const risk::PositionCell& cell = *twin_.model().gate().cell(n, pair.instrument);
    const i64 longest = cell.exposure.worst_long(), shortest = -cell.exposure.worst_short();
    pair.max_long = static_cast<u64>(std::max<i64>(longest, 0)) + draw_.below(3'000);
    pair.max_short = static_cast<u64>(std::max<i64>(shortest, 0)) + draw_.below(3'000);
    twin_.set(pair);
    if (draw_.below(4) != 0) return;
    AccountLimits account = open_account(n);
    account.client = n % 2;
    account.rate_per_s = draw_.of({1'000, 1'000'000});
    account.rate_burst = draw_.of({5, 100});
    account.duplicates_max = static_cast<u8>(draw_.below(4));
    account.duplicate_window_ms = draw_.of({1, 10});
    twin_.set(account);
  }
  /// A beat of no known kind: nothing happens.
  void noise() {
    offload::GateBeat beat;
    const u64 kind = draw_.below(256 - kGateOpCount + 1);
    beat.kind = static_cast<GateOp>(kind == 0 ? 0 : kGateOpCount - 1 + kind);
    for (std::byte& b : beat.bytes) b = static_cast<std::byte>(draw_.below(256));
    twin_.dut().put(beat);
  }
  void market() {
    const u16 instrument = draw_.instrument();
    MarketState state = draw_.market(instrument);
    state.instrument = instrument;
    twin_.market(state);
    if (draw_.below(2) == 0) twin_.market(open_market(instrument));
  }
  void control() {
    switch (draw_.below(9)) {
      case 0:
        return twin_.set(draw_.account_row());
      case 1:
        return twin_.set(draw_.instrument_row());
      case 2:
      case 3:
        return twin_.set(draw_.position_row());
      case 4:
      case 5:
        return twin_.set(draw_.scope_row());
      case 6: {
        const KillScope scope = static_cast<KillScope>(draw_.rarely() ? 5 : draw_.below(5));
        const u16 index = scope == KillScope::kFirm ? u16{0} : draw_.account();
        return twin_.move_switch(scope, index, draw_.switch_state());
      }
      case 7: {
        const i64 position = i64{draw_.of({0, 100, 5'000})} * (draw_.below(2) == 0 ? 1 : -1);
        return twin_.load_position(AccountIndex{draw_.account()},
                                   InstrumentIndex{draw_.instrument()}, position, 10'000);
      }
      default:
        return twin_.adopt(draw_.order(0), draw_.below(2) == 0);
    }
  }

  Twin twin_;
  u16 accounts_;
  GateDraw draw_;
  Flavour flavour_;
  bool refused_{};
  i64 now_ns_{};
};

TEST(RiskGateCosim, AgreesWithTheSoftwareOnRandomStreams) {
  const u64 seed = test_seed(20'261'127);
  const u64 records = records_asked();
  std::array<u64, 64> reached{};
  u64 passed = 0, verdicts = 0, beats = 0, cycles = 0, done = 0, shortest = ~u64{0};
  for (u64 number = 0; done < records; ++number) {
    SCOPED_TRACE("stream " + std::to_string(number));
    const u64 calls = std::min<u64>(records - done, 5'000);
    Stream stream(mix64(seed + number), number);
    stream.open_all();
    stream.run(calls, [&](const Verdict& v) {
      passed += v.fail_bitmap == 0;
      for (u64 bits = v.fail_bitmap; bits != 0; bits &= bits - 1)
        ++reached[static_cast<usize>(std::countr_zero(bits))];
    });
    ASSERT_EQ(stream.twin().finish(), "");
    done += calls;
    verdicts += stream.twin().dut().verdicts();
    beats += stream.twin().dut().beats();
    cycles += stream.twin().dut().cycles();
    shortest = std::min(shortest, stream.twin().dut().latency().first);
  }
  std::printf("%llu beats, %llu verdicts, %llu passed, %llu clocks\n",
              static_cast<unsigned long long>(beats), static_cast<unsigned long long>(verdicts),
              static_cast<unsigned long long>(passed), static_cast<unsigned long long>(cycles));
  EXPECT_EQ(shortest, kGateLatencyClocks);
  EXPECT_GT(passed, verdicts / 5);
  for (u32 code = 1; code <= static_cast<u32>(RejectReason::kExecutionThrottle); ++code)
    EXPECT_GT(reached[code], 20U) << name_of(static_cast<RejectReason>(code));
}

}  // namespace
}  // namespace tradsys::testing
