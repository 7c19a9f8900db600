#pragma once
// A client of the appliance for simulation and load: one OUCH 5.0 session that logs in, trades at
// random around the prices it is told, and keeps its own account of every order, so that what the
// appliance and the venue say can be held against it.
#include <map>
#include <set>
#include <string>
#include <tradsys/ouch50_spec.hpp>
#include <vector>

#include "dataplane/net/net_interface.hpp"
#include "hostsw/core/random.hpp"
#include "hostsw/core/symbol.hpp"
#include "hostsw/wire/soup_client_session.hpp"
#include "sim/client/heard.hpp"

namespace tradsys::sim {

struct TraderConfig {
  net::NetConfig net;
  net::Ipv4 server_ip;
  u16 server_port = 0;
  wire::SoupLogin login;
  wire::SoupConfig soup;
  std::vector<Symbol> symbols;
  u64 orders = 1'000;  ///< new orders to send; then it only waits for the rest to end
  Nanos interval{100'000};  ///< between actions
  Nanos reconnect_wait{100'000'000};
  u32 cancel_per_million = 250'000;
  u32 replace_per_million = 150'000;
  u32 ioc_per_million = 150'000;
  u32 bad_per_million =
      20'000;  ///< orders that must be refused: unknown symbol, off tick, too large
  u64 seed = 1;
};

/// One reference the client used: a new order, or the replacement of one (`replaces` != 0). A chain
/// of replacements is one order; it ends once.
struct TraderOrder {
  enum class State : u8 { kSent, kLive, kEnded };
  Symbol symbol;
  char side = 'B';
  State state = State::kSent;
  u32 replaces = 0;
  u32 replaced_by = 0;  ///< reference of the last replace sent for it
  u32 price = 0;
  u32 open = 0;
  u32 filled = 0;  ///< of the whole chain
};

/// Why something is impossible; collected, not thrown.
struct TraderCounters {
  u64 sent = 0;  ///< new orders
  u64 accepted = 0;
  u64 rejected = 0;  ///< terminal
  u64 filled = 0;  ///< terminal
  u64 canceled = 0;  ///< terminal
  u64 unsent = 0;  ///< terminal: lost with a connection before they arrived
  u64 replaces_sent = 0;
  u64 replaces_rejected = 0;
  u64 replaced = 0;
  u64 executions = 0;
  u64 broken = 0;  ///< executions taken back
  u64 corrected = 0;
  u64 logins = 0;
  u64 impossible = 0;  ///< messages that contradict what went before
  u64 messages = 0;
};

template <nic::FramePort Port, Clock Clk>
class Trader {
 public:
  Trader(const TraderConfig& config, Port& port, const Clk& clock)
      : config_(config),
        clock_(clock),
        random_(config.seed),
        soup_(config.soup, *this),
        net_(port, clock, *this, config.net) {}
  Trader(const Trader&) = delete;
  Trader& operator=(const Trader&) = delete;

  void start() noexcept { net_.announce(); }
  u32 poll(u32 budget) { return net_.poll(budget); }
  /// Timers, and the next action when it is due. `price_of(symbol)` gives a price to trade around,
  /// 0 for none.
  template <class PriceOf>
  void housekeep(Nanos now, PriceOf&& price_of) {
    net_.housekeep(now);
    soup_.on_timer(now);
    if (conn_ == net::kNoConn && now >= next_attempt_) {
      next_attempt_ = now + config_.reconnect_wait;
      conn_ = net_.tcp().connect(config_.server_ip, config_.server_port);
    }
    if (soup_.logged_in() && sync_ == Sync::kReplaying && now - last_message_at_ >= kQuiet) query();
    if (!soup_.logged_in() || sync_ != Sync::kReady || now < next_action_ || held_) return;
    next_action_ = now + config_.interval;
    if (counters_.sent < config_.orders)
      act(price_of);
    else if (!live_.empty())
      cancel(*live_.begin());
  }
  /// Time of the next housekeep() that does something.
  [[nodiscard]] Nanos next_deadline() const noexcept {
    const Nanos net = net_.next_deadline();
    Nanos own = soup_.logged_in() ? (sync_ == Sync::kReady ? next_action_ : Nanos{INT64_MAX})
                                  : next_attempt_;
    if ((done() || held_) && soup_.logged_in()) own = Nanos{INT64_MAX};
    return net < own ? net : own;
  }
  /// Sends nothing more until the next day.
  void hold() noexcept { held_ = true; }
  /// A new trading day: the appliance's stream begins anew; references go on.
  void begin_day() noexcept {
    held_ = false;
    disconnect();
    next_sequence_ = 1;
  }
  /// Cuts the connection without a word, as a crash would.
  void disconnect() noexcept {
    if (conn_ != net::kNoConn) net_.tcp().abort(conn_);
    conn_ = net::kNoConn;
    soup_.on_disconnected();
    next_attempt_ = clock_.now() + config_.reconnect_wait;
  }

  /// Every order it meant to send is sent and over, as far as it was told.
  [[nodiscard]] bool done() const noexcept {
    return counters_.sent >= config_.orders && open_ == 0;
  }
  /// Orders that ended, each once.
  [[nodiscard]] u64 terminal() const noexcept {
    return counters_.rejected + counters_.filled + counters_.canceled + counters_.unsent;
  }
  [[nodiscard]] const TraderCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] const std::map<u32, TraderOrder>& orders() const noexcept { return orders_; }
  /// Net traded quantity by symbol word.
  [[nodiscard]] const std::map<u64, i64>& positions() const noexcept { return positions_; }
  /// What was wrong with the first message counted as impossible; empty when none was.
  [[nodiscard]] const std::string& first_contradiction() const noexcept { return contradiction_; }
  [[nodiscard]] u64 next_sequence() const noexcept { return next_sequence_; }
  [[nodiscard]] const Heard& heard() const noexcept { return heard_; }
  [[nodiscard]] bool logged_in() const noexcept { return soup_.logged_in(); }

  // --- handler of the SoupBinTCP session
  // -------------------------------------------------------------
  bool send(Bytes packet) noexcept { return net_.tcp().send(conn_, packet); }
  void on_login_accepted(const wire::SoupSessionName&, u64 next) noexcept {
    ++counters_.logins;
    if (next != next_sequence_) contradict("login at another sequence", next_ref_);
    sync_ = Sync::kReplaying;
    last_message_at_ = clock_.now();
  }
  void on_login_rejected(char) noexcept {}
  void on_sequenced(u64 sequence, Bytes message) noexcept {
    heard_.add(message);
    next_sequence_ = sequence + 1;
    ++counters_.messages;
    last_message_at_ = clock_.now();
    if (ouch50::outbound::dispatch(message, *this) != DecodeResult::kOk)
      contradict("no OUCH message", 0);
  }
  void on_end_of_session() noexcept {}
  void on_closed(wire::SoupClose) noexcept {
    if (conn_ != net::kNoConn) net_.tcp().close(conn_);
    conn_ = net::kNoConn;
    next_attempt_ = clock_.now() + config_.reconnect_wait;
  }

  // --- handler of the network
  // ------------------------------------------------------------------------
  void on_udp(const net::UdpDatagram&) noexcept {}
  void on_tcp_connected(net::ConnId conn) noexcept {
    if (conn != conn_) return;
    wire::SoupLogin login = config_.login;
    login.sequence = next_sequence_;
    soup_.start(login, clock_.now());
  }
  void on_tcp_accepted(net::ConnId conn, u16) noexcept { net_.tcp().abort(conn); }
  void on_tcp_data(net::ConnId conn, Bytes bytes) noexcept {
    if (conn == conn_) soup_.on_bytes(bytes, clock_.now());
  }
  void on_tcp_closed(net::ConnId conn, net::TcpCloseReason) noexcept {
    if (conn != conn_) return;
    conn_ = net::kNoConn;
    next_attempt_ = clock_.now() + config_.reconnect_wait;
    soup_.on_disconnected();
  }
  void on_tcp_peer_closed(net::ConnId conn) noexcept {
    if (conn == conn_) soup_.on_disconnected();
  }

  // --- OUCH, outbound
  // --------------------------------------------------------------------------------
  void on(ouch50::outbound::OrderAcceptedView m) noexcept {
    TraderOrder* o = find(m.user_ref_num(), State::kSent);
    if (o == nullptr) return;
    if (m.capacity() != capacity_of(m.user_ref_num()))
      return contradict("capacity", m.user_ref_num());
    ++counters_.accepted;
    begin(m.user_ref_num(), *o, m.quantity());
    if (m.order_state() == 'D') end(m.user_ref_num(), *o, counters_.canceled);
  }
  void on(ouch50::outbound::RejectedOrderView m) noexcept {
    const auto it = orders_.find(m.user_ref_num());
    if (it == orders_.end() || it->second.state == State::kLive) {
      return contradict("rejected", m.user_ref_num());
    }
    TraderOrder& o = it->second;
    if (o.replaces == 0) return end(m.user_ref_num(), o, counters_.rejected);
    o.state = State::kEnded;  // also when the order it should replace ended meanwhile
    ++counters_.replaces_rejected;
  }
  void on(ouch50::outbound::OrderExecutedView m) noexcept {
    TraderOrder* o = find(m.user_ref_num(), State::kLive);
    if (o == nullptr || !take(*o, m.quantity())) return;
    ++counters_.executions;
    o->filled += m.quantity();
    const i64 traded = o->side == 'B' ? i64{m.quantity()} : -i64{m.quantity()};
    positions_[o->symbol.word()] += traded;
    const auto key = std::pair(m.user_ref_num(), m.match_number());
    if (!trades_.try_emplace(key, Fill{o->symbol.word(), traded}).second)
      contradict("an execution twice", m.user_ref_num());
    if (o->open == 0) end(m.user_ref_num(), *o, counters_.filled);
  }
  void on(ouch50::outbound::CanceledView m) noexcept {
    TraderOrder* o = find(m.user_ref_num(), State::kLive);
    if (o == nullptr || !take(*o, m.quantity())) return;
    if (o->open == 0) end(m.user_ref_num(), *o, counters_.canceled);
  }
  void on(ouch50::outbound::ReplacedView m) noexcept {
    TraderOrder* old = find(m.orig_user_ref_num(), State::kLive);
    TraderOrder* o = find(m.user_ref_num(), State::kSent);
    if (old == nullptr || o == nullptr) return;
    ++counters_.replaced;
    old->state = State::kEnded;
    live_.erase(m.orig_user_ref_num());
    o->filled = old->filled;
    begin(m.user_ref_num(), *o, m.quantity());
    if (m.order_state() == 'D') end(m.user_ref_num(), *o, counters_.canceled);
  }
  void on(ouch50::outbound::BrokenTradeView m) noexcept {
    Fill* fill = find_fill(m.user_ref_num(), m.match_number());
    if (fill == nullptr) return;
    ++counters_.broken;
    positions_[fill->symbol] -= fill->qty;
    trades_.erase({m.user_ref_num(), m.match_number()});
  }
  void on(ouch50::outbound::TradeCorrectionView m) noexcept {
    Fill* fill = find_fill(m.user_ref_num(), m.match_number());
    if (fill == nullptr) return;
    ++counters_.corrected;
    const i64 traded = fill->qty > 0 ? i64{m.quantity()} : -i64{m.quantity()};
    positions_[fill->symbol] += traded - fill->qty;
    fill->qty = traded;
  }
  /// After a reconnect: references from the answer on never arrived.
  void on(ouch50::outbound::AccountQueryResponseView m) noexcept {
    if (sync_ != Sync::kAsked) return;  // the answer to a query of an earlier connection, replayed
    sync_ = Sync::kReady;
    for (auto it = orders_.lower_bound(m.next_user_ref_num()); it != orders_.end(); ++it) {
      TraderOrder& o = it->second;
      if (o.state != State::kSent) continue;
      if (o.replaces == 0) end(it->first, o, counters_.unsent);
      o.state = State::kEnded;
    }
  }

 private:
  using State = TraderOrder::State;
  struct Fill {
    u64 symbol = 0;
    i64 qty = 0;  ///< bought positive
  };
  /// After each login: the stream is replayed until it is quiet, then the appliance is asked which
  /// references it has seen, and only then orders go out.
  enum class Sync : u8 { kReplaying, kAsked, kReady };
  static constexpr Nanos kQuiet{50'000'000};

  void contradict(const char* what, u32 ref) noexcept {
    if (counters_.impossible++ == 0) contradiction_ = std::string(what) + " " + std::to_string(ref);
  }
  TraderOrder* find(u32 ref, State wanted) noexcept {
    const auto it = orders_.find(ref);
    if (it != orders_.end() && it->second.state == wanted) return &it->second;
    contradict(
        wanted == State::kSent ? "an answer to what was not asked" : "news of what is not live",
        ref);
    return nullptr;
  }
  Fill* find_fill(u32 ref, u64 match_number) noexcept {
    const auto it = trades_.find({ref, match_number});
    if (it != trades_.end()) return &it->second;
    contradict("news of an execution nobody told", ref);
    return nullptr;
  }
  bool take(TraderOrder& o, u32 qty) noexcept {
    if (qty > o.open) {
      contradict("more than is open", 0);
      return false;
    }
    o.open -= qty;
    return true;
  }
  void begin(u32 ref, TraderOrder& o, u32 open) {
    o.state = State::kLive;
    o.open = open;
    live_.insert(ref);
  }
  /// The order is over; a replace of it that nobody answered is, too.
  void end(u32 ref, TraderOrder& o, u64& counter) noexcept {
    if (o.state == State::kEnded) return contradict("a second end", ref);
    o.state = State::kEnded;
    live_.erase(ref);
    ++counter;
    --open_;
    if (o.replaced_by != 0) orders_[o.replaced_by].state = State::kEnded;
  }
  template <class Message>
  bool say(const Message& message) noexcept {
    std::byte bytes[64];
    return soup_.send_unsequenced({bytes, encode(message, bytes)}, clock_.now());
  }
  void query() noexcept {
    if (say(ouch50::inbound::AccountQuery{})) sync_ = Sync::kAsked;
  }

  template <class PriceOf>
  void act(PriceOf&& price_of) {
    if (!live_.empty() && random_.chance(config_.cancel_per_million)) return cancel(pick_live());
    if (!live_.empty() && random_.chance(config_.replace_per_million)) return replace_any();
    const Symbol symbol = config_.symbols[random_.below(config_.symbols.size())];
    const u32 price = price_of(symbol);
    if (price < 1'000) return;
    ouch50::inbound::EnterOrder m{};
    m.user_ref_num = next_ref_;
    m.side = random_.below(2) == 0 ? 'B' : 'S';
    m.quantity = static_cast<u32>(100 * (1 + random_.below(5)));
    m.symbol = symbol;
    m.price = price + 100 * random_.below(9) - 400;
    m.time_in_force = random_.chance(config_.ioc_per_million) ? '3' : '0';
    m.display = 'Y';
    m.capacity = capacity_of(next_ref_);
    m.inter_market_sweep_eligibility = 'N';
    m.cross_type = 'N';
    if (random_.chance(config_.bad_per_million)) spoil(m);
    if (!say(m)) return;
    orders_[next_ref_++] = {.symbol = m.symbol, .side = m.side, .price = static_cast<u32>(m.price)};
    ++counters_.sent;
    ++open_;
  }
  void spoil(ouch50::inbound::EnterOrder& m) {
    switch (random_.below(5)) {
      case 0:
        m.symbol = Symbol::from("NOSUCH");
        break;
      case 3:
        m.display = ouch50::display::kHidden;
        break;
      case 1:
        m.price += 1;
        break;
      case 2:
        m.quantity = 0;
        break;
      default:
        m.price *= 2;
    }
  }
  static char capacity_of(u32 ref) noexcept { return "APRO"[ref % 4]; }
  u32 pick_live() {
    const auto it = live_.lower_bound(static_cast<u32>(random_.below(next_ref_)));
    return it == live_.end() ? *live_.begin() : *it;
  }
  void cancel(u32 ref) {
    ouch50::inbound::CancelOrder m{};
    m.user_ref_num = ref;
    say(m);
  }
  void replace_any() {
    const u32 ref = pick_live();
    TraderOrder& old = orders_[ref];
    ouch50::inbound::ReplaceOrder m{};
    m.orig_user_ref_num = ref;
    m.user_ref_num = next_ref_;
    m.quantity = old.filled + static_cast<u32>(100 * (1 + random_.below(5)));
    m.price = old.price + 100 * random_.below(3) - 100;
    m.time_in_force = '0';
    m.display = 'Y';
    m.inter_market_sweep_eligibility = 'N';
    if (!say(m)) return;
    ++counters_.replaces_sent;
    old.replaced_by = next_ref_;
    orders_[next_ref_++] = {.symbol = old.symbol,
                            .side = old.side,
                            .replaces = ref,
                            .price = static_cast<u32>(m.price)};
  }

  TraderConfig config_;
  const Clk& clock_;
  Random random_;
  std::map<u32, TraderOrder> orders_;
  std::set<u32> live_;
  std::map<u64, i64> positions_;
  std::map<std::pair<u32, u64>, Fill> trades_;  ///< by reference and match number
  TraderCounters counters_;
  std::string contradiction_;
  Heard heard_;
  wire::SoupClientSession<Trader> soup_;
  net::NetInterface<Port, Clk, Trader> net_;
  net::ConnId conn_ = net::kNoConn;
  Nanos next_attempt_{};
  Nanos next_action_{};
  u64 next_sequence_ = 1;
  u64 open_ = 0;  ///< orders sent and not over
  u32 next_ref_ = 1;
  Nanos last_message_at_{};
  Sync sync_ = Sync::kReplaying;
  bool held_ = false;
};

}  // namespace tradsys::sim
