#include <optional>

#include "control/cli/commands/commands.hpp"
#include "control/cli/output/format.hpp"
#include "control/cli/output/text_table.hpp"
#include "control/cli/risk/verdict_view.hpp"
#include "hostsw/core/bytes.hpp"
#include "hostsw/journal/reader.hpp"
#include "hostsw/orders/events.hpp"

namespace tradsys::cli {
namespace {

/// The request with this order id, as the journal holds it.
Outcome<std::optional<orders::EnterEvent>> find_request(const std::string& folder, u64 order_id) {
  Result<journal::Reader> reader = journal::Reader::open(folder);
  if (!reader) return Failure{ExitCode::kFailed, reader.error()};
  journal::Record record;
  while (reader.value().next(record) == journal::ReadStatus::kRecord) {
    const auto type = static_cast<orders::EventType>(record.type);
    if (type != orders::EventType::kEnter && type != orders::EventType::kReplace) continue;
    orders::EnterEvent event;
    if (!load_record(record.payload, event) || event.request.order_id != order_id) continue;
    return std::optional(event);
  }
  return std::optional<orders::EnterEvent>{};
}

std::string request_text(const orders::EnterEvent& event, const Paint& paint) {
  constexpr u32 kPriceDecimals = 4;
  const OrderRequest& r = event.request;
  TextTable table({"REQUEST", ""});
  table.row({"order id", std::to_string(r.order_id)});
  table.row({"time", utc_text(r.ts_ns)});
  table.row({"kind", std::string(name_of(r.kind))});
  table.row({"account", std::to_string(r.account)});
  table.row({"instrument", std::to_string(r.instrument)});
  table.row({"side", std::string(name_of(r.side))});
  table.row({"quantity", grouped(r.qty)});
  table.row({"price", r.price == kMarketPrice ? "market" : price_text(r.price, kPriceDecimals)});
  table.row({"best bid", price_or_dash(event.market.bid_price, kPriceDecimals)});
  table.row({"best ask", price_or_dash(event.market.ask_price, kPriceDecimals)});
  table.row({"last trade", price_or_dash(event.market.last_price, kPriceDecimals)});
  if (event.refused_by_engine != 0)
    table.row({"decided", "by the order engine; the gate was asked what it would say"});
  return table.text(paint);
}

}  // namespace

ExitCode run_risk_explain(const Globals& globals, const ExplainOptions& options) {
  if (std::optional<Failure> refused = refuse_unreadable(options.folder, true))
    return fail(*refused);
  const Outcome<std::optional<orders::EnterEvent>> found =
      find_request(options.folder, options.order_id);
  if (!found) return fail(found.failure());
  if (!found->has_value())
    return fail(ExitCode::kNotFound,
                {"order " + std::to_string(options.order_id), "is not in this journal",
                 "order ids stand in the clients' reports; look at another day's journal"});
  const orders::EnterEvent& event = **found;
  if (globals.json) {
    print(verdict_json("tradsys/v1/risk-explain", event.verdict));
  } else {
    print(request_text(event, globals.paint()));
    print(verdict_text(event.verdict, globals.paint()));
  }
  return ExitCode::kOk;
}

}  // namespace tradsys::cli
