// Goal: a client through shared memory is a client: its orders trade, its stream is durable and
// replayed from any number, a second login takes over, its end cancels its orders, and nothing it
// does to its memory harms the tile or another client. Method: the whole tile in virtual time
// against the client library, this test in the place of the door.
#include <gtest/gtest.h>
#include <time.h>
#include <unistd.h>

#include <set>

#include "hostsw/client/session.hpp"
#include "hostsw/core/random.hpp"
#include "tests/integration/dataplane/edge/session_rack.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::testing {
namespace {

using client::Event;
using client::Session;
using client::Way;
using dataplane::ClientProtocol;
using dataplane::ShmOrder;

constexpr ipc::PipeSizes kSizes{4'096, 16'384};

class ShmSession : public ::testing::Test {
 protected:
  ShmSession() : rack_({ClientProtocol::kOuch50, ClientProtocol::kShm}) {
    rack_.client(0).to_line = [](Bytes message) {
      return std::string(1, load_char(message.data()));
    };
    rack_.edge_config().clients[1].cancel_on_disconnect = true;
    rack_.boot();
    EXPECT_TRUE(rack_.come_up());
  }
  static client::SessionConfig config(u64 next_sequence = 1, const char* password = "SECRET1") {
    return {.user = "CLI1", .password = password, .next_sequence = next_sequence};
  }
  /// Hands the same memory to the tile and to a session; the number of the link.
  u32 attach(Session& session) {
    memory_.push_back(ipc::SessionMemory::create(kSizes).value());
    ipc::Descriptor copy(::dup(memory_.back().descriptor()));
    EXPECT_TRUE(rack_.tile().shm_handover().orders.try_push(
        {ShmOrder::Kind::kAttach, 1, ++link_, memory_.back().pipes()}));
    session.attach(ipc::SessionMemory::open(std::move(copy)).value());
    return link_;
  }
  void detach(u32 link) {
    ASSERT_TRUE(
        rack_.tile().shm_handover().orders.try_push({ShmOrder::Kind::kDetach, 0, link, {}}));
  }
  /// Runs until `done()`; what the session is told meanwhile is kept. The library takes its time
  /// from the host, so both clocks go about as fast.
  template <class Done>
  bool run(Session& session, Done done) {
    for (u32 i = 0; i < 20'000 && !done(); ++i) {
      rack_.run(Nanos{100'000});
      for (const Event& e : session.poll()) told_.push_back(e);
      const timespec nap{0, 50'000};
      nanosleep(&nap, nullptr);
    }
    return done();
  }
  bool come_up(Session& session) {
    attach(session);
    return run(session, [&] { return session.ready(); });
  }
  [[nodiscard]] u32 count(Event::Kind kind) const {
    return static_cast<u32>(
        std::count_if(told_.begin(), told_.end(), [&](const Event& e) { return e.kind == kind; }));
  }
  bool told(Session& session, Event::Kind kind, u32 times = 1) {
    return run(session, [&] { return count(kind) >= times; });
  }
  u32 buy(Session& session, u32 price, u32 qty = 100) {
    return session.enter({rack_.symbol(), Way::kBuy, qty, price});
  }
  [[nodiscard]] u32 live() const { return live_of(1); }
  [[nodiscard]] u32 live_of(u16 session) const {
    u32 n = 0;
    rack_.tile().engine().core().store().for_each(
        [&](const orders::Order& o) { n += o.session == session ? 1U : 0U; });
    return n;
  }
  /// Links given back since the last call.
  std::set<u32> given_back() {
    std::set<u32> links;
    for (dataplane::ShmNotice n; rack_.tile().shm_handover().notices.try_pop(n);)
      EXPECT_TRUE(links.insert(n.link).second);
    return links;
  }

  mutable SessionRack rack_;
  std::vector<ipc::SessionMemory> memory_;
  std::vector<Event> told_;
  u32 link_ = 0;
};

TEST_F(ShmSession, OrdersAreAcceptedReplacedFilledCanceledAndRefused) {
  Session session(config());
  ASSERT_TRUE(come_up(session));
  const u32 resting = buy(session, SessionRack::kBid - 1'000);
  ASSERT_NE(resting, 0U);
  ASSERT_TRUE(told(session, Event::Kind::kAccepted));
  EXPECT_EQ(told_.back().ref, resting);
  EXPECT_EQ(told_.back().symbol, rack_.symbol());
  const u32 moved = session.replace(resting, 200, SessionRack::kBid - 2'000);
  ASSERT_TRUE(told(session, Event::Kind::kReplaced));
  EXPECT_EQ(told_.back().previous, resting);
  EXPECT_EQ(told_.back().qty, 200U);
  ASSERT_TRUE(session.cancel(moved));
  ASSERT_TRUE(told(session, Event::Kind::kCanceled));
  EXPECT_EQ(told_.back().qty, 200U);
  buy(session, SessionRack::kAsk);
  ASSERT_TRUE(told(session, Event::Kind::kExecuted));
  EXPECT_EQ(told_.back().price, SessionRack::kAsk);
  EXPECT_EQ(told_.back().qty, 100U);
  buy(session, SessionRack::kAsk, 0);
  ASSERT_TRUE(told(session, Event::Kind::kRejected));
  EXPECT_NE(told_.back().reason, 0U);
  EXPECT_EQ(live(), 0U);
}

TEST_F(ShmSession, AWrongPasswordIsNoSession) {
  Session session(config(1, "GUESS"));
  attach(session);
  EXPECT_TRUE(run(session, [&] { return !session.attached(); }));
  EXPECT_EQ(session.end_reason(), wire::SoupClose::kRejected);
  EXPECT_EQ(given_back(), (std::set<u32>{1}));
  EXPECT_EQ(rack_.tile().desk().counters(1).rejected_logins, 1U);
}

TEST_F(ShmSession, ASecondLoginTakesOverAndGoesOnAtAnyNumber) {
  Session first(config());
  ASSERT_TRUE(come_up(first));
  buy(first, SessionRack::kBid - 1'000);
  ASSERT_TRUE(told(first, Event::Kind::kAccepted));
  const u64 seen = told_.back().sequence;
  Session second(config(seen));
  told_.clear();
  ASSERT_TRUE(come_up(second));
  EXPECT_EQ(told_.front().sequence, seen) << "from the number it asked for";
  EXPECT_EQ(told_.front().kind, Event::Kind::kAccepted);
  EXPECT_EQ(given_back(), (std::set<u32>{1}));
  EXPECT_TRUE(run(first, [&] { return live() == 1; }))
      << "the session goes on: nothing is canceled";
  const u32 next = buy(second, SessionRack::kBid - 1'000);
  EXPECT_GT(next, told_.front().ref) << "references go on where the first one was";
  EXPECT_TRUE(told(second, Event::Kind::kAccepted, 2));
}

TEST_F(ShmSession, TheEndOfAClientCancelsItsOrdersWithinTheTenthOfASecond) {
  Session session(config());
  ASSERT_TRUE(come_up(session));
  for (u32 i = 0; i < 40; ++i) buy(session, SessionRack::kBid - 1'000);
  ASSERT_TRUE(told(session, Event::Kind::kAccepted, 40));
  buy(session, SessionRack::kBid - 1'000);  // under way when it dies
  detach(link_);
  rack_.run(Nanos{100'000'000});
  EXPECT_EQ(live(), 0U);
  EXPECT_EQ(rack_.tile().engine().core().last_client_ref(1), 41U) << "what was sent was taken";
  EXPECT_EQ(given_back(), (std::set<u32>{1}));
}

TEST_F(ShmSession, AHungClientIsGoneAfterItsSilence) {
  Session session(config());
  ASSERT_TRUE(come_up(session));
  buy(session, SessionRack::kBid - 1'000);
  ASSERT_TRUE(told(session, Event::Kind::kAccepted));
  rack_.run(Nanos{14'000'000'000});
  EXPECT_EQ(live(), 1U);
  rack_.run(Nanos{2'000'000'000});
  EXPECT_EQ(live(), 0U);
}

TEST_F(ShmSession, AfterACrashTheStreamGoesOnFromItsNumberWithNothingLostOrDoubled) {
  Session session(config());
  ASSERT_TRUE(come_up(session));
  for (u32 round = 0; round < 5; ++round) {
    buy(session, SessionRack::kAsk);
    buy(session, SessionRack::kBid - 1'000 * (round + 1));
    if (round % 2 == 0) {
      ASSERT_TRUE(told(session, Event::Kind::kExecuted, round + 1));
    } else {
      rack_.run(Nanos{100'000});  // dies in the middle of it
    }
    rack_.crash();
    ASSERT_TRUE(rack_.come_up());
    ASSERT_TRUE(come_up(session)) << "round " << round;
  }
  ASSERT_TRUE(told(session, Event::Kind::kExecuted, 5)) << "an order entered was lost";
  for (usize i = 0; i < told_.size(); ++i) EXPECT_EQ(told_[i].sequence, i + 1);
  EXPECT_EQ(count(Event::Kind::kExecuted), 5U);
  EXPECT_EQ(count(Event::Kind::kGap), 0U);

  Session again(config());
  std::vector<Event> before = std::exchange(told_, {});
  ASSERT_TRUE(come_up(again));
  ASSERT_GT(told_.size(), before.size());
  for (usize i = 0; i < before.size(); ++i) {
    EXPECT_EQ(told_[i].kind, before[i].kind) << i;
    EXPECT_EQ(told_[i].ref, before[i].ref) << i;
    EXPECT_EQ(told_[i].match, before[i].match) << i;
  }
}

TEST_F(ShmSession, WhoReadsLateLosesNothing) {
  Session session(config());
  ASSERT_TRUE(come_up(session));
  u32 sent = 0;
  for (u32 i = 0; i < 20; ++i) {  // more than the report pipe holds, and not a word read
    for (u32 k = 0; k < 20; ++k)
      if (session.enter({rack_.symbol(), Way::kBuy, 10, SessionRack::kAsk}) != 0) ++sent;
    rack_.run(Nanos{2'000'000});
  }
  ASSERT_EQ(sent, 400U);
  ASSERT_TRUE(told(session, Event::Kind::kExecuted, sent));
  for (usize i = 0; i < told_.size(); ++i) ASSERT_EQ(told_[i].sequence, i + 1);
}

TEST_F(ShmSession, AScribblingClientHarmsNobodyElse) {
  Random random(test_seed(5));
  for (u32 round = 0; round < 200; ++round) {
    Session session(config());
    const u32 link = attach(session);
    rack_.run(Nanos{200'000});
    const ipc::SessionPipes& pipes = memory_.back().pipes();
    for (u32 i = 0; i < 1 + random.below(64); ++i) {
      pipes.request_ring[random.below(kSizes.request_bytes)] = std::byte(random.next());
      pipes.report_ring[random.below(kSizes.report_bytes)] = std::byte(random.next());
    }
    pipes.requests->written += random.below(3) == 0 ? random.next() : random.below(200);
    if (random.below(3) == 0) pipes.reports->taken = random.next();
    rack_.run(Nanos{300'000});
    detach(link);
    rack_.run(Nanos{100'000});
    for (const u32 l : given_back()) EXPECT_LE(l, link_);
  }
  rack_.run(Nanos{16'000'000'000});
  EXPECT_GT(rack_.tile().desk().malformed(1), 0U);
  EXPECT_TRUE(rack_.client(0).logged_in());
  Session honest(config(0));
  ASSERT_TRUE(come_up(honest));
  buy(honest, SessionRack::kAsk);
  EXPECT_TRUE(told(honest, Event::Kind::kExecuted));
}

}  // namespace
}  // namespace tradsys::testing
