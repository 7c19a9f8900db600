#include "dataplane/edge/fix/fix_request.hpp"

#include <algorithm>
#include <utility>

#include "dataplane/edge/ouch/ouch_client.hpp"
#include "hostsw/wire/fix/tags.hpp"

namespace tradsys::dataplane {
namespace {

struct Number {
  u64 units = 0;
  bool good = false;
};

/// `decimals` digits behind the point count; others must be zeros. At most 15 before it.
Number number_of(std::string_view text, u32 decimals) noexcept {
  Number number;
  u32 whole_digits = 0;
  u32 part_digits = 0;
  bool point = false;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return {};
    const u64 digit = static_cast<u64>(c - '0');
    if (point && part_digits == decimals) {
      if (digit != 0) return {};
      continue;
    }
    number.units = number.units * 10 + digit;
    ++(point ? part_digits : whole_digits);
    if (whole_digits > 15) return {};
  }
  for (; part_digits < decimals; ++part_digits) number.units *= 10;
  number.good = whole_digits + part_digits != 0;
  return number;
}

Side side_of(std::string_view text) noexcept {
  if (text == "1") return Side::kBuy;
  if (text == "2") return Side::kSell;
  return text == "5" ? Side::kSellShort : Side::kNone;
}

/// 528, or 47 before it: agency, principal, riskless principal; 0 for another one.
char capacity_of(const fix::Message& m) noexcept {
  const std::string_view text =
      m.find(fix_tag::kOrderCapacity).value_or(m.find(fix_tag::kRule80A).value_or("A"));
  return text == "A" || text == "P" || text == "R" ? text.front() : '\0';
}

char first_of(std::string_view text, char otherwise) noexcept {
  return text.empty() ? otherwise : text.front();
}

/// Fields that are passed on, or say nothing that the venue has to know of the order: of header and
/// trailer; names and notes of the client; account, parties, instrument (Account, Symbol are held
/// against the session's, elsewhere). Ascending.
constexpr i32 kTaken[]{
    1,   8,   9,   10,  11,  22,  23,  34,  35,  37,  38,  40,  41,   43,   44,  47,  48,  49,  50,
    52,  54,  55,  56,  57,  58,  59,  60,  75,  89,  90,  91,  93,   97,   106, 107, 109, 115, 116,
    122, 128, 129, 140, 142, 143, 144, 145, 167, 207, 212, 213, 229,  347,  348, 349, 350, 351, 354,
    355, 369, 370, 376, 447, 448, 452, 453, 454, 455, 456, 460, 461,  470,  471, 472, 494, 523, 526,
    528, 581, 582, 583, 586, 627, 628, 629, 630, 660, 802, 803, 1128, 1129, 1156};
static_assert(std::ranges::is_sorted(kTaken));

/// Fields with the one value that says what is done anyway.
constexpr std::pair<i32, std::string_view> kPlain[]{
    {21, "1"},  // HandlInst: automated, nobody intervenes
    {21, "2"},  // automated, somebody may
    {63, "0"},  // SettlType: regular
    {110, "0"},  // MinQty: none
    {111, "0"},  // MaxFloor: shown whole
    {114, "N"},  // LocateReqd
    {121, "N"},  // ForexReq
    {377, "N"},  // SolicitedFlag
    {423, "2"},  // PriceType: per unit
    {854, "0"},  // QtyType: units
};

/// The first field whose meaning could not be passed on, or 0: an order must never go out as
/// another one than was meant. Tags from 5000 on are the client's own notes.
i32 not_taken(const fix::Message& m) noexcept {
  constexpr std::string_view kExchangeSymbol = "8";  // SecurityIDSource
  const bool same_scheme = m.text(fix::tag::kSecurityIDSource) == kExchangeSymbol;
  if (const auto id = m.find(fix::tag::kSecurityID);
      id && same_scheme && *id != m.text(fix_tag::kSymbol))
    return fix::tag::kSecurityID;
  constexpr i32 kUserTags = 5'000;
  constexpr i32 kUserTagsEnd = 10'000;
  for (const fix::Field& f : m.fields()) {
    const bool taken = (f.tag >= kUserTags && f.tag < kUserTagsEnd) ||
                       std::ranges::binary_search(kTaken, f.tag) ||
                       std::ranges::find(kPlain, std::pair{f.tag, f.value}) != std::end(kPlain);
    if (!taken) return f.tag;
  }
  return 0;
}

}  // namespace

TimeInForce tif_of_fix(char tif) noexcept {
  if (tif == '1') return TimeInForce::kGtc;
  return tif == '0' ? TimeInForce::kDay : tif == '3' ? TimeInForce::kIoc : kUnknownTif;
}
char fix_tif(TimeInForce tif) noexcept {
  if (tif == TimeInForce::kGtc) return '1';
  return tif == TimeInForce::kIoc ? '3' : '0';
}

u32 price_of_fix(std::string_view text) noexcept {
  const Number number = number_of(text, 4);
  return number.good && number.units < kOuchMarketPrice ? static_cast<u32>(number.units) : 0;
}

u32 qty_of_fix(std::string_view text) noexcept {
  const Number number = number_of(text, 0);
  return number.good && number.units < UINT32_MAX ? static_cast<u32>(number.units) : 0;
}

Symbol symbol_of_fix(std::string_view text) noexcept {
  return text.size() > sizeof(Symbol) ? Symbol{} : Symbol::from(text);
}

FixRequest request_of(const fix::Message& m) noexcept {
  FixRequest r;
  r.symbol = symbol_of_fix(m.text(fix_tag::kSymbol));
  r.side = first_of(m.text(fix_tag::kSide), '1');
  r.ord_type = first_of(m.text(fix_tag::kOrdType), '2');
  r.tif = first_of(m.text(fix_tag::kTimeInForce), '0');
  const bool market = r.ord_type == '1';
  r.ask.side = side_of(m.text(fix_tag::kSide));
  r.ask.order_type = market ? OrderType::kMarket : OrderType::kLimit;
  r.ask.tif = tif_of_fix(r.tif);
  r.ask.price = market ? kMarketPrice : price_of_fix(m.text(fix_tag::kPrice));
  r.ask.qty = qty_of_fix(m.text(fix_tag::kOrderQty));
  r.ask.capacity = capacity_of(m);
  r.not_taken = not_taken(m);
  r.ask.unsupported = r.ask.capacity == '\0' || (r.ord_type != '1' && r.ord_type != '2') ||
                      r.not_taken != 0 || (market && m.find(fix_tag::kPrice).has_value());
  if (r.ask.capacity == '\0') r.ask.capacity = orders::kDefaultCapacity;
  r.ask.clordid.fill(' ');
  return r;
}

}  // namespace tradsys::dataplane
