// Goal: over connections that break at any byte, with transports that run out of room, every order
// of either side arrives exactly once and in order, in every version. Method: seeded random traffic
// between two sessions of ours; at the end all is calm and both sides agree on the numbers.
#include <gtest/gtest.h>

#include "hostsw/core/random.hpp"
#include "tests/support/fix_pair.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::testing {
namespace {

class World {
 public:
  World(const fix::Dialect& dialect, u64 seed)
      : random_(seed),
        pair_(config(fix::Role::kInitiator, dialect), config(fix::Role::kAcceptor, dialect)) {}

  void run(u32 steps) {
    pair_.connect();
    for (u32 i = 0; i < steps; ++i) step();
    settle();
    ASSERT_EQ(pair_.server.told, from_client_) << "client to server";
    ASSERT_EQ(pair_.client.told, from_server_) << "server to client";
    const fix::SequenceNumbers client = pair_.client.session.numbers();
    const fix::SequenceNumbers server = pair_.server.session.numbers();
    ASSERT_EQ(client.next_in, server.next_out);
    ASSERT_EQ(client.next_out, server.next_in);
  }
  [[nodiscard]] u64 cuts() const { return cuts_; }
  [[nodiscard]] u64 resent() const {
    return pair_.client.session.counters().resent + pair_.server.session.counters().resent;
  }

 private:
  fix::SessionConfig config(fix::Role role, const fix::Dialect& dialect) {
    fix::SessionConfig c = fix_config(role, dialect);
    c.resend_window = random_.chance(500'000) ? 7 : 0;
    return c;
  }
  void step() {
    pair_.now = pair_.now + Nanos{static_cast<i64>(random_.below(50'000'000))};
    switch (random_.below(12)) {
      case 0:
        return cut();
      case 1:
        pair_.client.room = pair_.server.room = random_.below(2'000);
        break;
      case 2:
        pair_.client.room = pair_.server.room = SIZE_MAX;
        break;
      case 3:
        pair_.client.session.on_timer(pair_.now);
        pair_.server.session.on_timer(pair_.now);
        break;
      case 4:
      case 5:
      case 6:
        say(pair_.client, from_client_, "c");
        break;
      case 7:
        say(pair_.server, from_server_, "s");
        break;
      default:
        carry_some(pair_.client, pair_.server);
        carry_some(pair_.server, pair_.client);
    }
    if (pair_.client.session.closed() || pair_.server.session.closed()) cut();
  }
  void say(FixSide& side, std::vector<std::string>& log, const char* who) {
    const std::string id = who + std::to_string(log.size());
    if (side.session.send_application("D", FixPair::order(id))) log.push_back(id);
  }
  /// A random part of what is under way.
  void carry_some(FixSide& from, FixSide& to) {
    const usize bytes = random_.below(from.outbox.size() + 1);
    const std::string part = from.outbox.substr(0, bytes);
    from.outbox.erase(0, bytes);
    to.session.on_bytes(std::as_bytes(std::span(part)), pair_.now);
  }
  /// Some of what is under way still arrives, the rest never does.
  void cut() {
    ++cuts_;
    carry_some(pair_.client, pair_.server);
    carry_some(pair_.server, pair_.client);
    pair_.cut();
    pair_.server.session.start(pair_.now);
    pair_.client.session.start(pair_.now);
  }
  void settle() {
    pair_.client.room = pair_.server.room = SIZE_MAX;
    if (random_.chance(500'000)) cut();
    pair_.carry();
    pair_.wait(90'000);  // heartbeats reveal what nobody asked for yet
    if (pair_.client.session.active() && pair_.server.session.active()) return;
    cut();  // a logon found no room: the owners connect again
    pair_.carry();
    pair_.wait(90'000);
  }

  Random random_;
  FixPair pair_;
  std::vector<std::string> from_client_;
  std::vector<std::string> from_server_;
  u64 cuts_ = 0;
};

TEST(FixSessionProperty, EveryOrderArrivesOnceAndInOrderWhateverBreaks) {
  const u64 seed = test_seed(17);
  u64 cuts = 0;
  u64 resent = 0;
  for (u64 run = 0; run < 2'000; ++run) {
    SCOPED_TRACE("run " + std::to_string(run));
    const fix::Dialect dialect = run % 3 == 0   ? fix::dialect_fix42()
                                 : run % 3 == 1 ? fix::dialect_fix44()
                                                : fix::dialect_fix50sp2();
    World world(dialect, seed * 1'000 + run);
    world.run(400);
    ASSERT_FALSE(HasFatalFailure());
    cuts += world.cuts();
    resent += world.resent();
  }
  EXPECT_GT(cuts, 1'000U);
  EXPECT_GT(resent, 1'000U);
}

}  // namespace
}  // namespace tradsys::testing
