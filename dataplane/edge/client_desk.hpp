#pragma once
// The client side of the edge tile: OUCH 5.0 or 4.2 over SoupBinTCP, by TCP or by shared memory
// (edge/shm), and FIX (edge/fix). A client's
// sequenced stream belongs to the state of the appliance: it is rebuilt from the journal, and under
// ack = journaled a message leaves only when the event behind it is on disk. Drop copies are
// further sessions behind those of the clients: streams of the same kind, which only listen.
#include <algorithm>

#include "dataplane/edge/cancel/owed_cancels.hpp"
#include "dataplane/edge/drop_copy.hpp"
#include "dataplane/edge/edge_config.hpp"
#include "dataplane/edge/fix/fix_desk.hpp"
#include "dataplane/edge/ouch/ouch42_client.hpp"
#include "dataplane/edge/ouch/ouch_client.hpp"
#include "dataplane/edge/shm/shm_links.hpp"
#include "dataplane/session/soup_desk.hpp"

namespace tradsys::dataplane {

/// `Owner` gets: client_request(ClientRequest&), client_cancel(client, ref, qty),
/// client_modify(client, ref, side, qty), engine(), client_query(client), client_connected(client),
/// client_gone(client), find_symbol(Symbol), client_room(); of local clients now() and
/// client_bytes(conn, bytes), which hands them to on_data(). `Tcp` is the engine of the client
/// interface.
template <class Owner, class Tcp>
class ClientDesk {
 public:
  ClientDesk(Owner& owner, const EdgeConfig& config)
      : owner_(owner),
        ack_(config.ack),
        session_name_(config.session_name),
        configs_(config.clients),
        copies_(config.drop_copies),
        links_(shm_links_max(config)),
        transport_(links_),
        sessions_(*this, desk_config(config)),
        fix_(owner, config),
        malformed_(config.clients.size() + config.drop_copies.size(), 0),
        ignored_(config.clients.size(), 0),
        owed_(config.orders_max) {
    TRADSYS_ASSERT(config.client_net.tcp.sessions_max <= kShmSlotFirst);
    for (const ClientConfig& c : config.clients)
      tokens_.emplace_back(c.protocol == ClientProtocol::kOuch42 ? config.client_tokens_max : 0);
    for (u16 s = 0; s < sessions_.count(); ++s) {
      sessions_.store(s).hold_from(1);
      marks_.emplace_back(sessions_.config(s).room * config.client_store_messages, 0);
    }
  }

  [[nodiscard]] bool listen(Tcp& tcp) noexcept {
    transport_.attach(tcp);
    links_.open();
    return sessions_.listen(transport_) && fix_.listen(tcp);
  }
  /// A record of the journal, of whatever type; before start().
  [[nodiscard]] bool replay(u16 type, Bytes payload) noexcept { return fix_.replay(type, payload); }
  /// The journal ends here, in trading day `day`: its streams are others than those of the day
  /// before, and called so.
  void start(u32 day) noexcept {
    sessions_.rename(wire::session_text(day_session_name(session_name_, day)));
    fix_.start();
  }

  // --- from the TCP engine -----------------------------------------------------------------------
  void on_accepted(net::ConnId conn, u16 port, Nanos now) noexcept {
    if (!fix_.on_accepted(conn, port, now)) sessions_.on_accepted(conn, port, now);
  }
  void on_data(net::ConnId conn, Bytes bytes, Nanos now) noexcept {
    if (!fix_.on_data(conn, bytes, now)) sessions_.on_data(conn, bytes, now);
  }
  void on_closed(net::ConnId conn) noexcept {
    if (!fix_.on_closed(conn)) sessions_.on_closed(conn);
  }
  void on_timer(Nanos now) noexcept {
    sessions_.on_timer(now);
    fix_.on_timer(now);
  }

  // --- from local clients ------------------------------------------------------------------------
  /// Hot; returns how many had something to say.
  u32 poll_shm() noexcept { return links_.poll(*this); }
  [[nodiscard]] ShmHandover& shm_handover() noexcept { return links_.handover(); }
  [[nodiscard]] bool shm_room() const noexcept { return owner_.client_room(); }
  void shm_attached(net::ConnId conn, u16 client) noexcept {
    sessions_.on_connected(conn, client, owner_.now());
  }
  void shm_bytes(net::ConnId conn, Bytes bytes) noexcept { owner_.client_bytes(conn, bytes); }
  void shm_closed(net::ConnId conn) noexcept { sessions_.on_closed(conn); }
  void shm_broken(u16 client) noexcept { ++malformed_[client]; }

  // --- from the order engine ---------------------------------------------------------------------
  /// Appends a report to its client's stream, and to the drop copies. It leaves with a release() of
  /// `event_seq` or later. Reports of the strategy, and of nobody in the configuration, are for
  /// the drop copies alone.
  void report(const engine::ClientReport& report, Symbol symbol, u64 event_seq) noexcept {
    if (report.session < count()) tell_client(report, symbol, event_seq);
    if (copies_.empty() || !is_copied(report)) return;
    fix_.copies().report(report, symbol, event_seq);
    std::byte bytes[kOuchOutboundBytesMax + kOriginBytes];
    const usize n = encode_report(report, symbol, bytes);
    if (n == 0) return;
    const usize all = n + encode(origin_of(report, user_of(report.session)), bytes + n);
    for (usize c = 0; c < copies_.size(); ++c) {
      if (!is_fix(copies_[c].protocol) && copies_account(copies_[c].accounts, report.account))
        append(place_of(static_cast<u16>(c)), {bytes, all}, event_seq);
    }
  }
  /// A request was decided, now or in a replay: its token is used from here on. A replace that is
  /// refused leaves its token free.
  void entered(const orders::EnterEvent& event, Symbol symbol) noexcept {
    fix_.copies().entered(event, symbol);
    const u16 client = event.request.session;
    if (client >= count() || !speaks_tokens(client)) return;
    const bool refused = event.verdict.fail_bitmap != 0;
    if (refused && event.request.kind == RequestKind::kReplace) return;
    static_cast<void>(tokens_[client].insert(event.clordid, event.client_ref));
  }
  /// To the FIX clients that are logged on.
  void say(const MarketNews& news) noexcept { fix_.say(news); }
  [[nodiscard]] bool has_room() const noexcept { return owner_.client_room(); }
  /// Cancels that the protocol makes of what happened; see OwedCancels.
  [[nodiscard]] OwedCancels& owed() noexcept { return owed_; }
  /// In a replay: most of them were made.
  void drop_settled() noexcept {
    if (owed_.many())
      owed_.keep([this](const OwedCancel& c) { return may_be_canceled(c.client, c.client_ref); });
  }

  /// Shows and sends what is on disk up to `durable_seq`.
  void release(u64 durable_seq, Nanos now) noexcept {
    fix_.release(durable_seq);
    if (!waiting_) return;
    waiting_ = false;
    for (u16 c = 0; c < sessions_.count(); ++c) {
      wire::SequencedStore& store = sessions_.store(c);
      const std::vector<u64>& marks = marks_[c];
      u64 shown = store.shown_seq();
      while (shown < store.next_seq() &&
             (ack_ == AckPolicy::kImmediate || marks[shown % marks.size()] <= durable_seq)) {
        ++shown;
      }
      if (shown != store.next_seq()) waiting_ = true;
      if (shown == store.shown_seq()) continue;
      store.hold_from(shown);
      sessions_.pump(c, now);
    }
  }

  [[nodiscard]] u16 count() const noexcept { return static_cast<u16>(configs_.size()); }
  [[nodiscard]] bool logged_in(u16 client) const noexcept {
    const auto* fix = fix_.client(client);
    return fix == nullptr ? sessions_.logged_in(client) : fix->logged_on();
  }
  [[nodiscard]] const ClientConfig& config(u16 client) const noexcept { return configs_[client]; }
  [[nodiscard]] const DeskCounters& counters(u16 client) const noexcept {
    const auto* fix = fix_.client(client);
    return fix == nullptr ? sessions_.counters(client) : fix->counters();
  }
  /// Messages that were no OUCH of the client's version, or of a kind this gateway does not take,
  /// and pipes of a local client that made no sense.
  [[nodiscard]] u64 malformed(u16 client) const noexcept { return malformed_[client]; }
  /// OUCH 4.2: messages that name a token used before, or an order that is not live.
  [[nodiscard]] u64 ignored(u16 client) const noexcept { return ignored_[client]; }
  /// Number the client's next sequenced message gets.
  [[nodiscard]] u64 next_seq(u16 client) const noexcept {
    const auto* fix = fix_.client(client);
    return fix == nullptr ? sessions_.store(client).next_seq() : fix->next_seq();
  }
  [[nodiscard]] const auto& fix() const noexcept { return fix_; }

  [[nodiscard]] u16 drop_copies() const noexcept { return static_cast<u16>(copies_.size()); }
  [[nodiscard]] const DropCopyConfig& drop_copy(u16 copy) const noexcept { return copies_[copy]; }
  [[nodiscard]] bool drop_copy_logged_in(u16 copy) const noexcept {
    const auto* fix = fix_.copies().copy(copy);
    return fix == nullptr ? sessions_.logged_in(place_of(copy)) : fix->logged_on();
  }
  [[nodiscard]] const DeskCounters& drop_copy_counters(u16 copy) const noexcept {
    const auto* fix = fix_.copies().copy(copy);
    return fix == nullptr ? sessions_.counters(place_of(copy)) : fix->counters();
  }
  /// Messages that it sent although it has no word.
  [[nodiscard]] u64 drop_copy_refused(u16 copy) const noexcept {
    const auto* fix = fix_.copies().copy(copy);
    return fix == nullptr ? malformed_[place_of(copy)] : fix->refused();
  }
  /// Number the next sequenced message of a drop copy gets.
  [[nodiscard]] u64 drop_copy_next_seq(u16 copy) const noexcept {
    const auto* fix = fix_.copies().copy(copy);
    return fix == nullptr ? sessions_.store(place_of(copy)).next_seq() : fix->next_seq();
  }

  // --- owner of the sessions ---------------------------------------------------------------------
  void session_message(u16 client, Bytes message) noexcept {
    if (client >= count()) {  // a drop copy has no word
      ++malformed_[client];
      return;
    }
    if (!owner_.client_room()) {
      sessions_.drop(client, wire::SoupClose::kFlooded);
      return;
    }
    current_ = client;
    const DecodeResult result = speaks_tokens(client) ? ouch42::inbound::dispatch(message, *this)
                                                      : ouch50::inbound::dispatch(message, *this);
    if (result != DecodeResult::kOk) ++malformed_[client];
  }
  void session_connected(u16 client) noexcept {
    if (client < count()) owner_.client_connected(client);
  }
  void session_gone(u16 client) noexcept {
    if (client < count()) owner_.client_gone(client);
  }

  // --- OUCH 5.0, inbound: what the generated dispatch calls --------------------------------------
  void on(const ouch50::inbound::EnterOrderView& m) noexcept {
    engine::ClientRequest r = request_of(m);
    r.instrument = owner_.find_symbol(m.symbol());
    forward(r);
  }
  void on(const ouch50::inbound::ReplaceOrderView& m) noexcept {
    engine::ClientRequest r = request_of(m);
    forward(r);
  }
  void on(const ouch50::inbound::CancelOrderView& m) noexcept {
    owner_.client_cancel(current_, m.user_ref_num(), m.quantity());
  }
  void on(const ouch50::inbound::AccountQueryView&) noexcept { owner_.client_query(current_); }
  void on(const ouch50::inbound::ModifyOrderView& m) noexcept {
    owner_.client_modify(current_, m.user_ref_num(), side_of_ouch(m.side()), m.quantity());
  }

  // --- OUCH 4.2, inbound -------------------------------------------------------------------------
  void on(const ouch42::inbound::EnterOrderView& m) noexcept {
    engine::ClientRequest r = request_of(m);
    if (!takes(r)) return;
    r.instrument = owner_.find_symbol(m.stock());
    forward(r);
  }
  void on(const ouch42::inbound::ReplaceOrderView& m) noexcept {
    engine::ClientRequest r = request_of(m);
    r.replaces_client_ref = live_ref(m.existing_order_token());
    if (r.replaces_client_ref != 0 && takes(r)) forward(r);
  }
  void on(const ouch42::inbound::CancelOrderView& m) noexcept {
    const u32 ref = live_ref(m.order_token());
    if (ref != 0) owner_.client_cancel(current_, ref, m.shares());
  }
  void on(const ouch42::inbound::ModifyOrderView& m) noexcept {
    const u32 ref = live_ref(m.order_token());
    const Side side = side_of_ouch(m.buy_sell_indicator());
    if (ref != 0) owner_.client_modify(current_, ref, side, m.shares());
  }
  /// Whether it takes is the venue's to say, and has no message of its own: nothing is promised.
  void on(const ouch42::inbound::TradeNowView&) noexcept { ++malformed_[current_]; }

 private:
  static DeskConfig desk_config(const EdgeConfig& config) {
    DeskConfig desk;
    for (const ClientConfig& c : config.clients) {
      const bool over_tcp = !is_fix(c.protocol) && c.protocol != ClientProtocol::kShm;
      desk.sessions.push_back({c.user, c.password, over_tcp ? c.tcp_port : u16{0},
                               is_fix(c.protocol) ? usize{0} : usize{1}});
    }
    // As much is kept for replay as of all clients together, with the origins.
    for (const DropCopyConfig& c : config.drop_copies) {
      const bool soup = !is_fix(c.protocol);
      desk.sessions.push_back({c.user, c.password, soup ? c.tcp_port : u16{0},
                               soup ? config.clients.size() + 1 : usize{1}});
    }
    desk.session_name = config.session_name;
    desk.store_bytes = config.client_store_bytes;
    desk.store_messages = config.client_store_messages;
    return desk;
  }
  /// Of a drop copy among the sessions: they stand behind the clients.
  [[nodiscard]] u16 place_of(u16 copy) const noexcept { return static_cast<u16>(count() + copy); }
  [[nodiscard]] bool speaks_tokens(u16 client) const noexcept {
    return configs_[client].protocol == ClientProtocol::kOuch42;
  }
  /// Gives a request of a new token its reference; a token that was used before is a
  /// retransmission, and ignored.
  [[nodiscard]] bool takes(engine::ClientRequest& r) noexcept {
    const TokenMap& tokens = tokens_[current_];
    if (!is_token(r.clordid)) {
      ++malformed_[current_];
      return false;
    }
    if (tokens.find(r.clordid) != 0) {
      ++ignored_[current_];
      return false;
    }
    r.client_ref = owner_.engine().core().last_client_ref(current_) + 1;
    r.busy = tokens.full() ? 1 : 0;
    return true;
  }
  /// Reference of a live order's token; 0, and counted, where there is none.
  [[nodiscard]] u32 live_ref(const OrderToken& token) noexcept {
    const u32 ref = tokens_[current_].find(token);
    if (ref != 0 && owner_.engine().core().store().find_client(current_, ref) != nullptr)
      return ref;
    ++ignored_[current_];
    return 0;
  }
  /// OUCH 4.2 has no refusal of a replace: the order is canceled. Nor can a client name an order
  /// whose token a crash took out of the journal: found at the venue, it is canceled.
  void note_owed(const engine::ClientReport& report) noexcept {
    using engine::ReportKind;
    const u16 client = report.session;
    if (report.kind == ReportKind::kRejected && report.previous_client_ref != 0) {
      if (may_be_canceled(client, report.previous_client_ref))
        owed_.add({client, report.previous_client_ref, orders::CancelOrigin::kReplaceRefused});
    } else if ((report.kind == ReportKind::kAccepted || report.kind == ReportKind::kReplaced) &&
               tokens_[client].find(report.clordid) != report.client_ref) {
      owed_.add({client, report.client_ref, orders::CancelOrigin::kUnknownToken});
    }
  }
  [[nodiscard]] bool may_be_canceled(u16 client, u32 client_ref) const noexcept {
    const orders::Order* order = owner_.engine().core().store().find_client(client, client_ref);
    return order != nullptr && (order->cancel_pending & orders::kCancelsCurrent) == 0;
  }
  void tell_client(const engine::ClientReport& report, Symbol symbol, u64 event_seq) noexcept {
    if (auto* client = fix_.client(report.session))
      return client->report(report, symbol, event_seq);
    std::byte bytes[kOuchOutboundBytesMax];
    const bool tokens = speaks_tokens(report.session);
    const usize n =
        tokens ? encode_report42(report, symbol, bytes) : encode_report(report, symbol, bytes);
    if (tokens) note_owed(report);
    if (n != 0) append(report.session, {bytes, n}, event_seq);
  }
  void append(u16 session, Bytes message, u64 event_seq) noexcept {
    wire::SequencedStore& store = sessions_.store(session);
    std::vector<u64>& marks = marks_[session];
    marks[store.next_seq() % marks.size()] = event_seq;
    TRADSYS_ASSERT(store.append(message) != 0);
    waiting_ = true;
  }
  [[nodiscard]] std::string_view user_of(u16 session) const noexcept {
    if (session == orders::kStrategySession) return kStrategyUser;
    return session < count() ? std::string_view(configs_[session].user) : std::string_view();
  }
  void forward(engine::ClientRequest& r) noexcept {
    r.session = current_;
    r.account = configs_[current_].account;
    owner_.client_request(r);
  }

  Owner& owner_;
  AckPolicy ack_;
  std::string session_name_;
  std::vector<ClientConfig> configs_;
  std::vector<DropCopyConfig> copies_;
  ShmLinks links_;
  ClientTransport<Tcp> transport_;
  SoupDesk<ClientDesk, ClientTransport<Tcp>> sessions_;
  FixDesk<Owner, Tcp> fix_;
  std::vector<std::vector<u64>> marks_;  ///< per session and kept message: the event behind it
  std::vector<u64> malformed_;
  std::vector<u64> ignored_;
  std::vector<TokenMap> tokens_;  ///< per client; empty where it speaks OUCH 5.0
  OwedCancels owed_;
  u16 current_ = 0;
  bool waiting_ = false;
};

}  // namespace tradsys::dataplane
