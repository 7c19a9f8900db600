// Goal: FlatBooks and ReferenceBooks answer every sequence of operations alike, bad input included.
// Method: seeded random sequences over small capacities (so that tables fill), price ranges from
// crowded to scattered, and references that are dense, sparse or collide on purpose; every outcome
// and every best bid and offer is compared at once, whole books and queues every so often.
#include <gtest/gtest.h>

#include <vector>

#include "hostsw/book/flat_books.hpp"
#include "hostsw/book/reference_books.hpp"
#include "hostsw/core/random.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::book {
namespace {

// How a sequence draws its input.
struct Shape {
  const char* name;
  BookConfig config;
  u64 ref_step;  // references are multiples of it
  u32 refs;  // distinct references in use
  u32 price_span;  // prices are drawn from 1..span, times price_step
  u32 price_step;
  u32 adds_per_mille;
};

constexpr Shape kShapes[] = {
    {"crowded", {3, 300, 64}, 1, 900, 12, 100, 400},
    {"scattered", {2, 600, 500}, 3, 2'000, 4'000, 1, 420},
    {"deep", {1, 4'000, 4'000}, 1, 9'000, 200'000, 7, 460},
    {"full orders", {2, 40, 80}, 5, 200, 60, 1, 500},
    {"full levels", {2, 300, 20}, 1, 700, 60, 1, 450},
    {"colliding references", {2, 500, 300}, u64{1} << 40, 1'500, 100, 1, 420},
    {"high references", {2, 500, 300}, 0x9E37'79B9'7F4A'7C15ULL, 1'500, 100, 1, 420},
};

class BooksAgree : public ::testing::TestWithParam<Shape> {
 protected:
  BooksAgree() : flat_(GetParam().config), reference_(GetParam().config) {}

  u64 ref() { return random_.below(shape_.refs) * shape_.ref_step; }
  u32 price() {
    if (random_.chance(2'000)) return random_.chance(500'000) ? 0 : kMarketPrice;
    return static_cast<u32>(1 + random_.below(shape_.price_span)) * shape_.price_step;
  }
  u32 qty() { return static_cast<u32>(random_.chance(5'000) ? 0 : random_.between(1, 20)); }
  // One beyond the last instrument now and then.
  u16 instrument() {
    return static_cast<u16>(random_.chance(3'000) ? shape_.config.instruments_max
                                                  : random_.below(shape_.config.instruments_max));
  }

  // Applies the same random operation to both and returns the instrument it names.
  u16 step() {
    const u16 at = instrument();
    const u64 first = ref();
    const u32 kind = static_cast<u32>(random_.below(1'000));
    BookChange f, r;
    if (kind < shape_.adds_per_mille) {
      const Side side = random_.chance(500'000) ? Side::kBuy : Side::kSell;
      const u32 p = price(), q = qty();
      f = flat_.add(at, first, side, p, q);
      r = reference_.add(at, first, side, p, q);
    } else if (kind < 700) {
      f = flat_.remove(at, first);
      r = reference_.remove(at, first);
    } else if (kind < 850) {
      const u32 q = qty();
      f = kind % 2 == 0 ? flat_.execute(at, first, q) : flat_.reduce(at, first, q);
      r = kind % 2 == 0 ? reference_.execute(at, first, q) : reference_.reduce(at, first, q);
    } else {
      const u64 second = random_.chance(10'000) ? first : ref();
      const u32 p = price(), q = qty();
      f = flat_.replace(at, first, second, q, p);
      r = reference_.replace(at, first, second, q, p);
    }
    EXPECT_EQ(f.status, r.status);
    EXPECT_EQ(f, r);
    ++seen_[static_cast<u32>(r.status)];
    return at;
  }

  void compare_books(u16 instrument) {
    for (const Side side : {Side::kBuy, Side::kSell}) {
      std::vector<Level> f(shape_.config.levels_max), r(shape_.config.levels_max);
      f.resize(flat_.levels(instrument, side, f));
      r.resize(reference_.levels(instrument, side, r));
      ASSERT_EQ(f, r);
      for (const Level& level : r) {
        std::vector<QueuedOrder> fq(level.order_count), rq(level.order_count);
        ASSERT_EQ(flat_.queue(instrument, side, level.price, fq), level.order_count);
        ASSERT_EQ(reference_.queue(instrument, side, level.price, rq), level.order_count);
        ASSERT_EQ(fq, rq);
      }
    }
  }

  const Shape shape_ = GetParam();
  Random random_{1};
  FlatBooks flat_;
  ReferenceBooks reference_;
  u64 seen_[kBookStatusCount]{};
};

TEST_P(BooksAgree, OnEveryOutcomeBestPriceLevelAndQueue) {
  const u64 seed = testing::test_seed(20'261'122);
  random_ = Random{seed};
  for (u32 i = 0; i < 60'000; ++i) {
    const u16 at = step();
    ASSERT_EQ(flat_.bbo(at), reference_.bbo(at))
        << shape_.name << " seed " << seed << " step " << i;
    ASSERT_EQ(flat_.order_count(), reference_.order_count());
    ASSERT_EQ(flat_.level_count(), reference_.level_count());
    ASSERT_FALSE(HasFailure()) << shape_.name << " seed " << seed << " step " << i;
    if (i % 2'000 == 0) {
      for (u16 k = 0; k < shape_.config.instruments_max; ++k) compare_books(k);
    }
    if (i % 20'011 == 20'010) {
      flat_.clear(0);
      reference_.clear(0);
    }
  }
  for (u16 k = 0; k < shape_.config.instruments_max; ++k) compare_books(k);
  for (const BookStatus status :
       {BookStatus::kOk, BookStatus::kDuplicateOrder, BookStatus::kUnknownOrder,
        BookStatus::kExcessQuantity, BookStatus::kBadInstrument, BookStatus::kInvalid}) {
    EXPECT_GT(seen_[static_cast<u32>(status)], 0U) << "the sequence is too tame to prove much";
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, BooksAgree, ::testing::ValuesIn(kShapes), [](const auto& shape) {
  std::string name = shape.param.name;
  for (char& c : name) c = c == ' ' ? '_' : c;
  return name;
});

}  // namespace
}  // namespace tradsys::book
