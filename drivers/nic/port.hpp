#pragma once
// A DPDK port with one receive and one send queue, polled by one thread. The methods marked hot are
// bounded, never block and never allocate; they are the Port concept of dataplane/net.
#include <memory>

#include "drivers/nic/frame_store.hpp"
#include "drivers/nic/port_config.hpp"
#include "drivers/nic/port_counters.hpp"
#include "drivers/nic/shm_wire.hpp"
#include "drivers/nic/wire_end.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::nic {

class FrameCapture;
struct PortResources;

/// Owns the device, its buffers and, for kind ring, the wire. Movable; the thread that polls it may
/// change only while nobody polls.
class Port {
 public:
  /// Largest burst of one call.
  static constexpr u32 kBurstMax = 64;

  /// Creates, configures and starts the port. Needs Eal::init before. An Error names the port, the
  /// setting and what to do; nothing is left behind then.
  static Result<Port> make(const PortConfig& config);

  Port(Port&&) noexcept;
  Port& operator=(Port&&) noexcept;
  /// Stops and removes the device. Frames that were not released by then are lost memory.
  ~Port();

  /// Hot. Up to `max` (at most kBurstMax) received frames; each goes back by release().
  u32 rx_burst(RxFrame* out, u32 max) noexcept;
  /// Hot. Gives frames of rx_burst back.
  void release(const RxFrame* frames, u32 count) noexcept { store_.release(frames, count); }
  /// Hot. kTxCapacityBytes to write a frame into; nullptr when the pool is exhausted (counted). A
  /// second call before tx_send or tx_abandon returns the same buffer.
  [[nodiscard]] std::byte* tx_alloc() noexcept;
  /// Hot. Sends the buffer of the last tx_alloc at once; false: no room in the device, dropped,
  /// counted.
  bool tx_send(u32 len_bytes) noexcept;
  /// Hot. Gives the buffer of the last tx_alloc back unsent.
  void tx_abandon() noexcept { store_.abandon_pending(); }

  /// Hot. Kind shm: moves up to `budget` frames each way between the segment and the device, and
  /// returns how many; call it before each rx_burst, from the same thread. Other kinds: nothing to
  /// do, 0.
  u32 pump(u32 budget) noexcept;

  /// The far end of kind ring; lives as long as the port and stays where it is when the port moves.
  [[nodiscard]] WireEnd& wire_end() noexcept;

  /// Written by the polling thread.
  [[nodiscard]] const PortCounters& counters() const noexcept { return counters_; }
  /// Cold: asks the device.
  [[nodiscard]] DeviceCounters device_counters() const noexcept;
  /// Cold. Buffers in use: held by a caller or waiting in a ring; 0 when everything was given back.
  [[nodiscard]] u32 buffers_in_use() const noexcept;
  /// Cold. Buffers of the pool.
  [[nodiscard]] u32 buffer_count() const noexcept;
  /// The configured address, or else the device's own.
  [[nodiscard]] const MacAddress& mac() const noexcept;
  [[nodiscard]] const std::string& name() const noexcept;
  [[nodiscard]] PortKind kind() const noexcept;
  /// DPDK's number of the device.
  [[nodiscard]] u16 port_id() const noexcept { return port_id_; }
  /// Cold. The segment of kind shm; nullptr for others.
  [[nodiscard]] const ShmWire* shm_wire() const noexcept { return shm_; }
  /// Cold. Hands captured frames to the kernel; frames are not complete on disk before.
  void flush_capture() noexcept;

 private:
  explicit Port(std::unique_ptr<PortResources> resources);

  FrameStore store_;
  u16 port_id_ = 0;
  u32 min_frame_bytes_ = 0;
  FrameCapture* capture_ = nullptr;
  ShmWire* shm_ = nullptr;
  PortCounters counters_;
  std::unique_ptr<PortResources> resources_;
};

}  // namespace tradsys::nic
