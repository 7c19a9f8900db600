// Goal: the synthetic day is a plausible exchange day that any correct book builder survives, and
// always the same. Method: a plain map of orders follows every message and checks references,
// quantities, sides of the book, ticks and lots; counts by type are held against the stated mix;
// bytes are hashed.
#include "sim/market/market_generator.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <string>

namespace tradsys::sim {
namespace {

u64 fold(u64 hash, Bytes message) {
  for (const std::byte b : message) hash = (hash ^ static_cast<u64>(b)) * 0x100'0000'01B3ULL;
  return mix64(hash);
}

u64 hash_of(const MarketConfig& config) {
  MarketGenerator market(config);
  u64 hash = 1;
  for (Bytes message; market.next(message);) hash = fold(hash, message);
  return hash;
}

/// The books as a reader of the stream sees them, in the plainest way.
class Reader {
 public:
  struct Order {
    u16 instrument;
    char side;
    u32 shares;
    u32 price;
  };

  explicit Reader(const std::vector<MarketInstrument>& instruments) : instruments_(instruments) {}

  std::map<u64, Order> orders;
  std::map<std::pair<u16, char>, std::multiset<u32>> prices;
  std::map<char, u64> counts;
  std::string fault;
  u64 crossed = 0;
  u64 last_time = 0;

  template <class View>
  void seen(View v) {
    ++counts[View::kType];
    if (v.timestamp_ns() < last_time) fault = "time runs back";
    last_time = v.timestamp_ns();
  }
  void on(itch50::AddOrderView v) { add(v); }
  void on(itch50::AddOrderWithMpidView v) { add(v); }
  void on(itch50::OrderExecutedView v) {
    seen(v);
    take(v.stock_locate(), v.order_reference_number(), v.executed_shares());
  }
  void on(itch50::OrderExecutedWithPriceView v) {
    seen(v);
    const auto found = orders.find(v.order_reference_number());
    if (found != orders.end() && found->second.price != v.execution_price()) fault = "price of C";
    take(v.stock_locate(), v.order_reference_number(), v.executed_shares());
  }
  void on(itch50::OrderCancelView v) {
    seen(v);
    const auto found = orders.find(v.order_reference_number());
    if (found != orders.end() && v.canceled_shares() >= found->second.shares) fault = "X takes all";
    take(v.stock_locate(), v.order_reference_number(), v.canceled_shares());
  }
  void on(itch50::OrderDeleteView v) {
    seen(v);
    const auto found = orders.find(v.order_reference_number());
    if (found == orders.end()) return unknown("D");
    take(v.stock_locate(), v.order_reference_number(), found->second.shares);
  }
  void on(itch50::OrderReplaceView v) {
    seen(v);
    const auto found = orders.find(v.original_order_reference_number());
    if (found == orders.end()) return unknown("U");
    Order order = found->second;
    take(v.stock_locate(), v.original_order_reference_number(), order.shares);
    order.shares = v.shares();
    order.price = v.price();
    put(v.new_order_reference_number(), order);
  }
  template <class View>
  void on(View v) {
    seen(v);
  }

 private:
  template <class View>
  void add(View v) {
    seen(v);
    if (!(v.stock() == instruments_[v.stock_locate() - 1U].symbol)) fault = "symbol";
    put(v.order_reference_number(),
        {v.stock_locate(), v.buy_sell_indicator(), v.shares(), v.price()});
  }
  void put(u64 ref, const Order& order) {
    const MarketInstrument& rules = instruments_[order.instrument - 1U];
    if (order.shares == 0 || order.shares % rules.lot != 0) fault = "lot";
    if (order.price == 0 || order.price % rules.price_step != 0) fault = "tick";
    if (!orders.emplace(ref, order).second) fault = "reference used twice";
    prices[{order.instrument, order.side}].insert(order.price);
    const auto& bids = prices[{order.instrument, 'B'}];
    const auto& asks = prices[{order.instrument, 'S'}];
    if (!bids.empty() && !asks.empty() && *bids.rbegin() >= *asks.begin()) ++crossed;
  }
  void take(u16 instrument, u64 ref, u32 shares) {
    const auto found = orders.find(ref);
    if (found == orders.end()) return unknown("E, C or X");
    if (found->second.instrument != instrument) fault = "locate";
    if (found->second.shares < shares) fault = "more shares than there are";
    found->second.shares -= shares;
    if (found->second.shares != 0) return;
    auto& queue = prices[{instrument, found->second.side}];
    queue.erase(queue.find(found->second.price));
    orders.erase(found);
  }
  void unknown(const char* type) { fault = std::string("unknown reference in ") + type; }

  const std::vector<MarketInstrument>& instruments_;
};

TEST(MarketGenerator, SameSeedGivesTheSameBytesAndAnotherSeedOthers) {
  const MarketConfig config{
      .seed = 7, .instruments = 20, .standing_orders = 500, .messages = 20'000};
  MarketConfig other = config;
  other.seed = 8;
  EXPECT_EQ(hash_of(config), hash_of(config));
  EXPECT_NE(hash_of(config), hash_of(other));
}

TEST(MarketGenerator, DefaultDayIsTheDayItAlwaysWas) {
  EXPECT_EQ(hash_of({.messages = 50'000}), 3'248'393'460'983'905'509U)
      << "the default input changed: say so in CHANGELOG";
}

TEST(MarketGenerator, EveryMessageFitsTheBooksThatCameBefore) {
  MarketGenerator market({.seed = 3,
                          .instruments = 40,
                          .standing_orders = 3'000,
                          .messages = 300'000,
                          .halts_per_million = 200});
  Reader reader(market.instruments());
  u64 count = 0;
  for (Bytes message; market.next(message); ++count) {
    ASSERT_EQ(itch50::dispatch(message, reader), DecodeResult::kOk);
    ASSERT_EQ(reader.fault, "") << "message " << count;
    ASSERT_EQ(reader.crossed, 0U) << "message " << count;
  }
  EXPECT_EQ(market.count(), count);
  EXPECT_EQ(reader.orders.size(), market.engine().live_orders());
  EXPECT_GT(reader.counts['H'], 40U) << "no instrument was ever halted";
}

TEST(MarketGenerator, MixIsThatOfABusyExchange) {
  MarketGenerator market({.seed = 5, .messages = 400'000});
  Reader reader(market.instruments());
  u64 opened = 0;
  for (Bytes message; market.next(message);) {
    ASSERT_EQ(itch50::dispatch(message, reader), DecodeResult::kOk);
    if (message[0] == std::byte{'S'} && message[11] == std::byte{'Q'}) {
      opened = market.count();
      reader.counts.clear();
    }
  }
  const double all = static_cast<double>(market.count() - opened);
  const auto expect_percent = [&](char type, double percent, double tolerance) {
    EXPECT_NEAR(100 * static_cast<double>(reader.counts[type]) / all, percent, tolerance) << type;
  };
  expect_percent('A', 43, 2);
  expect_percent('D', 41, 2);
  expect_percent('U', 8, 1.5);
  expect_percent('E', 2.7, 0.7);
  expect_percent('I', 2.5, 0.5);
  expect_percent('X', 1, 0.4);
  expect_percent('F', 0.75, 0.25);
  expect_percent('P', 0.8, 0.25);
  expect_percent('C', 0.05, 0.04);
  EXPECT_EQ(reader.counts['Q'], 128U) << "an opening and a closing cross for each instrument";
}

TEST(MarketGenerator, DayBeginsAndEndsAsADayDoes) {
  MarketGenerator market({.instruments = 3, .standing_orders = 10, .messages = 100});
  std::string types, events;
  for (Bytes message; market.next(message);) {
    const char type = static_cast<char>(message[0]);
    if (type == 'S') events += static_cast<char>(message[11]);
    if (events.size() < 3) types += type;
  }
  EXPECT_EQ(types.substr(0, 12), "SRRRHHHYYYVS");
  EXPECT_EQ(types.size(), 22U) << types << ": ten orders between system start and opening";
  EXPECT_EQ(events, "OSQMEC");
}

TEST(MarketGenerator, BooksStayAboutAsFullAsAsked) {
  MarketGenerator market({.seed = 9, .standing_orders = 2'000, .messages = 300'000});
  for (Bytes message; market.next(message);) {
  }
  EXPECT_NEAR(market.engine().live_orders(), 2'000, 500);
}

TEST(MarketGenerator, FileHoldsTheStreamBehindLengths) {
  const MarketConfig config{.seed = 2, .instruments = 5, .standing_orders = 50, .messages = 1'000};
  const std::string path = ::testing::TempDir() + "tradsys_market_file.itch";
  const auto written = write_market_file(path, config);
  ASSERT_TRUE(written.ok());
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  std::remove(path.c_str());
  MarketGenerator market(config);
  usize at = 0;
  for (Bytes message; market.next(message); at += 2 + message.size()) {
    ASSERT_LE(at + 2 + message.size(), bytes.size());
    const auto* p = reinterpret_cast<const std::byte*>(bytes.data() + at);
    ASSERT_EQ(load_be16(p), message.size());
    ASSERT_TRUE(std::equal(message.begin(), message.end(), p + 2));
  }
  EXPECT_EQ(at, bytes.size());
  EXPECT_EQ(written.value(), market.count());
  EXPECT_FALSE(write_market_file("/nonexistent/folder/x.itch", config).ok());
}

TEST(MarketGenerator, InstrumentsHaveDifferentSymbolsAndPricesOnTheirTick) {
  const auto instruments = make_instruments(5'000, 1);
  std::set<u64> symbols;
  for (const MarketInstrument& listed : instruments) {
    symbols.insert(listed.symbol.word());
    EXPECT_GT(listed.reference_price, 0U);
    EXPECT_EQ(listed.reference_price % listed.price_step, 0U);
  }
  EXPECT_EQ(symbols.size(), instruments.size());
}

}  // namespace
}  // namespace tradsys::sim
