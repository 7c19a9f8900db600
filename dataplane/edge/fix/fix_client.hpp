#pragma once
// One FIX client: its requests, and what is said of its orders. A client_ref is the client's
// MsgSeqNum on top of what was used before the last return to number 1: a request that a crash took
// out of the journal gets the same one when it comes again, and is not done twice.
#include "dataplane/edge/fix/fix_copies.hpp"
#include "dataplane/edge/fix/fix_news.hpp"
#include "dataplane/edge/fix/fix_reporter.hpp"
#include "dataplane/edge/fix/fix_request.hpp"
#include "dataplane/edge/fix/fix_stream.hpp"

namespace tradsys::dataplane {

/// `Owner` as for FixStream, and: client_mass_cancel(what).
template <class Owner, class Tcp>
class FixClient : public FixStream<FixClient<Owner, Tcp>, Owner, Tcp> {
  using Stream = FixStream<FixClient, Owner, Tcp>;

 public:
  /// `copies` hears of its requests; nullptr: nobody does.
  FixClient(Owner& owner, const EdgeConfig& config, u16 index, FixCopies<Owner, Tcp>* copies)
      : Stream(owner, config, config.clients[index], index),
        copies_(copies),
        version_(version_of(config_.protocol)),
        reporter_(*this, {.requests_max = config_.fix.requests_max}) {}

  // --- journal -----------------------------------------------------------------------------------
  using Stream::replay;
  void replay(const orders::FixRequestEvent& e) noexcept {
    apply(e);
    this->expect_next_in(e.msg_seq + 1);
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
    const u64 next_in = this->session().numbers().next_in - 1;
    this->expect_next_in(next_in);
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

  /// To be called while it is logged on; journaled as it takes its number.
  void say(const MarketNews& news) noexcept {
    write_news(body_, version_, news, owner_.wall_ns());
    Stream::say("B", body_);
  }

  // --- sink of the reporter ----------------------------------------------------------------------
  void tell(const FixOrder& order, const FixExecution& e) noexcept {
    write_execution(body_, version_, order, e);
    this->emit("8", body_.body(), e.ts_ns, report_event_);
  }
  void refuse(const FixCancelReject& reject) noexcept {
    write_cancel_reject(body_, version_, reject);
    this->emit("9", body_.body(), reject.ts_ns, report_event_);
  }
  [[nodiscard]] FixNumberText exec_id() const noexcept {
    return {'E', base_ref_, u64{store_.next_seq()}};
  }

  // --- user of the stream ------------------------------------------------------------------------
  bool take(const fix::Message& m) noexcept;
  void session_begins() noexcept { user_on(); }
  void session_ends() noexcept { user_off(); }
  /// References go on.
  void numbers_begin() noexcept { base_ref_ = highest_ref_; }

 private:
  using Stream::body_;
  using Stream::config_;
  using Stream::handling_;
  using Stream::index_;
  using Stream::owner_;
  using Stream::store_;

  void on_new(const fix::Message& m) noexcept;
  void on_replace(const fix::Message& m) noexcept;
  void on_cancel(const fix::Message& m) noexcept;
  void on_status(const fix::Message& m) noexcept;
  void on_mass_cancel(const fix::Message& m) noexcept;
  void on_user(const fix::Message& m) noexcept;
  [[nodiscard]] char user_status_after(const fix::Message& m) noexcept;
  [[nodiscard]] FixOrder* of_number(const fix::Message& m) noexcept;
  [[nodiscard]] FixOrder* target_of(const fix::Message& m) noexcept;

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
    if (placed && copies_ != nullptr) copies_->requested(index_, e);
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

  /// What a q means, or why it cannot be done.
  struct MassCancel {
    orders::MassCancelEvent what;
    u32 reject_reason = 0;  ///< MassCancelRejectReason (532)
    std::string_view refusal{};  ///< empty: it can
  };
  [[nodiscard]] MassCancel mass_cancel_of(const fix::Message& m) const noexcept;

  /// Its user is on from the logon on, and may go and come by UserRequests: without him it enters
  /// and replaces no orders.
  void user_on() noexcept {
    if (!user_is_on_) owner_.client_connected(index_);
    user_is_on_ = true;
  }
  void user_off() noexcept {
    if (user_is_on_) owner_.client_gone(index_);
    user_is_on_ = false;
  }

  FixCopies<Owner, Tcp>* const copies_;
  const FixVersion version_;
  FixReporter<FixClient> reporter_;
  u64 report_event_ = 0;
  u32 base_ref_ = 0;  ///< references up to this one were used before the last return to number 1
  u32 highest_ref_ = 0;
  bool user_is_on_ = false;
};

}  // namespace tradsys::dataplane

#include "dataplane/edge/fix/fix_client_requests.hpp"
