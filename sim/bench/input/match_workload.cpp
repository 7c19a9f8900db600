#include "sim/bench/input/match_workload.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "hostsw/core/random.hpp"

namespace tradsys::bench {
namespace {

constexpr double kStartMidTicks = 33'504;
constexpr u32 kDepthMax = 48;
constexpr double kMeanLifetimeNs = 622'000;  // median 431 us
constexpr double kSessionArrivalNs = 23'400'000;  // a million orders in six and a half hours
constexpr double kBurstArrivalNs = 200;
constexpr u32 kImmediatePerMillion = 150'000;
constexpr u32 kModifyPerMillion = 200'000;
constexpr u32 kRepricePerMillion = 800'000;
constexpr u32 kCancelPerMillion = 950'000;
constexpr u32 kDuplicatePerMillion = 20'000;

double unit(Random& random) { return (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53; }
double exponential(Random& random, double mean) { return -mean * std::log(unit(random)); }
double normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(unit(random)));
  return radius * std::cos(2 * std::numbers::pi * unit(random));
}

double swing_of(MatchScenario scenario) {
  switch (scenario) {
    case MatchScenario::kStatic:
      return 0;
    case MatchScenario::kNormal:
      return 0.02;
    case MatchScenario::kFlashCrash:
    case MatchScenario::kBurst:
      return 0.60;
  }
  return 0;
}

/// The mid price, in ticks, at each new order: a geometric random walk that swings by about
/// `swing`.
std::vector<u32> mid_path(Random& random, double swing, u32 steps) {
  std::vector<u32> path(steps);
  const double sigma = swing / std::sqrt(static_cast<double>(steps));
  double mid = kStartMidTicks;
  for (u32& tick : path) {
    tick = static_cast<u32>(std::lround(mid));
    mid *= std::exp(-0.5 * sigma * sigma + sigma * normal(random));
  }
  return path;
}

/// Distances from the mid: a power law with a hump.
class DepthProfile {
 public:
  DepthProfile() {
    double sum = 0;
    for (u32 i = 0; i < kDepthMax; ++i) {
      const double ticks = i + 1;
      const double hump = 5.0 * std::exp(-(ticks - 8) * (ticks - 8) / 8) * std::pow(8.0, -2.23);
      sum += std::pow(ticks, -2.23) + hump;
      cumulative_[i] = sum;
    }
  }
  u32 draw(Random& random) const {
    const double at = unit(random) * cumulative_.back();
    const auto found = std::lower_bound(cumulative_.begin(), cumulative_.end(), at);
    return static_cast<u32>(found - cumulative_.begin()) + 1;
  }

 private:
  std::array<double, kDepthMax> cumulative_{};
};

struct Placement {
  u32 tick;
  u32 depth;
  bool buy;
};

/// Buys along the first half of the walk, sells along the second, then shuffled: where the halves
/// overlap the flow trades, where they part a standing book is left behind.
std::vector<Placement> place_orders(Random& random, MatchScenario scenario, u32 count) {
  const std::vector<u32> path = mid_path(random, swing_of(scenario), count);
  const DepthProfile profile;
  std::vector<Placement> placements(count);
  for (u32 i = 0; i < count; ++i) {
    const u32 depth = profile.draw(random);
    const bool buy = i < count / 2;
    placements[i] = {buy ? path[i] - depth : path[i] + depth, depth, buy};
  }
  for (u32 i = count; i > 1; --i) std::swap(placements[i - 1], placements[random.below(i)]);
  return placements;
}

/// A call before identifiers are known: `order` is the index of its placement.
struct Event {
  double at_ns;
  u32 order;
  u32 tick;
  u32 qty;
  MatchOp::Kind kind;
};

void add_life_of(Random& random, u32 order, const Placement& placed, double now, u32 qty,
                 std::vector<Event>& events) {
  const double life = exponential(random, kMeanLifetimeNs) *
                      (0.5 + 0.5 * std::sqrt(static_cast<double>(placed.depth)));
  const bool modified = random.chance(kModifyPerMillion);
  const bool canceled = random.chance(kCancelPerMillion);
  u32 tick = placed.tick;
  if (modified) {
    if (random.chance(kRepricePerMillion)) tick = random.chance(500'000) ? tick + 1 : tick - 1;
    events.push_back({now + life * unit(random), order, tick, qty + 1, MatchOp::Kind::kReplace});
  }
  if (!canceled) return;
  events.push_back({now + life, order, 0, 0, MatchOp::Kind::kCancel});
  const double later = now + life + exponential(random, 10'000);
  if (random.chance(kDuplicatePerMillion)) {
    events.push_back({later, order, 0, 0, MatchOp::Kind::kCancel});
  }
  if (modified && random.chance(kDuplicatePerMillion)) {
    events.push_back({later, order, tick, qty + 1, MatchOp::Kind::kReplace});
  }
}

}  // namespace

std::vector<MatchOp> make_match_workload(MatchScenario scenario, u64 seed, u32 new_orders) {
  Random random(seed);
  const std::vector<Placement> placements = place_orders(random, scenario, new_orders);
  std::vector<Event> events;
  events.reserve(usize{new_orders} * 2 + new_orders / 8);
  const double arrival_ns = scenario == MatchScenario::kBurst ? kBurstArrivalNs : kSessionArrivalNs;
  double now = 0;
  for (u32 i = 0; i < new_orders; ++i) {
    now += exponential(random, arrival_ns);
    const u32 qty = static_cast<u32>(random.between(1, 100));
    const bool immediate = random.chance(kImmediatePerMillion);
    events.push_back({now, i, placements[i].tick, qty,
                      immediate ? MatchOp::Kind::kImmediate : MatchOp::Kind::kNew});
    if (!immediate) add_life_of(random, i, placements[i], now, qty, events);
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.at_ns < b.at_ns; });
  std::vector<u64> current_id(new_orders);
  std::vector<MatchOp> ops(events.size());
  u64 next_id = 1;
  for (usize i = 0; i < events.size(); ++i) {
    const Event& event = events[i];
    MatchOp& op = ops[i];
    op = {current_id[event.order],    0, event.tick * kMatchPriceStep, event.qty, event.kind,
          placements[event.order].buy};
    if (event.kind == MatchOp::Kind::kCancel) continue;
    const u64 id = current_id[event.order] = next_id++;
    (event.kind == MatchOp::Kind::kReplace ? op.new_order_id : op.order_id) = id;
  }
  return ops;
}

}  // namespace tradsys::bench
