#pragma once
// One FIX client: its session over one TCP connection, its requests and its stream. Sequence
// numbers belong to the appliance's state: what takes a number is an event in the journal or
// follows from one, and leaves when that event is on disk. A client_ref is the client's MsgSeqNum
// on top of what was used before the last return to number 1: a request that a crash took out of
// the journal gets the same one when it comes again, and is not done twice.
#include "dataplane/edge/edge_config.hpp"
#include "dataplane/edge/fix/fix_reporter.hpp"
#include "dataplane/edge/fix/fix_request.hpp"
#include "dataplane/session/soup_desk.hpp"
#include "hostsw/wire/fix/session.hpp"

namespace tradsys::dataplane {

/// What a FIX client is beside a client of any protocol.
[[nodiscard]] FixVersion version_of(ClientProtocol protocol) noexcept;
[[nodiscard]] fix::SessionConfig fix_session_config(const ClientConfig& config);

/// `Owner` as for ClientDesk, and: client_note(type, event), client_sweep(wanted), engine(),
/// wall_ns().
template <class Owner, class Tcp>
class FixClient {
 public:
  FixClient(Owner& owner, const EdgeConfig& config, u16 index)
      : owner_(owner),
        config_(config.clients[index]),
        immediate_(config.ack == AckPolicy::kImmediate),
        index_(index),
        store_(config.client_store_bytes, config.client_store_messages),
        marks_(config.client_store_messages, 0),
        session_(fix_session_config(config_), *this, store_),
        reporter_(*this, version_of(config_.protocol), config_.fix.requests_max) {
    store_.hold_from(1);
  }
  FixClient(const FixClient&) = delete;
  FixClient& operator=(const FixClient&) = delete;

  // --- connection --------------------------------------------------------------------------------
  void attach(Tcp& tcp) noexcept { tcp_ = &tcp; }
  [[nodiscard]] bool owns(net::ConnId conn) const noexcept {
    return conn_ != net::kNoConn && conn_ == conn;
  }
  /// One session a CompID pair: while it is logged on nobody else gets in. Who only connects cannot
  /// lock the owner out.
  void on_accepted(net::ConnId conn, Nanos now) noexcept {
    now_ = now;
    const bool patient = logged_on_ || now - accepted_at_ < kLogonPatience;
    if (conn_ != net::kNoConn && !closing_ && patient) {
      ++counters_.rejected_logins;
      return tcp_->abort(conn);
    }
    if (conn_ != net::kNoConn) drop_connection();
    if (!opens_now()) {
      ++counters_.rejected_logins;
      return tcp_->abort(conn);
    }
    conn_ = conn;
    accepted_at_ = now;
    session_.start(wall());
  }
  /// In slices: each can be recorded, or the rest is not taken.
  void on_data(Bytes bytes, Nanos now) noexcept {
    now_ = now;
    while (!bytes.empty() && conn_ != net::kNoConn && !session_.closed()) {
      if (!owner_.client_room()) return drop_connection();
      const usize slice = std::min(bytes.size(), kSliceBytes);
      session_.on_bytes(bytes.first(slice), wall());
      bytes = bytes.subspan(slice);
    }
  }
  void on_gone() noexcept {
    conn_ = net::kNoConn;
    closing_ = false;
    session_.on_disconnected();
  }
  void on_timer(Nanos now) noexcept {
    now_ = now;
    if (closing_ && now - closing_since_ >= kLastWords) close_connection();
    session_.on_timer(wall());
    if (logged_on_ && config_.fix.hours && today() != day_) session_.logout("end of the session");
    sweep();
  }
  /// Shows and sends what is on disk up to `durable_seq`. A client that does not read is not waited
  /// for.
  void release(u64 durable_seq) noexcept {
    u64 shown = store_.shown_seq();
    while (shown < store_.next_seq() &&
           (immediate_ || marks_[shown % marks_.size()] <= durable_seq))
      ++shown;
    if (shown != store_.shown_seq()) store_.hold_from(shown);
    if (conn_ == net::kNoConn) return;
    if (!session_.all_sent()) session_.pump(wall());
    if (closing_ && session_.all_sent()) return close_connection();
    if (session_.waiting() > config_.fix.waiting_max) {
      ++slow_;
      drop_connection();
    }
  }

  // --- journal -----------------------------------------------------------------------------------
  void replay(const orders::FixRequestEvent& e) noexcept {
    apply(e);
    session_.restore_next_in(e.msg_seq + 1);
  }
  void replay(const orders::FixSentEvent& e) noexcept {
    const std::string_view text(e.text.data(), e.bytes);
    const usize type_end = text.find(fix::kSoh);
    if (type_end == std::string_view::npos)
      session_.restore_sent();
    else
      session_.keep(fix::slice(text, 0, type_end), fix::slice(text, type_end + 1),
                    Nanos{static_cast<i64>(e.ts_ns)});
    session_.restore_next_in(e.next_in);
  }
  void replay(const orders::FixNumbersEvent& e) noexcept {
    if (e.reset == 0) return session_.restore_next_in(e.next_in);
    session_.restore_reset();
    numbers_begin(Nanos{static_cast<i64>(e.ts_ns)});
  }
  /// References go on behind those that were used the day before.
  [[nodiscard]] bool replay(const orders::FixCarriedOrderEvent& e) noexcept {
    if (!reporter_.table().carry(e)) return false;
    base_ref_ = highest_ref_ = std::max(highest_ref_, e.client_ref);
    return true;
  }
  /// The journal ends with a request of this client that the engine's record does not follow: it
  /// counts as not received, and comes again.
  void take_back_last() noexcept {
    const u64 next_in = session_.numbers().next_in - 1;
    session_.restore_next_in(next_in);
    owner_.client_note(orders::EventType::kFixNumbers,
                       orders::FixNumbersEvent{owner_.wall_ns(), next_in, index_});
  }

  // --- engine ------------------------------------------------------------------------------------
  void report(const engine::ClientReport& report, Symbol symbol, u64 event_seq) noexcept {
    report_event_ = event_seq;
    highest_ref_ = std::max(highest_ref_, report.client_ref);
    reporter_.on_report(report, symbol);
    report_event_ = 0;
  }
  /// A message that follows from an event of the engine.
  void emit(std::string_view type, std::string_view fields, u64 ts_ns) noexcept {
    marks_[store_.next_seq() % marks_.size()] = report_event_;
    TRADSYS_ASSERT(session_.keep(type, fields, Nanos{static_cast<i64>(ts_ns)}));
  }
  [[nodiscard]] FixNumberText exec_id() const noexcept {
    return {'E', base_ref_, u64{store_.next_seq()}};
  }

  [[nodiscard]] bool logged_on() const noexcept { return logged_on_; }
  [[nodiscard]] u64 slow_disconnects() const noexcept { return slow_; }
  [[nodiscard]] u64 next_seq() const noexcept { return store_.next_seq(); }
  [[nodiscard]] const DeskCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] const fix::Session<FixClient>& session() const noexcept { return session_; }

  // --- handler of the session --------------------------------------------------------------------
  bool send(std::string_view bytes) noexcept {
    return conn_ != net::kNoConn && tcp_->send(conn_, std::as_bytes(std::span(bytes)));
  }
  bool on_logon(const fix::Message& m) noexcept {
    const u64 heartbeat_s = m.number(fix::tag::kHeartBtInt).value_or(0);
    const bool good_beat = heartbeat_s != 0 && heartbeat_s <= config_.fix.heartbeat_max_s;
    const bool good_password =
        !config_.fix.check_password ||
        (wire::same_credential(m.text(fix::tag::kUsername), config_.user) &&
         wire::same_credential(m.text(fix::tag::kPassword), config_.password));
    if (good_beat && good_password) return true;
    ++counters_.rejected_logins;
    return false;
  }
  void on_logged_on() noexcept {
    if (logged_on_) return;
    logged_on_ = true;
    ++counters_.logins;
    owner_.client_connected(index_);
  }
  bool on_application(const fix::Message& m) noexcept {
    ++counters_.messages_in;
    const bool taken = m.type().size() == 1 && take(m);
    handling_ = 0;
    return taken;
  }
  void on_closed(fix::CloseReason reason) noexcept {
    if (conn_ != net::kNoConn && reason != fix::CloseReason::kDisconnected) {
      closing_ = true;  // last words may wait for the journal
      closing_since_ = now_;
      if (session_.all_sent()) close_connection();
    }
    if (!logged_on_) return;
    logged_on_ = false;
    ++counters_.disconnects;
    owner_.client_gone(index_);
  }
  /// A session message, or one that answers for the session, got its number.
  void on_kept(std::string_view type, std::string_view fields) noexcept {
    const bool again = !fix::type::is_session(type);
    record_sent(type, again ? fields : std::string_view{}, again);
  }
  void on_reset() noexcept {
    numbers_begin(wall());
    owner_.client_note(orders::EventType::kFixNumbers,
                       orders::FixNumbersEvent{owner_.wall_ns(), 1, index_, 1});
  }

 private:
  static constexpr Nanos kLogonPatience{100'000'000};
  static constexpr Nanos kLastWords{1'000'000'000};
  /// Twenty requests at most, three records each.
  static constexpr usize kSliceBytes = 1'024;

  [[nodiscard]] Nanos wall() const noexcept { return Nanos{static_cast<i64>(owner_.wall_ns())}; }

  void close_connection() noexcept {
    closing_ = false;
    const net::ConnId conn = conn_;
    conn_ = net::kNoConn;
    if (conn != net::kNoConn) tcp_->close(conn);
  }
  void drop_connection() noexcept {
    const net::ConnId conn = conn_;
    conn_ = net::kNoConn;
    closing_ = false;
    tcp_->abort(conn);
    session_.on_disconnected();
  }
  [[nodiscard]] std::optional<i64> day_of(Nanos at) const noexcept {
    return config_.fix.hours ? session_day(*config_.fix.hours, at) : std::nullopt;
  }
  [[nodiscard]] std::optional<i64> today() const noexcept { return day_of(wall()); }
  /// Whether the client may log on now. The first connection of a day begins it.
  bool opens_now() noexcept {
    if (!config_.fix.hours) return true;
    const std::optional<i64> day = today();
    if (day && day != day_) session_.reset();
    return day.has_value();
  }
  /// Both directions start at 1 again; references go on.
  void numbers_begin(Nanos at) noexcept {
    day_ = day_of(at);
    base_ref_ = highest_ref_;
    store_.hold_from(1);
  }

  void record_sent(std::string_view type, std::string_view fields, bool whole) noexcept {
    orders::FixSentEvent e{
        .ts_ns = owner_.wall_ns(), .next_in = next_in_after(), .session = index_};
    const usize bytes = type.size() + 1 + fields.size();
    if (whole && bytes <= e.text.size()) {
      std::ranges::copy(type, e.text.begin());
      e.text[type.size()] = fix::kSoh;
      std::ranges::copy(fields, e.text.begin() + static_cast<std::ptrdiff_t>(type.size()) + 1);
      e.bytes = static_cast<u16>(bytes);
    }
    owner_.client_note(orders::EventType::kFixSent, e);
    marks_[(store_.next_seq() - 1) % marks_.size()] = owner_.engine().event_seq();
    if (immediate_) store_.hold_from(store_.next_seq());
  }
  /// While a request is handled, its number counts as taken once it has its answer.
  [[nodiscard]] u64 next_in_after() const noexcept {
    return std::max(session_.numbers().next_in, handling_ + 1);
  }
  /// An application message that follows from no event of the engine.
  void say(std::string_view type, const fix::Writer& body) noexcept {
    TRADSYS_ASSERT(session_.keep(type, body.body(), wall()));
    record_sent(type, body.body(), true);
    session_.pump(wall());
  }

  bool take(const fix::Message& m) noexcept;
  void on_new(const fix::Message& m) noexcept;
  void on_replace(const fix::Message& m) noexcept;
  void on_cancel(const fix::Message& m) noexcept;
  void on_status(const fix::Message& m) noexcept;
  void on_mass_cancel(const fix::Message& m) noexcept;
  void sweep() noexcept;
  [[nodiscard]] bool means(const orders::Order& order) const noexcept;

  /// The reference of a request; 0 when there is none left.
  [[nodiscard]] u32 begin_request(const fix::Message& m) noexcept;
  [[nodiscard]] bool account_differs(const fix::Message& m) const noexcept {
    const std::optional<std::string_view> account = m.find(fix_tag::kAccount);
    return account && *account != config_.fix.account;
  }
  bool note_request(const fix::Message& m, const FixRequest& r, u32 ref, u32 target) noexcept;
  void apply(const orders::FixRequestEvent& e) noexcept { static_cast<void>(apply_request(e)); }
  /// What waited for the request's ClOrdID follows from its event.
  bool apply_request(const orders::FixRequestEvent& e) noexcept {
    report_event_ = owner_.engine().event_seq() + 1;
    const bool placed = reporter_.apply(e);
    report_event_ = 0;
    if (placed) highest_ref_ = std::max(highest_ref_, e.client_ref);
    return placed;
  }
  void forward(FixRequest& r, u32 ref) noexcept;
  void refuse_new(const fix::Message& m, const FixRequest& r, RejectReason reason,
                  std::string_view text) noexcept;
  void refuse_change(const fix::Message& m, FixOrder* target, CxlRejReason reason,
                     std::string_view text) noexcept;
  [[nodiscard]] FixOrder* changeable(const fix::Message& m) noexcept;
  void tell_status(const FixOrder& order, std::string_view request_id) noexcept;
  void tell_pending(const fix::Message& m, FixOrder& target, char what) noexcept;

  /// Live orders that a mass cancel means; `active` until all of their cancels are on their way.
  struct MassCancel {
    bool active = false;
    u16 instrument = 0xFFFF;  ///< 0xFFFF: all
    Side side = Side::kNone;  ///< kNone: both
  };

  Owner& owner_;
  Tcp* tcp_ = nullptr;
  const ClientConfig config_;
  const bool immediate_;
  const u16 index_;
  wire::SequencedStore store_;
  std::vector<u64> marks_;  ///< per kept message: the event behind it
  fix::Session<FixClient> session_;
  FixReporter<FixClient> reporter_;
  fix::Writer body_;
  DeskCounters counters_;
  MassCancel mass_cancel_;
  net::ConnId conn_ = net::kNoConn;
  Nanos now_{};
  Nanos accepted_at_{};
  Nanos closing_since_{};
  std::optional<i64> day_;  ///< of the session hours that the numbers belong to
  u64 handling_ = 0;  ///< MsgSeqNum of the request that is being handled; 0: none
  u64 report_event_ = 0;
  u64 slow_ = 0;
  u32 base_ref_ = 0;  ///< references up to this one were used before the last return to number 1
  u32 highest_ref_ = 0;
  bool logged_on_ = false;
  bool closing_ = false;
};

}  // namespace tradsys::dataplane

#include "dataplane/edge/fix/fix_client_requests.hpp"
