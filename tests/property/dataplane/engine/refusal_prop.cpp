// Goal: whoever refuses a request, the order engine or the gate, its client hears the first reason
// by priority, and a replay of the journal says the same.
// Method: random requests and replaces while switches, accounts, market, venue and journal come and
// go. The oracle asks the gate what it would say to the recorded request and adds what the test
// knows to speak against it.
#include <array>

#include "hostsw/core/random.hpp"
#include "tests/support/seed.hpp"
#include "tests/unit/dataplane/engine/engine_fixture.hpp"

namespace tradsys::engine {
namespace {

constexpr u64 kRequests = 4'000;

class RefusalWorld {
 public:
  explicit RefusalWorld(u64 seed) : random_(seed) { a_.open_for_trading(); }

  void run() {
    for (u32 ref = 1; ref <= kRequests && !::testing::Test::HasFatalFailure(); ++ref) {
      change();
      request(ref);
    }
    Appliance again;
    for (const JournalRecord& r : a_.out.records)
      ASSERT_EQ(again.engine.replay(r.type, r.seq, r.payload), ReplayStatus::kApplied);
    EXPECT_EQ(again.engine.core().state_hash(), a_.engine.core().state_hash());
  }
  /// Refusals by the engine in which a reason of the gate came first, and in which none did.
  [[nodiscard]] const std::array<u64, 2>& firsts() const { return firsts_; }

 private:
  bool rarely() { return random_.below(8) == 0; }

  void change() {
    a_.out.up = !rarely();
    a_.out.journal_has_room = !rarely();
    a_.out.takes_gtc = !rarely();
    const SwitchState state = rarely() ? SwitchState::kHalted : SwitchState::kActive;
    if (random_.below(4) == 0)
      a_.engine.kill({.ts_ns = 1, .scope = KillScope::kAccount, .state = state});
    AccountLimits account = *a_.gate.account_limits(Appliance::kAccount);
    account.enabled = rarely() ? 0 : 1;
    if (random_.below(4) == 0) a_.engine.set(account, 1);
  }
  ClientRequest ask(u32 ref) {
    ClientRequest r = Appliance::buy(ref, static_cast<u32>(random_.between(0, 200)));
    r.side = rarely() ? Side::kSell : Side::kBuy;
    r.price = rarely() ? 20'000 : 10'000;
    r.busy = rarely() ? 1 : 0;
    r.unsupported = rarely() ? 1 : 0;
    r.tif = rarely() ? TimeInForce::kGtc : TimeInForce::kDay;
    if (random_.below(3) != 0) return r;
    r.kind = RequestKind::kReplace;
    r.replaces_client_ref = live_ref_ != 0 && !rarely() ? live_ref_ : ref + 1'000;
    r.instrument = kNoInstrument.v;  // as OUCH has it: a replace does not say
    r.side = Side::kNone;
    return r;
  }
  u64 known_to_speak_against(const ClientRequest& r, const orders::Order* live) const {
    u64 bits = 0;
    const auto add = [&bits](RejectReason reason) { bits |= u64{1} << static_cast<u32>(reason); };
    if (!a_.out.up) add(RejectReason::kVenueDown);
    if (!a_.out.journal_has_room || r.busy != 0) add(RejectReason::kSystemBusy);
    if (r.unsupported != 0 || (r.tif == TimeInForce::kGtc && !a_.out.takes_gtc))
      add(RejectReason::kUnsupported);
    if (r.kind == RequestKind::kNew) return bits;
    if (live == nullptr || r.qty <= live->cum_qty || live->cancel_pending != 0)
      add(RejectReason::kUnknownOrder);
    if (live != nullptr && live->tif != r.tif) add(RejectReason::kUnsupported);
    return bits;
  }

  void request(u32 ref) {
    const ClientRequest r = ask(ref);
    MarketState market = Appliance::market();
    market.market_open = rarely() ? 0 : 1;
    const orders::Order* live = a_.engine.core().store().find_client(0, r.replaces_client_ref);
    const u64 engine = known_to_speak_against(r, live);
    const bool has_terms = r.kind == RequestKind::kNew || live != nullptr;
    a_.engine.request(r, market, 1'000);
    orders::EnterEvent event;
    ASSERT_TRUE(load_record(a_.out.records.back().payload, event));
    const u64 bits = event.verdict.fail_bitmap;
    ASSERT_EQ(event.refused_by_engine != 0, engine != 0);
    if (bits == 0) return passed(event, live);
    ASSERT_EQ(static_cast<int>(event.verdict.primary_reason), std::countr_zero(bits));
    ASSERT_EQ(a_.out.reports.back().reject_reason, event.verdict.primary_reason);
    if (engine == 0) return;
    const u64 gate = a_.gate.what_if(event.request, market, Nanos{1'000}).fail_bitmap;
    if (has_terms)
      ASSERT_EQ(bits, gate | engine);
    else
      ASSERT_EQ(bits, (gate & kChecksOfAccount) | engine);
    ++firsts_[(engine >> std::countr_zero(bits)) & 1U];
  }
  /// The venue takes it, and now and then ends it, so that some order can be replaced.
  void passed(const orders::EnterEvent& event, const orders::Order* live) {
    const u64 id = event.request.order_id;
    const u32 qty = event.request.qty;
    if (live != nullptr)
      a_.venue_replaced(event.replaces_order_id, id, qty - live->cum_qty);
    else
      a_.venue(ExecKind::kAccepted, id, qty);
    live_ref_ = event.client_ref;
    if (random_.below(2) == 0) return;
    a_.venue(ExecKind::kCanceled, id, a_.engine.core().store().find(id)->leaves_qty);
    live_ref_ = 0;
  }

  Random random_;
  Appliance a_;
  u32 live_ref_ = 0;
  std::array<u64, 2> firsts_{};
};

TEST(RefusalProperty, EveryRefusalNamesTheFirstReasonByPriority) {
  const u64 seed = testing::test_seed(7);
  for (u64 run = 0; run < 10; ++run) {
    SCOPED_TRACE("run " + std::to_string(run));
    RefusalWorld world(mix64(seed + run));
    world.run();
    ASSERT_FALSE(HasFatalFailure());
    for (const u64 count : world.firsts()) EXPECT_GT(count, 50U);
  }
}

TEST(RefusalProperty, AKilledAccountHearsOfTheKillWhileTheVenueIsAwayToo) {
  Appliance a;
  a.open_for_trading();
  a.engine.kill({.ts_ns = 1, .scope = KillScope::kAccount});
  a.out.up = false;
  a.request(Appliance::buy(1, 100));
  EXPECT_EQ(a.out.reports.back().reject_reason, RejectReason::kKill);
  EXPECT_EQ(a.engine.core().next_order_id(), 1U) << "an id that a crash may have lost stays free";
}

}  // namespace
}  // namespace tradsys::engine
