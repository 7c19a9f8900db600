// Goal: what only the fast engine has: exact division of prices into ticks, a bounded price table,
// no allocation in any call. Method: prices at the limits for odd steps; a tiny block table; a
// counting operator new around a random flow.
#include "hostsw/match/match_engine.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <vector>

namespace {
unsigned long allocations = 0;
}  // namespace

// Out of line: inlined, the pair looks mismatched to the compiler.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace tradsys::match {
namespace {

struct LastEvent : NullSink {
  RejectReason reason = RejectReason::kNone;
  u32 trade_price = 0;
  void on_rejected(const NewOrder&, RejectReason why) noexcept { reason = why; }
  void on_replace_rejected(u64, u64, RejectReason why) noexcept { reason = why; }
  void on_trade(const Trade& trade) noexcept { trade_price = trade.price; }
};

NewOrder order(u64 id, Side side, u32 price, u32 qty = 1) {
  return {id, 0, 0, side, OrderType::kLimit, TimeInForce::kDay, price, qty};
}

TEST(MatchEngine, KnowsEveryMultipleOfAnyStepAndNothingElse) {
  Random random(11);
  for (int i = 0; i < 2'000; ++i) {
    const u32 step = static_cast<u32>(1 + random.below(u64{1} << random.between(1, 31)));
    const u32 highest = (kMarketPrice - 1) / step * step;
    const u32 any = static_cast<u32>(1 + random.below(highest / step)) * step;
    LastEvent sink;
    MatchEngine<LastEvent> engine({.instruments_max = 1, .orders_max = 4, .price_blocks_max = 8},
                                  sink);
    engine.set_rules(0, {.price_step = step});
    for (const u32 price : {step, any, highest}) {
      engine.submit(order(1, Side::kSell, price));
      engine.submit(order(2, Side::kBuy, price));
      ASSERT_EQ(sink.trade_price, price) << "step " << step;
    }
    if (step == 1) continue;
    sink.reason = RejectReason::kNone;
    engine.submit(order(3, Side::kBuy, any - 1));
    ASSERT_EQ(sink.reason, RejectReason::kTickSize) << any - 1 << " step " << step;
  }
}

TEST(MatchEngine, RefusesAPriceThatNeedsABlockWhenBlocksAreOut) {
  LastEvent sink;
  MatchEngine<LastEvent> engine({.instruments_max = 1, .orders_max = 64, .price_blocks_max = 4},
                                sink);
  for (u32 i = 1; i <= 4; ++i) engine.submit(order(i, Side::kBuy, 64 * i));
  const u64 before = engine.hash();
  engine.submit(order(9, Side::kBuy, 64 * 9));
  EXPECT_EQ(sink.reason, RejectReason::kSystemBusy);
  sink.reason = RejectReason::kNone;
  engine.replace(1, 9, 64 * 9, 1);
  EXPECT_EQ(sink.reason, RejectReason::kSystemBusy);
  EXPECT_EQ(engine.hash(), before);
  engine.submit(order(9, Side::kBuy, 64 * 4 + 1));
  EXPECT_EQ(engine.live_orders(), 5U) << "a price in a block that is there needs no room";
  engine.cancel(1, 0);
  engine.submit(order(10, Side::kBuy, 64 * 9));
  EXPECT_EQ(engine.best_price(0, Side::kBuy), 64U * 9U);
}

// A taker at a block that only its counterparty holds: the block dies in the trade and is made
// again.
TEST(MatchEngine, RestsWhereItTradedEvenWithFullTables) {
  LastEvent sink;
  MatchEngine<LastEvent> engine({.instruments_max = 1, .orders_max = 64, .price_blocks_max = 2},
                                sink);
  engine.submit(order(1, Side::kBuy, 64));
  engine.submit(order(2, Side::kSell, 4'000'000'000U));
  engine.submit(order(3, Side::kBuy, 4'000'000'000U, 5));
  EXPECT_EQ(sink.reason, RejectReason::kNone);
  EXPECT_EQ(engine.best_price(0, Side::kBuy), 4'000'000'000U);
  engine.replace(3, 4, 4'000'000'001U, 5);
  EXPECT_EQ(engine.best_price(0, Side::kBuy), 4'000'000'001U);
  EXPECT_EQ(engine.live_orders(), 2U);
}

TEST(MatchEngine, DoesNotAllocateAfterConstruction) {
  LastEvent sink;
  MatchEngine<LastEvent> engine({.instruments_max = 4, .orders_max = 512, .price_blocks_max = 64},
                                sink);
  Random random(5);
  const unsigned long before = allocations;
  for (u64 i = 0; i < 50'000; ++i) {
    NewOrder o = order(i, static_cast<Side>(1 + random.below(3)), 0, 1 + static_cast<u32>(i % 90));
    o.instrument = static_cast<u16>(random.below(4));
    o.price = static_cast<u32>(random.chance(20'000) ? 1 + random.below(1'000'000'000)
                                                     : 10'000 + random.below(40));
    o.tif = random.chance(150'000) ? TimeInForce::kIoc : TimeInForce::kDay;
    engine.submit(o);
    if (random.chance(500'000)) engine.cancel(i - random.below(300), 0);
    if (random.chance(200'000)) engine.replace(i - random.below(300), i + 1'000'000, o.price, 5);
  }
  EXPECT_EQ(allocations, before);
  EXPECT_GT(engine.next_match_number(), 5'000U);
}

}  // namespace
}  // namespace tradsys::match
