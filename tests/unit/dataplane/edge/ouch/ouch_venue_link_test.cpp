// Goal: the session to the venue goes on only with the stream that the journal counts. Method: a
// venue in hand: its answers are encoded here, one at a time, and what the link does is written
// down.
#include "dataplane/edge/ouch/ouch_venue_link.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tradsys::dataplane {
namespace {

constexpr net::ConnId kConn{3};

struct FakeTcp {
  u32 connects = 0;
  u32 aborts = 0;
  bool open = false;
  std::vector<std::byte> sent;

  net::ConnId connect(net::Ipv4, u16, u16) noexcept {
    ++connects;
    open = true;
    return kConn;
  }
  bool send(net::ConnId, Bytes bytes) noexcept {
    sent.insert(sent.end(), bytes.begin(), bytes.end());
    return true;
  }
  void close(net::ConnId) noexcept { open = false; }
  void abort(net::ConnId) noexcept {
    open = false;
    ++aborts;
  }
  [[nodiscard]] u32 send_space(net::ConnId) const noexcept { return 1U << 20; }
};

struct FakeOwner {
  wire::SoupSessionName session{};
  u64 seq = 0;
  std::vector<u64> reports;
  std::vector<u64> reconciled;

  [[nodiscard]] const wire::SoupSessionName& venue_session() const noexcept { return session; }
  wire::SoupSessionName previous{};
  u32 day_ends = 0;
  [[nodiscard]] const wire::SoupSessionName& previous_venue_session() const noexcept {
    return previous;
  }
  void venue_day_over() noexcept { ++day_ends; }
  void venue_session_begins(const wire::SoupSessionName& name) noexcept { session = name; }
  [[nodiscard]] u64 venue_seq() const noexcept { return seq; }
  void venue_report(const orders::VenueReport& report) noexcept {
    reports.push_back(report.venue_seq);
    seq = report.venue_seq;
  }
  void venue_reconciled(u64 next) noexcept { reconciled.push_back(next); }
  [[nodiscard]] u16 find_symbol(Symbol) const noexcept { return 1; }
  [[nodiscard]] u64 wall_ns() const noexcept { return 1; }
};

struct VenueLinkTest : ::testing::Test {
  FakeTcp tcp;
  FakeOwner owner;
  VenueConfig config;
  OuchVenueLink<FakeOwner, FakeTcp> link{owner, config};
  Nanos now{kSecond};

  VenueLinkTest() { link.attach(tcp); }
  void connect() {
    now = now + config.reconnect_wait + kSecond;
    link.on_timer(now);
    link.on_connected(now);
  }
  void accept_login(std::string_view session, u64 sequence) {
    std::array<std::byte, soup::LoginAccepted::kBytes> bytes;
    encode(soup::LoginAccepted{wire::session_text(session), wire::number_text(sequence)},
           bytes.data());
    link.on_data(bytes, now);
  }
  void end_session() {
    std::array<std::byte, soup::EndOfSession::kBytes> bytes;
    encode(soup::EndOfSession{}, bytes.data());
    link.on_data(bytes, now);
  }
  void answer_query(u32 next_ref) {
    ouch50::outbound::AccountQueryResponse m;
    m.next_user_ref_num = next_ref;
    std::array<std::byte, 64> message;
    const usize n = encode(m, message.data());
    std::array<std::byte, 80> packet;
    const usize bytes = encode(soup::SequencedData{}, Bytes(message).first(n), packet.data());
    link.on_data(Bytes(packet).first(bytes), now);
  }
  void quiet() { link.on_timer(now = now + config.quiet); }
  u32 attempts_within(u32 seconds) {
    const u32 before = tcp.connects;
    for (u32 i = 0; i < seconds; ++i) link.on_timer(now = now + kSecond);
    return tcp.connects - before;
  }
};

TEST_F(VenueLinkTest, TheFirstLoginOfAJournalNamesTheSession) {
  connect();
  accept_login("DAY1", 1);
  EXPECT_EQ(link.state(), VenueState::kReplaying);
  EXPECT_EQ(owner.session, wire::session_text("DAY1"));
}

TEST_F(VenueLinkTest, ComesBackToTheSameSessionWithTheNextMessage) {
  owner.session = wire::session_text("DAY1");
  owner.seq = 41;
  connect();
  accept_login("DAY1", 42);
  EXPECT_EQ(link.state(), VenueState::kReplaying);
  link.on_closed(now);
  EXPECT_EQ(link.state(), VenueState::kDown);
  EXPECT_GT(attempts_within(5), 0U);
}

TEST_F(VenueLinkTest, StopsAtAnotherSession) {
  owner.session = wire::session_text("DAY1");
  owner.seq = 41;
  connect();
  accept_login("DAY2", 42);
  EXPECT_EQ(link.state(), VenueState::kStopped);
  EXPECT_EQ(link.counters().stream_mismatches, 1U);
  EXPECT_FALSE(tcp.open);
  EXPECT_FALSE(link.ready());
  EXPECT_EQ(attempts_within(60), 0U);
}

TEST_F(VenueLinkTest, StopsAtAStreamThatGoesOnElsewhere) {
  for (const u64 sequence : {u64{41}, u64{43}, u64{1}}) {
    OuchVenueLink<FakeOwner, FakeTcp> other{owner, config};
    other.attach(tcp);
    owner.session = wire::session_text("DAY1");
    owner.seq = 41;
    other.on_timer(now = now + kSecond);
    other.on_connected(now);
    std::array<std::byte, soup::LoginAccepted::kBytes> bytes;
    encode(soup::LoginAccepted{wire::session_text("DAY1"), wire::number_text(sequence)},
           bytes.data());
    other.on_data(bytes, now);
    EXPECT_EQ(other.state(), VenueState::kStopped) << sequence;
  }
}

TEST_F(VenueLinkTest, AnAnswerCountsOnlyWhenNothingFollowsIt) {
  connect();
  accept_login("DAY1", 1);
  quiet();  // a stall in the middle of the replay
  ASSERT_EQ(link.state(), VenueState::kReconciling);
  answer_query(7);  // an old one, of the replay
  answer_query(9);  // the replay goes on
  EXPECT_TRUE(owner.reconciled.empty());
  quiet();
  EXPECT_EQ(link.state(), VenueState::kReady);
  EXPECT_EQ(owner.reconciled, std::vector<u64>{9});
}

TEST_F(VenueLinkTest, AsksAgainWhenTheReplayGoesOnBehindAnAnswer) {
  connect();
  accept_login("DAY1", 1);
  quiet();
  answer_query(7);
  std::array<std::byte, 64> message;
  const usize n = encode(ouch50::outbound::SystemEvent{}, message.data());
  std::array<std::byte, 80> packet;
  const usize bytes = encode(soup::SequencedData{}, Bytes(message).first(n), packet.data());
  link.on_data(Bytes(packet).first(bytes), now);
  EXPECT_EQ(link.state(), VenueState::kReplaying);
  quiet();
  EXPECT_EQ(link.state(), VenueState::kReconciling);
  EXPECT_TRUE(owner.reconciled.empty());
}

TEST_F(VenueLinkTest, WaitsWhileTheVenueIsStillInTheDayBefore) {
  owner.previous = wire::session_text("DAY1");
  connect();
  accept_login("DAY1", 1);
  EXPECT_EQ(link.state(), VenueState::kDown) << "all of it would be told again";
  EXPECT_EQ(owner.session, wire::SoupSessionName{});
  EXPECT_GT(attempts_within(5), 0U);
  link.on_closed(now);
  connect();
  accept_login("DAY2", 1);
  EXPECT_EQ(link.state(), VenueState::kReplaying);
  EXPECT_EQ(owner.session, wire::session_text("DAY2"));
}

TEST_F(VenueLinkTest, TakesNoOrderThatOutlivesItsDay) {
  EXPECT_FALSE(link.takes(TimeInForce::kGtc));
  for (const TimeInForce tif : {TimeInForce::kDay, TimeInForce::kIoc, TimeInForce{0xFF}})
    EXPECT_TRUE(link.takes(tif));
}

TEST_F(VenueLinkTest, ADeadConnectionIsAbortedWithWhatItHolds) {
  connect();
  accept_login("DAY1", 1);
  for (u32 i = 0; i < 60 && tcp.aborts == 0; ++i) link.on_timer(now = now + kSecond);
  EXPECT_EQ(tcp.aborts, 1U);
}

TEST_F(VenueLinkTest, DoesNotComeBackToAnEndedSession) {
  connect();
  accept_login("DAY1", 1);
  EXPECT_EQ(owner.day_ends, 0U);
  end_session();
  EXPECT_EQ(owner.day_ends, 1U);
  EXPECT_EQ(link.state(), VenueState::kStopped);
  EXPECT_EQ(attempts_within(60), 0U);
}

}  // namespace
}  // namespace tradsys::dataplane
