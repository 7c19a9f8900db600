#pragma once
// A port that also writes what passes it into a capture file, stamped with the simulation's own
// time: a capture of a seeded run is the same file every time.
#include "hostsw/core/clock.hpp"
#include "hostsw/core/frame.hpp"
#include "hostsw/wire/pcap_file.hpp"

namespace tradsys::sim {

/// Stands before `Port` and satisfies the same concept. Without a file it only passes frames on.
template <nic::FramePort Port, Clock Clk>
class CapturePort {
 public:
  CapturePort(Port& port, const Clk& clock) : port_(port), clock_(clock) {}

  /// From now on every frame, both ways, goes into `file`, which outlives the port; nullptr: none.
  /// A frame that cannot be written shows when the file is closed.
  void record(wire::PcapWriter* file) noexcept { file_ = file; }

  // FramePort
  [[nodiscard]] u32 rx_burst(nic::RxFrame* out, u32 max) noexcept {
    const u32 count = port_.rx_burst(out, max);
    if (file_ == nullptr) return count;
    for (u32 i = 0; i < count; ++i) write({out[i].data, out[i].len_bytes});
    return count;
  }
  void release(const nic::RxFrame* frames, u32 count) noexcept { port_.release(frames, count); }
  [[nodiscard]] std::byte* tx_alloc() noexcept { return frame_ = port_.tx_alloc(); }
  bool tx_send(u32 len_bytes) noexcept {
    if (file_ != nullptr) write({frame_, len_bytes});
    return port_.tx_send(len_bytes);
  }
  void tx_abandon() noexcept { port_.tx_abandon(); }

 private:
  void write(Bytes frame) noexcept { static_cast<void>(file_->write(clock_.now(), frame)); }

  Port& port_;
  const Clk& clock_;
  wire::PcapWriter* file_ = nullptr;
  std::byte* frame_ = nullptr;
};

}  // namespace tradsys::sim
