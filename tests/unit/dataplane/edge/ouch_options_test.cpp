// Goal: an option of OUCH 5.0 is tolerated only where leaving it out changes nothing. Method: each
// option with its neutral value and with others, options that cannot be read, unknown ones.
#include "dataplane/edge/ouch/ouch_options.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tradsys::dataplane {
namespace {

using ouch50::Options;

bool tolerated(const Options& options) {
  std::byte bytes[ouch50::kOptionsBytesMax];
  return changes_nothing({bytes, encode_options(options, bytes)});
}
bool tolerated(const std::vector<u8>& bytes) {
  return changes_nothing(std::as_bytes(std::span(bytes)));
}

template <class T>
void expect_only(std::optional<T> Options::*option, T neutral, T other) {
  Options options;
  options.*option = neutral;
  EXPECT_TRUE(tolerated(options));
  options.*option = other;
  EXPECT_FALSE(tolerated(options));
}

TEST(OuchOptions, AreToleratedWithTheirNeutralValueOnly) {
  EXPECT_TRUE(tolerated(Options{}));
  expect_only<Text<4>>(&Options::firm, make_text<4>(""), make_text<4>("FIRM"));
  expect_only<u32>(&Options::min_qty, 0, 1);
  expect_only<char>(&Options::customer_type, 'N', 'R');
  expect_only<u32>(&Options::max_floor, 0, 1);
  expect_only<char>(&Options::price_type, 'L', 'P');
  expect_only<i32>(&Options::peg_offset, 0, -1);
  expect_only<u64>(&Options::discretion_price, 0, 1);
  expect_only<char>(&Options::discretion_price_type, 'L', 'M');
  expect_only<i32>(&Options::discretion_peg_offset, 0, -1);
  expect_only<char>(&Options::post_only, 'N', 'P');
  expect_only<u32>(&Options::random_reserves, 0, 1);
  expect_only<Text<4>>(&Options::route, make_text<4>(""), make_text<4>("SCAN"));
  expect_only<u32>(&Options::expire_time, 0, 34'200);
  expect_only<char>(&Options::trade_now, 'N', 'Y');
  expect_only<char>(&Options::handle_inst, ' ', 'I');
  expect_only<char>(&Options::bbo_weight_indicator, ' ', '1');
  expect_only<u32>(&Options::display_quantity, 0, 1);
  expect_only<u64>(&Options::display_price, 0, 1);
  expect_only<u16>(&Options::group_id, 0, 1);
  expect_only<char>(&Options::shares_located, 'N', 'Y');
}

TEST(OuchOptions, OfAnswersAreNoOptionsOfAnOrder) {
  Options options;
  options.secondary_ord_ref_num = 0;
  EXPECT_FALSE(tolerated(options));
}

TEST(OuchOptions, AreNotToleratedWhereTheyCannotBeRead) {
  EXPECT_TRUE(tolerated(std::vector<u8>{2, 12, 'N'}));
  EXPECT_FALSE(tolerated(std::vector<u8>{2, 12}));
  EXPECT_FALSE(tolerated(std::vector<u8>{3, 12, 'N', 'N'})) << "wrong length";
  EXPECT_FALSE(tolerated(std::vector<u8>{0}));
  EXPECT_FALSE(tolerated(std::vector<u8>{2, 99, 'N'})) << "unknown option";
  EXPECT_FALSE(tolerated(std::vector<u8>{2, 12, 'N', 2, 12, 'N'})) << "twice";
}

}  // namespace
}  // namespace tradsys::dataplane
