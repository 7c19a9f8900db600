// Goal: whatever an OUCH 4.2 client sends, and whenever connections and the appliance die, its
// stream tells one consistent story that agrees with engine and venue. Method: seeded random
// messages, repeated tokens and dead orders among them, crashes and cut connections; the client
// keeps its own account of each token. Prints its seed; TRADSYS_SEED repeats a run.
#include <map>
#include <set>

#include "hostsw/core/random.hpp"
#include "tests/integration/dataplane/edge/session_rack.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::testing {
namespace {

namespace in42 = ouch42::inbound;
namespace out42 = ouch42::outbound;

/// One token as the client knows it.
struct Known {
  enum class State : u8 { kSent, kLive, kEnded };
  State state = State::kSent;
  char side = 'B';
  u32 open = 0;
};

/// The client's account; every contradiction is a failure.
class Account {
 public:
  std::map<orders::ClOrdId, Known> tokens;
  i64 position = 0;
  u64 accepted = 0, replaced = 0, executed = 0, canceled = 0, rejected = 0, modified = 0, found = 0;

  void on(out42::AcceptedView m) {
    ++accepted;
    begin(m.order_token(), m.buy_sell_indicator(), m.shares());
  }
  void on(out42::ReplacedView m) {
    ++replaced;
    end(live(m.previous_order_token()));
    begin(m.replacement_order_token(), m.buy_sell_indicator(), m.shares());
  }
  void on(out42::ExecutedView m) {
    ++executed;
    Known& k = live(m.order_token());
    position += k.side == 'B' ? i64{m.executed_shares()} : -i64{m.executed_shares()};
    take(k, m.executed_shares());
  }
  void on(out42::CanceledView m) {
    ++canceled;
    take(live(m.order_token()), m.decrement_shares());
  }
  void on(out42::OrderModifiedView m) {
    ++modified;
    Known& k = live(m.order_token());
    EXPECT_LT(m.shares(), k.open);
    k.open = m.shares();
  }
  void on(out42::RejectedOrderView m) {
    ++rejected;
    const auto it = tokens.find(m.order_token());
    ASSERT_NE(it, tokens.end());
    EXPECT_EQ(it->second.state, Known::State::kSent);
    it->second.state = Known::State::kEnded;
  }
  void on(out42::CancelRejectView m) { live(m.order_token()); }

 private:
  Known& live(const orders::ClOrdId& token) {
    Known& k = tokens[token];
    EXPECT_EQ(k.state, Known::State::kLive) << std::string(token.begin(), token.end());
    return k;
  }
  /// An order that a crash lost comes under the venue's token, which this client never sent.
  void begin(const orders::ClOrdId& token, char side, u32 open) {
    if (!tokens.contains(token)) {
      EXPECT_TRUE(engine::decode_token(token)) << std::string(token.begin(), token.end());
      ++found;
    }
    Known& k = tokens[token];
    EXPECT_EQ(k.state, Known::State::kSent) << std::string(token.begin(), token.end());
    k = {Known::State::kLive, side, open};
  }
  static void end(Known& k) { k = {Known::State::kEnded, k.side, 0}; }
  static void take(Known& k, u32 shares) {
    ASSERT_LE(shares, k.open);
    k.open -= shares;
    if (k.open == 0) end(k);
  }
};

std::string raw(Bytes message) {
  return {reinterpret_cast<const char*>(message.data()), message.size()};
}

class RandomClient {
 public:
  explicit RandomClient(u64 seed)
      : random_(seed), rack_({dataplane::ClientProtocol::kOuch42}, 1'024) {
    rack_.client(0).to_line = raw;
  }
  void run(u32 steps) {
    ASSERT_TRUE(rack_.come_up());
    for (u32 i = 0; i < steps && !::testing::Test::HasFailure(); ++i) {
      step();
      rack_.run(Nanos{static_cast<i64>(random_.below(150'000))});
      hear();
    }
    for (const auto& [token, known] : Account(account_).tokens) cancel(token, 0);
    rack_.run(Nanos{20'000'000});
    hear();
    check_end();
  }
  Account account_;

 private:
  static constexpr u32 kNames = 150;  ///< few, so that many are used again

  /// What is in flight when a connection dies may not arrive: nothing is assumed of it.
  void step() {
    const u64 choice = random_.below(100);
    if (choice < 40) return enter();
    if (choice < 60) return replace();
    if (choice < 75) return cancel(target(), random_.below(2) == 0 ? 0 : shares());
    if (choice < 82) return modify();
    if (choice < 96) {
      rack_.quote(random_.below(2) == 0 ? Side::kBuy : Side::kSell, price(), shares());
      return;
    }
    const bool crash = choice >= 98;
    rack_.client(0).disconnect();
    if (crash) rack_.crash();
    rack_.client(0).connect(rack_.client(0).next_sequence());
    ASSERT_TRUE(rack_.come_up());
  }
  void enter() {
    in42::EnterOrder m{};
    m.order_token = any_token();
    m.buy_sell_indicator = random_.below(2) == 0 ? 'B' : 'S';
    m.shares = random_.below(10) == 0 ? 1'000'000 : shares();
    m.stock = random_.below(20) == 0 ? Symbol::from("NOSUCH") : rack_.symbol();
    m.price = price();
    m.time_in_force = random_.below(5) == 0 ? 0 : dataplane::kOuch42MarketHours;
    m.firm = make_text<4>("");
    m.display = random_.below(20) == 0 ? 'N' : 'Y';
    m.capacity = 'A';
    m.intermarket_sweep_eligibility = 'N';
    m.cross_type = 'N';
    m.customer_type = ' ';
    account_.tokens.try_emplace(m.order_token);
    rack_.client(0).say(m);
  }
  void replace() {
    in42::ReplaceOrder m{};
    m.existing_order_token = target();
    m.replacement_order_token = any_token();
    m.shares = random_.below(10) == 0 ? 1'000'000 : shares();
    m.price = price();
    m.time_in_force = dataplane::kOuch42MarketHours;
    m.display = 'Y';
    m.intermarket_sweep_eligibility = 'N';
    account_.tokens.try_emplace(m.replacement_order_token);
    rack_.client(0).say(m);
  }
  void cancel(const orders::ClOrdId& token, u32 to_shares) {
    in42::CancelOrder m{};
    m.order_token = token;
    m.shares = to_shares;
    rack_.client(0).say(m);
  }
  void modify() {
    in42::ModifyOrder m{};
    m.order_token = target();
    const char side = account_.tokens[m.order_token].side;
    m.buy_sell_indicator = random_.below(5) == 0 ? 'T' : side;
    m.shares = shares();
    rack_.client(0).say(m);
  }
  void hear() {
    for (const std::string& message : rack_.client(0).told())
      ASSERT_EQ(out42::dispatch(std::as_bytes(std::span(message)), account_), DecodeResult::kOk);
  }
  void check_end() {
    for (const auto& [token, known] : account_.tokens)
      EXPECT_NE(known.state, Known::State::kLive) << std::string(token.begin(), token.end());
    EXPECT_EQ(rack_.tile().engine().core().store().size(), 0U);
    EXPECT_EQ(rack_.venue().exchange().live_member_orders(), 0U);
    const risk::ScopeUse& firm = rack_.tile().gate().gate().scope(LimitScope::kFirm, 0).use;
    EXPECT_EQ(firm.open_buy + firm.open_sell + firm.open_orders, 0U) << "reserved without orders";
    EXPECT_EQ(rack_.tile().position(SessionRack::kInstrument), account_.position);
    EXPECT_EQ(rack_.venue().exchange().position(0, SessionRack::kInstrument), account_.position);
    EXPECT_EQ(rack_.tile().engine().core().counters().unknown_reports, 0U);
  }

  orders::ClOrdId any_token() { return make_text<14>("R" + std::to_string(random_.below(kNames))); }
  /// Mostly a live order.
  orders::ClOrdId target() {
    std::vector<orders::ClOrdId> live;
    for (const auto& [token, known] : account_.tokens) {
      if (known.state == Known::State::kLive) live.push_back(token);
    }
    return live.empty() || random_.below(5) == 0 ? any_token() : live[random_.below(live.size())];
  }
  u32 shares() { return static_cast<u32>(1 + random_.below(100)); }
  u32 price() { return static_cast<u32>(499'500 + 100 * random_.below(11)); }

  Random random_;
  SessionRack rack_;
};

TEST(Ouch42Random, TheStreamTellsWhatHappenedWhateverDies) {
  const u64 first = test_seed(1);
  Account all;
  for (u64 seed = first; seed < first + 60; ++seed) {
    SCOPED_TRACE("TRADSYS_SEED=" + std::to_string(seed));
    RandomClient client(seed);
    client.run(150);
    if (HasFailure()) return;
    all.accepted += client.account_.accepted;
    all.replaced += client.account_.replaced;
    all.executed += client.account_.executed;
    all.canceled += client.account_.canceled;
    all.rejected += client.account_.rejected;
    all.modified += client.account_.modified;
    all.found += client.account_.found;
  }
  for (const u64 count : {all.accepted, all.replaced, all.executed, all.canceled, all.rejected,
                          all.modified, all.found})
    EXPECT_GT(count, 0U);
  std::printf(
      "%llu accepted, %llu replaced, %llu executed, %llu canceled, %llu rejected, %llu "
      "modified, %llu found at the venue\n",
      static_cast<unsigned long long>(all.accepted), static_cast<unsigned long long>(all.replaced),
      static_cast<unsigned long long>(all.executed), static_cast<unsigned long long>(all.canceled),
      static_cast<unsigned long long>(all.rejected), static_cast<unsigned long long>(all.modified),
      static_cast<unsigned long long>(all.found));
}

}  // namespace
}  // namespace tradsys::testing
