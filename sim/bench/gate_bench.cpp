// Bench gate: one call of the pre-trade gate with all its checks, over 16 accounts and 8,192
// instruments (tables of 18 MiB, so that they lie in no near cache), instruments by Zipf as on a
// real day. Mix: 55 % new orders, 14 % replaces, 6 % cancels, 25 % executions that end or fill live
// orders; some 1 % of the requests are refused. Latency: requests only, nothing fetched ahead.
#include <algorithm>
#include <vector>

#include "hostsw/core/random.hpp"
#include "hostsw/risk/gate.hpp"
#include "sim/bench/harness.hpp"

namespace tradsys::bench {
namespace {

constexpr risk::GateConfig kTables{.accounts_max = 16, .instruments_max = 8'192};
constexpr u32 kTick = 100;
constexpr u32 kLot = 10;
constexpr Nanos kBetweenCalls{1'000};

/// One call in 16 bytes, so that reading the script costs little beside the gate.
struct Step {
  enum class Call : u8 { kSubmit, kApply };
  u32 price;
  u32 qty;
  u16 instrument;
  u16 account;
  Call call;
  u8 kind;  ///< RequestKind or ExecKind
  Side side;
  u8 unused;
};
static_assert(sizeof(Step) == 16);

/// Instruments by Zipf, busy ones scattered over the table.
class BusyInstruments {
 public:
  explicit BusyInstruments(Random& random) {
    u64 sum = 0;
    for (u32 i = 0; i < kTables.instruments_max; ++i) {
      sum += (u64{1} << 32) / (i + 1);
      cumulative_.push_back(sum);
      places_.push_back(static_cast<u16>(i));
    }
    for (usize i = places_.size() - 1; i > 0; --i)
      std::swap(places_[i], places_[random.below(i + 1)]);
  }
  [[nodiscard]] u16 draw(Random& random) const {
    const u64 at = random.below(cumulative_.back());
    const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
    return places_[static_cast<usize>(found - cumulative_.begin())];
  }

 private:
  std::vector<u64> cumulative_;
  std::vector<u16> places_;
};

struct Script {
  std::vector<MarketState> markets;
  std::vector<Step> steps;
};

std::vector<MarketState> make_markets(Random& random) {
  std::vector<MarketState> markets;
  for (u32 i = 0; i < kTables.instruments_max; ++i) {
    const u32 mid = kTick * static_cast<u32>(random.between(500, 50'000));
    markets.push_back({.bid_price = mid - kTick,
                       .ask_price = mid + kTick,
                       .last_price = mid,
                       .reference_price = mid,
                       .instrument = static_cast<u16>(i),
                       .trading = 1,
                       .market_open = 1,
                       .stale = 0});
  }
  return markets;
}

Step new_order(Random& random, const BusyInstruments& busy,
               const std::vector<MarketState>& markets) {
  const u16 instrument = busy.draw(random);
  const u32 off_market = random.chance(30'000) ? 2 * markets[instrument].bid_price : 0;
  return {.price = markets[instrument].bid_price + kTick * static_cast<u32>(random.below(3)) +
                   off_market,
          .qty = kLot * static_cast<u32>(random.between(1, 100)),
          .instrument = instrument,
          .account = static_cast<u16>(random.below(kTables.accounts_max)),
          .call = Step::Call::kSubmit,
          .kind = static_cast<u8>(RequestKind::kNew),
          .side = random.chance(500'000) ? Side::kBuy : Side::kSell,
          .unused = 0};
}

Script make_script(u64 calls) {
  Random random(17);
  const BusyInstruments busy(random);
  Script script{make_markets(random), {}};
  std::vector<Step> live;
  while (script.steps.size() < calls) {
    const u64 choice = random.below(100);
    if (choice < 55 || live.empty()) {
      script.steps.push_back(new_order(random, busy, script.markets));
      if (script.steps.back().price <= script.markets[script.steps.back().instrument].ask_price)
        live.push_back(script.steps.back());
      continue;
    }
    const usize at = random.below(live.size());
    Step step = live[at];
    if (choice < 69) {
      step.kind = static_cast<u8>(RequestKind::kReplace);
    } else if (choice < 75) {
      step.kind = static_cast<u8>(RequestKind::kCancel);
    } else {
      step.call = Step::Call::kApply;
      step.kind = static_cast<u8>(choice < 92 ? ExecKind::kCanceled : ExecKind::kFilled);
      live[at] = live.back();
      live.pop_back();
    }
    script.steps.push_back(step);
  }
  return script;
}

/// All limits far away but in force: a check that passes costs what one costs that refuses.
constexpr u64 kFar = u64{1} << 59;
constexpr u32 kFarQty = 4'000'000'000;

AccountLimits account_limits(u16 account) {
  return {.max_notional = u64{1} << 50,
          .max_qty = 1'000,
          .rate_per_s = 1'000'000'000,
          .rate_burst = 1'000,
          .orders_per_trade_max = 1'000,
          .orders_per_trade_from = kFarQty,
          .duplicate_window_ms = 1,
          .account = account,
          .client = static_cast<u16>(account / 4),
          .enabled = 1,
          .killed = 0,
          .duplicates_max = 8};
}
ScopeLimits scope_limits(LimitScope scope, u16 index) {
  return {.gross_value_max = kFar,
          .net_value_max = kFar,
          .open_value_max = kFar,
          .buying_power = kFar,
          .loss_max = kFar,
          .loss_halt = kFar,
          .open_orders_max = kFarQty,
          .executions_max = kFarQty,
          .index = index,
          .scope = scope};
}
InstrumentLimits instrument_limits(u16 instrument) {
  return {.max_notional = u64{1} << 50,
          .max_qty = 1'000,
          .min_qty = kLot,
          .tick_size = kTick,
          .lot_size = kLot,
          .collar_bp = 500,
          .fat_finger_bp = 400,
          .band_low = 1,
          .band_high = kFarQty,
          .feed_silence_max_ms = kFarQty,
          .instrument = instrument,
          .enabled = 1,
          .killed = 0,
          .short_sale_restricted = 1};
}
PositionLimits position_limits(u16 account, u16 instrument) {
  return {.max_long = 1'000'000'000,
          .max_short = 1'000'000'000,
          .max_value = kFar,
          .daily_qty_max = kFar,
          .buy_qty_max = kFarQty,
          .sell_qty_max = kFarQty,
          .short_qty_max = kFarQty,
          .account = account,
          .instrument = instrument};
}

risk::Gate make_gate() {
  risk::Gate gate = risk::Gate::make(kTables).value();
  gate.set(scope_limits(LimitScope::kFirm, 0));
  gate.set(scope_limits(LimitScope::kStrategy, 0));
  for (u16 a = 0; a < kTables.accounts_max; ++a) {
    gate.set(account_limits(a));
    gate.set(scope_limits(LimitScope::kAccount, a));
    gate.set(scope_limits(LimitScope::kClient, a));
    for (u16 i = 0; i < kTables.instruments_max; ++i) gate.set(position_limits(a, i));
  }
  for (u16 i = 0; i < kTables.instruments_max; ++i) gate.set(instrument_limits(i));
  gate.move_switch(KillScope::kFirm, 0, SwitchState::kActive);
  return gate;
}

OrderRequest request_of(const Step& step) noexcept {
  const auto kind = static_cast<RequestKind>(step.kind);
  OrderRequest request{.price = step.price,
                       .qty = step.qty,
                       .instrument = step.instrument,
                       .account = step.account,
                       .kind = kind,
                       .side = step.side,
                       .replaces_reserved_qty = kind == RequestKind::kReplace ? step.qty : 0};
  if (kind == RequestKind::kReplace) request.replaces_reserved_value = u64{step.price} * step.qty;
  return request;
}

void apply(risk::Gate& gate, const Step& step) noexcept {
  gate.apply({.price = step.price,
              .qty = step.qty,
              .leaves_qty = 0,
              .instrument = step.instrument,
              .account = step.account,
              .kind = static_cast<ExecKind>(step.kind),
              .side = step.side,
              .released_value = u64{step.price} * step.qty});
}

Status gate_bench(Bench& bench) {
  const Script script = make_script(bench.items_or(1'000'000));
  u64 requests = 0, refused = 0;
  bench.measure([&](Run& run) {
    risk::Gate gate = make_gate();
    Nanos now{};
    run.start();
    for (const Step& step : script.steps) {
      now = now + kBetweenCalls;
      if (step.call == Step::Call::kApply)
        apply(gate, step);
      else
        keep(gate.submit(request_of(step), script.markets[step.instrument], now));
    }
    run.stop(script.steps.size());
  });
  bench.measure_latency([&](LatencyProbe& probe) {
    risk::Gate gate = make_gate();
    Nanos now{};
    for (const Step& step : script.steps) {
      now = now + kBetweenCalls;
      if (step.call == Step::Call::kApply) {
        apply(gate, step);
        continue;
      }
      const OrderRequest request = request_of(step);
      probe.begin();
      const Verdict verdict = gate.submit(request, script.markets[step.instrument], now);
      keep(verdict);
      probe.end();
      ++requests;
      refused += verdict.fail_bitmap != 0;
    }
  });
  bench.note(std::to_string(refused) + " of " + std::to_string(requests) + " requests refused");
  return Done{};
}

const bool kRegistered = register_bench("gate", "ns/call", gate_bench);

}  // namespace
}  // namespace tradsys::bench
