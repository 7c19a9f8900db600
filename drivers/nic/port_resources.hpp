#pragma once
// The cold half of a port: what it owns and how it is taken apart. Private to drivers/nic.
#include <optional>

#include "drivers/nic/frame_capture.hpp"
#include "drivers/nic/port_config.hpp"
#include "drivers/nic/wire_end.hpp"
#include "hostsw/core/result.hpp"

struct rte_mempool;
struct rte_mempool_cache;
struct rte_ring;

namespace tradsys::nic {

/// Filled step by step by Port::make; the destructor undoes exactly the steps that were made.
struct PortResources {
  explicit PortResources(const PortConfig& port_config) : config(port_config) {}
  PortResources(const PortResources&) = delete;
  PortResources& operator=(const PortResources&) = delete;
  ~PortResources();

  PortConfig config;
  MacAddress mac{};
  rte_mempool* pool = nullptr;
  rte_mempool_cache* port_cache = nullptr;
  rte_mempool_cache* wire_cache = nullptr;
  rte_ring* to_port = nullptr;
  rte_ring* from_port = nullptr;
  WireEnd wire_end;
  std::optional<ShmWire> shm;
  std::optional<FrameCapture> capture;
  u16 port_id = 0;
  bool attached = false;  ///< port_id names a device
  std::string vdev_name;  ///< to be unplugged at the end; empty for others
};

/// Makes the wire's rings for the kinds that have one.
Status make_rings(PortResources& resources);
/// Creates the device of the configured kind and sets port_id.
Status attach_device(PortResources& resources);
/// Configures queues and filters and starts the device.
Status start_device(PortResources& resources);
/// Stops and removes the device.
void detach_device(PortResources& resources) noexcept;

/// "port NAME" as the place of an error.
[[nodiscard]] Error port_error(const PortResources& resources, std::string what,
                               std::string remedy);

}  // namespace tradsys::nic
