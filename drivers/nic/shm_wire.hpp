#pragma once
// A wire between two processes: a segment file in memory with one ring of frames each way. Either
// side may be killed at any moment and attach again; the other side notices nothing but missing
// frames. Needs no DPDK: the exchange simulator's process uses it directly.
#include <filesystem>
#include <memory>

#include "drivers/nic/port_counters.hpp"
#include "drivers/nic/shm/shm_ring.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::nic {

/// The two ends of a segment. Which of them is the appliance is up to the user.
enum class ShmSide : u8 { kLeft, kRight };

struct ShmWireConfig {
  std::filesystem::path path;  ///< of the segment file; its folder must exist
  ShmSide side = ShmSide::kLeft;
  u32 slots = 1'024;  ///< frames per direction, power of two in 64..32768; both sides the same
};

/// One end of the wire. Same hot methods as Port; one thread uses it.
class ShmWire {
 public:
  /// Creates the segment if it is not there, and takes one side of it. The side is held by a file
  /// lock that the kernel lets go when the process ends, however it ends. Frames sent before are
  /// not received. An Error when a living process holds this side, when the other side uses another
  /// size or version, or when there is no memory.
  static Result<ShmWire> attach(const ShmWireConfig& config);

  ShmWire(ShmWire&&) noexcept;
  ShmWire& operator=(ShmWire&&) noexcept;
  ~ShmWire();

  /// Hot. Up to `max` frames; they go back by release(), oldest first.
  u32 rx_burst(RxFrame* out, u32 max) noexcept;
  /// Hot. Gives the `count` oldest frames of rx_burst back.
  void release(const RxFrame* frames, u32 count) noexcept;
  /// Hot. kTxCapacityBytes to write a frame into; never nullptr. When the wire is full, what is
  /// written there is dropped by tx_send.
  [[nodiscard]] std::byte* tx_alloc() noexcept;
  /// Hot. Sends what was written behind the last tx_alloc; false: the wire was full, dropped,
  /// counted.
  bool tx_send(u32 len_bytes) noexcept;
  /// Hot. Forgets the last tx_alloc.
  void tx_abandon() noexcept { pending_ = nullptr; }

  [[nodiscard]] const PortCounters& counters() const noexcept { return counters_; }
  /// Times the other side's position made no sense and the receive ring was skipped.
  [[nodiscard]] u64 resync_count() const noexcept { return receiver_.resync_count(); }
  /// Cold: asks the kernel whether a living process holds the other side.
  [[nodiscard]] bool peer_attached() const noexcept;
  /// Cold. How often the other side was attached so far: a change means that it was restarted.
  [[nodiscard]] u64 peer_attach_count() const noexcept;

 private:
  struct Segment;
  ShmWire(std::unique_ptr<Segment> segment, u32 slots);

  ShmSender sender_;
  ShmReceiver receiver_;
  std::byte* pending_ = nullptr;
  std::byte* overflow_ = nullptr;  ///< written instead of a slot while the wire is full
  bool pending_in_ring_ = false;
  PortCounters counters_;
  std::unique_ptr<Segment> segment_;
};

}  // namespace tradsys::nic
