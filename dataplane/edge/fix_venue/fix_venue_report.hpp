#pragma once
// What a FIX venue says of an order: execution reports, refused cancels, business rejects, in every
// version, as one plain record. Says nothing of the order as we know it.
#include "dataplane/edge/fix/fix_request.hpp"
#include "dataplane/edge/fix_venue/venue_id.hpp"

namespace tradsys::dataplane {

enum class FixVenueSays : u8 {
  kNothing,  ///< pending, calculated, stopped, suspended: no effect on the order
  kAccepted,
  kRejected,
  kTraded,
  kCanceled,  ///< also expired
  kDoneForDay,
  kReplaced,
  kRestated,  ///< the venue changed the order by itself: what it is now
  kBusted,
  kCorrected,
  kStatus,  ///< the answer to a status request
  kCancelRejected,
  kReplaceRejected,
  kMalformed,  ///< it lacks what its kind needs
};

/// Quantities and prices that were not said, or cannot be read, are 0.
struct FixVenueReport {
  FixVenueSays says = FixVenueSays::kNothing;
  VenueId id;  ///< ClOrdID (11); order_id 0: none of ours
  VenueId original;  ///< OrigClOrdID (41)
  u64 venue_order_number = 0;  ///< OrderID (37), as number_of_text()
  u64 exec_number = 0;  ///< ExecID (17)
  u64 exec_ref_number = 0;  ///< ExecRefID (19)
  u32 last_qty = 0;
  u32 last_price = 0;
  u32 price = 0;
  u32 order_qty = 0;
  u32 leaves_qty = 0;
  u32 cum_qty = 0;
  Symbol symbol;
  Side side = Side::kNone;
  TimeInForce tif = TimeInForce::kDay;
  char status = '0';  ///< OrdStatus (39)
  char capacity = orders::kDefaultCapacity;
  char reason = ' ';  ///< a letter, as the engine's reports carry it
  bool pending = false;  ///< a trade of a report that is headed by what is asked of the order
  bool unknown_order = false;  ///< the venue does not know what was asked for

  /// The order that is spoken of: 0 when it is none of ours.
  [[nodiscard]] u64 order_id() const noexcept {
    return id.order_id != 0 ? id.order_id : original.order_id;
  }
};

/// Reads an ExecutionReport (8) or OrderCancelReject (9).
[[nodiscard]] FixVenueReport read_fix_venue_report(const fix::Message& m) noexcept;

/// ClOrdID among the fields of a body; empty where there is none.
[[nodiscard]] std::string_view cl_ord_id_in(std::string_view fields) noexcept;

/// A number of up to 18 digits as it is, any other text as its hash, above all of them; 0 for none.
[[nodiscard]] u64 number_of_text(std::string_view text) noexcept;
/// Whether number_of_text() gave the number that the text says.
[[nodiscard]] constexpr bool is_said_number(u64 number) noexcept {
  return number != 0 && number < 1'000'000'000'000'000'000;
}

}  // namespace tradsys::dataplane
