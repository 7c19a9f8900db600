#pragma once
// Whose the orders were that are over: an execution that comes too late still belongs to somebody.
// Fixed memory; the latest ids are kept, older ones give way.
#include <bit>
#include <vector>

#include "hostsw/orders/order.hpp"

namespace tradsys::orders {

/// Keeps orders by id; ids rise by one, so the last `capacity` (rounded up to a power of two) of
/// them have a place of their own.
class EndedOrders {
 public:
  explicit EndedOrders(u32 capacity)
      : mask_(std::bit_ceil(u64{capacity} + 1) - 1), owners_(mask_ + 1) {}

  /// What identifies an order that ended, or an id that a replace took over.
  struct Owner {
    u64 order_id = 0;
    u32 client_ref = 0;
    u16 session = 0;
    u16 account = 0;
    u16 instrument = 0;
    Side side = Side::kNone;
    TimeInForce tif = TimeInForce::kDay;
    char capacity = kDefaultCapacity;
    u8 strategy = 0;
    ClOrdId clordid{};
    u8 reserved2[4]{};
  };
  static_assert(WireRecord<Owner> && sizeof(Owner) == 40);

  void keep(const Order& order) noexcept {
    Owner& owner = owners_[order.order_id & mask_];
    owner.order_id = order.order_id;
    owner.client_ref = order.client_ref;
    owner.session = order.session;
    owner.account = order.account;
    owner.instrument = order.instrument;
    owner.side = order.side;
    owner.tif = order.tif;
    owner.capacity = order.capacity;
    owner.strategy = order.strategy;
    owner.clordid = order.clordid;
  }
  /// nullptr for an id that never ended or is too old.
  [[nodiscard]] const Owner* find(u64 order_id) const noexcept {
    const Owner& owner = owners_[order_id & mask_];
    return order_id != 0 && owner.order_id == order_id ? &owner : nullptr;
  }

 private:
  u64 mask_;
  std::vector<Owner> owners_;
};

}  // namespace tradsys::orders
