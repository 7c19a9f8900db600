#include "dataplane/edge/fix_venue/fix_venue_report.hpp"

#include "hostsw/core/random.hpp"
#include "hostsw/wire/fix/tags.hpp"

namespace tradsys::dataplane {
namespace {

/// Fields as texts; of a tag that is there twice the first counts, groups stand behind it.
struct Texts {
  std::string_view exec_type, trans_type, response_to, reject_reason, cancel_reason, security_id;

  void take(i32 tag, std::string_view value) noexcept {
    std::string_view* const text = place_of(tag);
    if (text != nullptr && text->empty()) *text = value;
  }

 private:
  std::string_view* place_of(i32 tag) noexcept {
    switch (tag) {
      case fix_tag::kExecType:
        return &exec_type;
      case fix_tag::kExecTransType:
        return &trans_type;
      case fix_tag::kCxlRejResponseTo:
        return &response_to;
      case fix_tag::kOrdRejReason:
        return &reject_reason;
      case fix_tag::kCxlRejReason:
        return &cancel_reason;
      case fix::tag::kSecurityID:
        return &security_id;
      default:
        return nullptr;
    }
  }
};

Side side_of(std::string_view text) noexcept {
  if (text == "1") return Side::kBuy;
  if (text == "2") return Side::kSell;
  return text == "5" || text == "6" ? Side::kSellShort : Side::kNone;
}

void take(FixVenueReport& r, i32 tag, std::string_view value) noexcept {
  switch (tag) {
    case fix_tag::kClOrdID:
      r.id = read_venue_id(value).value_or(VenueId{});
      break;
    case fix_tag::kOrigClOrdID:
      r.original = read_venue_id(value).value_or(VenueId{});
      break;
    case fix_tag::kOrderID:
      r.venue_order_number = number_of_text(value);
      break;
    case fix_tag::kExecID:
      r.exec_number = number_of_text(value);
      break;
    case fix_tag::kExecRefID:
      r.exec_ref_number = number_of_text(value);
      break;
    case fix_tag::kLastQty:
      r.last_qty = qty_of_fix(value);
      break;
    case fix_tag::kLastPx:
      r.last_price = price_of_fix(value);
      break;
    case fix_tag::kPrice:
      r.price = price_of_fix(value);
      break;
    case fix_tag::kOrderQty:
      r.order_qty = qty_of_fix(value);
      break;
    case fix_tag::kLeavesQty:
      r.leaves_qty = qty_of_fix(value);
      break;
    case fix_tag::kCumQty:
      r.cum_qty = qty_of_fix(value);
      break;
    case fix_tag::kSymbol:
      r.symbol = symbol_of_fix(value);
      break;
    case fix_tag::kSide:
      r.side = side_of(value);
      break;
    case fix_tag::kTimeInForce:
      r.tif = value == "3" || value == "4" ? TimeInForce::kIoc
              : value == "1"               ? TimeInForce::kGtc
                                           : TimeInForce::kDay;
      break;
    case fix_tag::kOrdStatus:
      r.status = value.empty() ? '0' : value.front();
      break;
    case fix_tag::kOrderCapacity:
    case fix_tag::kRule80A:
      if (value == "P" || value == "R") r.capacity = value.front();
      break;
    default:
      break;
  }
}

/// A letter of the reason's number, as the venues of other protocols have one.
char letter_of(std::string_view number) noexcept {
  return static_cast<char>('A' + qty_of_fix(number) % 26);
}

FixVenueSays traded(const FixVenueReport& r) noexcept {
  return r.last_qty != 0 ? FixVenueSays::kTraded : FixVenueSays::kMalformed;
}
FixVenueSays changed_trade(const FixVenueReport& r, FixVenueSays says) noexcept {
  const bool whole = r.exec_ref_number != 0 &&
                     (says == FixVenueSays::kBusted || (r.last_qty != 0 && r.last_price != 0));
  return whole ? says : FixVenueSays::kMalformed;
}

/// FIX 4.2 says by ExecTransType (20) what later versions say by ExecType.
FixVenueSays kind_of(const FixVenueReport& r, const Texts& t) noexcept {
  if (t.trans_type == "1") return changed_trade(r, FixVenueSays::kBusted);
  if (t.trans_type == "2") return changed_trade(r, FixVenueSays::kCorrected);
  if (t.trans_type == "3") return FixVenueSays::kStatus;
  switch (t.exec_type.empty() ? '\0' : t.exec_type.front()) {
    case '0':
      return FixVenueSays::kAccepted;
    case '1':
    case '2':
    case 'F':
      return traded(r);
    case '3':
      return FixVenueSays::kDoneForDay;
    case '4':
    case 'C':
      return FixVenueSays::kCanceled;
    case '5':
      return FixVenueSays::kReplaced;
    case '6':
    case '7':
    case '9':
    case 'A':
    case 'B':
    case 'E':  // FIX 4.2: a fill of an order that is to be canceled may come under these, too
      return r.last_qty != 0 ? FixVenueSays::kTraded : FixVenueSays::kNothing;
    case '8':
      return FixVenueSays::kRejected;
    case 'D':
      return FixVenueSays::kRestated;
    case 'G':
      return changed_trade(r, FixVenueSays::kCorrected);
    case 'H':
      return changed_trade(r, FixVenueSays::kBusted);
    case 'I':
      return FixVenueSays::kStatus;
    default:
      return FixVenueSays::kMalformed;
  }
}

/// Why shares stopped working, in the letters that clients know: user, time in force, supervisor.
char cancel_letter(const FixVenueReport& r, const Texts& t) noexcept {
  if (r.id.cancel) return 'U';
  if (r.tif == TimeInForce::kIoc) return 'I';
  return t.exec_type == "4" || t.exec_type == "D" ? 'S' : 'T';
}

void finish_execution(FixVenueReport& r, const Texts& t) noexcept {
  r.says = kind_of(r, t);
  r.pending = r.says == FixVenueSays::kTraded && t.exec_type != "1" && t.exec_type != "2" &&
              t.exec_type != "F";
  if (r.says == FixVenueSays::kRejected) r.reason = letter_of(t.reject_reason);
  if (r.says == FixVenueSays::kCanceled || r.says == FixVenueSays::kDoneForDay ||
      r.says == FixVenueSays::kRestated)
    r.reason = cancel_letter(r, t);
  if (r.says == FixVenueSays::kBusted || r.says == FixVenueSays::kCorrected) r.reason = 'S';
  r.unknown_order = r.status == '8' && t.reject_reason == "5";
}

}  // namespace

u64 number_of_text(std::string_view text) noexcept {
  constexpr usize kDigitsMax = 18;
  constexpr u64 kHashes = u64{1} << 63;
  if (text.empty()) return 0;
  u64 number = 0;
  bool digits = text.size() <= kDigitsMax && text.front() != '0';
  u64 hash = text.size();
  for (const char c : text) {
    digits = digits && c >= '0' && c <= '9';
    if (digits) number = number * 10 + static_cast<u64>(c - '0');
    hash = mix64(hash ^ static_cast<u8>(c));
  }
  return digits ? number : hash | kHashes;
}

std::string_view cl_ord_id_in(std::string_view fields) noexcept {
  while (!fields.empty()) {
    const usize end = std::min(fields.find(fix::kSoh), fields.size());
    const std::string_view field = fix::slice(fields, 0, end);
    if (field.starts_with("11=")) return fix::slice(field, 3);
    fields.remove_prefix(std::min(end + 1, fields.size()));
  }
  return {};
}

FixVenueReport read_fix_venue_report(const fix::Message& m) noexcept {
  FixVenueReport r;
  Texts t;
  for (const fix::Field& field : m.fields()) {
    take(r, field.tag, field.value);
    t.take(field.tag, field.value);
  }
  if (r.symbol == Symbol{}) r.symbol = symbol_of_fix(t.security_id);
  if (m.type() == "9") {
    const bool replace = t.response_to == "2";
    r.says = replace ? FixVenueSays::kReplaceRejected : FixVenueSays::kCancelRejected;
    r.reason = letter_of(t.cancel_reason);
    r.unknown_order = t.cancel_reason == "1";
  } else {
    finish_execution(r, t);
  }
  return r;
}

}  // namespace tradsys::dataplane
