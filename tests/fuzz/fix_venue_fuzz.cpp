// Goal: no bytes of a FIX venue break the reader of its reports, and what it makes of them keeps
// its promises: a report that changes an order names its kind's quantities, a trade has one,
// nothing is canceled beyond what is open. Method: the first byte chooses version and order; the
// rest are the fields of an execution report or cancel reject, '|' for the separator.
#include <cstdlib>

#include "dataplane/edge/fix_venue/fix_venue_meaning.hpp"
#include "tests/unit/dataplane/edge/fix_venue/venue_texts.hpp"

namespace tradsys::dataplane {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void hold(const FixVenueReport& said, const orders::Order* order) {
  orders::VenueReport report;
  const bool status = said.says == FixVenueSays::kStatus && order != nullptr;
  const FixVenueMeaning meaning =
      status ? meaning_of_status(said, *order, report) : meaning_of(said, order, report);
  require(!(said.says == FixVenueSays::kMalformed && meaning.tells));
  if (!meaning.tells) return;
  if (report.kind == ExecKind::kFilled) require(report.qty != 0 && !status);
  if (report.kind == ExecKind::kCanceled && order != nullptr)
    require(report.qty <= order->leaves_qty);
  if (report.kind == ExecKind::kBusted || report.kind == ExecKind::kCorrected)
    require(report.match_number != 0);
  if (report.kind == ExecKind::kCorrected) require(report.qty != 0 && report.price != 0);
  require(report.reason >= ' ' && report.reason <= '~');
}

void run(std::string_view input) {
  const unsigned char what = static_cast<unsigned char>(input[0]);
  const VenueText text(std::string(what % 2 == 0 ? "35=8|" : "35=9|") + "34=2|49=V|56=T|" +
                           std::string(input.substr(1)),
                       what % 4 < 2 ? "FIX.4.2" : "FIXT.1.1");
  if (!text.parsed) return;
  const FixVenueReport said = read_fix_venue_report(text.message);
  orders::Order order = venue_test_order();
  if (what % 16 >= 8) {
    order.pending_order_id = 42;
    order.pending_qty = 150;
    order.pending_price = 820'000;
  }
  if (what % 8 >= 4) order.state = orders::OrderState::kPendingNew;
  hold(said, &order);
  hold(said, nullptr);
  require(read_venue_id(text.message.text(fix_tag::kClOrdID)).has_value() ==
          (read_venue_id(text.message.text(fix_tag::kClOrdID)).value_or(VenueId{}).order_id != 0));
}

}  // namespace
}  // namespace tradsys::dataplane

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size != 0 && size < 4'096)
    tradsys::dataplane::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
