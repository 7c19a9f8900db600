#pragma once
// Requests that a crash took out of the journal and the stream of the venue tells of: see
// order_core.hpp.

namespace tradsys::engine {

template <class Gate, class Out>
const orders::Order* OrderCore<Gate, Out>::adopt(const orders::VenueReport& report) noexcept {
  const auto token = decode_token(report.clordid);
  if (!token || token->session >= orders::kSessionsMax || report.order_id == 0) return nullptr;
  orders::Order order;
  order.order_id = report.order_id;
  order.client_ref = token->client_ref;
  order.price = report.price;
  order.worst_price = report.price;
  order.qty = order.leaves_qty = report.qty;
  order.session = token->session;
  order.account = token->account;
  if (order.session == orders::kStrategySession) order.strategy = orders::kBuiltInStrategy;
  order.instrument = report.instrument;
  order.side = report.side;
  order.tif = report.tif;
  order.capacity = report.capacity;
  order.clordid = report.clordid;
  if (store_.insert(order) == nullptr) return nullptr;
  ++counters_.adopted;
  ledger_.reserve_unchecked(order, order.qty, true);
  store_.update(order.order_id, order);
  catch_up(*token, report);
  return store_.find(order.order_id);
}

template <class Gate, class Out>
bool OrderCore<Gate, Out>::adopt_replace(orders::Order& order,
                                         const orders::VenueReport& report) noexcept {
  const auto token = decode_token(report.clordid);
  if (!token || token->session != order.session || order.order_id != report.previous_order_id) {
    return false;
  }
  ++counters_.adopted;
  order.pending_order_id = report.order_id;
  order.pending_client_ref = token->client_ref;
  order.pending_qty = order.cum_qty + report.qty;
  order.pending_price = report.price;
  order.pending_clordid = report.clordid;
  // The new version beside the old one: what is too much goes back with the replace itself.
  const u32 worst_price = std::exchange(order.worst_price, report.price);
  ledger_.reserve_unchecked(order, report.qty, false);
  order.worst_price = worst_price;
  catch_up(*token, report);
  return true;
}

template <class Gate, class Out>
bool OrderCore<Gate, Out>::adopt_refusal(const orders::VenueReport& report) noexcept {
  const auto token = decode_token(report.clordid);
  if (!token || token->session >= orders::kSessionsMax ||
      token->client_ref <= last_client_ref_[token->session])
    return false;
  ++counters_.adopted;
  catch_up(*token, report);
  tell_lost(*token, token->client_ref, RejectReason::kNone, report);
  return true;
}

template <class Gate, class Out>
void OrderCore<Gate, Out>::catch_up(const VenueToken& token,
                                    const orders::VenueReport& report) noexcept {
  if (lost_from_ == 0) lost_from_ = next_order_id_;
  next_order_id_ = std::max(next_order_id_, report.order_id + 1);
  u32& last = last_client_ref_[token.session];
  if (token.client_ref <= last) return;
  const u64 lost_max = report.order_id > lost_from_ ? report.order_id - lost_from_ : 0;
  if (token.client_ref - last - 1 <= lost_max) {
    for (u32 ref = last + 1; ref < token.client_ref; ++ref) {
      ++counters_.unsent;
      tell_lost(token, ref, RejectReason::kVenueDown, report);
    }
  }
  last = token.client_ref;
}

template <class Gate, class Out>
void OrderCore<Gate, Out>::tell_lost(const VenueToken& token, u32 client_ref, RejectReason reason,
                                     const orders::VenueReport& report) noexcept {
  out_.client_report(lost_report(token, client_ref, reason, report));
}

}  // namespace tradsys::engine
