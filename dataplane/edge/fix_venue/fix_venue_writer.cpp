#include "dataplane/edge/fix_venue/fix_venue_writer.hpp"

#include <tradsys/risk_spec.hpp>

#include "dataplane/edge/fix/fix_request.hpp"
#include "dataplane/edge/fix_venue/fix_venue_report.hpp"
#include "hostsw/wire/fix/tags.hpp"

namespace tradsys::dataplane {
namespace {

constexpr u32 kPriceDecimals = 4;

char side_of(Side side) noexcept {
  switch (side) {
    case Side::kBuy:
      return '1';
    case Side::kSellShort:
      return '5';
    default:
      return '2';
  }
}

std::string_view text_of(const Symbol& symbol) noexcept {
  usize bytes = sizeof symbol.text;
  while (bytes > 1 && symbol.text[bytes - 1] == ' ') --bytes;
  return {symbol.text, bytes};
}

}  // namespace

VenueIdText venue_id_of(const orders::Order& order, OrderVersion version) noexcept {
  const bool pending = version == OrderVersion::kPending;
  return id_of_order(
      {order.session, order.account, pending ? order.pending_client_ref : order.client_ref},
      pending ? order.pending_order_id : order.order_id);
}

void FixVenueWriter::put_target(const orders::Order& order, OrderVersion version) noexcept {
  out_.text(fix_tag::kOrigClOrdID, venue_id_of(order, version).view());
  if (config_.names_order_id && is_said_number(order.venue_order_number))
    out_.number(fix_tag::kOrderID, static_cast<i64>(order.venue_order_number));
}

void FixVenueWriter::put_account(u16 account) noexcept {
  if (account < config_.account_fields.size()) out_.raw(config_.account_fields[account]);
}

void FixVenueWriter::put_instrument(Symbol symbol, Side side) noexcept {
  if (config_.names_symbol) out_.text(fix_tag::kSymbol, text_of(symbol));
  if (!config_.security_id_source.empty()) {
    out_.text(fix::tag::kSecurityID, text_of(symbol));
    out_.text(fix::tag::kSecurityIDSource, config_.security_id_source);
  }
  out_.character(fix_tag::kSide, side_of(side));
}

void FixVenueWriter::put_terms(const orders::Order& order, u32 qty, u32 price) noexcept {
  const bool market = order.order_type == OrderType::kMarket;
  out_.number(fix_tag::kOrderQty, qty).character(fix_tag::kOrdType, market ? '1' : '2');
  if (!market) out_.decimal(fix_tag::kPrice, price, kPriceDecimals);
  out_.character(fix_tag::kTimeInForce, fix_tif(order.tif));
  if (config_.capacity_tag != 0) out_.character(config_.capacity_tag, order.capacity);
}

std::string_view FixVenueWriter::enter(const orders::Order& order, Symbol symbol,
                                       Nanos at) noexcept {
  out_.clear();
  out_.text(fix_tag::kClOrdID, venue_id_of(order, OrderVersion::kCurrent).view());
  put_account(order.account);
  out_.raw(config_.order_fields);
  put_instrument(symbol, order.side);
  out_.timestamp(fix_tag::kTransactTime, at, 3);
  put_terms(order, order.qty, order.price);
  return out_.body();
}

std::string_view FixVenueWriter::replace(const orders::Order& order, Symbol symbol,
                                         Nanos at) noexcept {
  out_.clear();
  put_target(order, OrderVersion::kCurrent);
  out_.text(fix_tag::kClOrdID, venue_id_of(order, OrderVersion::kPending).view());
  put_account(order.account);
  out_.raw(config_.order_fields);
  put_instrument(symbol, order.side);
  out_.timestamp(fix_tag::kTransactTime, at, 3);
  put_terms(order, order.pending_qty, order.pending_price);
  return out_.body();
}

std::string_view FixVenueWriter::cancel(const orders::Order& order, OrderVersion version,
                                        Symbol symbol, const VenueIdText& id, Nanos at) noexcept {
  out_.clear();
  put_target(order, version);
  out_.text(fix_tag::kClOrdID, id.view());
  put_account(order.account);
  put_instrument(symbol, order.side);
  out_.timestamp(fix_tag::kTransactTime, at, 3);
  out_.number(fix_tag::kOrderQty,
              version == OrderVersion::kPending ? order.pending_qty : order.qty);
  return out_.body();
}

std::string_view FixVenueWriter::status(const orders::Order& order, OrderVersion version,
                                        Symbol symbol) noexcept {
  const VenueIdText id = venue_id_of(order, version);
  out_.clear();
  if (config_.names_order_id && is_said_number(order.venue_order_number))
    out_.number(fix_tag::kOrderID, static_cast<i64>(order.venue_order_number));
  out_.text(fix_tag::kClOrdID, id.view());
  if (has_status_req_id(protocol_)) out_.text(fix_tag::kOrdStatusReqID, id.view());
  put_account(order.account);
  put_instrument(symbol, order.side);
  return out_.body();
}

}  // namespace tradsys::dataplane
