#pragma once
// What runs between book and gate: a strategy sees every change of a best bid or offer on the core
// that saw the frame, and sends orders that go through the same gate as a client's.
#include <concepts>
#include <vector>

#include "dataplane/engine/reports.hpp"
#include "hostsw/book/book_types.hpp"

namespace tradsys::dataplane {

/// An order a strategy wants sent; the tile adds account, identifiers and time.
struct StrategyOrder {
  u16 instrument = 0;
  Side side = Side::kNone;
  TimeInForce tif = TimeInForce::kIoc;
  u32 price = 0;
  u32 qty = 0;
};

/// What the engine is asked for then.
[[nodiscard]] inline engine::ClientRequest request_of(const StrategyOrder& order, u16 account,
                                                      u32 client_ref) noexcept {
  engine::ClientRequest request;
  request.side = order.side;
  request.tif = order.tif;
  request.session = orders::kStrategySession;
  request.account = account;
  request.strategy = orders::kBuiltInStrategy;
  request.instrument = order.instrument;
  request.client_ref = client_ref;
  request.price = order.price;
  request.qty = order.qty;
  return request;
}

// clang-format off
/// `send` is a callable (const StrategyOrder&) -> u32 reference of the order, 0 when not sent.
/// A strategy may also have on_message(u64 sequence, Bytes message, const book::FlatBooks&), called
/// after each feed message in order, also while the books are stale.
template <class S>
concept Strategy = requires(S s, u16 instrument, const book::Bbo& bbo,
                            const engine::ClientReport& report,
                            u32 (&send)(const StrategyOrder&)) {
  { s.on_bbo(instrument, bbo, send) } noexcept;
  { s.on_report(report) } noexcept;
};
// clang-format on

/// Follows the market: when an instrument's mid price has moved by `trigger` since the last look,
/// takes `qty` at the far side with an immediate-or-cancel order in the direction of the move.
class FollowStrategy {
 public:
  struct Config {
    bool enabled = false;
    u32 trigger = 200;  ///< book price units
    u32 qty = 100;
    i64 position_max = 1'000;  ///< own bound, far inside the gate's
  };

  FollowStrategy(const Config& config, u32 instruments_max)
      : config_(config), states_(config.enabled ? instruments_max : 0) {}

  template <class Send>
  void on_bbo(u16 instrument, const book::Bbo& bbo, Send&& send) noexcept {
    if (!config_.enabled || bbo.bid_price == 0 || bbo.ask_price == 0) return;
    State& s = states_[instrument];
    const u32 mid = bbo.bid_price / 2 + bbo.ask_price / 2;
    if (s.anchor == 0) s.anchor = mid;
    const i64 move = i64{mid} - i64{s.anchor};
    if (move < config_.trigger && -move < config_.trigger) return;
    s.anchor = mid;
    if (s.working != 0) return;
    const bool up = move > 0;
    const i64 after = s.position + (up ? i64{config_.qty} : -i64{config_.qty});
    if (after > config_.position_max || -after > config_.position_max) return;
    StrategyOrder order;
    order.instrument = instrument;
    order.side = up ? Side::kBuy : Side::kSell;
    order.price = up ? bbo.ask_price : bbo.bid_price;
    order.qty = config_.qty;
    s.working = send(order);
  }

  /// Keeps position and knows when the order it sent is over.
  void on_report(const engine::ClientReport& report) noexcept {
    if (!config_.enabled || report.instrument >= states_.size()) return;
    State& s = states_[report.instrument];
    if (report.kind == engine::ReportKind::kExecuted) {
      s.position += report.side == Side::kBuy ? i64{report.qty} : -i64{report.qty};
    }
    const bool over = report.kind == engine::ReportKind::kRejected ||
                      report.kind == engine::ReportKind::kCanceled ||
                      report.kind == engine::ReportKind::kExpired ||
                      (report.kind == engine::ReportKind::kExecuted && report.leaves_qty == 0) ||
                      report.dead != 0;
    if (over && s.working == report.client_ref) s.working = 0;
  }

 private:
  struct State {
    u32 anchor = 0;  ///< mid price of the last action
    u32 working = 0;  ///< reference of the order on its way; 0 = none
    i64 position = 0;
  };
  Config config_;
  std::vector<State> states_;
};

}  // namespace tradsys::dataplane
