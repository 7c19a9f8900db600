// Goal: prices convert between edge and book scale without loss. Method: hand-made values at the
// limits.
#include "hostsw/core/units.hpp"

#include <gtest/gtest.h>

#include <tradsys/risk_spec.hpp>

namespace tradsys {
namespace {

TEST(Units, ConvertsBookPricesToEdgePricesAndBack) {
  EXPECT_EQ(to_price(BookPrice{1'2345}, 4).v, 123'450'000);
  EXPECT_EQ(to_book_price(Price{123'450'000}, 4), BookPrice{1'2345});
}

TEST(Units, RefusesEdgePricesThatAreNotBookPrices) {
  EXPECT_FALSE(to_book_price(Price{123'450'001}, 4));
  EXPECT_FALSE(to_book_price(Price{-1}, 8));
  EXPECT_FALSE(to_book_price(Price{i64{1} << 40}, 8));
}

}  // namespace
}  // namespace tradsys
