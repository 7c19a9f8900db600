// Goal: the FIX session with the venue goes on only with the numbers that the journal counts, never
// below a number that may have been used, sends no stale order, and trades only when it knows what
// the venue holds. Method: the link on one end of a pipe, a FIX acceptor on the other, an owner in
// hand that keeps orders and a journal whose disk a test may stop; virtual time.
#include "dataplane/edge/fix_venue/fix_venue_link.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <vector>

#include "tests/unit/dataplane/edge/fix_venue/venue_texts.hpp"

namespace tradsys::dataplane {
namespace {

constexpr net::ConnId kConn{3};
// 2026-07-21 09:30 UTC
constexpr i64 kWallNs = 1'784'626'200'000'000'000;

/// The venue: keeps what it was asked, and says what a test writes.
class Venue {
 public:
  explicit Venue(const fix::SessionConfig& config) : session_(config, *this, store_) {}

  bool send(std::string_view bytes) {
    to_link.append(bytes);
    return true;
  }
  bool on_logon(const fix::Message& m) {
    last_logon = with_bars(m.frame());
    return true;
  }
  void on_logged_on() {}
  bool on_application(const fix::Message& m) {
    asked.push_back(with_bars(m.frame()));
    types += m.type();
    if (m.type() == "H" && answers) answer(m);
    return true;
  }
  void on_closed(fix::CloseReason) { open = false; }
  /// Bars for separators.
  void say(std::string_view type, const std::string& fields) {
    EXPECT_TRUE(session_.send_application(type, testing::with_separators(fields)));
  }
  [[nodiscard]] fix::Session<Venue>& session() { return session_; }

  std::string to_link;
  std::string last_logon;
  std::string types;  ///< of what it was asked
  std::vector<std::string> asked;
  std::map<std::string, std::string> states;  ///< by ClOrdID: fields of the answer to H
  bool answers = true;
  bool open = false;

 private:
  void answer(const fix::Message& m) {
    const std::string id(m.text(fix::tag::kClOrdID));
    const std::string state = states.contains(id) ? states[id] : "39=8|103=5|151=0|14=0|";
    say("8", "37=NONE|11=" + id + "|17=0|150=I|55=COMI|54=1|6=0|" + state);
  }

  wire::SequencedStore store_{1U << 20, 1U << 12};
  fix::Session<Venue> session_;
};

struct FakeTcp {
  u32 connects = 0;
  u32 aborts = 0;
  bool open = false;
  std::string to_venue;

  net::ConnId connect(net::Ipv4, u16, u16) noexcept {
    ++connects;
    open = true;
    return kConn;
  }
  bool send(net::ConnId, Bytes bytes) noexcept {
    to_venue.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return true;
  }
  void close(net::ConnId) noexcept { open = false; }
  void abort(net::ConnId) noexcept {
    open = false;
    ++aborts;
  }
  [[nodiscard]] u32 send_space(net::ConnId) const noexcept { return 1U << 20; }
};

/// What the edge tile is to the link. Reports are kept, and change no order.
struct FakeOwner {
  struct Core {
    engine::VenueStream stream;
    orders::OrderStore orders{16, 16};
    orders::TradeStore known_trades{16};
    u64 next_id = 100;
    [[nodiscard]] const engine::VenueStream& venue_stream() const noexcept { return stream; }
    [[nodiscard]] u64 venue_seq() const noexcept { return stream.seq(); }
    [[nodiscard]] const orders::OrderStore& store() const noexcept { return orders; }
    [[nodiscard]] const orders::TradeStore& trades() const noexcept { return known_trades; }
    [[nodiscard]] u64 next_order_id() const noexcept { return next_id; }
  };
  struct Engine {
    Core state;
    u64 seq = 0;
    [[nodiscard]] const Core& core() const noexcept { return state; }
    [[nodiscard]] u64 event_seq() const noexcept { return seq; }
  };
  struct Market {
    [[nodiscard]] Symbol symbol_of(u16) const noexcept { return Symbol::from("COMI"); }
  };

  [[nodiscard]] const Engine& engine() const noexcept { return events; }
  [[nodiscard]] const Market& market() const noexcept { return instruments; }
  [[nodiscard]] u16 find_symbol(Symbol) const noexcept { return 1; }
  [[nodiscard]] u64 wall_ns() const noexcept { return static_cast<u64>(wall); }
  [[nodiscard]] u64 durable_seq() const noexcept { return disk_works ? events.seq : 0; }
  [[nodiscard]] const std::array<char, 10>& venue_session() const noexcept {
    return events.state.stream.session();
  }
  void venue_session_begins(const std::array<char, 10>& name) noexcept {
    ++events.seq;
    events.state.stream.apply(orders::VenueSessionEvent{.name = name});
  }
  void venue_numbers(const orders::VenueNumbersEvent& event) noexcept {
    ++events.seq;
    events.state.stream.apply(event);
  }
  void venue_report(const orders::VenueReport& report) noexcept {
    ++events.seq;
    events.state.stream.read_up_to(report.venue_seq);
    if (report.ignored == 0) reports.push_back(report);
  }
  void venue_reconciled(u64 next) noexcept { reconciled.push_back(next); }

  Engine events;
  Market instruments;
  i64 wall = kWallNs;
  bool disk_works = true;
  std::vector<orders::VenueReport> reports;
  std::vector<u64> reconciled;
};

class FixVenueLinkTest : public ::testing::Test {
 protected:
  using Link = FixVenueLink<FakeOwner, FakeTcp>;

  FixVenueLinkTest() {
    config_.protocol = VenueProtocol::kFix44;
    config_.fix.sender_comp_id = "TRADSYS";
    config_.fix.target_comp_id = "VENUE";
    fix::SessionConfig venue = fix_session_config(config_);
    venue.role = fix::Role::kAcceptor;
    venue.accept_reset = true;
    std::swap(venue.sender_comp_id, venue.target_comp_id);
    venue_.emplace(venue);
  }
  /// A process of the appliance starts on what the journal holds.
  void boot() {
    link_.reset();
    tcp_ = {};
    link_.emplace(owner_, config_, 16);
    link_->attach(tcp_);
  }
  /// Bytes go over until there are none; the acceptor takes what connects.
  void carry() {
    const Nanos wall{owner_.wall};
    for (u32 i = 0; i < 100; ++i) {
      if (tcp_.open && !venue_->open) {
        venue_->open = true;
        venue_->to_link.clear();
        tcp_.to_venue.clear();
        venue_->session().start(wall);
        link_->on_connected(now_);
      }
      const std::string out = std::exchange(tcp_.to_venue, {});
      if (venue_->open) venue_->session().on_bytes(testing::bytes_of(out), wall);
      const std::string in = std::exchange(venue_->to_link, {});
      if (!in.empty() && tcp_.open) link_->on_data(testing::bytes_of(in), now_);
      if (!tcp_.open && venue_->open) {
        venue_->session().on_disconnected();
        venue_->open = false;
      }
      if (out.empty() && in.empty()) return;
    }
  }
  void run(i64 ms) {
    for (i64 i = 0; i < ms; i += 10) {
      now_ = now_ + Nanos{10'000'000};
      owner_.wall += 10'000'000;
      link_->on_timer(now_);
      carry();
    }
  }
  void come_up() {
    boot();
    run(1'000);
    ASSERT_EQ(link_->state(), VenueState::kReady);
  }
  /// The cable is cut; what is under way is lost.
  void cut() {
    venue_->session().on_disconnected();
    venue_->open = tcp_.open = false;
    tcp_.to_venue.clear();
    venue_->to_link.clear();
    link_->on_closed(now_);
  }
  orders::Order live(u64 id = 41) {
    const orders::Order order = venue_test_order(id);
    EXPECT_NE(owner_.events.state.orders.insert(order), nullptr);
    return order;
  }
  /// The wall clock as a FIX message says it.
  [[nodiscard]] std::string venue_time() const {
    std::array<char, 40> text{};
    const usize bytes = fix::format_timestamp(Nanos{owner_.wall}, 3, text.data());
    return {text.data(), bytes};
  }
  static std::string id_of(const orders::Order& order) {
    return std::string(venue_id_of(order, OrderVersion::kCurrent).view());
  }

  VenueConfig config_;
  FakeOwner owner_;
  FakeTcp tcp_;
  std::optional<Venue> venue_;
  std::optional<Link> link_;
  Nanos now_{kSecond};
};

TEST_F(FixVenueLinkTest, LogsOnWhenItsNumbersAreOnDiskAndIsReadyWhenTheVenueIsQuiet) {
  owner_.disk_works = false;
  boot();
  run(500);
  EXPECT_EQ(tcp_.connects, 0U) << "numbers that a crash would forget";
  owner_.disk_works = true;
  run(1'000);
  EXPECT_EQ(link_->state(), VenueState::kReady);
  EXPECT_TRUE(link_->ready());
  EXPECT_EQ(owner_.reconciled, std::vector<u64>{100});
  EXPECT_EQ(owner_.events.state.stream.seq(), 1U) << "the logon";
  EXPECT_GE(owner_.events.state.stream.out_bound(), OutNumbers::kBlock);
}

TEST_F(FixVenueLinkTest, OrdersLeaveAndReportsCarryTheNumbersOfTheVenue) {
  come_up();
  const orders::Order order = live();
  link_->enter(order, Symbol::from("COMI"));
  carry();
  ASSERT_EQ(venue_->types, "D");
  venue_->say(
      "8", "37=7|11=" + id_of(order) + "|17=1|150=0|39=0|55=COMI|54=1|44=81.5|151=100|14=0|6=0|");
  carry();
  ASSERT_EQ(owner_.reports.size(), 1U);
  EXPECT_EQ(owner_.reports[0].venue_seq, 2U);
  EXPECT_EQ(owner_.reports[0].order_id, 41U);
  EXPECT_EQ(link_->counters().messages_in, 1U);
}

TEST_F(FixVenueLinkTest, AReportIsTakenWithFieldsThatNoDictionaryHasThere) {
  come_up();
  const orders::Order order = live();
  const std::string id = "37=7|11=" + id_of(order) + "|";
  // ExecTransType is not of FIX 4.4, 9702 of no version; Side and Symbol are missing.
  venue_->say("8", id + "17=1|20=0|150=F|39=1|32=40|31=81.5|151=60|14=40|6=81.5|9702=x|");
  carry();
  ASSERT_EQ(owner_.reports.size(), 1U);
  EXPECT_EQ(owner_.reports[0].kind, ExecKind::kFilled);
  EXPECT_EQ(owner_.reports[0].qty, 40U);
}

/// The time of a report is wrong: it is not lost, and nothing is sent into a session that ends.
TEST_F(FixVenueLinkTest, AReportThatTheSessionCannotTakeIsAskedForAgain) {
  come_up();
  const orders::Order order = live();
  const std::string fill =
      "37=7|11=" + id_of(order) + "|17=1|150=F|39=1|55=COMI|54=1|32=40|31=81.5|151=60|14=40|6=0|";
  venue_->states[id_of(order)] = "39=1|44=81.5|151=60|14=40|";
  venue_->session().on_timer(Nanos{owner_.wall - 300'000'000'000});
  venue_->say("8", fill);
  link_->on_data(testing::bytes_of(std::exchange(venue_->to_link, {})), now_);
  EXPECT_TRUE(owner_.reports.empty());
  EXPECT_FALSE(link_->ready()) << "an order would find no session";
  EXPECT_FALSE(link_->open());
  EXPECT_FALSE(link_->cancel(order.order_id)) << "it is sent when the session is back";
  EXPECT_EQ(owner_.events.state.stream.seq(), 1U) << "the report was not read";
  run(5'000);
  ASSERT_EQ(link_->state(), VenueState::kReady);
  ASSERT_EQ(owner_.reports.size(), 1U) << "told again with a time of its own";
  EXPECT_EQ(owner_.reports[0].kind, ExecKind::kFilled);
  EXPECT_EQ(owner_.reports[0].qty, 40U);
}

TEST_F(FixVenueLinkTest, ADeadConnectionIsAbortedWithWhatItHolds) {
  come_up();
  for (u32 i = 0; i < 80; ++i) {  // nothing of the venue comes
    owner_.wall += kSecond.v;
    link_->on_timer(now_ = now_ + kSecond);
    if (tcp_.aborts != 0) break;
  }
  EXPECT_EQ(tcp_.aborts, 1U);
  EXPECT_EQ(link_->state(), VenueState::kDown);
}

TEST_F(FixVenueLinkTest, AReportWithADefectiveHeaderIsTakenAndCounted) {
  come_up();
  const orders::Order order = live();
  const std::string frame =
      testing::fix_message("8=FIX.4.4|35=8|34=2|49=VENUE|52=" + venue_time() +
                           "|56=TRADSYS|43=maybe|37=7|11=" + id_of(order) +
                           "|17=1|150=F|39=1|55=COMI|54=1|32=40|31=81.5|151=60|14=40|6=0|");
  link_->on_data(testing::bytes_of(frame), now_);
  ASSERT_EQ(owner_.reports.size(), 1U);
  EXPECT_EQ(owner_.reports[0].qty, 40U);
  EXPECT_EQ(link_->counters().malformed, 1U);
  EXPECT_TRUE(link_->ready());
}

TEST_F(FixVenueLinkTest, HeadersCarryTheFieldsOfTheDialect) {
  config_.fix.header_fields = testing::with_separators("115=CLIENT|142=RACK|");
  come_up();
  EXPECT_NE(venue_->last_logon.find("|115=CLIENT|142=RACK|"), std::string::npos);
}

TEST_F(FixVenueLinkTest, ARestartGoesOnAboveEveryNumberThatMayHaveBeenUsedAndSendsNoOrderAgain) {
  come_up();
  const orders::Order order = live();
  for (u32 i = 0; i < 5; ++i) link_->enter(order, Symbol::from("COMI"));
  tcp_.to_venue.clear();  // they are lost on their way
  const u64 used = link_->next_out();
  const u64 bound = owner_.events.state.stream.out_bound();
  cut();
  boot();
  EXPECT_EQ(link_->next_out(), bound);
  EXPECT_GT(bound, used);
  venue_->states[id_of(order)] = "39=0|44=81.5|151=100|14=0|";
  run(1'000);
  EXPECT_EQ(link_->state(), VenueState::kReady);
  EXPECT_EQ(venue_->types, "H") << "the gap is filled, no order comes late";
  EXPECT_EQ(venue_->session().numbers().next_in, link_->next_out());
  EXPECT_EQ(owner_.reconciled.back(), 100 + OutNumbers::kBlock) << "ids a crash may have lost";
}

TEST_F(FixVenueLinkTest, ADroppedConnectionSendsNoOrderAgainEither) {
  come_up();
  const orders::Order order = live();
  link_->enter(order, Symbol::from("COMI"));
  cut();
  run(1'000);
  EXPECT_EQ(link_->state(), VenueState::kReady);
  EXPECT_EQ(venue_->types, "H");
  EXPECT_EQ(link_->counters().disconnects, 1U);
}

TEST_F(FixVenueLinkTest, NewOrdersWaitForNumbersOnDiskAndCancelsDoNot) {
  come_up();
  const orders::Order order = live();
  owner_.disk_works = false;
  u64 sent = 0;
  for (; link_->ready() && sent < 2 * OutNumbers::kBlock; ++sent)
    link_->enter(order, Symbol::from("COMI"));
  EXPECT_LT(sent, OutNumbers::kBlock);
  EXPECT_TRUE(link_->cancel(order.order_id));
  owner_.disk_works = true;
  run(20);
  EXPECT_TRUE(link_->ready());
}

TEST_F(FixVenueLinkTest, WhatTheVenueNeverGotIsRefusedAndWhatItLostIsAnAlarm) {
  orders::Order unanswered = venue_test_order(41);
  unanswered.state = orders::OrderState::kPendingNew;
  ASSERT_NE(owner_.events.state.orders.insert(unanswered), nullptr);
  orders::Order replacing = live(43);
  replacing.pending_order_id = 44;
  replacing.pending_client_ref = 900;
  owner_.events.state.orders.update(43, replacing);
  const orders::Order same = live(45);
  const orders::Order lost = live(46);
  const orders::Order smaller = live(47);
  venue_->states[id_of(replacing)] = venue_->states[id_of(same)] = "39=0|44=81.5|151=100|14=0|";
  venue_->states[id_of(smaller)] = "39=1|44=81.5|151=70|14=30|";
  boot();
  run(1'000);
  EXPECT_EQ(link_->state(), VenueState::kReady);
  EXPECT_EQ(venue_->types, "HHHHHH");
  std::map<u64, ExecKind> told;
  for (const orders::VenueReport& r : owner_.reports) told[r.order_id] = r.kind;
  EXPECT_EQ(told,
            (std::map<u64, ExecKind>{
                {41, ExecKind::kRejected}, {44, ExecKind::kRejected}, {46, ExecKind::kCanceled}}));
  EXPECT_EQ(link_->counters().differences, 2U) << "the lost one and the smaller one";
  EXPECT_EQ(lost.order_id, 46U);
}

TEST_F(FixVenueLinkTest, GoesOnWithAnAlarmWhereTheVenueDoesNotAnswer) {
  config_.fix.status_wait = Nanos{100'000'000};
  venue_->answers = false;
  live(41);
  live(42);
  boot();
  run(350);
  EXPECT_EQ(link_->state(), VenueState::kReconciling);
  run(1'000);
  EXPECT_EQ(link_->state(), VenueState::kReady);
  EXPECT_EQ(link_->counters().unanswered, 2U);
  EXPECT_EQ(venue_->types, "HHHHHH") << "three times each";
}

TEST_F(FixVenueLinkTest, AsksForNothingWhereTheVenueHasNoStatusRequest) {
  config_.fix.status_requests = false;
  live();
  come_up();
  EXPECT_EQ(venue_->types, "");
}

TEST_F(FixVenueLinkTest, RejectsSayByNumberOrIdWhichRequestWasMeant) {
  come_up();
  const orders::Order order = live();
  const u64 number = link_->next_out();
  link_->enter(order, Symbol::from("COMI"));
  EXPECT_TRUE(link_->cancel(order.order_id));
  carry();
  venue_->say("3", "45=" + std::to_string(number) + "|372=D|58=no|");
  venue_->say("j", "45=" + std::to_string(number + 1) + "|372=F|380=0|");
  venue_->say("j", "372=D|379=" + id_of(order) + "|380=6|");
  carry();
  ASSERT_EQ(owner_.reports.size(), 3U);
  EXPECT_EQ(owner_.reports[0].kind, ExecKind::kRejected);
  EXPECT_EQ(owner_.reports[1].kind, ExecKind::kCancelRejected);
  EXPECT_EQ(owner_.reports[2].kind, ExecKind::kRejected);
  for (const orders::VenueReport& r : owner_.reports) EXPECT_EQ(r.order_id, 41U);
  EXPECT_EQ(owner_.events.state.stream.seq(), 4U);
}

TEST_F(FixVenueLinkTest, WhatTheVenuePassesOverIsAskedForByStatus) {
  come_up();
  const orders::Order order = live();
  fix::SequenceNumbers numbers = venue_->session().numbers();
  numbers.next_out += 2;  // two messages that it will not send again
  venue_->session().restore(numbers);
  venue_->say("8", "37=7|11=" + id_of(order) + "|17=1|150=0|39=0|55=COMI|54=1|151=100|14=0|6=0|");
  carry();
  EXPECT_FALSE(link_->ready());
  run(1'000);
  EXPECT_EQ(link_->state(), VenueState::kReady);
  EXPECT_EQ(venue_->types, "H");
  EXPECT_EQ(owner_.reports.back().kind, ExecKind::kCanceled) << "the venue does not have it";
}

TEST_F(FixVenueLinkTest, CancelsOfOneOrderHaveNamesOfTheirOwn) {
  come_up();
  const orders::Order order = live();
  EXPECT_TRUE(link_->cancel(order.order_id));
  EXPECT_TRUE(link_->cancel(order.order_id));
  carry();
  ASSERT_EQ(venue_->asked.size(), 2U);
  const auto name = [](const std::string& m) { return m.substr(m.find("|11="), 22); };
  EXPECT_NE(name(venue_->asked[0]), name(venue_->asked[1]));
}

TEST_F(FixVenueLinkTest, AnOrderThatTheVenueCannotCancelIsAskedFor) {
  come_up();
  const orders::Order order = live();
  const std::string cancel_id(id_of_cancel(order.order_id, 5).view());
  venue_->say("9", "37=NONE|11=" + cancel_id + "|41=" + id_of(order) + "|39=8|434=1|102=1|");
  carry();
  EXPECT_EQ(venue_->types, "H");
  ASSERT_EQ(owner_.reports.size(), 2U);
  EXPECT_EQ(owner_.reports[0].kind, ExecKind::kCancelRejected);
  EXPECT_EQ(owner_.reports[1].kind, ExecKind::kCanceled) << "the venue does not have it";
  EXPECT_EQ(link_->counters().differences, 1U);
}

TEST_F(FixVenueLinkTest, ATradeIsTakenBackUnderTheIdThatItHad) {
  come_up();
  orders::Trade trade;
  trade.order_id = 38;
  trade.match_number = number_of_text("E5");
  owner_.events.state.known_trades.insert(trade);
  const orders::Order later = live(41);
  venue_->say("8",
              "37=7|11=" + id_of(later) + "|17=9|19=E5|150=H|39=0|55=COMI|54=1|151=100|14=0|6=0|");
  carry();
  ASSERT_EQ(owner_.reports.size(), 1U);
  EXPECT_EQ(owner_.reports[0].kind, ExecKind::kBusted);
  EXPECT_EQ(owner_.reports[0].order_id, 38U);
}

TEST_F(FixVenueLinkTest, EveryLogonStartsFromOneWhereConfigured) {
  config_.fix.reset = SequenceReset::kLogon;
  come_up();
  EXPECT_NE(venue_->last_logon.find("|141=Y|"), std::string::npos);
  cut();
  run(1'000);
  EXPECT_EQ(link_->state(), VenueState::kReady);
  EXPECT_EQ(link_->next_out(), 2U);
  EXPECT_EQ(owner_.events.state.stream.seq(), 1U);
}

TEST_F(FixVenueLinkTest, ADayBeginsAtOneOnceAlsoOverRestarts) {
  config_.fix.reset = SequenceReset::kDaily;
  config_.fix.hours.start = *parse_time_of_day("09:30:10");  // ten seconds from now
  config_.fix.hours.end = config_.fix.hours.start;
  come_up();
  EXPECT_NE(venue_->last_logon.find("|141=Y|"), std::string::npos) << "the first of this journal";
  run(5'000);
  EXPECT_EQ(link_->counters().connects, 1U);
  run(5'000);
  EXPECT_EQ(link_->counters().connects, 2U) << "a new day";
  EXPECT_EQ(link_->counters().login_rejects, 0U);
  EXPECT_EQ(link_->counters().disconnects, 0U) << "it was us who left";
  EXPECT_NE(venue_->last_logon.find("|141=Y|"), std::string::npos);
  EXPECT_EQ(link_->state(), VenueState::kReady);
  cut();
  boot();
  run(1'000);
  EXPECT_EQ(venue_->last_logon.find("|141=Y|"), std::string::npos) << "the same day";
}

TEST_F(FixVenueLinkTest, KeepsTheHoursOfTheSession) {
  config_.fix.hours.start = *parse_time_of_day("09:30:05");
  config_.fix.hours.end = *parse_time_of_day("09:30:15");
  boot();
  run(4'000);
  EXPECT_EQ(tcp_.connects, 0U);
  run(3'000);
  EXPECT_EQ(link_->state(), VenueState::kReady);
  run(10'000);
  EXPECT_EQ(link_->state(), VenueState::kDown);
  EXPECT_EQ(tcp_.connects, 1U);
}

TEST_F(FixVenueLinkTest, StopsWhereTheJournalIsOfAnotherSession) {
  come_up();
  cut();
  config_.fix.sender_comp_id = "OTHER";
  owner_.events.state.stream.apply(orders::VenueSessionEvent{.name = {'D', 'A', 'Y'}});
  config_.fix.sender_comp_id = "TRADSYS";
  boot();
  run(3'000);
  EXPECT_EQ(link_->state(), VenueState::kStopped);
  EXPECT_EQ(link_->counters().stream_mismatches, 1U);
  EXPECT_EQ(tcp_.connects, 1U);
}

TEST_F(FixVenueLinkTest, StopsWhereTheVenueIsBehindTheJournal) {
  owner_.events.state.stream.read_up_to(500);
  boot();
  run(3'000);
  EXPECT_EQ(link_->state(), VenueState::kStopped);
  EXPECT_EQ(link_->counters().stream_mismatches, 1U);
  EXPECT_FALSE(link_->ready());
}

}  // namespace
}  // namespace tradsys::dataplane
