#pragma once
// The fast gate and the reference side by side: every call goes to both, any difference is told in
// words. Used by the property tests and by the fuzz target.
#include <string>
#include <tradsys/risk_spec.hpp>

#include "hostsw/risk/gate.hpp"
#include "hostsw/risk/reference_gate.hpp"

namespace tradsys::testing {

class GatePair {
 public:
  GatePair(u16 accounts, u16 instruments)
      : accounts_(accounts),
        instruments_(instruments),
        fast_(risk::Gate::make({.accounts_max = accounts, .instruments_max = instruments}).value()),
        slow_(accounts, instruments) {}

  Verdict submit(const OrderRequest& r, const MarketState& market, Nanos now) {
    const u64 hash_before = fast_.hash();
    const Verdict fast = fast_.submit(r, market, now);
    const Verdict slow = slow_.submit(r, market, now);
    if (!(fast == slow)) note("verdict", text(fast) + " != " + text(slow));
    if (fast.fail_bitmap != 0 && fast_.hash() != hash_before)
      note("refused order", "changed the state");
    compare(r.account, r.instrument);
    return fast;
  }
  void apply(const Execution& e) {
    fast_.apply(e);
    slow_.apply(e);
    compare(e.account, e.instrument);
  }
  void adopt(const OrderRequest& r, bool opens_order) {
    if (fast_.adopt(r, opens_order) != slow_.adopt(r, opens_order))
      note("adopted value", "differs");
    compare(r.account, r.instrument);
  }
  /// `call` is a control call, e.g. [&](auto& gate) { return gate.set(row); }.
  template <class Call>
  void control(Call&& call) {
    const auto fast = call(fast_);
    const auto slow = call(slow_);
    if (fast != slow) note("control call", "accepted by one gate only");
    if (fast_.limits_epoch() != slow_.limits_epoch()) note("limits_epoch", "differs");
  }
  /// The whole ledger, and the incremental hash against the walk.
  void compare_all() {
    for (u16 a = 0; a < accounts_; ++a)
      for (u16 i = 0; i < instruments_; ++i) compare(a, i);
    for (u16 n = 0; n < 4; ++n) {
      compare_scope(LimitScope::kClient, n);
      compare_scope(LimitScope::kStrategy, n);
    }
    if (fast_.hash() != fast_.hash_by_walk()) note("hash", "incremental and walk differ");
  }

  /// Empty while both gates agree; else the first difference.
  [[nodiscard]] const std::string& difference() const { return difference_; }
  [[nodiscard]] const risk::Gate& fast() const { return fast_; }

 private:
  void compare(u16 account, u16 instrument) {
    const AccountIndex a{account};
    const InstrumentIndex i{instrument};
    if (fast_.exposure(a, i) != slow_.exposure(a, i)) note("exposure", "differs");
    const risk::PositionCell* cell = fast_.cell(account, instrument);
    if (cell != nullptr && !(cell->day == slow_.day(account, instrument)))
      note("quantities of the day", "differ");
    if (account < accounts_) compare_scope(LimitScope::kAccount, account);
    compare_scope(LimitScope::kFirm, 0);
    if (!(fast_.anomalies() == slow_.anomalies())) note("anomalies", "differ");
  }
  void compare_scope(LimitScope kind, u16 index) {
    if (fast_.scope(kind, index).use == slow_.use(kind, index)) return;
    note("use of scope " + std::string(name_of(kind)), std::to_string(index) + " differs");
  }
  void note(const std::string& what, const std::string& detail) {
    if (difference_.empty()) difference_ = what + ": " + detail;
  }
  static std::string text(const Verdict& v) {
    return std::string(name_of(v.primary_reason)) + " bitmap " + std::to_string(v.fail_bitmap) +
           " limit " + std::to_string(v.limit_value) + " observed " +
           std::to_string(v.observed_value) + " exposure " + std::to_string(v.exposure_after) +
           " epoch " + std::to_string(v.limits_epoch);
  }

  u16 accounts_, instruments_;
  risk::Gate fast_;
  risk::ReferenceGate slow_;
  std::string difference_;
};

}  // namespace tradsys::testing
