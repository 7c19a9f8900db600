#include "sim/market/market_generator.hpp"

#include <algorithm>

namespace tradsys::sim {
namespace {

constexpr u32 kImbalancePerMillion = 25'000;
constexpr u32 kHiddenPerMillion = 8'000;
constexpr u32 kBreakPerMillion = 20;
constexpr u32 kAttributedPerMillion = 17'000;  // adds that name their participant
constexpr u32 kPricedExecutionPerMillion = 15'000;
constexpr u32 kBackgroundOwner = 0;

match::MatchConfig engine_config(const MarketConfig& config) {
  return {.instruments_max = config.instruments + 1,
          .orders_max = config.standing_orders * 2 + 16,
          .price_blocks_max = config.standing_orders * 2 + 16,
          .first_match_number = 1};
}

}  // namespace

MarketGenerator::MarketGenerator(const MarketConfig& config)
    : config_(config),
      random_(mix64(config.seed) ^ 0x6D61'726BULL),
      flow_({.seed = config.seed, .standing_orders = config.standing_orders, .mix = {}},
            make_instruments(config.instruments, config.seed)),
      engine_(engine_config(config), *this),
      id_of_(flow_.handles(), 0) {
  for (u32 i = 0; i < config.instruments; ++i) {
    engine_.set_rules(static_cast<u16>(i + 1),
                      {.price_step = instruments()[i].price_step, .price_max = 2'000'000'000});
  }
  now_ns_ = config.open_ns - 1'800'000'000'000;  // half an hour of pre-open
}

bool MarketGenerator::next(Bytes& message) {
  while (taken_ == ends_.size()) {
    if (phase_ == Phase::kOver) return false;
    pending_.clear();
    ends_.clear();
    taken_ = 0;
    produce();
  }
  const usize begin = taken_ == 0 ? 0 : ends_[taken_ - 1];
  message = Bytes(pending_).subspan(begin, ends_[taken_] - begin);
  ++taken_;
  ++count_;
  return true;
}

void MarketGenerator::produce() {
  switch (phase_) {
    case Phase::kPreOpen:
      pre_open();
      break;
    case Phase::kWarm:
      carry_out(flow_.next(Venue{*this}));
      if (!flow_.warming()) phase_ = Phase::kOpen;
      break;
    case Phase::kOpen:
      open();
      break;
    case Phase::kContinuous:
      step();
      if (made_ >= continuous_end_) phase_ = Phase::kClose;
      break;
    case Phase::kClose:
      close();
      break;
    case Phase::kOver:
      break;
  }
}

void MarketGenerator::pre_open() {
  system_event('O');
  const u16 last = static_cast<u16>(config_.instruments);
  for (u16 i = 1; i <= last; ++i) {
    auto directory = head<itch50::StockDirectory>(i);
    directory.stock = symbol_of(i);
    directory.market_category = 'Q';
    directory.financial_status_indicator = 'N';
    directory.round_lot_size = instruments()[i - 1U].lot == 1 ? 100 : instruments()[i - 1U].lot;
    directory.round_lots_only = instruments()[i - 1U].lot == 1 ? 'N' : 'Y';
    directory.issue_classification = 'C';
    directory.issue_sub_type = make_text<2>("Z");
    directory.authenticity = 'P';
    directory.short_sale_threshold_indicator = 'N';
    directory.ipo_flag = 'N';
    directory.luld_reference_price_tier = '1';
    directory.etp_flag = 'N';
    directory.inverse_indicator = 'N';
    publish(directory);
  }
  for (u16 i = 1; i <= last; ++i) trading_action(i, 'T');
  for (u16 i = 1; i <= last; ++i) {
    auto restriction = head<itch50::RegShoShortSalePriceTestRestrictedIndicator>(i);
    restriction.stock = symbol_of(i);
    restriction.reg_sho_action = '0';
    publish(restriction);
  }
  auto levels = head<itch50::MwcbDeclineLevel>(0);
  levels.level_1 = 93'000'000'000;
  levels.level_2 = 87'000'000'000;
  levels.level_3 = 80'000'000'000;
  publish(levels);
  system_event('S');
  phase_ = Phase::kWarm;
}

void MarketGenerator::open() {
  now_ns_ = std::max(now_ns_, config_.open_ns);
  system_event('Q');
  for (u16 i = 1; i <= config_.instruments; ++i) cross(i, 'O');
  continuous_end_ = made_ + config_.messages;
  phase_ = config_.messages == 0 ? Phase::kClose : Phase::kContinuous;
}

void MarketGenerator::close() {
  if (halted_ != 0) halt_or_resume();
  system_event('M');
  for (u16 i = 1; i <= config_.instruments; ++i) cross(i, 'C');
  system_event('E');
  system_event('C');
  phase_ = Phase::kOver;
}

/// One thing that happens in the continuous session.
void MarketGenerator::step() {
  if (random_.chance(config_.halts_per_million)) return halt_or_resume();
  if (random_.chance(kImbalancePerMillion)) return imbalance();
  if (random_.chance(kHiddenPerMillion)) return hidden_trade();
  if (random_.chance(kBreakPerMillion)) return break_trade();
  carry_out(flow_.next(Venue{*this}));
}

void MarketGenerator::carry_out(const FlowAction& action) {
  using Kind = FlowAction::Kind;
  now_ns_ += action.gap_ns;
  match::NewOrder order{0,
                        kBackgroundOwner,
                        action.instrument,
                        action.side,
                        OrderType::kLimit,
                        TimeInForce::kDay,
                        action.price,
                        action.qty};
  switch (action.kind) {
    case Kind::kNone:
      return;
    case Kind::kAdd:
      order.order_id = id_of_[action.handle] = new_order_id();
      break;
    case Kind::kTake:
      order.order_id = new_order_id();
      order.tif = TimeInForce::kIoc;
      break;
    case Kind::kTakeMarket:
      order.order_id = new_order_id();
      order.type = OrderType::kMarket;
      break;
    case Kind::kCancel:
      return engine_.cancel(id_of_[action.handle], 0);
    case Kind::kReduce:
      return engine_.cancel(id_of_[action.handle], action.qty);
    case Kind::kReplace: {
      const u64 old_id = id_of_[action.handle];
      id_of_[action.handle] = new_order_id();
      return engine_.replace(old_id, id_of_[action.handle], action.price, action.qty);
    }
  }
  engine_.submit(order);
}

void MarketGenerator::on_trade(const match::Trade& trade) noexcept {
  last_match_number_ = trade.match_number;
  if (random_.chance(kPricedExecutionPerMillion)) {
    auto executed = head<itch50::OrderExecutedWithPrice>(trade.instrument);
    executed.order_reference_number = trade.resting_id;
    executed.executed_shares = trade.qty;
    executed.match_number = trade.match_number;
    executed.printable = 'Y';
    executed.execution_price = trade.price;
    return publish(executed);
  }
  auto executed = head<itch50::OrderExecuted>(trade.instrument);
  executed.order_reference_number = trade.resting_id;
  executed.executed_shares = trade.qty;
  executed.match_number = trade.match_number;
  publish(executed);
}

void MarketGenerator::on_book_add(const match::RestingOrder& order) noexcept {
  const auto fill = [&](auto message) {
    message.order_reference_number = order.order_id;
    message.buy_sell_indicator = match::is_buy(order.side) ? 'B' : 'S';
    message.shares = order.qty;
    message.stock = symbol_of(order.instrument);
    message.price = order.price;
    return message;
  };
  if (!random_.chance(kAttributedPerMillion))
    return publish(fill(head<itch50::AddOrder>(order.instrument)));
  auto attributed = fill(head<itch50::AddOrderWithMpid>(order.instrument));
  attributed.attribution = make_text<4>("SIMA");
  publish(attributed);
}

void MarketGenerator::on_book_reduce(const match::RestingOrder& after, u32 by_qty) noexcept {
  auto canceled = head<itch50::OrderCancel>(after.instrument);
  canceled.order_reference_number = after.order_id;
  canceled.canceled_shares = by_qty;
  publish(canceled);
}

void MarketGenerator::on_book_remove(const match::RestingOrder& before) noexcept {
  auto removed = head<itch50::OrderDelete>(before.instrument);
  removed.order_reference_number = before.order_id;
  publish(removed);
}

void MarketGenerator::on_book_replace(u64 old_order_id,
                                      const match::RestingOrder& replacement) noexcept {
  auto replaced = head<itch50::OrderReplace>(replacement.instrument);
  replaced.original_order_reference_number = old_order_id;
  replaced.new_order_reference_number = replacement.order_id;
  replaced.shares = replacement.qty;
  replaced.price = replacement.price;
  publish(replaced);
}

/// A trade of an order the book does not show, at the touch.
void MarketGenerator::hidden_trade() {
  const u16 instrument = any_instrument();
  const u32 bid = engine_.best_price(instrument, Side::kBuy);
  auto trade = head<itch50::NonCrossTrade>(instrument);
  trade.buy_sell_indicator = 'B';
  trade.shares = flow_.draw_qty(instrument);
  trade.stock = symbol_of(instrument);
  trade.price = bid != 0 ? bid : flow_.value_price(instrument);
  trade.match_number = hidden_match_number_++;
  publish(trade);
}

void MarketGenerator::imbalance() {
  const u16 instrument = any_instrument();
  auto indicator = head<itch50::NetOrderImbalanceIndicator>(instrument);
  indicator.paired_shares = flow_.draw_qty(instrument);
  indicator.imbalance_shares = flow_.draw_qty(instrument);
  indicator.imbalance_direction = random_.chance(500'000) ? 'B' : 'S';
  indicator.stock = symbol_of(instrument);
  indicator.far_price = indicator.near_price = indicator.current_reference_price =
      flow_.value_price(instrument);
  indicator.cross_type = 'C';
  indicator.price_variation_indicator = 'L';
  publish(indicator);
}

/// The last execution is broken: no effect on the book.
void MarketGenerator::break_trade() {
  if (last_match_number_ == 0) return;
  auto broken = head<itch50::BrokenTrade>(any_instrument());
  broken.match_number = last_match_number_;
  publish(broken);
}

/// At most one instrument is halted at a time; the next turn resumes it.
void MarketGenerator::halt_or_resume() {
  const bool resumes = halted_ != 0;
  const u16 instrument = resumes ? halted_ : any_instrument();
  flow_.set_trading(instrument, resumes);
  trading_action(instrument, resumes ? 'T' : 'H');
  halted_ = resumes ? u16{0} : instrument;
}

void MarketGenerator::cross(u16 instrument, char type) {
  auto trade = head<itch50::CrossTrade>(instrument);
  trade.cross_shares = u64{flow_.draw_qty(instrument)} * 10;
  trade.stock = symbol_of(instrument);
  trade.cross_price = flow_.value_price(instrument);
  trade.match_number = hidden_match_number_++;
  trade.cross_type = type;
  publish(trade);
}

void MarketGenerator::system_event(char code) {
  auto event = head<itch50::SystemEvent>(0);
  event.event_code = code;
  publish(event);
}

void MarketGenerator::trading_action(u16 instrument, char state) {
  auto action = head<itch50::StockTradingAction>(instrument);
  action.stock = symbol_of(instrument);
  action.trading_state = state;
  publish(action);
}

/// Rising, unique, not dense: as references of a real day are.
u64 MarketGenerator::new_order_id() {
  last_order_id_ += 1 + (random_.below(3) == 0 ? random_.below(4) : 0);
  return last_order_id_;
}

u16 MarketGenerator::any_instrument() {
  return static_cast<u16>(1 + random_.below(config_.instruments));
}

}  // namespace tradsys::sim
