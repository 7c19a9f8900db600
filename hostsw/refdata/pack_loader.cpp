#include "hostsw/refdata/pack_loader.hpp"

#include <array>
#include <fstream>
#include <sstream>

#include "hostsw/refdata/toml_reader.hpp"

namespace tradsys::refdata {
namespace {

constexpr std::array kConfidence{Choice{"low", 0}, Choice{"medium", 1}, Choice{"high", 2}};
constexpr std::array kWeekdays{Choice{"sun", 1}, Choice{"mon", 2},  Choice{"tue", 4},
                               Choice{"wed", 8}, Choice{"thu", 16}, Choice{"fri", 32},
                               Choice{"sat", 64}};
constexpr std::array kPhaseKinds{Choice{"closed", 0}, Choice{"pre_open", 1},
                                 Choice{"continuous", 2}, Choice{"close_auction", 3},
                                 Choice{"trade_at_last", 4}};
constexpr std::array kTakes{Choice{"limit", kTakesLimit}, Choice{"market", kTakesMarket},
                            Choice{"cancel", kTakesCancel}};
constexpr std::array kTickBases{Choice{"order_price", 0}, Choice{"weekly_close", 1}};

void read_rule(TomlReader& in, Rule& rule) {
  rule.where = in.where();
  rule.name = in.text("name");
  rule.from = in.date("from", kFirstDate);
  rule.to = in.date("to", kLastDate);
  rule.source = in.text("source");
  rule.confidence = static_cast<Confidence>(in.choice("confidence", kConfidence));
  rule.hard_block = in.flag("hard_block", true);
  rule.reviewed = in.flag("reviewed", false);
  if (rule.to < rule.from) in.fail("to", "lies before 'from'", "swap them");
}

/// Reads every table of the list `key` with `read(reader, rule)` for what is particular to its
/// kind. `by_name`: rules of different names live side by side; else only one can come into force
/// on a day.
template <class R, class Read>
void read_rules(TomlReader& in, std::string_view key, std::vector<R>& rules, bool by_name,
                Read&& read) {
  in.for_each(key, [&](TomlReader& table) {
    R rule;
    read_rule(table, rule);
    read(table, rule);
    for (const R& other : rules)
      if (other.from == rule.from && (!by_name || other.name == rule.name))
        table.fail("from", "comes into force on the same day as the rule at " + other.where,
                   "give one of them another day");
    rules.push_back(std::move(rule));
  });
}

void read_phases(TomlReader& in, SessionRule& rule) {
  in.for_each("phase", [&](TomlReader& table) {
    Phase phase;
    phase.kind = static_cast<PhaseKind>(table.choice("kind", kPhaseKinds));
    phase.begin = table.time("begin");
    phase.end = table.time("end");
    phase.takes = static_cast<u8>(table.bits("takes", kTakes));
    if (phase.end <= phase.begin)
      table.fail("end", "is not after 'begin'", "phases lie within one day");
    if (!rule.phases.empty() && phase.begin < rule.phases.back().end)
      table.fail("begin", "lies before the end of the phase above",
                 "phases ascend and do not overlap");
    rule.phases.push_back(phase);
  });
  if (rule.phases.empty() || rule.phases.size() > kPhasesMax)
    in.fail("phase", "has " + std::to_string(rule.phases.size()) + " phases", "use 1..16");
}

void read_bands(TomlReader& in, TickRule& rule) {
  rule.basis = static_cast<TickBasis>(in.choice("basis", kTickBases));
  in.for_each("band", [&](TomlReader& table) {
    const i64 from = table.price("from");
    const i64 tick = table.price("tick");
    if (table.failed()) return;
    if (const char* why = rule.table.append(from, tick)) table.fail("from", why);
  });
  if (rule.table.count() == 0) in.fail("band", "is missing", "give at least one band");
}

void read_market(TomlReader& in, MarketPack& pack) {
  pack.market = in.text("name");
  pack.title = in.text("title");
  pack.mic = in.text("mic");
  pack.currency = in.text("currency");
  pack.time_zone = in.text("time_zone");
  pack.price_decimals = in.integer("price_decimals", 0, kPriceDecimals);
  pack.trading_weekdays = static_cast<u8>(in.bits("trading_weekdays", kWeekdays));
  pack.clock_guard = {in.signed_integer("clock_guard_ms", 0, 60'000) * kMillisecond.v};
}

void read_pack(TomlReader& in, MarketPack& pack) {
  if (in.integer("schema", 0, 1'000'000) != 1)
    in.fail("schema", "is not 1", "this program reads schema 1");
  in.within("market", [&](TomlReader& table) { read_market(table, pack); });
  read_rules(in, "utc_offset", pack.utc_offsets, false, [](TomlReader& table, UtcOffsetRule& rule) {
    rule.offset = {table.signed_integer("minutes", -840, 840) * 60 * kSecond.v};
  });
  read_rules(in, "session", pack.sessions, false, read_phases);
  read_rules(in, "holiday", pack.holidays, true, [](TomlReader& table, HolidayRule& rule) {
    if (rule.from == kFirstDate || rule.to == kLastDate)
      table.fail("from", "a holiday states its first and last day");
  });
  read_rules(in, "tick_table", pack.tick_tables, true, read_bands);
  read_rules(in, "price_limit", pack.price_limits, true,
             [](TomlReader& table, PriceLimitRule& rule) {
               rule.up_bp = table.integer("up_bp", 1, 1'000'000);
               rule.down_bp = table.integer("down_bp", 1, 10'000);
             });
  read_rules(in, "lot", pack.lots, true, [](TomlReader& table, LotRule& rule) {
    rule.size = table.integer("size", 1, 1'000'000);
  });
  in.finish();
}

}  // namespace

Result<MarketPack> parse_pack(std::string_view toml_text, std::string_view file) {
  try {
    const toml::table table = toml::parse(toml_text, file);
    MarketPack pack;
    std::optional<Error> error;
    TomlReader reader(table, file, error);
    read_pack(reader, pack);
    if (error) return *error;
    return pack;
  } catch (const toml::parse_error& wrong) {
    return Error{std::string(file) + ":" + std::to_string(wrong.source().begin.line),
                 std::string(wrong.description()), "correct the TOML syntax"};
  }
}

Result<MarketPack> load_pack(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf()))
    return Error{path.string(), "cannot be read", "check that the file is there and not empty"};
  return parse_pack(text.view(), path.string());
}

}  // namespace tradsys::refdata
