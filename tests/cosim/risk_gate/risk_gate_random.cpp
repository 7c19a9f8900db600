// Goal: the circuit of the gate answers as the software gate does, every field of every verdict,
// for any sequence of calls, at a fixed latency, whatever stalls on either side. Method: streams of
// random calls with values on the edges of each check go to both; few accounts and instruments, so
// that records hit the rows of those before them at every distance. Stalls change from stream to
// stream. Each reason must be seen, and be seen alone. Seed: printed, TRADSYS_SEED overrides.
// Records: TRADSYS_RECORDS, 200 000 by default.
#include <gtest/gtest.h>

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

/// One stream: everything open at first, then random calls.
class Stream {
 public:
  Stream(u64 seed, u64 number)
      : twin_(kSize, seed),
        random_(mix64(seed)),
        accounts_(static_cast<u16>(1 + number % 3)),
        draw_(seed, accounts_, kInstruments) {
    // Reduced streams stall never; the others on one side, on the other, on both.
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
      if (choice < 6) {
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
      twin_.dut().keep_short();
    }
  }
  Twin& twin() { return twin_; }

 private:
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
  Random random_;
  u16 accounts_;
  GateDraw draw_;
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
  EXPECT_EQ(shortest, kLatencyClocks);
  EXPECT_GT(passed, verdicts / 50);
  for (u32 code = 1; code <= static_cast<u32>(RejectReason::kExecutionThrottle); ++code)
    EXPECT_GT(reached[code], 20U) << name_of(static_cast<RejectReason>(code));
}

}  // namespace
}  // namespace tradsys::testing
