#include "hostsw/client/event.hpp"

#include <algorithm>

namespace tradsys::client {
namespace {

namespace in = ouch50::inbound;
namespace out50 = ouch50::outbound;

constexpr char kDead = 'D';  // order state of OUCH: accepted and gone at once
constexpr char kSides[]{'B', 'S', 'T'};

Way way_of(char side) noexcept {
  return side == 'B' ? Way::kBuy : side == 'T' ? Way::kSellShort : Way::kSell;
}

/// Fills in an event; what it has no word for stays kOther.
struct Reading {
  Event& event;
  u32& next_ref;
  bool answered = false;

  void on(out50::OrderAcceptedView m) noexcept { live(m, Event::Kind::kAccepted); }
  void on(out50::ReplacedView m) noexcept {
    live(m, Event::Kind::kReplaced);
    event.previous = m.orig_user_ref_num();
  }
  void on(out50::OrderExecutedView m) noexcept { traded(m, Event::Kind::kExecuted); }
  void on(out50::TradeCorrectionView m) noexcept { traded(m, Event::Kind::kCorrected); }
  void on(out50::BrokenTradeView m) noexcept {
    about(m, Event::Kind::kBroken);
    event.match = m.match_number();
  }
  void on(out50::CanceledView m) noexcept {
    about(m, Event::Kind::kCanceled);
    event.qty = m.quantity();
  }
  void on(out50::AiqCanceledView m) noexcept {
    about(m, Event::Kind::kCanceled);
    event.qty = m.decrement_shares();
  }
  void on(out50::RejectedOrderView m) noexcept {
    about(m, Event::Kind::kRejected);
    event.reason = m.rejected_order_reason();
  }
  void on(out50::CancelRejectView m) noexcept { about(m, Event::Kind::kCancelRejected); }
  void on(out50::OrderModifiedView m) noexcept {
    about(m, Event::Kind::kReduced);
    event.qty = m.quantity();
  }
  void on(out50::AccountQueryResponseView m) noexcept {
    next_ref = std::max(next_ref, m.next_user_ref_num());
    answered = true;
  }

 private:
  template <class View>
  void about(View m, Event::Kind kind) noexcept {
    event.kind = kind;
    event.ref = m.user_ref_num();
    next_ref = std::max(next_ref, event.ref + 1);
  }
  template <class View>
  void live(View m, Event::Kind kind) noexcept {
    about(m, kind);
    event.qty = m.order_state() == kDead ? 0 : m.quantity();
    event.price = static_cast<u32>(m.price());
    event.symbol = m.symbol();
    event.way = way_of(m.side());
  }
  template <class View>
  void traded(View m, Event::Kind kind) noexcept {
    about(m, kind);
    event.qty = m.quantity();
    event.price = static_cast<u32>(m.price());
    event.match = m.match_number();
  }
};

}  // namespace

bool read_event(Bytes message, Event& event, u32& next_ref) noexcept {
  Reading reading{event, next_ref};
  static_cast<void>(out50::dispatch(message, reading));
  return reading.answered;
}

usize write_enter(u32 ref, const NewOrder& order, std::byte* out) noexcept {
  in::EnterOrder m{};
  m.user_ref_num = ref;
  m.side = kSides[static_cast<usize>(order.way)];
  m.quantity = order.qty;
  m.symbol = order.symbol;
  m.price = order.price;
  m.time_in_force = order.immediate ? '3' : '0';
  m.display = ouch50::display::kVisible;
  m.capacity = ouch50::capacity::kPrincipal;
  m.inter_market_sweep_eligibility = 'N';
  m.cross_type = 'N';
  return encode(m, out);
}
usize write_replace(u32 old_ref, u32 ref, u32 qty, u32 price, std::byte* out) noexcept {
  in::ReplaceOrder m{};
  m.orig_user_ref_num = old_ref;
  m.user_ref_num = ref;
  m.quantity = qty;
  m.price = price;
  m.time_in_force = '0';
  m.display = ouch50::display::kVisible;
  m.inter_market_sweep_eligibility = 'N';
  return encode(m, out);
}
usize write_cancel(u32 ref, u32 qty, std::byte* out) noexcept {
  in::CancelOrder m{};
  m.user_ref_num = ref;
  m.quantity = qty;
  return encode(m, out);
}

}  // namespace tradsys::client
