// Goal: a limit warns at 70, 90 and 100 percent of use, and not where there is none. Method: uses
// just below and on each level.
#include "hostsw/risk/headroom.hpp"

#include <gtest/gtest.h>

#include "tests/support/gate/world.hpp"

namespace tradsys::risk {
namespace {

u32 level(u64 used, u64 limit) { return Headroom{"x", used, limit, true}.level_percent(); }

TEST(Headroom, WarnsAtItsLevels) {
  EXPECT_EQ(level(699, 1'000), 0U);
  EXPECT_EQ(level(700, 1'000), 70U);
  EXPECT_EQ(level(899, 1'000), 70U);
  EXPECT_EQ(level(900, 1'000), 90U);
  EXPECT_EQ(level(999, 1'000), 90U);
  EXPECT_EQ(level(1'000, 1'000), 100U);
  EXPECT_EQ(level(5, 0), 100U);
}

TEST(Headroom, WhatIsNotLimitedOrNotUsedNeverWarns) {
  EXPECT_EQ(level(kValueMax, kValueMax), 0U);
  EXPECT_EQ(level(0, 0), 0U);
  EXPECT_EQ((Headroom{"x", 5, kNoLimit32, false}.level_percent()), 0U);
}

TEST(Headroom, FollowsTheLedgerOfAGate) {
  ScopeRow row{.limits = testing::open_scope(LimitScope::kFirm, 0), .known = true};
  row.use = {.open_buy = 300, .open_sell = 100, .bought = 200, .sold = 500, .result = -40};
  const std::array<Headroom, 7> all = headroom(row.limits, row.use);
  EXPECT_EQ(all[0].used, 1'100U);
  EXPECT_EQ(all[1].used, 400U) << "sold 300 more than bought, and 100 are open";
  EXPECT_EQ(all[2].used, 400U);
  EXPECT_EQ(all[3].used, 500U);
  EXPECT_EQ(all[4].used, 40U);
  row.limits.loss_max = 50;
  EXPECT_EQ(level_percent(row), 70U);
}

}  // namespace
}  // namespace tradsys::risk
