// Goal: what_if says what a request would be told, self-trades included, and changes nothing; a
// change of limits is recorded with who made it and outlives a crash.
// Method: the edge tile with a resting order of the account, under each policy against self-trades.
#include <gtest/gtest.h>

#include "tests/integration/dataplane/edge/fault_rack.hpp"

namespace tradsys::testing {
namespace {

class WhatIf : public ::testing::Test {
 protected:
  void SetUp() override {
    rack_.open(1);
    rack_.tile->engine().core().store().for_each([this](const orders::Order& order) {
      if (order.session == 0) resting_ = order;
    });
    ASSERT_EQ(resting_.side, Side::kBuy);
  }

  /// Whether a sale of account 0 at `price` would be refused as one to itself.
  bool trades_with_itself(SelfTrade policy, u32 price) {
    AccountLimits row = *rack_.gate.account_limits(resting_.account);
    row.self_trade = policy;
    rack_.tile->set_limits(row, {});
    OrderRequest sale;
    sale.account = resting_.account;
    sale.instrument = resting_.instrument;
    sale.side = Side::kSell;
    sale.qty = 100;
    sale.price = price;
    const usize records = rack_.journal.records().size();
    const Verdict verdict = rack_.tile->what_if(sale);
    EXPECT_EQ(rack_.journal.records().size(), records);
    EXPECT_EQ(rack_.live(0), 1U);
    return (verdict.fail_bitmap >> static_cast<u8>(RejectReason::kSelfTrade) & 1) != 0;
  }

  FaultRack rack_;
  orders::Order resting_;
};

TEST_F(WhatIf, TellsOfATradeWithItselfAsTheEngineWould) {
  EXPECT_TRUE(trades_with_itself(SelfTrade::kCancelNewest, resting_.price));
  EXPECT_TRUE(trades_with_itself(SelfTrade::kCancelBoth, resting_.price));
  EXPECT_FALSE(trades_with_itself(SelfTrade::kCancelOldest, resting_.price))
      << "the resting order would be canceled, the sale goes out";
  EXPECT_FALSE(trades_with_itself(SelfTrade::kAllow, resting_.price));
  EXPECT_FALSE(trades_with_itself(SelfTrade::kCancelNewest, resting_.price + 1)) << "out of reach";
}

TEST_F(WhatIf, ALimitThatWasChangedSaysInTheJournalWhoDidIt) {
  const AccountLimits row = *rack_.gate.account_limits(resting_.account);
  const u64 seq = rack_.tile->set_limits(row, {'o', 'm', 'a', 'r'});
  const auto& records = rack_.journal.records();
  ASSERT_EQ(records.back().seq, seq);
  EXPECT_EQ(records.back().type, static_cast<u16>(orders::EventType::kAccount));
  const dataplane::MemoryRecord& before = records[records.size() - 2];
  ASSERT_EQ(before.type, static_cast<u16>(orders::EventType::kOperator));
  orders::OperatorEvent who;
  ASSERT_TRUE(load_record(before.payload, who));
  EXPECT_STREQ(who.operator_name.data(), "omar");
}

TEST_F(WhatIf, ALimitThatAnOperatorLoweredIsStillLowAfterACrash) {
  AccountLimits row = *rack_.gate.account_limits(resting_.account);
  row.max_qty = 7;
  rack_.tile->set_limits(row, {'o', 'm', 'a', 'r'});
  for (int crash = 0; crash < 2; ++crash) {
    rack_.restart();
    ASSERT_NE(rack_.gate.account_limits(resting_.account), nullptr);
    EXPECT_EQ(rack_.gate.account_limits(resting_.account)->max_qty, 7U);
  }
}

}  // namespace
}  // namespace tradsys::testing
