// Goal: the shipped packs answer as the markets do: which phase, what it takes, which tick, which
// limits;
//   and production refuses what nobody has checked.
// Method: an oracle table of (pack, local day, UTC time, phase, takes), with both edges of Cairo's
// summer time,
//   a Ramadan day, a half day, a holiday and a weekend; boundaries to the nanosecond.
#include "hostsw/refdata/market_pack.hpp"

#include <gtest/gtest.h>

#include <map>

#include "hostsw/refdata/pack_loader.hpp"

namespace tradsys::refdata {
namespace {

const MarketPack& pack(const std::string& market) {
  static std::map<std::string, MarketPack> loaded;
  auto found = loaded.find(market);
  if (found == loaded.end()) {
    auto result = load_pack("provisioning/packs/" + market + ".toml");
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message());
    found = loaded.emplace(market, std::move(result).value()).first;
  }
  return found->second;
}
constexpr Nanos at(i64 hours, i64 minutes, i64 seconds = 0) {
  return {((hours * 60 + minutes) * 60 + seconds) * kSecond.v};
}
constexpr u8 kAuction = kTakesLimit | kTakesCancel;
constexpr u8 kAll = kTakesLimit | kTakesMarket | kTakesCancel;

struct Point {
  const char* market;
  Date local;
  Nanos utc;
  PhaseKind phase;
  u8 takes;
};

TEST(MarketPack, KnowsThePhaseOfEveryKindOfDay) {
  using enum PhaseKind;
  const Date winter_thursday = make_date(2025, 11, 6), summer_sunday = make_date(2025, 7, 6);
  const Point points[] = {
      {"egx", winter_thursday, at(7, 29), kClosed, 0},
      {"egx", winter_thursday, at(7, 31), kPreOpen, kAuction},
      {"egx", winter_thursday, at(7, 55), kClosed, 0},  // random uncrossing
      {"egx", winter_thursday, at(8, 1), kContinuous, kAll},
      {"egx", winter_thursday, at(12, 16), kCloseAuction, kAuction},
      {"egx", winter_thursday, at(12, 24), kClosed, 0},
      {"egx", winter_thursday, at(12, 26), kTradeAtLast, kAuction},
      {"egx", winter_thursday, at(12, 31), kClosed, 0},
      {"egx", summer_sunday, at(7, 1), kContinuous, kAll},
      {"egx", make_date(2025, 7, 4), at(8, 0), kClosed, 0},  // Friday
      {"egx", make_date(2025, 4, 24), at(7, 31), kPreOpen, kAuction},  // last winter day
      {"egx", make_date(2025, 4, 27), at(7, 31), kContinuous, kAll},  // first summer day
      {"egx", make_date(2025, 10, 30), at(7, 31), kContinuous, kAll},  // last summer day
      {"egx", make_date(2025, 11, 2), at(7, 31), kPreOpen, kAuction},  // first winter day
      {"egx", make_date(2026, 3, 1), at(11, 14), kContinuous, kAll},  // Ramadan
      {"egx", make_date(2026, 3, 1), at(11, 16), kCloseAuction, kAuction},
      {"egx", make_date(2026, 3, 1), at(11, 31), kClosed, 0},
      {"egx", make_date(2026, 1, 7), at(9, 0), kClosed, 0},  // Coptic Christmas
      {"egx", make_date(2026, 4, 1), at(7, 31), kContinuous, kAll},  // extended hours
      {"egx", make_date(2021, 9, 2), at(9, 0), kClosed, 0},  // before the first session
      {"egx", make_date(2028, 6, 1), at(9, 0), kClosed, 0},  // after the last UTC offset
      {"adx", make_date(2026, 1, 5), at(5, 31), kPreOpen, kAuction},
      {"adx", make_date(2026, 1, 5), at(6, 1), kContinuous, kAll},
      {"adx", make_date(2026, 1, 5), at(10, 46), kCloseAuction, kAuction},
      {"adx", make_date(2026, 1, 5), at(10, 56), kTradeAtLast, kAuction},
      {"adx", make_date(2026, 1, 1), at(8, 0), kClosed, 0},
      {"adx", make_date(2026, 1, 4), at(8, 0), kClosed, 0},  // Sunday
      {"nasdaq", make_date(2025, 7, 17), at(13, 31), kContinuous, kAll},
      {"nasdaq", make_date(2025, 7, 17), at(20, 1), kContinuous, kAuction},
      {"nasdaq", make_date(2025, 7, 3), at(17, 1), kContinuous, kAuction},  // half day
      {"nasdaq", make_date(2025, 7, 4), at(15, 0), kClosed, 0},
      {"nasdaq", make_date(2026, 1, 5), at(14, 29), kContinuous, kAuction},
  };
  for (const Point& p : points) {
    SCOPED_TRACE(std::string(p.market) + " " + to_text(p.local) + " " + std::to_string(p.utc.v));
    const DayPlan plan = plan_day(pack(p.market), p.local);
    EXPECT_EQ(name_of(phase_at(plan, p.utc).kind), name_of(p.phase));
    EXPECT_EQ(takes_at(plan, p.utc), p.takes);
    EXPECT_EQ(market_open(pack(p.market), p.local, p.utc),
              (p.takes & (kTakesLimit | kTakesMarket)) != 0);
  }
}

TEST(MarketPack, KeepsTheClockGuardAwayFromEveryBoundary) {
  const DayPlan plan = plan_day(pack("adx"), make_date(2026, 1, 5));
  const Nanos guard{50'000'000};
  ASSERT_EQ(plan.clock_guard, guard);
  const Nanos open = at(5, 30), uncross = at(6, 0), close = at(11, 0);
  EXPECT_FALSE(market_open(plan, open + guard - Nanos{1}));
  EXPECT_TRUE(market_open(plan, open + guard));
  EXPECT_EQ(takes_at(plan, uncross - guard - Nanos{1}), kAuction);
  EXPECT_EQ(takes_at(plan, uncross), kAuction) << "market orders only when both sides take them";
  EXPECT_EQ(takes_at(plan, uncross + guard), kAll);
  EXPECT_TRUE(market_open(plan, close - guard - Nanos{1}));
  EXPECT_FALSE(market_open(plan, close - guard));
}

TEST(MarketPack, GivesTheTicksOfEachMarket) {
  const TickRule* egx = in_force(pack("egx").tick_tables, make_date(2026, 1, 5), "main");
  ASSERT_NE(egx, nullptr);
  EXPECT_EQ(egx->basis, TickBasis::kWeeklyClose);
  EXPECT_EQ(egx->table.tick_at(199'900'000), 100'000);
  EXPECT_EQ(egx->table.tick_at(200'000'000), 1'000'000);
  EXPECT_EQ(in_force(pack("adx").tick_tables, make_date(2018, 8, 31), "main"), nullptr);
  const TickRule* adx = in_force(pack("adx").tick_tables, make_date(2018, 9, 1), "main");
  ASSERT_NE(adx, nullptr);
  const auto fils = to_book_ticks(adx->table, pack("adx").price_decimals);
  ASSERT_TRUE(fils.ok());
  EXPECT_EQ(fils.value().tick_at(49'980), 20U);
  EXPECT_EQ(in_force(pack("nasdaq").tick_tables, make_date(2025, 7, 17))->table.tick_at(99'990'000),
            10'000);
}

TEST(MarketPack, RoundsThePriceBandInwards) {
  const PriceLimitRule* limits = in_force(pack("adx").price_limits, make_date(2026, 1, 5));
  const TickRule* ticks = in_force(pack("adx").tick_tables, make_date(2026, 1, 5));
  ASSERT_TRUE(limits != nullptr && ticks != nullptr);
  // 9.99 - 10 % = 8.991 -> 9.00; 9.99 + 15 % = 11.4885 -> 11.48 (steps of 0.02 above 10)
  const auto band = price_band(*limits, ticks->table, {999'000'000});
  ASSERT_TRUE(band);
  EXPECT_EQ(band->low, Price{900'000'000});
  EXPECT_EQ(band->high, Price{1'148'000'000});
  EXPECT_FALSE(price_band(*limits, ticks->table, {0}));
  EXPECT_FALSE(price_band(*limits, TickTable::fixed(500'000'000), {199'000'000}))
      << "no price fits";
}

TEST(MarketPack, LetsTheRuleApplyThatCameIntoForceLast) {
  std::vector<LotRule> lots(3);
  lots[0].from = make_date(2026, 1, 1);
  lots[1].from = make_date(2026, 3, 1);
  lots[1].to = make_date(2026, 3, 31);
  lots[2].from = make_date(2026, 2, 1);
  lots[2].name = "other";
  EXPECT_EQ(in_force(lots, make_date(2025, 12, 31)), nullptr);
  EXPECT_EQ(in_force(lots, make_date(2026, 1, 1)), &lots[0]);
  EXPECT_EQ(in_force(lots, make_date(2026, 2, 1)), &lots[2]);
  EXPECT_EQ(in_force(lots, make_date(2026, 3, 31)), &lots[1]);
  EXPECT_EQ(in_force(lots, make_date(2026, 4, 1)), &lots[2]);
  EXPECT_EQ(in_force(lots, make_date(2026, 4, 1), "other"), &lots[2]);
}

TEST(MarketPack, KeepsUncheckedRulesOutOfProduction) {
  EXPECT_TRUE(check_for_production(pack("nasdaq")).ok());
  const Status egx = check_for_production(pack("egx"));
  ASSERT_FALSE(egx.ok());
  EXPECT_NE(egx.error().what.find("'extended'"), std::string::npos) << egx.error().message();
  MarketPack reviewed = pack("egx");
  for (SessionRule& rule : reviewed.sessions) rule.reviewed = true;
  EXPECT_FALSE(check_for_production(reviewed).ok()) << "the lunar holidays are left";
  for (HolidayRule& rule : reviewed.holidays) rule.hard_block = false;
  EXPECT_TRUE(check_for_production(reviewed).ok());
}

}  // namespace
}  // namespace tradsys::refdata
