#pragma once
// 512-bit streams of Verilated blocks: frames cut into beats, beats put onto ports, and the random
// stalls of both ends.
#include <deque>
#include <vector>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/random.hpp"

namespace tradsys::testing {

inline constexpr usize kBeatBytes = 64;

/// One beat of 64 bytes; `bytes` of them count, the rest is noise.
struct Beat {
  std::array<std::byte, kBeatBytes> data{};
  u32 bytes = 0;
  bool last = false;
  /// Valid bits of tkeep.
  [[nodiscard]] u64 keep() const { return bytes == 64 ? ~u64{0} : (u64{1} << bytes) - 1; }
};

/// Cuts a packet of at least one byte into beats; what does not count is random.
inline void append_beats(Bytes packet, Random& random, std::deque<Beat>& out) {
  for (usize at = 0; at < packet.size(); at += kBeatBytes) {
    Beat beat;
    for (std::byte& b : beat.data) b = static_cast<std::byte>(random.next());
    beat.bytes = static_cast<u32>(std::min(kBeatBytes, packet.size() - at));
    std::memcpy(beat.data.data(), packet.data() + at, beat.bytes);
    beat.last = at + kBeatBytes >= packet.size();
    out.push_back(beat);
  }
}

/// Bytes onto a wide port, byte 0 in its lowest bits.
template <class Wide>
void put_bytes(Wide& port, Bytes bytes) {
  std::memcpy(port.data(), bytes.data(), bytes.size());
}
template <class Wide>
void get_bytes(const Wide& port, std::byte* out, usize bytes) {
  std::memcpy(out, port.data(), bytes);
}

/// Whether one end of a stream pauses: never, now and then, or for long; the mood changes.
class Stalls {
 public:
  explicit Stalls(u64 seed) : random_(seed) {}
  [[nodiscard]] bool now() {
    if (left_ == 0) {
      left_ = 1 + random_.below(200);
      mood_ = random_.below(4);
    }
    --left_;
    if (mood_ == 0) return false;
    return random_.below(8) < (mood_ == 1 ? 1U : mood_ == 2 ? 4U : 7U);
  }

 private:
  Random random_;
  u64 left_ = 0;
  u64 mood_ = 0;
};

/// A block with a clock: one rising edge.
template <class Dut>
void clock(Dut& dut) {
  dut.clk = 0;
  dut.eval();
  dut.clk = 1;
  dut.eval();
}

}  // namespace tradsys::testing
