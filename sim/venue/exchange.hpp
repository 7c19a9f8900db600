#pragma once
// The exchange proper: OUCH 5.0 messages of member sessions and background flow go into the
// matching engine; OUCH answers and the ITCH 5.0 stream come out. Sans-I/O: time and both
// directions belong to the caller.
#include <tradsys/itch50_spec.hpp>
#include <tradsys/ouch50_spec.hpp>
#include <vector>

#include "hostsw/core/fixed_map.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/match/match_engine.hpp"
#include "sim/venue/member_records.hpp"

namespace tradsys::sim {

/// `Out` gets ouch(session, Bytes) for one session's sequenced stream, itch(Bytes) for the feed and
/// member_fill(MemberFill).
template <class Out>
class Exchange : public match::NullSink {
 public:
  /// Orders of this owner are background flow: no OUCH answers.
  static constexpr u32 kBackground = 0;

  Exchange(Out& out, const ExchangeConfig& config)
      : out_(out),
        config_(config),
        engine_({.instruments_max = static_cast<u32>(config.listings.size()) + 1,
                 .orders_max = config.orders_max,
                 .price_blocks_max = 1U << 15},
                *this),
        members_(config.orders_max),
        by_number_(config.orders_max),
        by_ref_(config.orders_max),
        last_ref_(config.sessions_max, 0),
        signed_qty_(config.sessions_max * (config.listings.size() + 1), 0) {
    for (u32 slot = config.orders_max; slot > 0; --slot) free_.push_back(slot - 1);
    for (u32 i = 0; i < config.listings.size(); ++i) {
      const auto number = static_cast<u16>(i + 1);
      engine_.set_rules(number, {.price_step = config.listings[i].price_step});
      TRADSYS_ASSERT(by_symbol_.insert(config.listings[i].symbol.word(), number));
    }
  }

  /// The trading day opens: directory, trading states, start of market.
  void open_day(Nanos now) noexcept {
    now_ = now;
    system_event('O');
    for (u32 i = 0; i < config_.listings.size(); ++i) directory(static_cast<u16>(i + 1));
    system_event('S');
    for (u32 i = 0; i < config_.listings.size(); ++i) trading_action(static_cast<u16>(i + 1), 'T');
    system_event('Q');
  }
  /// The trading day closes; live orders expire.
  void close_day(Nanos now) noexcept {
    now_ = now;
    system_event('M');
    for (const Member& m : members_) {
      if (m.number != 0) engine_.cancel(m.number, 0);
    }
    system_event('E');
    system_event('C');
  }
  /// Halts ('H') or resumes ('T') an instrument; member orders for a halted one are refused.
  void set_trading(u16 instrument, char state, Nanos now) noexcept {
    now_ = now;
    trading_action(instrument, state);
  }

  /// One OUCH message of a member session.
  void on_member(u16 session, Bytes message, Nanos now) noexcept {
    now_ = now;
    session_ = session;
    if (ouch50::inbound::dispatch(message, *this) != DecodeResult::kOk) ++counters_.malformed;
  }
  /// The session is gone; its orders are canceled where configured.
  void on_member_gone(u16 session, Nanos now) noexcept {
    now_ = now;
    if (!config_.cancel_on_disconnect) return;
    for (const Member& m : members_) {
      if (m.number != 0 && m.session == session) engine_.cancel(m.number, 0);
    }
  }

  /// Background participants; the caller's ids are their own.
  u64 background_submit(const match::NewOrder& order, Nanos now) noexcept {
    now_ = now;
    match::NewOrder o = order;
    o.order_id = next_number_++;
    o.owner = kBackground;
    engine_.submit(o);
    return o.order_id;
  }
  /// Down to `open_qty`; 0 cancels.
  void background_cancel(u64 number, u32 open_qty, Nanos now) noexcept {
    now_ = now;
    engine_.cancel(number, open_qty);
  }
  /// The replacement's number; the old one when the exchange refused.
  u64 background_replace(u64 number, u32 price, u32 qty, Nanos now) noexcept {
    now_ = now;
    const u64 replacement = next_number_++;
    engine_.replace(number, replacement, price, qty);
    match::RestingOrder old;
    return engine_.find(number, old) ? number : replacement;
  }

  /// Takes back one of the last executions of members (which, `pick` decides), on both sides where
  /// both are members'. False where there is none left.
  bool break_trade(u64 pick, Nanos now) noexcept {
    const MemberTrade* picked = trades_.pick(pick);
    if (picked == nullptr) return false;
    now_ = now;
    const u64 match_number = picked->match_number;
    itch50::BrokenTrade b{};
    b.stock_locate = picked->fill.instrument;
    b.timestamp_ns = time_of_day();
    b.match_number = match_number;
    publish(b);
    for (MemberTrade& t : trades_.all()) {
      if (t.match_number != match_number) continue;
      ouch50::outbound::BrokenTrade r{};
      r.timestamp_ns = time_of_day();
      r.user_ref_num = t.ref;
      r.match_number = t.match_number;
      r.broken_trade_reason = 'E';
      r.clordid = t.fill.clordid;
      say(t.fill.session, r);
      settle(t.fill, true);
      t = MemberTrade{};
    }
    return true;
  }
  /// Corrects one of the last executions of members to half its quantity, rounded up; both sides.
  bool correct_trade(u64 pick, Nanos now) noexcept {
    const MemberTrade* picked = trades_.pick(pick);
    if (picked == nullptr) return false;
    now_ = now;
    const u64 match_number = picked->match_number;
    for (MemberTrade& t : trades_.all()) {
      if (t.match_number != match_number) continue;
      settle(t.fill, true);
      t.fill.qty -= t.fill.qty / 2;
      settle(t.fill, false);
      ouch50::outbound::TradeCorrection r{};
      r.timestamp_ns = time_of_day();
      r.user_ref_num = t.ref;
      r.quantity = t.fill.qty;
      r.price = t.price;
      r.liquidity_flag = 'A';
      r.match_number = match_number;
      r.trade_correction_reason = 'E';
      r.clordid = t.fill.clordid;
      say(t.fill.session, r);
    }
    return true;
  }

  [[nodiscard]] const auto& engine() const noexcept { return engine_; }
  [[nodiscard]] const ExchangeCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] const ExchangeConfig& config() const noexcept { return config_; }
  [[nodiscard]] u32 live_member_orders() const noexcept {
    return static_cast<u32>(members_.size() - free_.size());
  }
  /// Net traded quantity of a session in an instrument.
  [[nodiscard]] i64 position(u16 session, u16 instrument) const noexcept {
    return signed_qty_[session * (config_.listings.size() + 1) + instrument];
  }
  /// Calls visit(instrument, side, open_qty, clordid) for every live order of a session.
  template <class Visit>
  void for_each_live(u16 session, Visit&& visit) const {
    for (const Member& m : members_) {
      if (m.number != 0 && m.session == session) visit(m.instrument, m.side, m.leaves, m.clordid);
    }
  }

  // --- OUCH, inbound
  // -------------------------------------------------------------------------------
  void on(ouch50::inbound::EnterOrderView m) noexcept {
    if (!take_ref(m.user_ref_num())) return;
    ++counters_.orders;
    const u32 locate = by_symbol_.find(m.symbol().word());
    const bool market = m.price() == kMarketOuchPrice;
    Member member;
    member.number = next_number_++;
    member.ref = m.user_ref_num();
    member.session = session_;
    member.instrument = locate == FixedMap::kNone ? u16{0} : static_cast<u16>(locate);
    member.side = side_of(m.side());
    member.tif = m.time_in_force();
    member.price = static_cast<u32>(m.price());
    member.qty = member.leaves = m.quantity();
    member.capacity = m.capacity();
    member.clordid = m.clordid();
    if (m.display() != ouch50::display::kVisible ||
        m.cross_type() != ouch50::cross_type::kContinuous || !m.appendage().empty())
      return reject(member, 'D');
    if (member.instrument == 0 || m.price() > kMarketOuchPrice || free_.empty())
      return reject(member, 'S');
    if (m.time_in_force() != '0' && m.time_in_force() != '3') return reject(member, 'T');
    store(member);
    engine_.submit(
        {.order_id = member.number,
         .owner = owner_of(session_),
         .instrument = member.instrument,
         .side = member.side,
         .type = market ? OrderType::kMarket : OrderType::kLimit,
         .tif = market || m.time_in_force() == '3' ? TimeInForce::kIoc : TimeInForce::kDay,
         .price = market ? kMarketPrice : member.price,
         .qty = member.qty});
  }
  void on(ouch50::inbound::ReplaceOrderView m) noexcept {
    Member* old = find_ref(m.orig_user_ref_num());
    if (old == nullptr || !take_ref(m.user_ref_num())) {
      ++counters_.ignored;
      return;
    }
    const u32 executed = old->qty - old->leaves;
    if (m.quantity() <= executed) {  // nothing would be left to work
      engine_.cancel(old->number, 0);
      return;
    }
    replacement_ = *old;
    replacement_.number = next_number_++;
    replacement_.ref = m.user_ref_num();
    replacement_.price = static_cast<u32>(m.price());
    replacement_.qty = m.quantity();
    replacement_.leaves = m.quantity() - executed;
    replacement_.clordid = m.clordid();
    engine_.replace(old->number, replacement_.number, replacement_.price, replacement_.leaves);
  }
  void on(ouch50::inbound::CancelOrderView m) noexcept {
    const Member* order = find_ref(m.user_ref_num());
    if (order == nullptr) {
      ++counters_.ignored;
      return;
    }
    const u32 executed = order->qty - order->leaves;
    const u32 open = m.quantity() > executed ? m.quantity() - executed : 0;
    if (open < order->leaves)
      engine_.cancel(order->number, open);
    else
      ++counters_.ignored;
  }
  void on(ouch50::inbound::AccountQueryView) noexcept {
    ouch50::outbound::AccountQueryResponse r{};
    r.timestamp_ns = time_of_day();
    r.next_user_ref_num = last_ref_[session_] + 1;
    say(session_, r);
  }

  // --- matching engine: member answers
  // ---------------------------------------------------------------
  void on_accepted(const match::NewOrder& o) noexcept {
    if (o.owner == kBackground) return;
    const Member& m = *find_number(o.order_id);
    ouch50::outbound::OrderAccepted r{};
    r.timestamp_ns = time_of_day();
    r.user_ref_num = m.ref;
    r.side = letter_of(m.side);
    r.quantity = m.leaves;
    r.symbol = config_.listings[m.instrument - 1U].symbol;
    r.price = o.type == OrderType::kMarket ? kMarketOuchPrice : m.price;
    r.time_in_force = m.tif;
    r.display = 'Y';
    r.order_reference_number = m.number;
    r.capacity = m.capacity;
    r.inter_market_sweep_eligibility = 'N';
    r.cross_type = 'N';
    r.order_state = 'L';
    r.clordid = m.clordid;
    say(m.session, r);
  }
  void on_rejected(const match::NewOrder& o, RejectReason) noexcept {
    if (o.owner == kBackground) return;
    const Member m = *find_number(o.order_id);
    drop(m);
    reject(m, 'X');
  }
  void on_trade(const match::Trade& t) noexcept {
    ++counters_.trades;
    itch50::OrderExecuted e{};
    e.stock_locate = t.instrument;
    e.timestamp_ns = time_of_day();
    e.order_reference_number = t.resting_id;
    e.executed_shares = t.qty;
    e.match_number = t.match_number;
    publish(e);
    executed(t.resting_owner, t.resting_id, t, 'A');
    executed(t.aggressor_owner, t.aggressor_id, t, 'R');
  }
  void on_canceled(const match::Canceled& c) noexcept {
    if (c.owner == kBackground) return;
    Member& m = *find_number(c.order_id);
    m.leaves = c.leaves_qty;
    m.qty -= c.qty;
    ouch50::outbound::Canceled r{};
    r.timestamp_ns = time_of_day();
    r.user_ref_num = m.ref;
    r.quantity = c.qty;
    r.cancel_order_reason = c.reason == match::CancelReason::kRequested ? 'U' : 'I';
    say(m.session, r);
    if (m.leaves == 0) drop(Member(m));
  }
  void on_replaced(const match::Replaced& p) noexcept {
    if (p.owner == kBackground) return;
    const Member old = *find_number(p.order_id);
    drop(old);
    store(replacement_);
    ouch50::outbound::Replaced r{};
    r.timestamp_ns = time_of_day();
    r.orig_user_ref_num = old.ref;
    r.user_ref_num = replacement_.ref;
    r.side = letter_of(old.side);
    r.quantity = replacement_.leaves;
    r.symbol = config_.listings[old.instrument - 1U].symbol;
    r.price = replacement_.price;
    r.time_in_force = old.tif;
    r.display = 'Y';
    r.order_reference_number = replacement_.number;
    r.capacity = replacement_.capacity;
    r.inter_market_sweep_eligibility = 'N';
    r.cross_type = 'N';
    r.order_state = 'L';
    r.clordid = replacement_.clordid;
    say(old.session, r);
  }
  void on_replace_rejected(u64 number, u64, RejectReason) noexcept {
    if (find_number(number) != nullptr) reject(replacement_, 'R');
  }

  // --- matching engine: the feed
  // ---------------------------------------------------------------------
  void on_book_add(const match::RestingOrder& o) noexcept {
    itch50::AddOrder a{};
    a.stock_locate = o.instrument;
    a.timestamp_ns = time_of_day();
    a.order_reference_number = o.order_id;
    a.buy_sell_indicator = match::is_buy(o.side) ? 'B' : 'S';
    a.shares = o.qty;
    a.stock = config_.listings[o.instrument - 1U].symbol;
    a.price = o.price;
    publish(a);
  }
  void on_book_reduce(const match::RestingOrder& after, u32 by_qty) noexcept {
    itch50::OrderCancel x{};
    x.stock_locate = after.instrument;
    x.timestamp_ns = time_of_day();
    x.order_reference_number = after.order_id;
    x.canceled_shares = by_qty;
    publish(x);
  }
  void on_book_remove(const match::RestingOrder& before) noexcept {
    itch50::OrderDelete d{};
    d.stock_locate = before.instrument;
    d.timestamp_ns = time_of_day();
    d.order_reference_number = before.order_id;
    publish(d);
  }
  void on_book_replace(u64 old_number, const match::RestingOrder& o) noexcept {
    itch50::OrderReplace u{};
    u.stock_locate = o.instrument;
    u.timestamp_ns = time_of_day();
    u.original_order_reference_number = old_number;
    u.new_order_reference_number = o.order_id;
    u.shares = o.qty;
    u.price = o.price;
    publish(u);
  }

 private:
  static constexpr u64 kMarketOuchPrice = 0x7FFF'FFFF;

  void settle(const MemberFill& fill, bool broken) noexcept {
    const i64 qty = match::is_buy(fill.side) ? i64{fill.qty} : -i64{fill.qty};
    signed_qty_[fill.session * (config_.listings.size() + 1) + fill.instrument] +=
        broken ? -qty : qty;
    MemberFill told = fill;
    told.broken = broken;
    out_.member_fill(told);
  }

  static u32 owner_of(u16 session) noexcept { return session + 1U; }
  static u64 ref_key(u16 session, u32 ref) noexcept { return (u64{session} + 1) << 32 | ref; }

  /// References only rise; the rest are retransmissions.
  bool take_ref(u32 ref) noexcept {
    if (ref <= last_ref_[session_]) {
      ++counters_.ignored;
      return false;
    }
    last_ref_[session_] = ref;
    return true;
  }
  void store(const Member& member) noexcept {
    const u32 slot = free_.back();
    free_.pop_back();
    members_[slot] = member;
    TRADSYS_ASSERT(by_number_.insert(member.number, slot));
    TRADSYS_ASSERT(by_ref_.insert(ref_key(member.session, member.ref), slot));
  }
  void drop(const Member& member) noexcept {
    const u32 slot = by_number_.find(member.number);
    by_number_.erase(member.number);
    by_ref_.erase(ref_key(member.session, member.ref));
    members_[slot] = Member{};
    free_.push_back(slot);
  }
  Member* find_number(u64 number) noexcept { return at(by_number_.find(number)); }
  Member* find_ref(u32 ref) noexcept { return at(by_ref_.find(ref_key(session_, ref))); }
  Member* at(u32 slot) noexcept { return slot == FixedMap::kNone ? nullptr : &members_[slot]; }

  void executed(u32 owner, u64 number, const match::Trade& t, char liquidity) noexcept {
    if (owner == kBackground) return;
    Member& m = *find_number(number);
    m.leaves -= t.qty;
    ouch50::outbound::OrderExecuted r{};
    r.timestamp_ns = time_of_day();
    r.user_ref_num = m.ref;
    r.quantity = t.qty;
    r.price = t.price;
    r.liquidity_flag = liquidity;
    r.match_number = t.match_number;
    say(m.session, r);
    const MemberFill fill{m.session, m.instrument, m.side, false, t.qty, m.clordid};
    settle(fill, false);
    trades_.keep({t.match_number, m.ref, t.price, fill});
    if (m.leaves == 0) drop(Member(m));
  }
  void reject(const Member& member, char reason) noexcept {
    ouch50::outbound::RejectedOrder r{};
    r.timestamp_ns = time_of_day();
    r.user_ref_num = member.ref;
    r.rejected_order_reason = static_cast<u8>(reason);
    r.clordid = member.clordid;
    say(member.session, r);
  }
  void system_event(char code) noexcept {
    itch50::SystemEvent s{};
    s.timestamp_ns = time_of_day();
    s.event_code = code;
    publish(s);
  }
  void directory(u16 number) noexcept {
    const Listing& listing = config_.listings[number - 1U];
    itch50::StockDirectory r{};
    r.stock_locate = number;
    r.timestamp_ns = time_of_day();
    r.stock = listing.symbol;
    r.market_category = 'Q';
    r.financial_status_indicator = 'N';
    r.round_lot_size = listing.round_lot;
    r.round_lots_only = 'N';
    r.issue_classification = 'C';
    r.authenticity = 'P';
    publish(r);
  }
  void trading_action(u16 number, char state) noexcept {
    itch50::StockTradingAction h{};
    h.stock_locate = number;
    h.timestamp_ns = time_of_day();
    h.stock = config_.listings[number - 1U].symbol;
    h.trading_state = state;
    publish(h);
  }
  [[nodiscard]] u64 time_of_day() const noexcept {
    return static_cast<u64>(now_.v) % (86'400ULL * 1'000'000'000ULL);
  }
  template <class Message>
  void say(u16 session, const Message& message) noexcept {
    std::byte bytes[128];
    out_.ouch(session, Bytes(bytes, encode(message, bytes)));
  }
  template <class Message>
  void publish(const Message& message) noexcept {
    std::byte bytes[64];
    out_.itch(Bytes(bytes, encode(message, bytes)));
  }

  Out& out_;
  ExchangeConfig config_;
  match::MatchEngine<Exchange> engine_;
  std::vector<Member> members_;
  std::vector<u32> free_;
  FixedMap by_number_;
  FixedMap by_ref_;
  FixedMap by_symbol_{16'384};
  std::vector<u32> last_ref_;
  std::vector<i64> signed_qty_;
  MemberTrades trades_;
  ExchangeCounters counters_;
  Member replacement_;
  u64 next_number_ = 1;
  Nanos now_{};
  u16 session_ = 0;
};

}  // namespace tradsys::sim
