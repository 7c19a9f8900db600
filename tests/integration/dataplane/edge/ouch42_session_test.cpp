// Goal: a client that speaks OUCH 4.2 trades through the whole edge tile as the protocol says:
// tokens, replaces, cancels, refusals, reconnects and restarts. Method: a scripted client over
// SoupBinTCP, TCP and Ethernet in memory, the venue simulator on the other end, virtual time; each
// message the client gets becomes a line. The session's frames are also judged by tshark.
#include "tests/integration/dataplane/edge/session_rack.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tshark.hpp"

namespace tradsys::testing {
namespace {

namespace in42 = ouch42::inbound;
namespace out42 = ouch42::outbound;
using dataplane::ClientProtocol;
using Lines = std::vector<std::string>;

orders::ClOrdId token(std::string_view text) { return make_text<14>(text); }

/// "A T1 100 L": type, token, and what matters of the rest.
struct LineMaker {
  std::string line;
  static std::string name(const orders::ClOrdId& t) { return std::string(wire::trimmed(t)); }
  template <class... Part>
  void put(char type, const orders::ClOrdId& t, const Part&... part) {
    line = std::string(1, type) + " " + name(t);
    ((line += " " + text(part)), ...);
  }
  static std::string text(char c) { return std::string(1, c); }
  static std::string text(const std::string& s) { return s; }
  static std::string text(u64 n) { return std::to_string(n); }
  void on(out42::AcceptedView m) { put('A', m.order_token(), u64{m.shares()}, m.order_state()); }
  void on(out42::ReplacedView m) {
    put('U', m.replacement_order_token(), "for " + name(m.previous_order_token()), u64{m.shares()});
  }
  void on(out42::CanceledView m) {
    put('C', m.order_token(), u64{m.decrement_shares()}, m.cancel_order_reason());
  }
  void on(out42::ExecutedView m) { put('E', m.order_token(), u64{m.executed_shares()}); }
  void on(out42::RejectedOrderView m) { put('J', m.order_token(), m.rejected_order_reason()); }
  void on(out42::CancelRejectView m) { put('I', m.order_token()); }
  void on(out42::OrderModifiedView m) { put('M', m.order_token(), u64{m.shares()}); }
  void on(out42::BrokenTradeView m) { put('B', m.order_token()); }
  void on(out42::TradeCorrectionView m) { put('F', m.order_token(), u64{m.executed_shares()}); }
};
std::string line_of(Bytes message) {
  LineMaker maker;
  if (out42::dispatch(message, maker) != DecodeResult::kOk) return "malformed";
  return maker.line;
}

class Ouch42 : public ::testing::Test {
 protected:
  Ouch42() : rack({ClientProtocol::kOuch42}) { rack.client(0).to_line = line_of; }

  in42::EnterOrder order(std::string_view name, u32 shares, u32 price = 500'000,
                         char side = 'B') const {
    in42::EnterOrder m{};
    m.order_token = token(name);
    m.buy_sell_indicator = side;
    m.shares = shares;
    m.stock = rack.symbol();
    m.price = price;
    m.time_in_force = dataplane::kOuch42MarketHours;
    m.firm = make_text<4>("");
    m.display = 'Y';
    m.capacity = 'P';
    m.intermarket_sweep_eligibility = 'N';
    m.cross_type = 'N';
    m.customer_type = ' ';
    return m;
  }
  static in42::ReplaceOrder replace(std::string_view old_name, std::string_view name, u32 shares,
                                    u32 price = 500'000) {
    in42::ReplaceOrder m{};
    m.existing_order_token = token(old_name);
    m.replacement_order_token = token(name);
    m.shares = shares;
    m.price = price;
    m.time_in_force = dataplane::kOuch42MarketHours;
    m.display = 'Y';
    m.intermarket_sweep_eligibility = 'N';
    return m;
  }
  static in42::CancelOrder cancel(std::string_view name, u32 shares = 0) {
    in42::CancelOrder m{};
    m.order_token = token(name);
    m.shares = shares;
    return m;
  }
  static in42::ModifyOrder modify(std::string_view name, char side, u32 shares) {
    in42::ModifyOrder m{};
    m.order_token = token(name);
    m.buy_sell_indicator = side;
    m.shares = shares;
    return m;
  }
  /// Sends, runs, and returns what came back.
  template <class... Message>
  Lines answers(const Message&... message) {
    (rack.client(0).say(message), ...);
    rack.run();
    return rack.client(0).told();
  }

  SessionRack rack;
};

TEST_F(Ouch42, NewPartialFillReplaceAndCancel) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(order("T1", 100)), (Lines{"A T1 100 L"}));
  rack.quote(Side::kSell, 500'000, 30);
  EXPECT_EQ(answers(), (Lines{"E T1 30"}));
  // Shares of a replace are those of the whole chain: 30 have traded, 120 are open.
  EXPECT_EQ(answers(replace("T1", "T2", 150)), (Lines{"U T2 for T1 120"}));
  EXPECT_EQ(answers(cancel("T2", 80)), (Lines{"C T2 70 U"}));
  EXPECT_EQ(answers(cancel("T2")), (Lines{"C T2 50 U"}));
  EXPECT_EQ(answers(cancel("T2"), cancel("T1"), cancel("NONE")), Lines{});
  EXPECT_EQ(rack.tile().desk().ignored(0), 3U);
  EXPECT_EQ(rack.tile().position(SessionRack::kInstrument), 30);
}

TEST_F(Ouch42, AnImmediateOrderTradesAndItsRestIsCanceled) {
  ASSERT_TRUE(rack.come_up());
  rack.quote(Side::kSell, 500'000, 30);
  rack.run();
  in42::EnterOrder m = order("IOC", 50);
  m.time_in_force = dataplane::kOuch42Ioc;
  EXPECT_EQ(answers(m), (Lines{"A IOC 50 L", "E IOC 30", "C IOC 20 I"}));
}

TEST_F(Ouch42, AUsedTokenIsIgnored) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(order("T1", 100), order("T1", 100)), (Lines{"A T1 100 L"}));
  EXPECT_EQ(answers(order("t1", 10)), (Lines{"A t1 10 L"})) << "tokens are case-sensitive";
  EXPECT_EQ(answers(replace("T1", "t1", 200), replace("T1", "T1", 200)), Lines{});
  EXPECT_EQ(answers(cancel("T1")), (Lines{"C T1 100 U"}));
  EXPECT_EQ(answers(order("T1", 100)), Lines{}) << "a token names one order a day";
  EXPECT_EQ(answers(replace("T1", "T9", 100)), Lines{}) << "the order is dead";
  EXPECT_EQ(rack.tile().engine().core().store().size(), 1U);
}

TEST_F(Ouch42, ARefusedOrderGetsALetterAndUsesItsToken) {
  ASSERT_TRUE(rack.come_up());
  in42::EnterOrder unknown = order("J1", 100);
  unknown.stock = Symbol::from("NOSUCH");
  EXPECT_EQ(answers(unknown), (Lines{"J J1 S"}));
  EXPECT_EQ(answers(order("J2", 1'000'000)), (Lines{"J J2 Z"}));
  EXPECT_EQ(answers(order("J3", 100, 900'000)), (Lines{"J J3 X"}));
  EXPECT_EQ(answers(order("J1", 100)), Lines{});
}

TEST_F(Ouch42, WhatCannotBePassedOnIsRefused) {
  ASSERT_TRUE(rack.come_up());
  u32 n = 0;
  const auto refused = [&](auto&& spoil) {
    const std::string name = "X" + std::to_string(++n);
    in42::EnterOrder m = order(name, 100);
    spoil(m);
    return answers(m) == Lines{"J " + name + " O"};
  };
  EXPECT_TRUE(refused([](auto& m) { m.display = 'N'; }));
  EXPECT_TRUE(refused([](auto& m) { m.capacity = 'X'; }));
  EXPECT_TRUE(refused([](auto& m) { m.intermarket_sweep_eligibility = 'Y'; }));
  EXPECT_TRUE(refused([](auto& m) { m.cross_type = 'O'; }));
  EXPECT_TRUE(refused([](auto& m) { m.minimum_quantity = 10; }));
  EXPECT_TRUE(refused([](auto& m) { m.customer_type = 'R'; }));
  EXPECT_TRUE(refused([](auto& m) { m.firm = make_text<4>("FIRM"); }));
  EXPECT_TRUE(refused([](auto& m) { m.time_in_force = 60; }));
  EXPECT_TRUE(refused([](auto& m) { m.buy_sell_indicator = 'E'; }));
}

TEST_F(Ouch42, AReplaceThatCannotBeMadeCancelsTheOrderAndLeavesItsTokenFree) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(order("T1", 100)), (Lines{"A T1 100 L"}));
  EXPECT_EQ(answers(replace("T1", "T2", 1'000'000)), (Lines{"C T1 100 U"}));
  EXPECT_EQ(answers(order("T2", 10)), (Lines{"A T2 10 L"}));
}

TEST_F(Ouch42, AModifyReducesAndAnotherSideIsRefused) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(order("T1", 100)), (Lines{"A T1 100 L"}));
  EXPECT_EQ(answers(modify("T1", 'B', 60)), (Lines{"M T1 60"}));
  EXPECT_EQ(answers(modify("T1", 'B', 60), modify("T1", 'B', 90)), Lines{}) << "nothing to reduce";
  EXPECT_EQ(answers(modify("T1", 'S', 60)), (Lines{"I T1"}));
  EXPECT_EQ(answers(cancel("T1")), (Lines{"C T1 60 U"}));
}

TEST_F(Ouch42, AReconnectReplaysWhatWasMissed) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(order("T1", 100)), (Lines{"A T1 100 L"}));
  rack.client(0).disconnect();
  rack.quote(Side::kSell, 500'000, 40);
  rack.run();
  EXPECT_EQ(rack.client(0).told(), Lines{});
  rack.client(0).connect(rack.client(0).next_sequence());
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(rack.client(0).told(), (Lines{"E T1 40"}));
  rack.client(0).disconnect();
  rack.client(0).connect(1);
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(rack.client(0).told(), (Lines{"A T1 100 L", "E T1 40"}));
}

TEST_F(Ouch42, TokensAndStreamSurviveARestart) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(order("T1", 100), order("T2", 50)), (Lines{"A T1 100 L", "A T2 50 L"}));
  EXPECT_EQ(answers(replace("T1", "T3", 80)), (Lines{"U T3 for T1 80"}));
  rack.client(0).disconnect();
  rack.crash();
  rack.client(0).connect(1);
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(rack.client(0).told(), (Lines{"A T1 100 L", "A T2 50 L", "U T3 for T1 80"}));
  EXPECT_EQ(answers(order("T1", 1), order("T2", 1), order("T3", 1)), Lines{});
  EXPECT_EQ(answers(cancel("T3"), cancel("T2")), (Lines{"C T3 80 U", "C T2 50 U"}));
}

TEST_F(Ouch42, AnOrderWhoseTokenACrashLostIsCanceledAndItsTokenIsFree) {
  ASSERT_TRUE(rack.come_up());
  rack.client(0).say(order("T1", 100));
  // The order is at the venue before its record is on disk.
  while (rack.venue().exchange().live_member_orders() == 0) rack.run(Nanos{2'000});
  rack.client(0).disconnect();
  rack.crash();
  rack.client(0).connect(1);
  ASSERT_TRUE(rack.come_up());
  rack.run();
  const Lines told = rack.client(0).told();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0], "A T0000000000001 100 L");
  EXPECT_EQ(told[1], "C T0000000000001 100 U");
  EXPECT_EQ(rack.venue().exchange().live_member_orders(), 0U);
  EXPECT_EQ(answers(order("T1", 100)), (Lines{"A T1 100 L"})) << "sent again, it is a new order";
}

TEST_F(Ouch42, MoreOrdersThanThereIsRoomForAreRefused) {
  ASSERT_TRUE(rack.come_up());
  for (u32 i = 0; i < rack.edge_config().client_tokens_max; ++i) {
    const std::string name = "N" + std::to_string(i);
    ASSERT_EQ(answers(order(name, 1)), (Lines{"A " + name + " 1 L"}));
  }
  EXPECT_EQ(answers(order("ONE", 1)), (Lines{"J ONE O"}));
  EXPECT_EQ(answers(cancel("N5")), (Lines{"C N5 1 U"}));
}

TEST_F(Ouch42, WhatIsNoMessageOfTheProtocolIsCounted) {
  ASSERT_TRUE(rack.come_up());
  in42::TradeNow now{};
  now.order_token = token("T1");
  EXPECT_EQ(answers(order("", 100), order("NOT-ALNUM", 100), now, ouch50::inbound::AccountQuery{}),
            Lines{});
  EXPECT_EQ(rack.tile().desk().malformed(0), 4U);
}

TEST_F(Ouch42, AVenueThatTakesATradeBackIsPassedOn) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(order("T1", 100)), (Lines{"A T1 100 L"}));
  rack.quote(Side::kSell, 500'000, 40);
  EXPECT_EQ(answers(), (Lines{"E T1 40"}));
  ASSERT_TRUE(rack.venue().exchange().correct_trade(0, Nanos{1}));
  rack.venue().flush();
  EXPECT_EQ(answers(), (Lines{"F T1 20"}));
  ASSERT_TRUE(rack.venue().exchange().break_trade(0, Nanos{1}));
  rack.venue().flush();
  EXPECT_EQ(answers(), (Lines{"B T1"}));
}

TEST_F(Ouch42, AnIndependentDissectorFindsNothingWrong) {
  TRADSYS_REQUIRE_TSHARK();
  const TempDir folder;
  const std::string path = folder / "ouch42.pcap";
  Result<wire::PcapWriter> file = wire::PcapWriter::create(path);
  ASSERT_TRUE(file.ok());
  rack.record(file.value());
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(order("T1", 100), order("J1", 0)).size(), 2U);
  EXPECT_EQ(answers(replace("T1", "T2", 90), modify("T2", 'S', 90)).size(), 2U);
  rack.quote(Side::kSell, 500'000, 40);
  EXPECT_EQ(answers(modify("T2", 'B', 80), cancel("T2", 60), cancel("T2")).size(), 4U);
  ASSERT_TRUE(file.value().close().ok());
  auto layers = expect_flawless(dissect(path, "-d tcp.port==9101,soupbintcp"));
  EXPECT_GE(layers["soupbintcp"], 10U);
  EXPECT_EQ(layers["data"], 0U) << "every payload belongs to a known protocol";
  const std::string types = output_of("tshark -r " + path +
                                      " -d tcp.port==9101,soupbintcp -T fields -e "
                                      "ouch.packet_type 2>/dev/null | tr -d '\\n,\\t'");
  for (const char type : {'O', 'A', 'J', 'U', 'X', 'C', 'E'})
    EXPECT_NE(types.find(type), std::string::npos) << type << " in " << types;
}

}  // namespace
}  // namespace tradsys::testing
