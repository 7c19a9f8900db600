#pragma once
// FIX messages of a venue as a test writes them: bars for separators.
#include <string>

#include "hostsw/orders/order.hpp"
#include "hostsw/wire/fix/message.hpp"
#include "tests/unit/hostsw/wire/fix/fix_text.hpp"

namespace tradsys::dataplane {

using testing::with_bars;

/// Keeps the text that the message lies over.
struct VenueText {
  explicit VenueText(const std::string& fields, const std::string& begin_string = "FIX.4.4")
      : frame(testing::fix_message("8=" + begin_string + "|" + fields)) {
    parsed = message.parse(frame) == fix::ParseResult::kOk;
  }
  VenueText(const VenueText&) = delete;
  VenueText& operator=(const VenueText&) = delete;

  std::string frame;
  fix::Message message;
  bool parsed = false;
};

/// Session 2, account 3, reference 77: 100 at 81.5, live.
inline orders::Order venue_test_order(u64 order_id = 41) {
  orders::Order order;
  order.order_id = order_id;
  order.client_ref = static_cast<u32>(order_id) + 36;
  order.price = order.worst_price = 815'000;
  order.qty = order.leaves_qty = order.reserved_qty = 100;
  order.session = 2;
  order.account = 3;
  order.instrument = 1;
  order.side = Side::kBuy;
  order.state = orders::OrderState::kLive;
  return order;
}

}  // namespace tradsys::dataplane
