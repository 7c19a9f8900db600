#pragma once
// Bodies of what a FIX venue is asked: new orders, replaces, cancels, status requests, in the
// dialect that its configuration says.
#include "dataplane/edge/edge_config.hpp"
#include "dataplane/edge/fix_venue/venue_id.hpp"
#include "hostsw/orders/order.hpp"
#include "hostsw/wire/fix/writer.hpp"

namespace tradsys::dataplane {

/// Whether a version has what an order is answered with: one place for differences.
[[nodiscard]] constexpr bool has_status_req_id(VenueProtocol protocol) noexcept {
  return protocol != VenueProtocol::kFix42;
}

/// Which version of an order under replacement is meant.
enum class OrderVersion : u8 { kCurrent, kPending };

/// The ClOrdID of an order's version.
[[nodiscard]] VenueIdText venue_id_of(const orders::Order& order, OrderVersion version) noexcept;

/// Bodies are valid until the next call. `at`: wall clock.
class FixVenueWriter {
 public:
  /// `config` outlives the writer.
  explicit FixVenueWriter(const VenueConfig& config) noexcept
      : config_(config.fix), protocol_(config.protocol) {}

  [[nodiscard]] std::string_view enter(const orders::Order& order, Symbol symbol,
                                       Nanos at) noexcept;
  /// `order` with its pending version.
  [[nodiscard]] std::string_view replace(const orders::Order& order, Symbol symbol,
                                         Nanos at) noexcept;
  [[nodiscard]] std::string_view cancel(const orders::Order& order, OrderVersion version,
                                        Symbol symbol, const VenueIdText& id, Nanos at) noexcept;
  [[nodiscard]] std::string_view status(const orders::Order& order, OrderVersion version,
                                        Symbol symbol) noexcept;

 private:
  void put_target(const orders::Order& order, OrderVersion version) noexcept;
  void put_account(u16 account) noexcept;
  void put_instrument(Symbol symbol, Side side) noexcept;
  void put_terms(const orders::Order& order, u32 qty, u32 price) noexcept;

  const FixVenueConfig& config_;
  const VenueProtocol protocol_;
  fix::Writer out_;
};

}  // namespace tradsys::dataplane
