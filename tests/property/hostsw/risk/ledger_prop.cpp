// Goal: whatever the timing of fills, cancels, refusals and replaces, the ledger neither leaks nor
// frees
//   twice, a fill never moves the worst case, and the venue's own view never passes a limit.
// Method: a venue with queues in both directions, so that every message crosses others on the way.
// The
//   client side follows the order of the gate's contract; the venue keeps its own books. Limits are
//   checked in the venue's view after each of its steps, and all is drained at the end.
#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "hostsw/core/random.hpp"
#include "hostsw/risk/gate.hpp"
#include "tests/support/gate/world.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::testing {
namespace {

constexpr u16 kAccounts = 2, kInstruments = 2;
constexpr i64 kMaxLong = 400, kMaxShort = 300;

/// One order: what the client side knows, and what the venue knows.
struct Order {
  OrderRequest request;
  u32 total{}, executed{}, reserved{}, pending_total{};
  bool ended{};
  u32 venue_total{}, venue_executed{};
  bool venue_live{};
  [[nodiscard]] u32 leaves() const { return total - executed; }
  [[nodiscard]] u32 venue_leaves() const { return venue_live ? venue_total - venue_executed : 0; }
};
struct ToVenue {
  RequestKind kind;
  usize order;
  u32 qty;
};
struct Report {
  ExecKind kind;
  usize order;
  u32 qty;
  bool of_replace{};
};

class World {
 public:
  explicit World(u64 seed) : random_(seed) {
    for (u16 a = 0; a < kAccounts; ++a) {
      for (u16 i = 0; i < kInstruments; ++i) {
        open_gate(gate_, a, i);
        PositionLimits limits = open_position(a, i);
        limits.max_long = kMaxLong;
        limits.max_short = kMaxShort;
        gate_.set(limits);
      }
    }
  }

  void run(u32 steps) {
    for (u32 step = 0; step < steps && !::testing::Test::HasFatalFailure(); ++step) {
      now_ns_ += 2'000'000;
      switch (random_.below(8)) {
        case 0:
        case 1:
          send_new();
          break;
        case 2:
          send_replace();
          break;
        case 3:
          send_cancel();
          break;
        case 4:
          venue_trades();
          break;
        case 5:
        case 6:
          venue_reads();
          break;
        default:
          client_reads();
          break;
      }
      check_venue_limits();
      check_values();
    }
    drain();
  }
  [[nodiscard]] u64 fills() const { return fills_; }
  [[nodiscard]] u64 crossed_replaces() const { return crossed_replaces_; }

 private:
  OrderRequest random_order() {
    const u16 account = static_cast<u16>(random_.below(kAccounts));
    const u16 instrument = static_cast<u16>(random_.below(kInstruments));
    const u32 qty = static_cast<u32>(random_.between(1, 15) * 10);
    return random_.chance(500'000) ? buy(account, instrument, qty) : sell(account, instrument, qty);
  }
  /// A live order picked at random; the size of the list when there is none.
  usize pick() {
    if (orders_.empty()) return 0;
    const usize start = random_.below(orders_.size());
    for (usize n = 0; n < orders_.size(); ++n) {
      const usize at = (start + n) % orders_.size();
      if (!orders_[at].ended) return at;
    }
    return orders_.size();
  }
  Verdict submit(const OrderRequest& r) {
    return gate_.submit(r, open_market(r.instrument), {now_ns_});
  }

  void send_new() {
    Order order{.request = random_order()};
    order.total = order.reserved = order.request.qty;
    if (submit(order.request).fail_bitmap != 0) return;
    orders_.push_back(order);
    to_venue_.push_back({RequestKind::kNew, orders_.size() - 1, order.total});
  }
  void send_replace() {
    const usize at = pick();
    if (at == orders_.size() || orders_[at].pending_total != 0) return;
    Order& order = orders_[at];
    OrderRequest r = order.request;
    r.kind = RequestKind::kReplace;
    r.qty = static_cast<u32>(random_.between(1, 15) * 10);
    r.replaces_cum_qty = order.executed;
    r.replaces_reserved_qty = order.reserved;
    r.replaces_reserved_value = u64{order.reserved} * r.price;
    if (r.qty <= order.executed || submit(r).fail_bitmap != 0) return;
    order.pending_total = r.qty;
    order.reserved = std::max(order.reserved, r.qty - order.executed);
    to_venue_.push_back({RequestKind::kReplace, at, r.qty});
  }
  void send_cancel() {
    const usize at = pick();
    if (at == orders_.size()) return;
    OrderRequest r = orders_[at].request;
    r.kind = RequestKind::kCancel;
    ASSERT_EQ(submit(r).fail_bitmap, 0U);
    const u32 keep = random_.chance(300'000) ? 10U * static_cast<u32>(random_.below(5)) : 0U;
    to_venue_.push_back({RequestKind::kCancel, at, keep});
  }

  void venue_reads() {
    if (to_venue_.empty()) return;
    const ToVenue message = to_venue_.front();
    to_venue_.pop_front();
    Order& order = orders_[message.order];
    if (message.kind == RequestKind::kNew) {
      order.venue_live = !random_.chance(100'000);
      order.venue_total = message.qty;
      const ExecKind answer = order.venue_live ? ExecKind::kAccepted : ExecKind::kRejected;
      reports_.push_back({answer, message.order, message.qty});
    } else if (message.kind == RequestKind::kCancel) {
      venue_cancels(message);
    } else {
      venue_replaces(message);
    }
  }
  void venue_cancels(const ToVenue& message) {
    Order& order = orders_[message.order];
    if (order.venue_leaves() <= message.qty) {
      reports_.push_back({ExecKind::kCancelRejected, message.order, 0});
      return;
    }
    const u32 canceled = order.venue_leaves() - message.qty;
    order.venue_total -= canceled;
    order.venue_live = message.qty != 0;
    reports_.push_back({ExecKind::kCanceled, message.order, canceled});
  }
  void venue_replaces(const ToVenue& message) {
    Order& order = orders_[message.order];
    if (!order.venue_live || random_.chance(100'000)) {
      reports_.push_back({ExecKind::kCancelRejected, message.order, 0, true});
    } else if (message.qty <= order.venue_executed) {
      reports_.push_back({ExecKind::kCanceled, message.order, order.venue_leaves()});
      order.venue_live = false;
    } else {
      order.venue_total = message.qty;
      reports_.push_back({ExecKind::kReplaced, message.order, message.qty});
    }
  }
  void venue_trades() {
    const usize at = pick();
    if (at == orders_.size() || orders_[at].venue_leaves() == 0) return;
    Order& order = orders_[at];
    const u32 qty = static_cast<u32>(random_.between(1, order.venue_leaves()));
    order.venue_executed += qty;
    order.venue_live = order.venue_executed != order.venue_total;
    reports_.push_back({ExecKind::kFilled, at, qty});
    ++fills_;
  }

  void release(Order& order, ExecKind kind, u32 qty, u32 leaves) {
    order.reserved -= qty;
    gate_.apply(execution(order.request, kind, qty, leaves));
  }
  void end(Order& order, ExecKind kind) {
    order.ended = true;
    release(order, kind, order.reserved, 0);
  }
  /// The pending replace is over: what it had reserved beyond `leaves` goes back.
  void drop_pending(Order& order, ExecKind kind, u32 leaves) {
    order.pending_total = 0;
    release(order, kind, order.reserved - leaves, leaves);
  }

  void client_reads() {
    if (reports_.empty()) return;
    const Report report = reports_.front();
    reports_.pop_front();
    Order& order = orders_[report.order];
    if (order.ended) return;  // late answer to a request that crossed the end of the order
    switch (report.kind) {
      case ExecKind::kAccepted:
        return gate_.apply(execution(order.request, report.kind, 0, order.leaves()));
      case ExecKind::kRejected:
        return end(order, report.kind);
      case ExecKind::kFilled:
        return on_fill(order, report.qty);
      case ExecKind::kCanceled:
        return on_canceled(order, report.qty);
      case ExecKind::kReplaced:
        order.total = report.qty;
        return drop_pending(order, report.kind, order.leaves());
      case ExecKind::kCancelRejected:
        if (report.of_replace) drop_pending(order, report.kind, order.leaves());
        return;
      case ExecKind::kBusted:
      case ExecKind::kCorrected:
        return;  // see break_trades
    }
  }
  void on_fill(Order& order, u32 qty) {
    crossed_replaces_ += order.pending_total != 0;
    const bool last = qty == order.leaves();
    if (last && order.pending_total != 0) drop_pending(order, ExecKind::kReplaced, order.leaves());
    order.executed += qty;
    const auto worst = [&] {
      const risk::Exposure e = gate_.exposure({order.request.account}, {order.request.instrument});
      return risk::is_buy(order.request.side) ? e.worst_long() : e.worst_short();
    };
    const i64 before = worst();
    release(order, ExecKind::kFilled, qty, order.leaves());
    ASSERT_EQ(worst(), before) << "a fill moved the worst case";
    order.ended = last;
  }
  void on_canceled(Order& order, u32 qty) {
    order.total -= qty;
    if (order.leaves() == 0) return end(order, ExecKind::kCanceled);
    if (order.pending_total == 0) release(order, ExecKind::kCanceled, qty, order.leaves());
  }

  /// Position by the venue's executions, and the worst case of all that still rests there.
  struct VenueView {
    i64 position{}, open_buy{}, open_sell{};
  };
  VenueView venue_view(u16 account, u16 instrument) const {
    VenueView view;
    for (const Order& order : orders_) {
      if (order.request.account != account || order.request.instrument != instrument) continue;
      const bool buys = risk::is_buy(order.request.side);
      view.position += buys ? i64{order.venue_executed} : -i64{order.venue_executed};
      (buys ? view.open_buy : view.open_sell) += order.venue_leaves();
    }
    return view;
  }
  u64 traded_value() const {
    u64 value = 0;
    for (const Order& order : orders_) value += u64{order.venue_executed} * order.request.price;
    return value;
  }
  /// Value is reserved exactly where quantity is: all prices are the same here.
  void check_values() const {
    u64 buys = 0, sells = 0;
    for (const Order& order : orders_) {
      const u64 value = u64{order.reserved} * order.request.price;
      (risk::is_buy(order.request.side) ? buys : sells) += value;
    }
    const risk::ScopeUse& use = gate_.scope(LimitScope::kStrategy, 0).use;
    ASSERT_EQ(use.open_buy, buys);
    ASSERT_EQ(use.open_sell, sells);
  }
  void check_venue_limits() const {
    for (u16 a = 0; a < kAccounts; ++a) {
      for (u16 i = 0; i < kInstruments; ++i) {
        const VenueView view = venue_view(a, i);
        ASSERT_LE(view.position + view.open_buy, kMaxLong);
        ASSERT_GE(view.position - view.open_sell, -kMaxShort);
        const risk::Exposure e = gate_.exposure({a}, {i});
        ASSERT_GE(e.open_buy, 0);
        ASSERT_GE(e.worst_long(), view.position + view.open_buy) << "the ledger lost a buy";
        ASSERT_LE(e.worst_short(), view.position - view.open_sell) << "the ledger lost a sell";
      }
    }
  }
  /// When all is over the venue takes some of it back: positions follow, nothing else moves.
  void break_trades() {
    for (Order& order : orders_) {
      if (order.venue_executed == 0 || !random_.chance(100'000)) continue;
      const u32 qty = static_cast<u32>(random_.between(1, order.venue_executed));
      gate_.apply(execution(order.request, ExecKind::kBusted, qty, 0));
      order.venue_executed -= qty;
    }
  }
  void drain() {
    for (usize at = 0; at < orders_.size(); ++at)
      if (!orders_[at].ended) to_venue_.push_back({RequestKind::kCancel, at, 0});
    while (!to_venue_.empty()) venue_reads();
    while (!reports_.empty()) client_reads();
    break_trades();
    const risk::ScopeUse& firm = gate_.scope(LimitScope::kFirm, 0).use;
    ASSERT_EQ(firm.open_buy + firm.open_sell, 0U) << "reserved value leaked";
    ASSERT_EQ(firm.open_orders, 0U);
    ASSERT_EQ(firm.bought + firm.sold, traded_value());
    for (u16 a = 0; a < kAccounts; ++a) {
      ASSERT_EQ(gate_.open_orders({a}), 0U) << "an order was not ended, or ended twice";
      for (u16 i = 0; i < kInstruments; ++i)
        ASSERT_EQ(gate_.exposure({a}, {i}), (risk::Exposure{venue_view(a, i).position, 0, 0}));
    }
    ASSERT_EQ(gate_.anomalies(), risk::GateAnomalies{});
    ASSERT_EQ(gate_.hash(), gate_.hash_by_walk());
  }

  Random random_;
  risk::Gate gate_ =
      risk::Gate::make({.accounts_max = kAccounts, .instruments_max = kInstruments}).value();
  std::vector<Order> orders_;
  std::deque<ToVenue> to_venue_;
  std::deque<Report> reports_;
  i64 now_ns_{};
  u64 fills_{}, crossed_replaces_{};
};

TEST(LedgerProperty, NeitherLeaksNorFreesTwiceAndHoldsItsLimitsAtTheVenue) {
  const u64 seed = test_seed(41);
  u64 fills = 0, crossed = 0;
  for (u64 run = 0; run < 300; ++run) {
    SCOPED_TRACE("run " + std::to_string(run));
    World world(mix64(seed * 1'000 + run));
    world.run(600);
    ASSERT_FALSE(HasFatalFailure());
    fills += world.fills();
    crossed += world.crossed_replaces();
  }
  EXPECT_GT(fills, 1'000U);
  EXPECT_GT(crossed, 100U);
}

}  // namespace
}  // namespace tradsys::testing
