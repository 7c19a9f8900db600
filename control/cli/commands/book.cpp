#include <algorithm>

#include "control/cli/commands/commands.hpp"
#include "control/cli/output/format.hpp"
#include "control/cli/output/json_writer.hpp"
#include "control/cli/output/screen.hpp"
#include "control/cli/output/text_table.hpp"
#include "control/cli/view/snapshot.hpp"

namespace tradsys::cli {
namespace {

/// One look at one book.
struct BookView {
  ipc::InstrumentStatus status;
  u32 index = 0;
  ipc::Liveness liveness = ipc::Liveness::kDead;
  u32 bids = 0;  ///< levels to show
  u32 asks = 0;
};

Outcome<BookView> look(const Globals& globals, const BookOptions& options) {
  const Outcome<ipc::StatusReader> reader = open_status(globals);
  if (!reader) return reader.failure();
  const Outcome<u32> index = find_instrument(globals, *reader, options.symbol);
  if (!index) return index.failure();
  BookView view;
  view.index = *index;
  if (!reader->instrument(view.index, view.status))
    return Failure{ExitCode::kFailed,
                   {"book of " + options.symbol,
                    "its writer stopped in the middle of publishing it", "restart the dataplane"}};
  view.liveness = reader->liveness(ipc::monotonic_now());
  const auto shown = [&](u16 levels) {
    return std::min({u32{levels}, ipc::kShownLevels, options.depth});
  };
  view.bids = shown(view.status.bid_levels);
  view.asks = shown(view.status.ask_levels);
  return view;
}

std::string head_line(const BookView& view, const Paint& paint) {
  const ipc::InstrumentStatus& s = view.status;
  std::string text =
      paint(Tone::kTitle, printable(s.symbol.str())) + "  " + std::string(name_of(s.state)) +
      "  last " + price_or_dash(s.last_price, s.price_decimals) + "  trades " + grouped(s.trades) +
      " (" + grouped(s.traded_qty) + ")  position " + grouped_signed(s.position);
  if (s.stale != 0) text += "  " + paint(Tone::kBad, "STALE");
  if (s.killed != 0) text += "  " + paint(Tone::kBad, "KILLED");
  if (s.enabled == 0) text += "  " + paint(Tone::kWarning, "DISABLED");
  if (view.liveness != ipc::Liveness::kAlive)
    text += "  " + paint(Tone::kBad, view.liveness == ipc::Liveness::kDead ? "DEAD" : "STALLED");
  return text + "\n";
}

std::string book_text(const BookView& view, const Paint& paint) {
  const ipc::InstrumentStatus& s = view.status;
  TextTable table({">ORDERS", ">BID QTY", ">BID", ">ASK", ">ASK QTY", ">ORDERS"});
  for (u32 i = 0; i < std::max(view.bids, view.asks); ++i) {
    std::vector<Cell> cells(6, "");
    if (i < view.bids) {
      cells[0] = grouped(s.bids[i].order_count);
      cells[1] = grouped(s.bids[i].qty);
      cells[2] = {price_text(s.bids[i].price, s.price_decimals), Tone::kGood};
    }
    if (i < view.asks) {
      cells[3] = {price_text(s.asks[i].price, s.price_decimals), Tone::kBad};
      cells[4] = grouped(s.asks[i].qty);
      cells[5] = grouped(s.asks[i].order_count);
    }
    table.row(std::move(cells));
  }
  return head_line(view, paint) + (table.empty() ? "no orders\n" : table.text(paint));
}

void write_price(JsonWriter& json, std::string_view key, u32 price, u32 decimals) {
  json.key(key);
  price == 0 ? json.null() : json.value(price_text(price, decimals));
}

void write_side(JsonWriter& json, const char* key, const ipc::ShownLevel* levels, u32 count,
                u32 decimals) {
  json.array(key);
  for (u32 i = 0; i < count; ++i)
    json.begin_object()
        .field("price", price_text(levels[i].price, decimals))
        .field("qty", levels[i].qty)
        .field("orders", levels[i].order_count)
        .end();
  json.end();
}

std::string book_json(const Globals& globals, const BookView& view, JsonWriter::Style style) {
  const ipc::InstrumentStatus& s = view.status;
  JsonWriter json(style);
  json.begin_object()
      .field("schema", "tradsys/v1/book")
      .field("instance", globals.instance)
      .field("liveness", ipc::describe(view.liveness))
      .field("symbol", s.symbol.str())
      .field("index", view.index)
      .field("state", name_of(s.state))
      .field("stale", s.stale != 0)
      .field("enabled", s.enabled != 0)
      .field("killed", s.killed != 0)
      .field("price_decimals", s.price_decimals);
  write_price(json, "last_price", s.last_price, s.price_decimals);
  write_price(json, "bid_price", s.bid_price, s.price_decimals);
  json.field("bid_qty", s.bid_qty);
  write_price(json, "ask_price", s.ask_price, s.price_decimals);
  json.field("ask_qty", s.ask_qty)
      .field("trades", s.trades)
      .field("traded_qty", s.traded_qty)
      .field("position", s.position)
      .field("shown_ns", s.shown_ns);
  write_side(json, "bids", s.bids, view.bids, s.price_decimals);
  write_side(json, "asks", s.asks, view.asks, s.price_decimals);
  return json.end().take();
}

ExitCode code_of(const BookView& view) noexcept {
  const bool live = view.liveness == ipc::Liveness::kAlive && view.status.stale == 0;
  return live ? ExitCode::kOk : ExitCode::kNotLive;
}

ExitCode watch_book(const Globals& globals, const BookOptions& options) {
  std::optional<Screen> screen(std::in_place, !globals.json);
  const Nanos interval{static_cast<i64>(options.interval_s * 1'000'000'000.0)};
  for (;;) {
    // Opened anew each time: a dataplane that restarts puts a new file in the place of the old.
    const Outcome<BookView> view = look(globals, options);
    if (!view) {
      screen.reset();
      return fail(view.failure());
    }
    screen->show(globals.json ? book_json(globals, *view, JsonWriter::Style::kLine)
                              : book_text(*view, globals.paint()) +
                                    (screen->redraws() ? "\nq quits\n" : "\n"));
    const Screen::Wake wake = screen->wait(interval);
    if (wake == Screen::Wake::kInterrupted) return ExitCode::kInterrupted;
    if (wake == Screen::Wake::kQuit) return code_of(*view);
  }
}

}  // namespace

ExitCode run_book_show(const Globals& globals, const BookOptions& options) {
  if (options.watch) return watch_book(globals, options);
  const Outcome<BookView> view = look(globals, options);
  if (!view) return fail(view.failure());
  print(globals.json ? book_json(globals, *view, JsonWriter::Style::kIndented)
                     : book_text(*view, globals.paint()));
  if (view->liveness != ipc::Liveness::kAlive)
    note(globals, std::string("the dataplane is ") + ipc::describe(view->liveness) +
                      ": this is the last book it published");
  return code_of(*view);
}

}  // namespace tradsys::cli
