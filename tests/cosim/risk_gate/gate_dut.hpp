#pragma once
// The Verilated gate with a clock: beats go in and verdicts come out with random stalls on both
// sides, each held against the verdict the model gave for it, and the clocks between are counted.
#include <cstring>
#include <deque>
#include <string>
#include <utility>

#include "drivers/offload/gate_beats.hpp"
#include "fpga/model/gate_model.hpp"
#include "hostsw/core/random.hpp"

namespace tradsys::testing {

/// How often either side is not ready, in millionths.
struct Stalls {
  u32 input{};
  u32 output{};
};

/// V is the Verilated class of risk_gate.
template <class V>
class GateDut {
 public:
  explicit GateDut(u64 seed) : random_(seed) { reset(); }
  ~GateDut() { dut_.final(); }
  GateDut(const GateDut&) = delete;
  GateDut& operator=(const GateDut&) = delete;

  /// Nothing may be under way. The tables are cleared before anything is taken.
  void reset() {
    dut_.rst = 1;
    dut_.s_valid_i = dut_.m_ready_i = 1;
    for (int i = 0; i < 4; ++i) clock();
    dut_.rst = 0;
    for (; clock(), dut_.cleared_o == 0;)
      if (dut_.s_ready_o != 0 || dut_.m_valid_o != 0) note("open before its tables are clear");
    dut_.s_valid_i = 0;
    clock();
  }
  void put(const offload::GateBeat& beat) { offers_.push_back(beat); }
  void expect(const fpga::ModelVerdict& verdict) { expected_.push_back(verdict); }
  void stalls(const Stalls& stalls) { stalls_ = stalls; }
  void kill(bool on) { dut_.kill_i = on; }

  /// Runs until every beat was taken and every verdict came out, or nothing moves any more.
  void drain() {
    u64 idle = 0;
    while ((!offers_.empty() || in_flight() != 0) && idle < 2'000) idle = cycle() ? 0 : idle + 1;
    if (!offers_.empty() || in_flight() != 0) note("the gate hangs");
    for (int i = 0; i < 12; ++i) cycle();  // what gives no verdict has its effect, too
  }
  /// Runs until few beats wait.
  void keep_short() {
    u64 idle = 0;
    while (offers_.size() > 64 && idle < 2'000) idle = cycle() ? 0 : idle + 1;
    if (idle >= 2'000) note("the gate hangs");
  }

  /// Empty while the circuit agrees; else the first difference.
  [[nodiscard]] const std::string& difference() const { return difference_; }
  [[nodiscard]] u64 verdicts() const { return verdicts_; }
  [[nodiscard]] u64 cycles() const { return cycle_; }
  [[nodiscard]] u64 beats() const { return beats_; }
  /// Beats that waited in front of the pipeline although a verdict could have been taken.
  [[nodiscard]] u64 held_beats() const { return held_; }
  /// Fewest and most clocks from taking a request to handing over its verdict.
  [[nodiscard]] std::pair<u64, u64> latency() const { return {shortest_, longest_}; }
  [[nodiscard]] const V& pins() const { return dut_; }

 private:
  struct Taken {
    u64 cycle;
    bool is_order;
  };

  [[nodiscard]] usize in_flight() const { return taken_.size() + due_.size(); }

  void clock() {
    dut_.clk = 0;
    dut_.eval();
    dut_.clk = 1;
    dut_.eval();
    ++cycle_;
  }

  /// One clock; whether anything moved at the pins.
  bool cycle() {
    if (!offering_ && !offers_.empty() && !random_.chance(stalls_.input)) {
      offering_ = true;
      const offload::GateBeat& beat = offers_.front();
      dut_.s_beat_i = static_cast<u8>(beat.kind);
      dut_.s_now_ns_i = static_cast<u64>(beat.now_ns);
      std::memcpy(&dut_.s_data_i, beat.bytes.data(), beat.bytes.size());
    }
    dut_.s_valid_i = offering_;
    dut_.m_ready_i = !random_.chance(stalls_.output);
    dut_.clk = 0;
    dut_.eval();
    const bool takes = offering_ && dut_.s_ready_o != 0;
    const bool hands_over = dut_.m_valid_o != 0 && dut_.m_ready_i != 0;
    if (dut_.issue_o != 0) issue();
    if (dut_.m_valid_o != 0) see_verdict(hands_over);
    if (takes) {
      taken_.push_back({cycle_, offers_.front().kind == GateOp::kOrder});
      offers_.pop_front();
      offering_ = false;
      ++beats_;
    }
    dut_.clk = 1;
    dut_.eval();
    ++cycle_;
    return takes || hands_over;
  }

  void issue() {
    if (taken_.empty()) return note("a beat is issued that was not taken");
    const Taken first = taken_.front();
    taken_.pop_front();
    held_ += cycle_ != first.cycle + 1;
    if (first.is_order) due_.push_back({first.cycle, cycle_});
  }

  void see_verdict(bool hands_over) {
    if (due_.empty()) return note("a verdict without a request");
    const auto [taken, issued] = due_.front();
    if (!seen_) {
      // A verdict shows a fixed time after its request went in, or right behind the one before it.
      const u64 at = std::max(issued + kGateLatencyClocks - 1, last_handover_ + 1);
      if (cycle_ != at)
        note("verdict " + std::to_string(verdicts_) + " shows " + std::to_string(cycle_ - issued) +
             " clocks after its request left stage 0");
      seen_ = true;
      shortest_ = std::min(shortest_, cycle_ - taken);
      longest_ = std::max(longest_, cycle_ - taken);
    }
    if (!hands_over) return;
    Verdict verdict;
    std::memcpy(static_cast<void*>(&verdict), &dut_.m_verdict_o, sizeof verdict);
    compare(verdict, dut_.m_degraded_o != 0);
    due_.pop_front();
    seen_ = false;
    last_handover_ = cycle_;
    ++verdicts_;
  }

  void compare(const Verdict& got, bool degraded) {
    if (expected_.empty()) return note("a verdict the model does not know");
    const fpga::ModelVerdict want = expected_.front();
    expected_.pop_front();
    if (got == want.verdict && degraded == want.degraded) return;
    note("verdict " + std::to_string(verdicts_) + ": circuit " + text(got, degraded) +
         ", software " + text(want.verdict, want.degraded));
  }
  static std::string text(const Verdict& v, bool degraded) {
    char words[400];
    std::snprintf(
        words, sizeof words,
        "{seq %llu id %llu bitmap %llx reason %u limit %lld observed %lld exposure %lld "
        "epoch %u reserved %llu degraded %d}",
        static_cast<unsigned long long>(v.seq), static_cast<unsigned long long>(v.order_id),
        static_cast<unsigned long long>(v.fail_bitmap), static_cast<unsigned>(v.primary_reason),
        static_cast<long long>(v.limit_value), static_cast<long long>(v.observed_value),
        static_cast<long long>(v.exposure_after), v.limits_epoch,
        static_cast<unsigned long long>(v.reserved_value), degraded);
    return words;
  }
  void note(const std::string& what) {
    if (difference_.empty()) difference_ = "clock " + std::to_string(cycle_) + ": " + what;
  }

  V dut_;
  Random random_;
  Stalls stalls_;
  std::deque<offload::GateBeat> offers_;
  std::deque<fpga::ModelVerdict> expected_;
  std::deque<Taken> taken_;
  std::deque<std::pair<u64, u64>> due_;
  bool offering_{}, seen_{};
  u64 cycle_{}, beats_{}, verdicts_{}, held_{}, last_handover_{};
  u64 shortest_{~u64{0}}, longest_{};
  std::string difference_;
};

}  // namespace tradsys::testing
