#pragma once
// What a venue says of executions beside the plain case: told twice, told after the order was over,
// taken back, or with other terms. None is ever dropped, none is booked twice.
#include <optional>

#include "dataplane/engine/order_ledger.hpp"
#include "dataplane/engine/reports.hpp"
#include "dataplane/engine/venue_token.hpp"
#include "hostsw/orders/ended_orders.hpp"

namespace tradsys::engine {

/// `Gate` is a gate engine (drivers/offload).
template <class Gate>
class TradeDesk {
 public:
  /// Remembers `trades_max` executions of the day and the last `ended_max` ids that were over.
  TradeDesk(OrderLedger<Gate>& ledger, EngineCounters& counters, u32 trades_max, u32 ended_max)
      : ledger_(ledger), counters_(counters), ended_(ended_max), trades_(trades_max) {}

  /// Counts an execution and remembers it; false when it was booked before.
  bool note(const orders::Trade& trade) noexcept {
    const bool numbered = trade.match_number != 0;
    if (numbered && trades_.find(trade.order_id, trade.match_number) != nullptr) {
      ++counters_.duplicate_executions;
      return false;
    }
    ++counters_.executions;
    counters_.executed_qty += trade.qty;
    if (!numbered || trades_.full())
      ++counters_.untracked_trades;
    else
      trades_.insert(trade);
    return true;
  }

  /// The id of `order` names nothing live any more, nor does that of a pending replace.
  void ended(const orders::Order& order) noexcept {
    ended_.keep(order);
    if (order.pending_order_id == 0) return;
    orders::Order replacement = order;
    replacement.order_id = order.pending_order_id;
    replacement.client_ref = order.pending_client_ref;
    replacement.clordid = order.pending_clordid;
    ended_.keep(replacement);
  }
  /// A refusal of a cancel or replace that crossed the end of its order: nothing follows from it.
  [[nodiscard]] bool is_late_refusal(const orders::VenueReport& report) const noexcept {
    const bool refusal =
        report.kind == ExecKind::kCancelRejected || report.kind == ExecKind::kRejected;
    return refusal && ended_.find(report.order_id) != nullptr;
  }

  /// After the end of the day: the venue says of an order that ended with it what it has to say.
  /// The client has heard of the end.
  [[nodiscard]] bool is_late_word(const orders::VenueReport& report) const noexcept {
    const orders::EndedOrders::Owner* owner = ended_.find(report.order_id);
    if (owner == nullptr || report.kind == ExecKind::kFilled) return false;
    if (report.kind == ExecKind::kCanceled) return true;
    const auto token = decode_token(report.clordid);  // an id whose order a crash took is another's
    return token && token->session == owner->session && token->client_ref == owner->client_ref;
  }
  /// An execution of an order that goes on today: it can be taken back. False when it is there
  /// already, has no number, or there is no room.
  [[nodiscard]] bool carry(const orders::Trade& trade) noexcept {
    const bool fits = trade.match_number != 0 && !trades_.full() &&
                      trades_.find(trade.order_id, trade.match_number) == nullptr;
    if (fits) trades_.insert(trade);
    return fits;
  }

  /// An execution of an order that is over: it belongs to the same account, whatever was believed
  /// before. Whether the id is known; `tell` gets the report for the client.
  template <class Tell>
  bool late_fill(const orders::VenueReport& report, Tell&& tell) noexcept {
    const orders::EndedOrders::Owner* owner = ended_.find(report.order_id);
    if (owner == nullptr) return false;
    const orders::Trade trade = trade_of(*owner, report);
    if (!note(trade)) return true;
    ++counters_.late_executions;
    ledger_.book(trade, report.ts_ns);
    ClientReport out = report_of(trade, ReportKind::kExecuted, report);
    out.tif = owner->tif;
    tell(out);
    return true;
  }

  /// The venue takes a trade back or changes its terms. What was ordered does not work again.
  /// `live` is the order that the report names, where it lives.
  template <class Tell>
  void change(const orders::VenueReport& report, const orders::Order* live, Tell&& tell) noexcept {
    const orders::Trade* trade = trades_.find(report.order_id, report.match_number);
    if (trade == nullptr && live != nullptr) trade = of_another_version(*live, report.match_number);
    if (const auto* owner = ended_.find(report.order_id); trade == nullptr && owner != nullptr)
      trade = of_another_version(*owner, report.match_number);
    if (trade == nullptr || trade->broken != 0) {
      ++counters_.unknown_reports;
      return;
    }
    orders::Trade next = *trade;
    ledger_.take_back(next);
    if (report.kind == ExecKind::kBusted) {
      ++counters_.busted_trades;
      next.broken = 1;
    } else {
      ++counters_.corrected_trades;
      next.qty = report.qty;
      next.price = report.price;
      ledger_.book(next, report.ts_ns);
    }
    ClientReport out =
        report_of(next, next.broken != 0 ? ReportKind::kBroken : ReportKind::kCorrected, report);
    out.previous_price = trade->price;
    out.previous_qty = trade->qty;
    trades_.update(next);
    tell(out);
  }

  [[nodiscard]] const orders::TradeStore& trades() const noexcept { return trades_; }

 private:
  /// The venue may name the order of a trade by the id it has now, while it traded under that of an
  /// earlier version. Both sides of a match have its number: the trade has to be of the same owner,
  /// instrument and side. `order` is an orders::Order or the owner of one that ended.
  template <class AnyOrder>
  [[nodiscard]] const orders::Trade* of_another_version(const AnyOrder& order,
                                                        u64 match_number) const noexcept {
    if (match_number == 0) return nullptr;
    return trades_.find_number(match_number, [&order](const orders::Trade& t) {
      return t.session == order.session && t.account == order.account &&
             t.instrument == order.instrument && t.side == order.side;
    });
  }

  OrderLedger<Gate>& ledger_;
  EngineCounters& counters_;
  orders::EndedOrders ended_;
  orders::TradeStore trades_;
};

}  // namespace tradsys::engine
