#pragma once
// The drop copies in FIX, and what they need to know of the orders of every session, whatever it
// speaks: a pure function of requests and reports in their order.
#include <memory>

#include "dataplane/edge/drop_copy.hpp"
#include "dataplane/edge/fix/fix_drop_copy.hpp"
#include "dataplane/edge/fix/fix_reporter.hpp"

namespace tradsys::dataplane {

/// `Owner` as for FixStream.
template <class Owner, class Tcp>
class FixCopies {
 public:
  using Copy = FixDropCopy<Owner, Tcp>;

  FixCopies(Owner& owner, const EdgeConfig& config) : copies_(config.drop_copies.size()) {
    for (u16 c = 0; c < copies_.size(); ++c)
      if (is_fix(config.drop_copies[c].protocol))
        copies_[c] = std::make_unique<Copy>(owner, config, c);
    if (!any()) return;
    for (u16 s = 0; s < config.clients.size(); ++s)
      add_source(config, s, config.clients[s].user, is_fix(config.clients[s].protocol));
    add_source(config, orders::kStrategySession, kStrategyUser, false);
  }
  FixCopies(const FixCopies&) = delete;
  FixCopies& operator=(const FixCopies&) = delete;

  [[nodiscard]] bool any() const noexcept {
    return std::ranges::any_of(copies_, [](const auto& copy) { return copy != nullptr; });
  }
  /// nullptr: it speaks OUCH.
  [[nodiscard]] Copy* copy(u16 c) noexcept {
    return c < copies_.size() ? copies_[c].get() : nullptr;
  }
  [[nodiscard]] const Copy* copy(u16 c) const noexcept {
    return c < copies_.size() ? copies_[c].get() : nullptr;
  }
  template <class Visit>
  void for_each(Visit&& visit) noexcept {
    for (const auto& copy : copies_)
      if (copy != nullptr) visit(*copy);
  }

  /// A FIX client's request, before the engine decides.
  void requested(u16 session, const orders::FixRequestEvent& e) noexcept {
    if (Source* source = source_of(session)) static_cast<void>(source->reporter.apply(e));
  }
  /// A request was decided; those of FIX clients are known by then.
  void entered(const orders::EnterEvent& e, Symbol symbol) noexcept {
    Source* source = source_of(e.request.session);
    if (source != nullptr && !source->speaks_fix) source->reporter.apply(e, symbol);
  }
  /// What follows leaves with event `event_seq`.
  void report(const engine::ClientReport& r, Symbol symbol, u64 event_seq) noexcept {
    Source* source = source_of(r.session);
    if (source == nullptr || !is_copied(r)) return;
    source->account = r.account;
    source->event_seq = event_seq;
    source->reporter.on_report(r, symbol);
  }

 private:
  /// The orders of one session. ClOrdIDs of other protocols may be there twice, and what is said
  /// before a FIX client has named its order again is said without its ClOrdID.
  struct Source {
    FixCopies& copies;
    const u16 session;
    const std::string user;
    const bool speaks_fix;
    FixReporter<Source> reporter;
    u64 told = 0;
    u64 event_seq = 0;
    u16 account = 0;

    Source(FixCopies& all, u16 number, std::string_view name, bool fix, u32 requests_max)
        : copies(all),
          session(number),
          user(name),
          speaks_fix(fix),
          reporter(*this, {.requests_max = requests_max, .by_id = false, .waits_for_id = false}) {}
    void tell(const FixOrder& order, const FixExecution& e) noexcept {
      copies.for_each([&](Copy& copy) { copy.tell(order, e, {user, account}, event_seq); });
    }
    /// Answers to a client's own requests are its own.
    void refuse(const FixCancelReject&) noexcept {}
    [[nodiscard]] FixNumberText exec_id() noexcept { return {'C', session, ++told}; }
  };

  /// Room for all live orders with a replace and a cancel each: none is pushed out that may still
  /// be told of. More are kept for trades that the venue takes back.
  void add_source(const EdgeConfig& config, u16 session, std::string_view user, bool fix) {
    u32 requests_max = 4 * config.orders_max;
    for (const DropCopyConfig& copy : config.drop_copies)
      if (is_fix(copy.protocol)) requests_max = std::max(requests_max, copy.fix.requests_max);
    if (sources_.size() <= session) sources_.resize(session + usize{1});
    sources_[session] = std::make_unique<Source>(*this, session, user, fix, requests_max);
  }
  [[nodiscard]] Source* source_of(u16 session) noexcept {
    return session < sources_.size() ? sources_[session].get() : nullptr;
  }

  std::vector<std::unique_ptr<Copy>> copies_;  ///< nullptr for those in OUCH
  std::vector<std::unique_ptr<Source>> sources_;  ///< by session; empty without a copy
};

}  // namespace tradsys::dataplane
