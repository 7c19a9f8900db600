// Goal: every implementation of OrderBooks keeps the same contract, for good and for bad input.
// Method: one typed suite; each case drives a small book by hand and looks at all it shows:
// outcome, best bid and offer, levels, queues, counts.
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "hostsw/book/flat_books.hpp"
#include "hostsw/book/reference_books.hpp"

namespace tradsys::book {
namespace {

constexpr u64 kMaxRef = std::numeric_limits<u64>::max();

template <class Books>
class OrderBooksTest : public ::testing::Test {
 protected:
  static constexpr BookConfig kConfig{.instruments_max = 4, .orders_max = 64, .levels_max = 40};

  std::vector<Level> levels(u16 instrument, Side side) const {
    std::vector<Level> out(1'000);
    out.resize(books.levels(instrument, side, out));
    return out;
  }
  std::vector<QueuedOrder> queue(u16 instrument, Side side, u32 price) const {
    std::vector<QueuedOrder> out(1'000);
    out.resize(books.queue(instrument, side, price, out));
    return out;
  }
  // Everything a book shows, to prove that a refused operation changed nothing.
  struct Image {
    std::vector<Level> levels;
    std::vector<QueuedOrder> orders;
    std::vector<Bbo> bbos;
    u32 order_count, level_count;
    bool operator==(const Image&) const = default;
  };
  Image image() const {
    Image all{{}, {}, {}, books.order_count(), books.level_count()};
    for (u16 i = 0; i < kConfig.instruments_max; ++i) {
      all.bbos.push_back(books.bbo(i));
      for (const Side side : {Side::kBuy, Side::kSell}) {
        for (const Level& level : levels(i, side)) {
          all.levels.push_back(level);
          for (const QueuedOrder& order : queue(i, side, level.price)) all.orders.push_back(order);
        }
      }
    }
    return all;
  }
  // Runs `operation`, expects `status` and an untouched image.
  template <class Operation>
  void expect_refused(BookStatus status, Operation&& operation) {
    const Image before = image();
    const BookChange change = operation();
    EXPECT_EQ(change, BookChange{.status = status});
    EXPECT_EQ(image(), before);
  }

  Books books{kConfig};
};

using Implementations = ::testing::Types<ReferenceBooks, FlatBooks>;
TYPED_TEST_SUITE(OrderBooksTest, Implementations);

TYPED_TEST(OrderBooksTest, StartsEmpty) {
  EXPECT_EQ(this->books.bbo(0), Bbo{});
  EXPECT_TRUE(this->levels(0, Side::kBuy).empty());
  EXPECT_EQ(this->books.order_count(), 0U);
  EXPECT_EQ(this->books.level_count(), 0U);
}

TYPED_TEST(OrderBooksTest, AddsTheFirstOrderOfASideAsBest) {
  const BookChange bid = this->books.add(1, 7, Side::kBuy, 100, 10);
  EXPECT_EQ(bid, (BookChange{BookStatus::kOk, 1, Side::kBuy, true, 100, 10}));
  const BookChange ask = this->books.add(1, 8, Side::kSell, 101, 20);
  EXPECT_EQ(ask, (BookChange{BookStatus::kOk, 1, Side::kSell, true, 101, 20}));
  EXPECT_EQ(this->books.bbo(1), (Bbo{100, 101, 10, 20}));
  EXPECT_EQ(this->books.bbo(0), Bbo{});
}

TYPED_TEST(OrderBooksTest, OrdersLevelsFromTheBestPrice) {
  u64 ref = 1;
  for (const u32 price : {50U, 70U, 60U, 65U, 40U}) {
    this->books.add(0, ref++, Side::kBuy, price, price);
    this->books.add(0, ref++, Side::kSell, price + 100, price);
  }
  EXPECT_EQ(this->levels(0, Side::kBuy),
            (std::vector<Level>{{70, 1, 70}, {65, 1, 65}, {60, 1, 60}, {50, 1, 50}, {40, 1, 40}}));
  EXPECT_EQ(
      this->levels(0, Side::kSell),
      (std::vector<Level>{{140, 1, 40}, {150, 1, 50}, {160, 1, 60}, {165, 1, 65}, {170, 1, 70}}));
}

TYPED_TEST(OrderBooksTest, ShowsOnlyAsManyLevelsAsAskedFor) {
  for (u32 i = 0; i < 30; ++i) this->books.add(0, i, Side::kSell, 500 + i, 1);
  std::vector<Level> out(20);
  EXPECT_EQ(this->books.levels(0, Side::kSell, out), 20U);
  EXPECT_EQ(out.front().price, 500U);
  EXPECT_EQ(out.back().price, 519U);
  EXPECT_EQ(this->books.levels(0, Side::kSell, {}), 0U);
  std::vector<QueuedOrder> none;
  EXPECT_EQ(this->books.queue(0, Side::kSell, 500, none), 0U);
}

TYPED_TEST(OrderBooksTest, KeepsTimePriorityWithinALevel) {
  this->books.add(0, 30, Side::kBuy, 100, 1);
  this->books.add(0, 10, Side::kBuy, 100, 2);
  this->books.add(0, 20, Side::kBuy, 100, 3);
  EXPECT_EQ(this->queue(0, Side::kBuy, 100), (std::vector<QueuedOrder>{{30, 1}, {10, 2}, {20, 3}}));
  this->books.remove(0, 10);
  EXPECT_EQ(this->queue(0, Side::kBuy, 100), (std::vector<QueuedOrder>{{30, 1}, {20, 3}}));
  this->books.add(0, 10, Side::kBuy, 100, 4);
  this->books.remove(0, 30);
  EXPECT_EQ(this->queue(0, Side::kBuy, 100), (std::vector<QueuedOrder>{{20, 3}, {10, 4}}));
}

TYPED_TEST(OrderBooksTest, PartialExecutionKeepsPriorityAndTheLastOneEndsTheOrder) {
  this->books.add(0, 1, Side::kSell, 100, 10);
  this->books.add(0, 2, Side::kSell, 100, 5);
  EXPECT_EQ(this->books.execute(0, 1, 4),
            (BookChange{BookStatus::kOk, 0, Side::kSell, true, 100, 4}));
  EXPECT_EQ(this->queue(0, Side::kSell, 100), (std::vector<QueuedOrder>{{1, 6}, {2, 5}}));
  EXPECT_EQ(this->books.execute(0, 1, 6).status, BookStatus::kOk);
  EXPECT_EQ(this->levels(0, Side::kSell), (std::vector<Level>{{100, 1, 5}}));
  EXPECT_EQ(this->books.execute(0, 1, 1).status, BookStatus::kUnknownOrder);
}

TYPED_TEST(OrderBooksTest, ReducingByAllThatIsLeftRemovesTheOrder) {
  this->books.add(0, 1, Side::kSell, 100, 10);
  EXPECT_EQ(this->books.reduce(0, 1, 10),
            (BookChange{BookStatus::kOk, 0, Side::kSell, true, 100, 10}));
  EXPECT_EQ(this->books.bbo(0), Bbo{});
  EXPECT_EQ(this->books.level_count(), 0U);
}

TYPED_TEST(OrderBooksTest, RemovingTheBestLevelShowsTheNextOne) {
  this->books.add(0, 1, Side::kBuy, 100, 10);
  this->books.add(0, 2, Side::kBuy, 99, 20);
  EXPECT_EQ(this->books.remove(0, 1), (BookChange{BookStatus::kOk, 0, Side::kBuy, true, 100, 10}));
  EXPECT_EQ(this->books.bbo(0), (Bbo{99, 0, 20, 0}));
}

TYPED_TEST(OrderBooksTest, SaysWhetherTheBestChanged) {
  this->books.add(0, 1, Side::kBuy, 100, 10);
  EXPECT_FALSE(this->books.add(0, 2, Side::kBuy, 99, 10).bbo_changed);
  EXPECT_FALSE(this->books.reduce(0, 2, 1).bbo_changed);
  EXPECT_TRUE(this->books.add(0, 3, Side::kBuy, 100, 10).bbo_changed);
  EXPECT_TRUE(this->books.reduce(0, 3, 1).bbo_changed);
  EXPECT_FALSE(this->books.remove(0, 2).bbo_changed);
  EXPECT_TRUE(this->books.replace(0, 1, 4, 10, 98).bbo_changed);
  EXPECT_FALSE(this->books.replace(0, 4, 5, 10, 97).bbo_changed);
  EXPECT_FALSE(this->books.replace(0, 3, 6, 9, 100).bbo_changed) << "same price, same quantity";
}

TYPED_TEST(OrderBooksTest, ReplaceLosesPriorityAndInheritsTheSide) {
  this->books.add(0, 1, Side::kSell, 100, 10);
  this->books.add(0, 2, Side::kSell, 100, 20);
  EXPECT_EQ(this->books.replace(0, 1, 3, 15, 100),
            (BookChange{BookStatus::kOk, 0, Side::kSell, true, 100, 15}));
  EXPECT_EQ(this->queue(0, Side::kSell, 100), (std::vector<QueuedOrder>{{2, 20}, {3, 15}}));
  EXPECT_EQ(this->books.remove(0, 1).status, BookStatus::kUnknownOrder);
}

TYPED_TEST(OrderBooksTest, TakesAnyReference) {
  for (const u64 ref : {u64{0}, kMaxRef, u64{1} << 63, u64{1} << 32}) {
    EXPECT_EQ(this->books.add(0, ref, Side::kBuy, 100, 1).status, BookStatus::kOk) << ref;
  }
  EXPECT_EQ(this->queue(0, Side::kBuy, 100),
            (std::vector<QueuedOrder>{{0, 1}, {kMaxRef, 1}, {u64{1} << 63, 1}, {u64{1} << 32, 1}}));
  EXPECT_EQ(this->books.remove(0, kMaxRef).status, BookStatus::kOk);
  EXPECT_EQ(this->books.remove(0, 0).status, BookStatus::kOk);
  EXPECT_EQ(this->books.order_count(), 2U);
}

TYPED_TEST(OrderBooksTest, TakesAsManyOrdersAsConfiguredWhateverTheirReferences) {
  for (const u64 step : {u64{1}, u64{1} << 20, u64{1} << 40, u64{1} << 58}) {
    for (u64 i = 0; i < 64; ++i) {
      ASSERT_EQ(this->books.add(0, i * step, Side::kBuy, 100, 1).status, BookStatus::kOk) << step;
    }
    this->expect_refused(BookStatus::kNoCapacity,
                         [&] { return this->books.add(0, 12'345, Side::kBuy, 100, 1); });
    for (u64 i = 0; i < 64; ++i) {
      ASSERT_EQ(this->books.remove(0, (i ^ 21) * step).status, BookStatus::kOk) << step;
    }
    EXPECT_EQ(this->books.order_count(), 0U);
  }
}

TYPED_TEST(OrderBooksTest, TakesAsManyLevelsAsConfiguredWhereverTheyAre) {
  for (u32 i = 0; i < 40; ++i) {
    ASSERT_EQ(this->books.add(0, i, Side::kBuy, 1'000 - i * 7 % 40, 1).status, BookStatus::kOk);
  }
  this->expect_refused(BookStatus::kNoCapacity,
                       [&] { return this->books.add(1, 99, Side::kBuy, 1, 1); });
  EXPECT_EQ(this->books.add(0, 99, Side::kBuy, 1'000, 1).status, BookStatus::kOk) << "known price";
  this->expect_refused(BookStatus::kNoCapacity,
                       [&] { return this->books.replace(0, 99, 100, 1, 2'000); });
  EXPECT_EQ(this->books.replace(0, 99, 101, 5, 999).status, BookStatus::kOk) << "known price";
  EXPECT_EQ(this->books.replace(0, 0, 102, 5, 2'000).status, BookStatus::kOk)
      << "frees its own level";
  EXPECT_EQ(this->books.bbo(0).bid_price, 2'000U);
  EXPECT_EQ(this->books.level_count(), 40U);
}

TYPED_TEST(OrderBooksTest, RefusesADuplicateReference) {
  this->books.add(0, 1, Side::kBuy, 100, 10);
  this->expect_refused(BookStatus::kDuplicateOrder,
                       [&] { return this->books.add(0, 1, Side::kBuy, 100, 10); });
  this->expect_refused(BookStatus::kDuplicateOrder,
                       [&] { return this->books.add(2, 1, Side::kSell, 90, 5); });
}

TYPED_TEST(OrderBooksTest, RefusesAnUnknownReference) {
  this->books.add(0, 1, Side::kBuy, 100, 10);
  this->expect_refused(BookStatus::kUnknownOrder, [&] { return this->books.execute(0, 2, 1); });
  this->expect_refused(BookStatus::kUnknownOrder, [&] { return this->books.reduce(0, 0, 1); });
  this->expect_refused(BookStatus::kUnknownOrder, [&] { return this->books.remove(0, kMaxRef); });
  this->expect_refused(BookStatus::kUnknownOrder,
                       [&] { return this->books.replace(0, 2, 3, 1, 1); });
}

TYPED_TEST(OrderBooksTest, RefusesMoreThanTheRemainder) {
  this->books.add(0, 1, Side::kBuy, 100, 10);
  this->books.execute(0, 1, 3);
  this->expect_refused(BookStatus::kExcessQuantity, [&] { return this->books.execute(0, 1, 8); });
  this->expect_refused(BookStatus::kExcessQuantity, [&] { return this->books.reduce(0, 1, ~0U); });
  EXPECT_EQ(this->books.execute(0, 1, 7).status, BookStatus::kOk);
}

TYPED_TEST(OrderBooksTest, RefusesTheWrongInstrument) {
  this->books.add(0, 1, Side::kBuy, 100, 10);
  this->expect_refused(BookStatus::kBadInstrument, [&] { return this->books.execute(1, 1, 1); });
  this->expect_refused(BookStatus::kBadInstrument, [&] { return this->books.reduce(3, 1, 99); });
  this->expect_refused(BookStatus::kBadInstrument, [&] { return this->books.remove(1, 1); });
  this->expect_refused(BookStatus::kBadInstrument,
                       [&] { return this->books.replace(1, 1, 2, 1, 1); });
}

TYPED_TEST(OrderBooksTest, RefusesAnInstrumentOutOfRange) {
  this->expect_refused(BookStatus::kBadInstrument,
                       [&] { return this->books.add(4, 1, Side::kBuy, 100, 10); });
  this->expect_refused(BookStatus::kBadInstrument, [&] { return this->books.remove(0xFFFF, 1); });
  EXPECT_EQ(this->books.bbo(4), Bbo{});
  EXPECT_TRUE(this->levels(4, Side::kBuy).empty());
  EXPECT_TRUE(this->queue(0xFFFF, Side::kBuy, 100).empty());
  this->books.clear(4);
}

TYPED_TEST(OrderBooksTest, RefusesZeroQuantityAndPricesNoOrderRestsAt) {
  this->books.add(0, 1, Side::kBuy, 100, 10);
  this->expect_refused(BookStatus::kInvalid,
                       [&] { return this->books.add(0, 2, Side::kBuy, 100, 0); });
  this->expect_refused(BookStatus::kInvalid,
                       [&] { return this->books.add(0, 2, Side::kBuy, 0, 10); });
  this->expect_refused(BookStatus::kInvalid,
                       [&] { return this->books.add(0, 2, Side::kSell, kMarketPrice, 10); });
  this->expect_refused(BookStatus::kInvalid, [&] { return this->books.execute(0, 1, 0); });
  this->expect_refused(BookStatus::kInvalid, [&] { return this->books.reduce(0, 1, 0); });
  this->expect_refused(BookStatus::kInvalid, [&] { return this->books.replace(0, 1, 2, 0, 100); });
  this->expect_refused(BookStatus::kInvalid, [&] { return this->books.replace(0, 1, 2, 10, 0); });
  this->expect_refused(BookStatus::kInvalid,
                       [&] { return this->books.replace(0, 1, 2, 10, kMarketPrice); });
}

TYPED_TEST(OrderBooksTest, RefusesWhatIsNotASide) {
  for (const Side side : {Side::kNone, Side::kSellShort, Side{200}}) {
    this->expect_refused(BookStatus::kInvalid,
                         [&] { return this->books.add(0, 1, side, 100, 10); });
    EXPECT_TRUE(this->levels(0, side).empty());
    EXPECT_TRUE(this->queue(0, side, 100).empty());
  }
}

TYPED_TEST(OrderBooksTest, RefusesToReplaceAnOrderByALiveOneOrItself) {
  this->books.add(0, 1, Side::kBuy, 100, 10);
  this->books.add(1, 2, Side::kBuy, 100, 10);
  this->expect_refused(BookStatus::kDuplicateOrder,
                       [&] { return this->books.replace(0, 1, 2, 5, 101); });
  this->expect_refused(BookStatus::kDuplicateOrder,
                       [&] { return this->books.replace(0, 1, 1, 5, 101); });
}

TYPED_TEST(OrderBooksTest, ClearsOneInstrumentAndReusesItsReferences) {
  for (u32 i = 0; i < 30; ++i) {
    this->books.add(static_cast<u16>(i % 2), i, i % 3 == 0 ? Side::kBuy : Side::kSell, 100 + i, 10);
  }
  this->books.clear(0);
  EXPECT_EQ(this->books.bbo(0), Bbo{});
  EXPECT_TRUE(this->levels(0, Side::kBuy).empty());
  EXPECT_EQ(this->books.order_count(), 15U);
  EXPECT_EQ(this->books.level_count(), 15U);
  EXPECT_EQ(this->books.remove(0, 0).status, BookStatus::kUnknownOrder);
  EXPECT_EQ(this->books.add(0, 0, Side::kSell, 7, 1).status, BookStatus::kOk);
  EXPECT_EQ(this->books.bbo(0), (Bbo{0, 7, 0, 1}));
}

TYPED_TEST(OrderBooksTest, ClearsEverythingAndGivesAllCapacityBack) {
  for (u32 round = 0; round < 3; ++round) {
    for (u32 i = 0; i < 64; ++i) {
      const u16 instrument = static_cast<u16>(i % 4);
      ASSERT_EQ(this->books.add(instrument, u64{i} << 50, Side::kBuy, 1 + i % 40, 1).status,
                BookStatus::kOk);
    }
    this->books.clear_all();
    EXPECT_EQ(this->books.order_count(), 0U);
    EXPECT_EQ(this->books.level_count(), 0U);
    for (u16 i = 0; i < 4; ++i) EXPECT_EQ(this->books.bbo(i), Bbo{});
  }
}

TYPED_TEST(OrderBooksTest, HoldsExtremePricesAndQuantities) {
  this->books.add(0, 1, Side::kSell, kMarketPrice - 1, ~0U);
  this->books.add(0, 2, Side::kSell, kMarketPrice - 1, ~0U);
  this->books.add(0, 3, Side::kSell, 1, ~0U);
  this->books.add(0, 4, Side::kBuy, kMarketPrice - 1, 1);
  this->books.add(0, 5, Side::kBuy, 1, ~0U);
  EXPECT_EQ(this->levels(0, Side::kSell),
            (std::vector<Level>{{1, 1, ~0U}, {kMarketPrice - 1, 2, 2 * u64{~0U}}}));
  EXPECT_EQ(this->books.bbo(0), (Bbo{kMarketPrice - 1, 1, 1, ~0U}));
}

}  // namespace
}  // namespace tradsys::book
