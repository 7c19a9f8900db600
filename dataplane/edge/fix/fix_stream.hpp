#pragma once
// A FIX session of the edge tile as its journal keeps it: one TCP connection, numbers and the
// stream of what was said. Sequence numbers belong to the appliance's state: what takes a number is
// an event in the journal or follows from one, and leaves when that event is on disk. Clients and
// drop copies are built on it.
#include <algorithm>

#include "dataplane/edge/edge_config.hpp"
#include "dataplane/session/soup_desk.hpp"
#include "hostsw/orders/fix_events.hpp"
#include "hostsw/wire/fix/session.hpp"

namespace tradsys::dataplane {

[[nodiscard]] fix::SessionConfig fix_session_config(const ClientConfig& config);

/// `User` derives from it and gets: take(message), false for a type it does not know;
/// session_begins(), session_ends(), numbers_begin(). `Owner` as for ClientDesk, and:
/// client_note(type, event), engine(), wall_ns().
template <class User, class Owner, class Tcp>
class FixStream {
 public:
  /// `session` is whose records in the journal are its own; the stream has `room` times the room of
  /// a client's.
  FixStream(Owner& owner, const EdgeConfig& config, ClientConfig own, u16 session, usize room = 1)
      : owner_(owner),
        config_(std::move(own)),
        immediate_(config.ack == AckPolicy::kImmediate),
        index_(session),
        store_(config.client_store_bytes * room, config.client_store_messages * room),
        marks_(config.client_store_messages * room, 0),
        session_(fix_session_config(config_), *this, store_) {
    store_.hold_from(1);
  }
  FixStream(const FixStream&) = delete;
  FixStream& operator=(const FixStream&) = delete;

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
    begin_numbers(Nanos{static_cast<i64>(e.ts_ns)});
  }

  [[nodiscard]] bool logged_on() const noexcept { return logged_on_; }
  [[nodiscard]] u64 slow_disconnects() const noexcept { return slow_; }
  [[nodiscard]] u64 next_seq() const noexcept { return store_.next_seq(); }
  [[nodiscard]] const DeskCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] const fix::Session<FixStream>& session() const noexcept { return session_; }
  [[nodiscard]] const ClientConfig& config() const noexcept { return config_; }

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
    user().session_begins();
  }
  bool on_application(const fix::Message& m) noexcept {
    ++counters_.messages_in;
    const bool taken = user().take(m);
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
    user().session_ends();
  }
  /// A session message, or one that answers for the session, got its number.
  void on_kept(std::string_view type, std::string_view fields) noexcept {
    const bool again = !fix::type::is_session(type);
    record_sent(type, again ? fields : std::string_view{}, again);
  }
  void on_reset() noexcept {
    begin_numbers(wall());
    owner_.client_note(orders::EventType::kFixNumbers,
                       orders::FixNumbersEvent{owner_.wall_ns(), 1, index_, 1});
  }

 protected:
  [[nodiscard]] Nanos wall() const noexcept { return Nanos{static_cast<i64>(owner_.wall_ns())}; }
  /// A message that follows from an event of the engine, the one numbered `event_seq`.
  void emit(std::string_view type, std::string_view fields, u64 ts_ns, u64 event_seq) noexcept {
    marks_[store_.next_seq() % marks_.size()] = event_seq;
    TRADSYS_ASSERT(session_.keep(type, fields, Nanos{static_cast<i64>(ts_ns)}));
  }
  /// An application message that follows from no event of the engine.
  void say(std::string_view type, const fix::Writer& body) noexcept {
    TRADSYS_ASSERT(session_.keep(type, body.body(), wall()));
    record_sent(type, body.body(), true);
    session_.pump(wall());
  }
  /// The message of the peer that is being handled; its number counts as taken once it has its
  /// answer.
  void begin_handling(const fix::Message& m) noexcept {
    handling_ = m.number(fix::tag::kMsgSeqNum).value_or(0);
  }
  /// Where the journal says the numbers of the peer stand.
  void expect_next_in(u64 next_in) noexcept { session_.restore_next_in(next_in); }

  Owner& owner_;
  const ClientConfig config_;
  const bool immediate_;
  const u16 index_;
  wire::SequencedStore store_;
  fix::Writer body_;
  u64 handling_ = 0;  ///< MsgSeqNum of the request that is being handled; 0: none

 private:
  static constexpr Nanos kLogonPatience{100'000'000};
  static constexpr Nanos kLastWords{1'000'000'000};
  /// Twenty requests at most, three records each.
  static constexpr usize kSliceBytes = 1'024;

  [[nodiscard]] User& user() noexcept { return static_cast<User&>(*this); }
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
  /// Both directions start at 1 again.
  void begin_numbers(Nanos at) noexcept {
    day_ = day_of(at);
    store_.hold_from(1);
    user().numbers_begin();
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

  Tcp* tcp_ = nullptr;
  std::vector<u64> marks_;  ///< per kept message: the event behind it
  fix::Session<FixStream> session_;
  DeskCounters counters_;
  net::ConnId conn_ = net::kNoConn;
  Nanos now_{};
  Nanos accepted_at_{};
  Nanos closing_since_{};
  std::optional<i64> day_;  ///< of the session hours that the numbers belong to
  u64 slow_ = 0;
  bool logged_on_ = false;
  bool closing_ = false;
};

}  // namespace tradsys::dataplane
