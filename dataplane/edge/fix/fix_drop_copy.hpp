#pragma once
// A drop copy in FIX: a session that only listens. It gets an ExecutionReport of all that is told
// of the orders of its accounts, and a TradeCaptureReport of each trade, its cancel and its
// correction.
#include "dataplane/edge/fix/fix_copy_messages.hpp"
#include "dataplane/edge/fix/fix_request.hpp"
#include "dataplane/edge/fix/fix_stream.hpp"

namespace tradsys::dataplane {

/// `Owner` as for FixStream.
template <class Owner, class Tcp>
class FixDropCopy : public FixStream<FixDropCopy<Owner, Tcp>, Owner, Tcp> {
  using Stream = FixStream<FixDropCopy, Owner, Tcp>;

 public:
  /// `copy`: place among the drop copies of the configuration.
  FixDropCopy(Owner& owner, const EdgeConfig& config, u16 copy)
      : Stream(owner, config, client_of(config.drop_copies[copy]),
               static_cast<u16>(orders::kFirstDropCopySession + copy), config.clients.size() + 1),
        accounts_(config.drop_copies[copy].accounts),
        version_(version_of(config_.protocol)) {}

  /// It follows from event `event_seq` of the engine.
  void tell(const FixOrder& order, const FixExecution& e, const FixCopyOrigin& origin,
            u64 event_seq) noexcept {
    if (!copies_account(accounts_, origin.account)) return;
    write_copy(body_, version_, order, e, origin);
    this->emit("8", body_.body(), e.ts_ns, event_seq);
    if (!is_trade(version_, e)) return;
    write_trade(body_, order, e, origin);
    this->emit("AE", body_.body(), e.ts_ns, event_seq);
  }

  // --- user of the stream ------------------------------------------------------------------------
  /// It has no word.
  bool take(const fix::Message& m) noexcept {
    constexpr i64 kOther = 0, kNotAuthorized = 6;
    ++refused_;
    this->begin_handling(m);
    body_.clear();
    body_.number(fix::tag::kRefSeqNum, static_cast<i64>(handling_));
    body_.text(fix::tag::kRefMsgType, m.type());
    body_.number(fix::tag::kBusinessRejectReason,
                 version_ == FixVersion::kFix42 ? kOther : kNotAuthorized);
    body_.text(fix::tag::kText, "a drop copy takes no requests: use a session of a client");
    this->say(fix::type::kBusinessReject, body_);
    return true;
  }
  void session_begins() noexcept {}
  void session_ends() noexcept {}
  void numbers_begin() noexcept {}

  /// Messages that it sent although it has no word.
  [[nodiscard]] u64 refused() const noexcept { return refused_; }

 private:
  using Stream::body_;
  using Stream::config_;
  using Stream::handling_;

  static ClientConfig client_of(const DropCopyConfig& copy) {
    return {.user = copy.user,
            .password = copy.password,
            .tcp_port = copy.tcp_port,
            .cancel_on_disconnect = false,
            .protocol = copy.protocol,
            .fix = copy.fix};
  }

  const std::vector<u16> accounts_;
  const FixVersion version_;
  u64 refused_ = 0;
};

}  // namespace tradsys::dataplane
