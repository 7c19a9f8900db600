#pragma once
// The Verilated md_mold_rx with both ends of it: packets go in as beats of net_udp_rx, messages and
// events come out, with random stalls.
#include <tradsys/feed_spec.hpp>

#include <optional>

#include "fpga/model/feed_model.hpp"
#include "tests/support/rtl/axis.hpp"

namespace tradsys::testing {

struct CardMessage {
  u64 sequence = 0;
  u16 length = 0;
  std::vector<std::byte> kept;  ///< at most kFeedMessageBytesMax
  u64 at_clock = 0;
};

template <class Dut>
class MoldCard {
 public:
  MoldCard(u64 seed, u32 gap_window) : random_(seed), sender_(seed + 1), receiver_(seed + 2) {
    dut.gap_wait_clocks_i = ~u32{0};
    dut.gap_window_messages_i = gap_window;
    dut.resume_i = dut.s_valid_i = 0;
    dut.m_ready_i = 1;
    dut.rst = 1;
    testing::clock(dut);
    testing::clock(dut);
    dut.rst = 0;
  }

  /// Queues a payload; `empty_beats` follow it, as behind a padded frame.
  void send(bool line_b, Bytes payload, FrameFault fault = FrameFault::kNone,
            usize empty_beats = 0) {
    std::deque<Beat> beats;
    append_beats(payload, random_, beats);
    if (beats.empty()) ++empty_beats;
    for (; empty_beats > 0; --empty_beats) beats.push_back({});
    for (usize i = 0; i < beats.size(); ++i) {
      beats[i].last = i + 1 == beats.size();
      queue_.push_back({beats[i], line_b, fault});
    }
  }
  void resume(const std::optional<wire::MoldSession>& session, u64 sequence) {
    dut.resume_i = 1;
    dut.resume_any_i = !session;
    if (session) std::memcpy(dut.resume_session_i.data(), session->data(), session->size());
    dut.resume_sequence_i = sequence;
    step(false, false);
    dut.resume_i = 0;
  }
  /// Runs until nothing is left to send and nothing comes any more.
  void drain(bool stalls) {
    const u64 patience = clocks + 100'000;
    for (u32 quiet = 0; quiet < 40; quiet = idle() ? quiet + 1 : 0) {
      TRADSYS_ASSERT(clocks < patience);  // else the card stands still
      step(!stalls || !sender_.now(), !stalls || !receiver_.now());
    }
  }
  void step(bool may_send, bool may_take) {
    offering_ = offering_ || (may_send && !queue_.empty());
    dut.s_valid_i = offering_;
    if (offering_) put(queue_.front());
    dut.m_ready_i = may_take;
    dut.eval();
    took_ = dut.m_valid_o && dut.m_ready_i;
    if (took_) take();
    if (offering_ && dut.s_ready_o) {
      if (queue_.front().beat.last) sent_at.push_back(clocks);
      queue_.pop_front();
      offering_ = false;
    }
    testing::clock(dut);
    count();
    ++clocks;
  }

  Dut dut;
  u64 clocks = 0;
  fpga::MoldModelCounters counters;
  std::deque<CardMessage> messages;
  std::vector<u64> sent_at;  ///< clock of each packet's last beat

 private:
  struct Queued {
    Beat beat;
    bool line_b;
    FrameFault fault;
  };

  [[nodiscard]] bool idle() const { return queue_.empty() && !took_ && !dut.m_valid_o; }
  void put(const Queued& queued) {
    put_bytes(dut.s_data_i, queued.beat.data);
    dut.s_bytes_i = static_cast<u8>(queued.beat.bytes);
    dut.s_last_i = queued.beat.last;
    // Line and fault count with the last beat alone.
    dut.s_line_b_i = queued.beat.last ? queued.line_b : random_.chance(500'000);
    dut.s_fault_i = static_cast<u8>(queued.beat.last ? static_cast<u64>(queued.fault)
                                                     : random_.below(kFrameFaultCount));
  }
  void take() {
    CardMessage message{dut.m_sequence_o, dut.m_bytes_o, {}, clocks};
    message.kept.resize(std::min<usize>(message.length, kFeedMessageBytesMax));
    get_bytes(dut.m_data_o, message.kept.data(), message.kept.size());
    messages.push_back(std::move(message));
  }
  void count() {
    counters.packets_a += dut.packet_a_o;
    counters.packets_b += dut.packet_b_o;
    counters.malformed += dut.malformed_o;
    counters.too_long += dut.too_long_o;
    counters.wrong_session += dut.wrong_session_o;
    counters.contradictions += dut.contradiction_o;
    counters.duplicates += dut.duplicate_o;
    counters.ahead += dut.ahead_o;
    counters.gaps += dut.gap_o;
    counters.messages += dut.messages_o;
  }

  Random random_;
  Stalls sender_, receiver_;
  std::deque<Queued> queue_;
  bool offering_ = false;
  bool took_ = false;
};

}  // namespace tradsys::testing
