#pragma once
// What a report of a FIX venue means for the order as we know it, in the engine's terms.
#include "dataplane/edge/fix_venue/fix_venue_report.hpp"
#include "hostsw/orders/events.hpp"

namespace tradsys::dataplane {

/// What follows from a report.
struct FixVenueMeaning {
  bool tells = false;  ///< the venue report says it; else nothing changes
  bool differs = false;  ///< the venue's order is another one than ours: an alarm
  bool malformed = false;
};

/// `order`: the one that report.order_id() names; nullptr where it is not live. Fills in all of
/// `out` but number, time and instrument.
[[nodiscard]] FixVenueMeaning meaning_of(const FixVenueReport& report, const orders::Order* order,
                                         orders::VenueReport& out) noexcept;

/// The same for the answer to a status request: what of the order the venue holds. What it does not
/// know never got there, or ended.
[[nodiscard]] FixVenueMeaning meaning_of_status(const FixVenueReport& report,
                                                const orders::Order& order,
                                                orders::VenueReport& out) noexcept;

}  // namespace tradsys::dataplane
