// Goal: each ITCH message does to the books, the observer and the counters what the protocol says,
// and bad input does nothing but count. Method: messages encoded by the generated codecs, one at a
// time and in blocks; books checked through their own interface.
#include "dataplane/feed/itch_book_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "hostsw/book/flat_books.hpp"
#include "hostsw/book/reference_books.hpp"

namespace tradsys::feed {
namespace {

using book::Bbo;
using book::BookStatus;

// Writes down every call.
struct Recorder {
  void on_bbo(u16 instrument) { log.push_back("bbo " + std::to_string(instrument)); }
  void on_trade(u16 instrument, u32 price, u32 qty) {
    log.push_back("trade " + std::to_string(instrument) + " " + std::to_string(price) + " " +
                  std::to_string(qty));
  }
  void on_directory(const itch50::StockDirectoryView& m) {
    log.push_back("directory " + m.stock().str());
  }
  void on_trading_action(const itch50::StockTradingActionView& m) {
    log.push_back(std::string("action ") + m.trading_state());
  }
  void on_system_event(const itch50::SystemEventView& m) {
    log.push_back(std::string("event ") + m.event_code());
  }
  std::vector<std::string> log;
};

std::vector<std::byte> block_of(Bytes message) {
  std::vector<std::byte> block(2 + message.size());
  store_be16(block.data(), static_cast<u16>(message.size()));
  std::copy(message.begin(), message.end(), block.begin() + 2);
  return block;
}

class ItchBookBuilderTest : public ::testing::Test {
 protected:
  template <class Message>
  static std::vector<std::byte> bytes_of(const Message& message) {
    std::vector<std::byte> bytes(Message::kBytes);
    encode(message, bytes.data());
    return bytes;
  }
  template <class Message>
  void send(const Message& message) {
    recorder.log.clear();
    builder.on_message(bytes_of(message));
  }
  template <class Message>
  static void append_block(std::vector<std::byte>& blocks, const Message& message) {
    const usize at = blocks.size();
    blocks.resize(at + 2 + Message::kBytes);
    store_be16(&blocks[at], Message::kBytes);
    encode(message, &blocks[at + 2]);
  }
  static itch50::AddOrder bid(u64 ref, u32 price, u32 shares) {
    itch50::AddOrder m;
    m.stock_locate = 3;
    m.order_reference_number = ref;
    m.buy_sell_indicator = 'B';
    m.shares = shares;
    m.price = price;
    return m;
  }
  static itch50::OrderDelete removal(u64 ref) {
    itch50::OrderDelete m;
    m.stock_locate = 3;
    m.order_reference_number = ref;
    return m;
  }
  u64 refused(BookStatus status) const {
    return builder.counters().by_book[static_cast<usize>(status)];
  }
  u64 decoded(DecodeResult result) const {
    return builder.counters().by_decode[static_cast<usize>(result)];
  }
  using Log = std::vector<std::string>;

  book::FlatBooks books{{.instruments_max = 8, .orders_max = 256, .levels_max = 256}};
  Recorder recorder;
  ItchBookBuilder<book::FlatBooks, Recorder> builder{books, recorder};
};

TEST_F(ItchBookBuilderTest, AddsOrdersWithAndWithoutAttribution) {
  send(bid(1, 100, 10));
  EXPECT_EQ(recorder.log, (Log{"bbo 3"}));
  itch50::AddOrderWithMpid ask;
  ask.stock_locate = 3;
  ask.order_reference_number = 2;
  ask.buy_sell_indicator = 'S';
  ask.shares = 7;
  ask.price = 105;
  send(ask);
  EXPECT_EQ(books.bbo(3), (Bbo{100, 105, 10, 7}));
}

TEST_F(ItchBookBuilderTest, ExecutesAtTheOrdersOwnPrice) {
  send(bid(1, 100, 10));
  itch50::OrderExecuted m;
  m.stock_locate = 3;
  m.order_reference_number = 1;
  m.executed_shares = 4;
  send(m);
  EXPECT_EQ(recorder.log, (Log{"bbo 3", "trade 3 100 4"}));
  EXPECT_EQ(books.bbo(3).bid_qty, 6U);
}

TEST_F(ItchBookBuilderTest, ReportsAnExecutionWithPriceOnlyWhenItIsPrintable) {
  send(bid(1, 100, 10));
  itch50::OrderExecutedWithPrice m;
  m.stock_locate = 3;
  m.order_reference_number = 1;
  m.executed_shares = 4;
  m.execution_price = 99;
  m.printable = 'Y';
  send(m);
  EXPECT_EQ(recorder.log, (Log{"bbo 3", "trade 3 99 4"}));
  m.printable = 'N';
  send(m);
  EXPECT_EQ(recorder.log, (Log{"bbo 3"}));
  EXPECT_EQ(books.bbo(3).bid_qty, 2U);
}

TEST_F(ItchBookBuilderTest, CancelsDeletesAndReplaces) {
  send(bid(1, 100, 10));
  itch50::OrderCancel cancel;
  cancel.stock_locate = 3;
  cancel.order_reference_number = 1;
  cancel.canceled_shares = 3;
  send(cancel);
  EXPECT_EQ(books.bbo(3).bid_qty, 7U);
  itch50::OrderReplace replace;
  replace.stock_locate = 3;
  replace.original_order_reference_number = 1;
  replace.new_order_reference_number = 2;
  replace.shares = 20;
  replace.price = 101;
  send(replace);
  EXPECT_EQ(books.bbo(3), (Bbo{101, 0, 20, 0}));
  send(removal(2));
  EXPECT_EQ(books.bbo(3), Bbo{});
  EXPECT_EQ(builder.counters().bbo_changes, 4U);
  EXPECT_EQ(builder.counters().errors(), 0U);
}

TEST_F(ItchBookBuilderTest, ReportsHiddenTradesAndCrossesWithoutTouchingABook) {
  itch50::NonCrossTrade hidden;
  hidden.stock_locate = 3;
  hidden.shares = 11;
  hidden.price = 77;
  send(hidden);
  EXPECT_EQ(recorder.log, (Log{"trade 3 77 11"}));
  itch50::CrossTrade cross;
  cross.stock_locate = 3;
  cross.cross_price = 78;
  send(cross);
  EXPECT_EQ(recorder.log, Log{}) << "a cross without shares is no trade";
  cross.cross_shares = u64{1} << 40;
  send(cross);
  EXPECT_EQ(recorder.log, (Log{"trade 3 78 4294967295"}));
  EXPECT_EQ(books.order_count(), 0U);
}

TEST_F(ItchBookBuilderTest, PassesOnDirectoryStatesAndEvents) {
  itch50::StockDirectory directory;
  directory.stock = Symbol::from("COMI");
  send(directory);
  EXPECT_EQ(recorder.log, (Log{"directory COMI"}));
  itch50::StockTradingAction action;
  action.trading_state = 'H';
  send(action);
  EXPECT_EQ(recorder.log, (Log{"action H"}));
  itch50::SystemEvent event;
  event.event_code = 'Q';
  send(event);
  EXPECT_EQ(recorder.log, (Log{"event Q"}));
}

TEST_F(ItchBookBuilderTest, CountsWhatTheBooksRefuseAndGoesOn) {
  send(bid(1, 100, 10));
  send(bid(1, 100, 10));
  EXPECT_EQ(refused(BookStatus::kDuplicateOrder), 1U);
  send(removal(99));
  EXPECT_EQ(refused(BookStatus::kUnknownOrder), 1U);
  itch50::OrderExecuted executed;
  executed.stock_locate = 3;
  executed.order_reference_number = 1;
  executed.executed_shares = 11;
  send(executed);
  EXPECT_EQ(refused(BookStatus::kExcessQuantity), 1U);
  EXPECT_EQ(recorder.log, Log{}) << "no trade is reported for what did not happen";
  itch50::AddOrder odd = bid(5, 100, 10);
  odd.buy_sell_indicator = 'X';
  send(odd);
  EXPECT_EQ(refused(BookStatus::kInvalid), 1U);
  odd = bid(5, 100, 10);
  odd.stock_locate = 8;
  send(odd);
  EXPECT_EQ(refused(BookStatus::kBadInstrument), 1U);
  EXPECT_EQ(builder.counters().errors(), 5U);
  EXPECT_EQ(books.bbo(3), (Bbo{100, 0, 10, 0}));
}

TEST_F(ItchBookBuilderTest, CountsMessagesCutAtEveryByteAndTooLongOnes) {
  const std::vector<std::byte> whole = bytes_of(bid(1, 100, 10));
  for (usize bytes = 0; bytes < whole.size(); ++bytes) {
    builder.on_message(Bytes(whole).first(bytes));
    const std::vector<std::byte> block = block_of(Bytes(whole).first(bytes));
    for (usize cut = 0; cut <= block.size(); ++cut)
      builder.prefetch_blocks(Bytes(block).first(cut));
  }
  EXPECT_EQ(decoded(DecodeResult::kTruncated), whole.size());
  std::vector<std::byte> longer = whole;
  longer.emplace_back();
  builder.on_message(longer);
  EXPECT_EQ(decoded(DecodeResult::kWrongLength), 1U);
  longer[0] = std::byte{'?'};
  builder.on_message(longer);
  EXPECT_EQ(decoded(DecodeResult::kUnknownType), 1U);
  EXPECT_EQ(books.order_count(), 0U);
}

TEST_F(ItchBookBuilderTest, AppliesBlocksInOrderAndLeavesACutOne) {
  std::vector<std::byte> blocks;
  for (u64 ref = 0; ref < 100; ++ref) {
    append_block(blocks, bid(ref, 100, 1));
    if (ref >= 2) append_block(blocks, removal(ref - 2));
  }
  EXPECT_EQ(builder.on_blocks(blocks), blocks.size());
  EXPECT_EQ(builder.counters().errors(), 0U);
  EXPECT_EQ(books.bbo(3), (Bbo{100, 0, 2, 0}));
  for (usize cut = 1; cut < 20; ++cut) {
    std::vector<std::byte> more;
    append_block(more, removal(1'000));
    append_block(more, removal(1'001));
    EXPECT_EQ(builder.on_blocks(Bytes(more).first(more.size() - cut)), more.size() / 2) << cut;
  }
  EXPECT_EQ(builder.on_blocks({}), 0U);
}

TEST_F(ItchBookBuilderTest, LooksAheadOverExtremeReferencesAndEmptyBlocks) {
  std::vector<std::byte> blocks;
  for (const u64 ref : {u64{0}, std::numeric_limits<u64>::max(), u64{1} << 63}) {
    append_block(blocks, bid(ref, 100, 1));
    blocks.insert(blocks.end(), {std::byte{0}, std::byte{0}});
  }
  EXPECT_EQ(builder.on_blocks(blocks), blocks.size());
  EXPECT_EQ(decoded(DecodeResult::kTruncated), 3U);
  EXPECT_EQ(books.order_count(), 3U);
}

struct Deaf {};

TEST(ItchBookBuilderObserver, MayIgnoreEverything) {
  book::ReferenceBooks books{{.instruments_max = 8, .orders_max = 8, .levels_max = 8}};
  Deaf deaf;
  ItchBookBuilder<book::ReferenceBooks, Deaf> builder{books, deaf};
  std::vector<std::byte> bytes(itch50::SystemEvent::kBytes);
  encode(itch50::SystemEvent{}, bytes.data());
  builder.on_message(bytes);
  builder.prefetch_blocks(block_of(bytes));
  EXPECT_EQ(builder.counters().by_type['S'], 1U);
}

}  // namespace
}  // namespace tradsys::feed
