#include "dataplane/edge/fix/fix_request.hpp"

#include "dataplane/edge/ouch/ouch_client.hpp"

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

/// Fields whose meaning could not be passed on: an order must never go out as another one than was
/// meant.
bool asks_for_more(const fix::Message& m) noexcept {
  constexpr i32 kNotTaken[]{fix_tag::kExecInst, fix_tag::kStopPx, fix_tag::kMinQty,
                            fix_tag::kMaxFloor, fix_tag::kDisplayQty};
  return std::ranges::any_of(kNotTaken, [&m](i32 tag) { return m.find(tag).has_value(); });
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
  r.ask.unsupported = r.ask.capacity == '\0' || (r.ord_type != '1' && r.ord_type != '2') ||
                      asks_for_more(m) || (market && m.find(fix_tag::kPrice).has_value());
  if (r.ask.capacity == '\0') r.ask.capacity = orders::kDefaultCapacity;
  r.ask.clordid.fill(' ');
  return r;
}

}  // namespace tradsys::dataplane
