// Goal: `tradsys book show` gives one book exactly as published, and refuses what is not there.
// Method: a status region of the test's own; the real program as a table, as JSON and watching.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/integration/control/cli/instance.hpp"

namespace tradsys::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(BookCommand, ShowsBothSidesBestFirst) {
  Instance instance;
  const Outcome got = instance.run({"book", "show", "COMI"});
  EXPECT_EQ(got.code, 0);
  EXPECT_EQ(got.out,
            "COMI  trading  last 63.0150  trades 12 (3,400)  position -250\n"
            "ORDERS  BID QTY      BID      ASK  ASK QTY  ORDERS\n"
            "     4    1,500  63.0100  63.0200      700       2\n"
            "     5    1,501  63.0000\n"
            "     6    1,502  62.9900\n");
  EXPECT_THAT(got.err, IsEmpty());
}

TEST(BookCommand, StopsAtTheDepthAskedFor) {
  Instance instance;
  auto json = parse_json(instance.run({"book", "show", "COMI", "-d", "2", "--json"}).out);
  EXPECT_EQ(json["bids.1.price"], "63.0000");
  EXPECT_EQ(json.count("bids.2.price"), 0U);
  EXPECT_EQ(json["asks.0.orders"], "2");
}

TEST(BookCommand, GivesTheBookAsJson) {
  Instance instance;
  const Outcome got = instance.run({"--json", "book", "show", "COMI"});
  EXPECT_EQ(got.code, 0);
  auto json = parse_json(got.out);
  const std::map<std::string, std::string> expected{{"schema", "tradsys/v1/book"},
                                                    {"instance", "sim"},
                                                    {"liveness", "alive"},
                                                    {"symbol", "COMI"},
                                                    {"index", "0"},
                                                    {"state", "trading"},
                                                    {"stale", "false"},
                                                    {"enabled", "true"},
                                                    {"killed", "false"},
                                                    {"price_decimals", "4"},
                                                    {"position", "-250"},
                                                    {"last_price", "63.0150"},
                                                    {"bid_price", "63.0100"},
                                                    {"bid_qty", "1500"},
                                                    {"ask_price", "63.0200"},
                                                    {"ask_qty", "700"},
                                                    {"traded_qty", "3400"},
                                                    {"bids.2.price", "62.9900"},
                                                    {"bids.2.qty", "1502"},
                                                    {"bids.2.orders", "6"}};
  for (const auto& [path, value] : expected) EXPECT_EQ(json[path], value) << path;
  EXPECT_EQ(json_keys(got.out),
            "schema instance liveness symbol index state stale enabled killed price_decimals "
            "last_price bid_price bid_qty ask_price ask_qty trades traded_qty position shown_ns "
            "bids asks");
}

TEST(BookCommand, ShowsAnEmptyBookAsEmpty) {
  Instance instance;
  const Outcome got = instance.run({"book", "show", "ETEL"});
  EXPECT_EQ(got.code, 3) << "and as stale: nothing was heard of it";
  EXPECT_THAT(got.out, HasSubstr("STALE  KILLED  DISABLED\nno orders\n"));
  auto json = parse_json(instance.run({"book", "show", "ETEL", "--json"}).out);
  EXPECT_EQ(json["bid_price"], "null");
  EXPECT_EQ(json["bids"], "[]");
}

TEST(BookCommand, DoesNotTrustALevelCountBeyondTheRegion) {
  Instance instance;
  ipc::InstrumentStatus wrong = Instance::comi();
  wrong.bid_levels = 60'000;
  instance.writer().instrument(0, wrong);
  const Outcome got = instance.run({"book", "show", "COMI", "--json"});
  EXPECT_EQ(got.code, 0);
  EXPECT_EQ(parse_json(got.out).count("bids.10.price"), 0U);
}

TEST(BookCommand, RefusesAnUnknownSymbol) {
  Instance instance;
  for (const char* symbol :
       {"NOPE", "comi", "", "COMI2345X", "COMI    X", " ", "        ", "\x1b[31m"}) {
    const Outcome got = instance.run({"book", "show", symbol});
    EXPECT_EQ(got.code, 4) << symbol;
    EXPECT_THAT(got.out, IsEmpty());
    EXPECT_THAT(got.err, HasSubstr("is not an instrument of instance 'sim'"));
    EXPECT_THAT(got.err, ::testing::Not(HasSubstr("\x1b")));
  }
}

TEST(BookCommand, ShowsTheLastBookOfADeadDataplaneAsSuch) {
  Instance instance;
  instance.die();
  const Outcome got = instance.run({"book", "show", "COMI"});
  EXPECT_EQ(got.code, 3);
  EXPECT_THAT(got.out, HasSubstr("DEAD\n"));
  EXPECT_THAT(got.out, HasSubstr("63.0100"));
  EXPECT_THAT(got.err, HasSubstr("last book it published"));
}

TEST(BookCommand, WatchesUntilInterrupted) {
  Instance instance;
  RunOptions options;
  options.signal_after_output = SIGINT;
  const Outcome got = instance.run({"book", "show", "COMI", "-w", "--json"}, options);
  EXPECT_EQ(got.code, 130);
  EXPECT_EQ(parse_json(got.out.substr(0, got.out.find('\n') + 1))["symbol"], "COMI");
}

}  // namespace
}  // namespace tradsys::testing
