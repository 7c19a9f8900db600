// The check by example, proved at compile time: what a reader should expect of `evaluate`.
#include "hostsw/risk/evaluate.hpp"

namespace tradsys::risk {
namespace {

/// Limits that hold nothing back.
constexpr ScopeRow kOpenScope{.limits = {.gross_value_max = kValueMax,
                                         .net_value_max = kValueMax,
                                         .open_value_max = kValueMax,
                                         .buying_power = kValueMax,
                                         .loss_max = kValueMax,
                                         .loss_halt = kValueMax,
                                         .open_orders_max = kNoLimit32,
                                         .executions_max = kNoLimit32},
                              .known = true};

/// One account, one instrument, an open market at 100.00 x 100.02 (two decimals); everything
/// passes.
struct Example {
  AccountRow account{.limits = {.max_notional = 10'000'000,
                                .max_qty = 1'000,
                                .rate_per_s = 10,
                                .rate_burst = 5,
                                .orders_per_trade_max = kNoLimit32,
                                .enabled = 1,
                                .killed = 0},
                     .known = true};
  InstrumentLimits rules{.max_notional = 50'000'000,
                         .max_qty = 2'000,
                         .tick_size = 1,
                         .lot_size = 10,
                         .collar_bp = 500,
                         .fat_finger_bp = kNoLimit32,
                         .band_high = kNoLimit32,
                         .feed_silence_max_ms = kNoLimit32,
                         .enabled = 1,
                         .killed = 0};
  InstrumentRow instrument = make_instrument_row(rules);
  PositionCell cell{.exposure = {.position = 100, .open_buy = 50},
                    .max_long = 500,
                    .max_short = 300,
                    .max_value = kValueMax,
                    .daily_qty_max = kValueMax,
                    .buy_qty_max = kNoLimit32,
                    .sell_qty_max = kNoLimit32,
                    .short_qty_max = kNoLimit32};
  ScopeRow firm = kOpenScope, client = kOpenScope, own = kOpenScope, strategy = kOpenScope;
  MarketState market{
      .bid_price = 10'000, .ask_price = 10'002, .trading = 1, .market_open = 1, .stale = 0};
  OrderRequest order{.price = 10'002, .qty = 10, .side = Side::kBuy};
  u64 rate_credit = kMessageCost;

  [[nodiscard]] constexpr Verdict verdict() const {
    const GateView view{.account = &account,
                        .instrument = &instrument,
                        .rules = &rules,
                        .position = &cell,
                        .market = &market,
                        .scopes = {&firm, &client, &own, &strategy},
                        .rate_credit = rate_credit,
                        .limits_epoch = 7};
    return evaluate(order, view).verdict;
  }
};

template <class Change>
constexpr Verdict with(Change change) {
  Example example;
  change(example);
  return example.verdict();
}
constexpr bool refuses(const Verdict& v, RejectReason reason, i64 limit, i64 observed) {
  return v.fail_bitmap == fail_bit(reason) && v.primary_reason == reason &&
         v.limit_value == limit && v.observed_value == observed;
}

// A pass carries the worst case after it: 100 held, 50 already open, 10 more.
static_assert(with([](Example&) {}) ==
              Verdict{.exposure_after = 160, .limits_epoch = 7, .reserved_value = 100'020});

// Five per cent above the midpoint 100.01 is 105.0105: 105.01 passes, 105.02 does not.
static_assert(with([](Example& e) { e.order.price = 10'501; }).fail_bitmap == 0);
static_assert(refuses(with([](Example& e) { e.order.price = 10'502; }), RejectReason::kPriceCollar,
                      10'501, 10'502));
// A buy far below the market is passive: the collar does not look at it.
static_assert(with([](Example& e) { e.order.price = 1; }).fail_bitmap == 0);

// A limit order may rest beyond the day; a market order never rests.
static_assert(with([](Example& e) { e.order.tif = TimeInForce::kGtc; }).fail_bitmap == 0);
static_assert(refuses(with([](Example& e) {
                        e.order.price = kMarketPrice;
                        e.order.order_type = OrderType::kMarket;
                        e.order.tif = TimeInForce::kGtc;
                      }),
                      RejectReason::kInvalidType, 0, 256 + 2));

// A market order is valued at the top of its collar: 990 * 105.01 = 103,959.90 is more than
// 100,000.00.
static_assert(refuses(with([](Example& e) {
                        e.order = {.price = kMarketPrice,
                                   .qty = 990,
                                   .side = Side::kSell,
                                   .order_type = OrderType::kMarket,
                                   .tif = TimeInForce::kIoc};
                        e.cell.max_short = 1'000;
                      }),
                      RejectReason::kMaxNotional, 10'000'000, 10'395'990));

// The largest product does not wrap: it is above every 64-bit limit it can be held against.
static_assert(with([](Example& e) {
                e.order.qty = 0xFFFF'FFFA;
                e.order.price = 0xFFFF'FFFE;
              }).fail_bitmap &
              fail_bit(RejectReason::kMaxNotional));

// One nano-message short is refused.
static_assert(refuses(with([](Example& e) { e.rate_credit = kMessageCost - 1; }),
                      RejectReason::kMessageRate, kMessageCost, kMessageCost - 1));

// Long 150 with a limit lowered to 60: no more buys, but the way back is open.
static_assert(refuses(with([](Example& e) { e.cell.max_long = 60; }), RejectReason::kPositionLimit,
                      60, 160));
static_assert(with([](Example& e) {
                e.cell.max_long = 60;
                e.order.side = Side::kSell;
              }).exposure_after == 90);

// A replace counts what it adds: 30 in all, 10 executed, 15 reserved: 5 more.
static_assert(with([](Example& e) {
                e.order.kind = RequestKind::kReplace;
                e.order.qty = 30;
                e.order.replaces_cum_qty = 10;
                e.order.replaces_reserved_qty = 15;
              }).exposure_after == 155);

// All failing checks are reported; the lowest is the primary reason.
constexpr Verdict kMany = with([](Example& e) {
  e.order.qty = 1'005;
  e.instrument.operator_switch = SwitchState::kHalted;
  e.market.stale = 1;
});
static_assert(kMany.primary_reason == RejectReason::kKill && kMany.observed_value == 4);
static_assert(kMany.fail_bitmap ==
              (fail_bit(RejectReason::kKill) | fail_bit(RejectReason::kBookStale) |
               fail_bit(RejectReason::kLotSize) | fail_bit(RejectReason::kMaxQuantity) |
               fail_bit(RejectReason::kMaxNotional) | fail_bit(RejectReason::kPositionLimit)));

// A cancel passes whatever the state.
constexpr MarketState kNoMarket{};
static_assert(
    evaluate({.kind = RequestKind::kCancel}, {.market = &kNoMarket}).verdict.fail_bitmap == 0);

// Values of the day: 60,000.00 bought and 39,000.00 open leave room for 999.99, not for 1,000.20.
constexpr auto kNearlyFull = [](Example& e) {
  e.client.use = {.open_buy = 3'900'000, .bought = 6'000'000};
  e.client.limits.gross_value_max = 9'999'999;
};
static_assert(refuses(with(kNearlyFull), RejectReason::kGrossValue, 9'999'999, 10'000'020));
// A sell adds to gross, but takes nothing from the power to buy.
static_assert(with([](Example& e) {
                kNearlyFull(e);
                e.client.limits.gross_value_max = kValueMax;
                e.client.limits.buying_power = 9'900'000;
                e.order.side = Side::kSell;
              }).fail_bitmap == 0);

// A loss of 5.00 with 100 held and paid at 100.06: past 4.00 only what reduces may pass.
constexpr auto kLosing = [](Example& e) {
  e.cell.cash = -1'000'600;
  e.own.limits.loss_max = 400;
};
static_assert(refuses(with(kLosing), RejectReason::kLossLimit, -400, -500));
static_assert(with([](Example& e) {
                kLosing(e);
                e.order.side = Side::kSell;
              }).fail_bitmap == 0);
// What is not compliant may only be sold.
static_assert(refuses(with([](Example& e) { e.cell.restrictions = 8; }), RejectReason::kRestricted,
                      0, 8));

}  // namespace
}  // namespace tradsys::risk
