// The cold half of Port: made, asked, taken apart.
#include "drivers/nic/port.hpp"

#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

#include <algorithm>
#include <bit>

#include "drivers/nic/eal.hpp"
#include "drivers/nic/port_resources.hpp"

namespace tradsys::nic {
namespace {

constexpr u32 kCacheSlots = 256;
constexpr u32 kEthernetBytesMin = 60;

bool good_name(const std::string& name) {
  return !name.empty() && name.size() <= 15 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool good_slots(u32 slots) { return std::has_single_bit(slots) && slots >= 64 && slots <= 32'768; }

Status check_settings(PortResources& resources) {
  const PortConfig& config = resources.config;
  if (!Eal::ready()) {
    return port_error(resources, "the DPDK environment is not started", "call Eal::init first");
  }
  if (!good_name(config.name)) {
    return port_error(resources, "bad name", "use 1 to 15 of a-z 0-9 _ -");
  }
  if (!good_slots(config.rx_desc) || !good_slots(config.tx_desc)) {
    return port_error(resources,
                      "rx_desc " + std::to_string(config.rx_desc) + " or tx_desc " +
                          std::to_string(config.tx_desc) + " is no power of two in 64..32768",
                      "1024 is usual");
  }
  const bool named = !config.device.empty() || !config.tx_file.empty();
  if (config.kind != PortKind::kRing && !named) {
    return port_error(resources, "no device named", "set device for this kind of port");
  }
  if ((config.device + config.tx_file).find(',') != std::string::npos) {
    return port_error(resources, "device '" + config.device + "' contains a comma",
                      "DPDK separates its arguments by commas: use another name");
  }
  if (config.mbuf_count != 0 && config.mbuf_count < 1'023) {
    return port_error(resources,
                      "mbuf_count " + std::to_string(config.mbuf_count) + " is below 1023",
                      "0 chooses by itself");
  }
  return Done{};
}

// Last in, first out, without a lock: a stream in one direction then goes round a few warm buffers
// instead of through the whole pool.
constexpr const char* kPoolKind = "lf_stack";

Status make_pool(PortResources& resources) {
  const PortConfig& config = resources.config;
  const u32 count =
      config.mbuf_count ? config.mbuf_count : mbufs_needed(config.rx_desc, config.tx_desc);
  resources.pool =
      rte_pktmbuf_pool_create_by_ops((config.name + "_pool").c_str(), count, kCacheSlots, 0,
                                     RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY, kPoolKind);
  if (resources.pool == nullptr) {
    return port_error(
        resources,
        "no memory for " + std::to_string(count) + " buffers: " + rte_strerror(rte_errno),
        "raise eal.memory_mib, or use another port name");
  }
  return Done{};
}

Status make_caches(PortResources& resources) {
  resources.port_cache = rte_mempool_cache_create(kCacheSlots, SOCKET_ID_ANY);
  resources.wire_cache = rte_mempool_cache_create(kCacheSlots, SOCKET_ID_ANY);
  if (resources.port_cache == nullptr || resources.wire_cache == nullptr) {
    return port_error(resources, "no memory for a buffer cache", "raise eal.memory_mib");
  }
  const FrameStore wire_store(resources.pool, resources.wire_cache);
  resources.wire_end = WireEnd(wire_store, resources.from_port, resources.to_port);
  return Done{};
}

Status make_shm(PortResources& resources) {
  const PortConfig& config = resources.config;
  if (config.kind != PortKind::kShm) return Done{};
  auto wire = ShmWire::attach({config.device, config.shm_side, config.rx_desc});
  if (!wire) return wire.error();
  resources.shm = std::move(wire).value();
  return Done{};
}

Status make_capture(PortResources& resources) {
  if (resources.config.capture_file.empty()) return Done{};
  auto capture = FrameCapture::make(resources.config.capture_file);
  if (!capture) return capture.error();
  resources.capture = std::move(capture).value();
  return Done{};
}

void free_cache(rte_mempool* pool, rte_mempool_cache* cache) noexcept {
  if (cache == nullptr) return;
  rte_mempool_cache_flush(cache, pool);
  rte_mempool_cache_free(cache);
}

void free_ring(rte_ring* ring) noexcept {
  void* object = nullptr;
  while (ring != nullptr && rte_ring_sc_dequeue(ring, &object) == 0) {
    rte_pktmbuf_free(static_cast<rte_mbuf*>(object));
  }
  rte_ring_free(ring);
}

u32 floor_of(PortKind kind) {
  return kind == PortKind::kRing || kind == PortKind::kShm || kind == PortKind::kPcap
             ? 0
             : kEthernetBytesMin;
}

}  // namespace

PortResources::~PortResources() {
  detach_device(*this);
  free_ring(to_port);
  free_ring(from_port);
  free_cache(pool, port_cache);
  free_cache(pool, wire_cache);
  rte_mempool_free(pool);
}

Port::Port(std::unique_ptr<PortResources> resources)
    : store_(resources->pool, resources->port_cache),
      port_id_(resources->port_id),
      min_frame_bytes_(floor_of(resources->config.kind)),
      capture_(resources->capture ? &*resources->capture : nullptr),
      shm_(resources->shm ? &*resources->shm : nullptr),
      resources_(std::move(resources)) {}

Port::Port(Port&&) noexcept = default;
Port& Port::operator=(Port&&) noexcept = default;
Port::~Port() {
  if (resources_ == nullptr) return;
  store_.abandon_pending();
  resources_->wire_end.store_.abandon_pending();
}

Result<Port> Port::make(const PortConfig& config) {
  auto resources = std::make_unique<PortResources>(config);
  for (Status (*step)(PortResources&) : {check_settings, make_pool, make_rings, make_caches,
                                         make_shm, make_capture, attach_device, start_device}) {
    if (Status status = step(*resources); !status) return status.error();
  }
  return Port(std::move(resources));
}

WireEnd& Port::wire_end() noexcept {
  TRADSYS_ASSERT(kind() == PortKind::kRing);
  return resources_->wire_end;
}

void Port::flush_capture() noexcept {
  if (capture_ != nullptr) capture_->flush();
}

DeviceCounters Port::device_counters() const noexcept {
  rte_eth_stats stats{};
  if (rte_eth_stats_get(port_id_, &stats) != 0) return {};
  return {stats.imissed, stats.rx_nombuf, stats.ierrors, stats.oerrors};
}

u32 Port::buffers_in_use() const noexcept {
  return rte_mempool_in_use_count(resources_->pool) - store_.cached_count() -
         resources_->wire_end.store_.cached_count();
}

u32 Port::buffer_count() const noexcept { return resources_->pool->size; }
const MacAddress& Port::mac() const noexcept { return resources_->mac; }
const std::string& Port::name() const noexcept { return resources_->config.name; }
PortKind Port::kind() const noexcept { return resources_->config.kind; }

}  // namespace tradsys::nic
