// Goal: no text makes the rule pack loader crash, and a pack it accepts can be evaluated on any
// day. Method: arbitrary bytes as the file; accepted packs are asked for plans, ticks and bands
// around their rules.
#include "hostsw/core/contract.hpp"
#include "hostsw/refdata/pack_loader.hpp"

namespace {

using namespace tradsys;
using namespace tradsys::refdata;

void evaluate(const MarketPack& pack) {
  for (const SessionRule& rule : pack.sessions) {
    const DayPlan plan =
        plan_day(pack, rule.from == kFirstDate ? make_date(2026, 1, 5) : rule.from);
    for (i64 minute = 0; minute < 1'440; minute += 15) {
      const Nanos utc{minute * 60 * kSecond.v};
      TRADSYS_ASSERT(market_open(plan, utc) ==
                     ((takes_at(plan, utc) & (kTakesLimit | kTakesMarket)) != 0));
    }
  }
  for (const TickRule& rule : pack.tick_tables) {
    for (usize band = 0; band < rule.table.count(); ++band)
      TRADSYS_ASSERT(rule.table.on_tick(rule.table.band(band).from));
    for (const PriceLimitRule& limits : pack.price_limits)
      if (const auto band = price_band(limits, rule.table, {1'234'567'890}))
        TRADSYS_ASSERT(band->low <= band->high && rule.table.on_tick(band->high.v));
  }
  static_cast<void>(check_for_production(pack));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, usize size) {
  const auto pack = parse_pack({reinterpret_cast<const char*>(data), size}, "fuzz.toml");
  if (pack)
    evaluate(pack.value());
  else
    TRADSYS_ASSERT(!pack.error().where.empty() && !pack.error().what.empty());
  return 0;
}
