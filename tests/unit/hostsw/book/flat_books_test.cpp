// Goal: what the tables will take can be asked before they are taken. Method: several capacities,
// told against made.
#include "hostsw/book/flat_books.hpp"

#include <gtest/gtest.h>

namespace tradsys::book {
namespace {

TEST(FlatBooks, TellTheirMemoryBeforeTheyTakeIt) {
  for (const BookConfig& config :
       {BookConfig{.instruments_max = 1, .orders_max = 1, .levels_max = 1},
        BookConfig{.instruments_max = 64, .orders_max = 1'000, .levels_max = 3'333},
        BookConfig{.instruments_max = 8'192, .orders_max = 65'536, .levels_max = 65'537}}) {
    EXPECT_EQ(FlatBooks::bytes_for(config), FlatBooks(config).bytes());
  }
}

}  // namespace
}  // namespace tradsys::book
