// Goal: a Result is read as what it is; reading it as the other, or breaking any contract, stops
// the process with the place. Method: cases by hand and death tests.
#include "hostsw/core/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace tradsys {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return Error{"half", std::to_string(n) + " is odd", "use an even number"};
  return n / 2;
}

TEST(Result, IsAValueOrAnError) {
  const Result<int> good = half(8), bad = half(7);
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good.value(), 4);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message(), "half: 7 is odd; use an even number");
}

TEST(Result, HoldsAnErrorEvenWhenTheValueIsOne) {
  const Result<std::string> text(std::string("x"));
  EXPECT_TRUE(text.ok());
  const Result<std::string> error(Error{"", "what", ""});
  EXPECT_FALSE(error.ok());
}

TEST(Result, MovesAValueThatCannotBeCopied) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(3));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 3);
}

TEST(Result, StatusIsDoneOrAnError) {
  EXPECT_TRUE(Status(Done{}).ok());
  EXPECT_FALSE(Status(Error{"a", "b", "c"}).ok());
}

TEST(Error, MessageLeavesOutWhatIsEmpty) {
  EXPECT_EQ((Error{"", "what", ""}.message()), "what");
  EXPECT_EQ((Error{"where", "what", ""}.message()), "where: what");
  EXPECT_EQ((Error{"", "what", "remedy"}.message()), "what; remedy");
}

TEST(ResultDeathTest, ReadingTheWrongOneStopsTheProcess) {
  const Result<int> good = half(8), bad = half(7);
  EXPECT_DEATH((void)bad.value(), "result.hpp:[0-9]+: broken invariant: ok\\(\\)");
  EXPECT_DEATH((void)good.error(), "broken invariant: !ok\\(\\)");
}

TEST(ContractDeathTest, ABrokenInvariantNamesItsExpressionAndPlace) {
  const int two = 2;
  TRADSYS_ASSERT(two == 2);
  EXPECT_DEATH(TRADSYS_ASSERT(two == 3), "result_test.cpp:[0-9]+: broken invariant: two == 3");
}

}  // namespace
}  // namespace tradsys
