// Devices: created, configured, started, removed. Control path only.
#include <rte_bus_vdev.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_ring.h>

#include "drivers/nic/port_resources.hpp"

namespace tradsys::nic {
namespace {

bool has_rings(PortKind kind) { return kind == PortKind::kRing || kind == PortKind::kShm; }

std::string reason(int code) { return rte_strerror(code < 0 ? -code : code); }

Status attach_ring(PortResources& resources) {
  rte_ring* rx[] = {resources.to_port};
  rte_ring* tx[] = {resources.from_port};
  const int port = rte_eth_from_rings(resources.config.name.c_str(), rx, 1, tx, 1, 0);
  if (port < 0) return port_error(resources, "no ring device: " + reason(rte_errno), "");
  resources.port_id = static_cast<u16>(port);
  resources.vdev_name = "net_ring_" + resources.config.name;
  return Done{};
}

std::string vdev_arguments(const PortConfig& config) {
  switch (config.kind) {
    case PortKind::kPcap:
      return (config.device.empty() ? std::string{} : "rx_pcap=" + config.device + ",") +
             (config.tx_file.empty() ? std::string{} : "tx_pcap=" + config.tx_file);
    case PortKind::kAfPacket:
      return "iface=" + config.device + ",qdisc_bypass=1,blocksz=65536,framesz=2048,framecnt=4096";
    default:
      return "iface=" + config.device + ",busy_budget=0";
  }
}

std::string remedy_of(PortKind kind) {
  switch (kind) {
    case PortKind::kPcap:
      return "name an existing pcap file as device, a writable one as tx_file";
    case PortKind::kAfPacket:
      return "the interface must exist; packet sockets need CAP_NET_RAW";
    case PortKind::kAfXdp:
      return "the interface must exist; AF_XDP needs CAP_NET_ADMIN and CAP_BPF";
    default:
      return "bind the NIC to vfio-pci and name it in the DPDK environment's pci_devices";
  }
}

Status attach_vdev(PortResources& resources) {
  const PortConfig& config = resources.config;
  const std::string name = "net_" + std::string(to_string(config.kind)) + "_" + config.name;
  const int code = rte_vdev_init(name.c_str(), vdev_arguments(config).c_str());
  if (code != 0) {
    return port_error(resources, "cannot open '" + config.device + "': " + reason(code),
                      remedy_of(config.kind));
  }
  resources.vdev_name = name;
  if (rte_eth_dev_get_port_by_name(name.c_str(), &resources.port_id) != 0) {
    return port_error(resources, "the driver made no port", "");
  }
  return Done{};
}

Status attach_pci(PortResources& resources) {
  const std::string& address = resources.config.device;
  if (rte_eth_dev_get_port_by_name(address.c_str(), &resources.port_id) == 0) return Done{};
  const int code = rte_dev_probe(address.c_str());
  if (code == 0 && rte_eth_dev_get_port_by_name(address.c_str(), &resources.port_id) == 0)
    return Done{};
  return port_error(resources, "no NIC '" + address + "': " + reason(code),
                    remedy_of(PortKind::kPci));
}

Status configure_queues(PortResources& resources, const rte_eth_dev_info& info) {
  const u16 port = resources.port_id;
  rte_eth_conf conf{};
  conf.txmode.offloads = info.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE;
  if (int code = rte_eth_dev_configure(port, 1, 1, &conf); code != 0) {
    return port_error(resources, "the device refuses one queue each way: " + reason(code), "");
  }
  u16 rx_desc = static_cast<u16>(resources.config.rx_desc);
  u16 tx_desc = static_cast<u16>(resources.config.tx_desc);
  rte_eth_dev_adjust_nb_rx_tx_desc(port, &rx_desc, &tx_desc);
  const int node = rte_eth_dev_socket_id(port);
  const u32 socket = node < 0 ? static_cast<u32>(SOCKET_ID_ANY) : static_cast<u32>(node);
  if (int code = rte_eth_rx_queue_setup(port, 0, rx_desc, socket, nullptr, resources.pool);
      code != 0) {
    return port_error(resources, "no receive queue: " + reason(code),
                      "more mbuf_count, fewer rx_desc");
  }
  rte_eth_txconf tx_conf = info.default_txconf;
  tx_conf.offloads = conf.txmode.offloads;
  if (int code = rte_eth_tx_queue_setup(port, 0, tx_desc, socket, &tx_conf); code != 0) {
    return port_error(resources, "no send queue: " + reason(code), "fewer tx_desc");
  }
  return Done{};
}

// Wires without a station address of their own take any; only a NIC must know it to filter by it.
Status set_address(PortResources& resources) {
  rte_ether_addr address{};
  rte_eth_macaddr_get(resources.port_id, &address);
  const MacAddress& wanted = resources.config.mac;
  if (wanted == MacAddress{}) {
    std::copy(std::begin(address.addr_bytes), std::end(address.addr_bytes), resources.mac.begin());
    return Done{};
  }
  resources.mac = wanted;
  std::copy(wanted.begin(), wanted.end(), std::begin(address.addr_bytes));
  const int code = rte_eth_dev_default_mac_addr_set(resources.port_id, &address);
  if (code != 0 && resources.config.kind == PortKind::kPci) {
    return port_error(resources, "cannot set the MAC address: " + reason(code),
                      "leave mac empty to use the NIC's own");
  }
  return Done{};
}

}  // namespace

Status make_rings(PortResources& resources) {
  const PortConfig& config = resources.config;
  if (!has_rings(config.kind)) return Done{};
  const auto make = [&](const char* suffix, u32 slots) {
    return rte_ring_create((config.name + suffix).c_str(), slots, SOCKET_ID_ANY,
                           RING_F_SP_ENQ | RING_F_SC_DEQ);
  };
  resources.to_port = make("_in", config.rx_desc);
  resources.from_port = make("_out", config.tx_desc);
  if (resources.to_port == nullptr || resources.from_port == nullptr) {
    return port_error(resources, "no ring: " + reason(rte_errno),
                      "use another port name, or raise eal.memory_mib");
  }
  return Done{};
}

Status attach_device(PortResources& resources) {
  Status status = has_rings(resources.config.kind)          ? attach_ring(resources)
                  : resources.config.kind == PortKind::kPci ? attach_pci(resources)
                                                            : attach_vdev(resources);
  resources.attached = status.ok();
  return status;
}

Status start_device(PortResources& resources) {
  const u16 port = resources.port_id;
  rte_eth_dev_info info{};
  if (int code = rte_eth_dev_info_get(port, &info); code != 0) {
    return port_error(resources, "the device does not describe itself: " + reason(code), "");
  }
  if (Status status = configure_queues(resources, info); !status) return status;
  if (Status status = set_address(resources); !status) return status;
  if (int code = rte_eth_dev_start(port); code != 0) {
    return port_error(resources, "the device does not start: " + reason(code),
                      remedy_of(resources.config.kind));
  }
  if (has_rings(resources.config.kind)) return Done{};
  // Feeds are multicast. A device that cannot select all groups is asked for everything instead.
  const bool all_groups = rte_eth_allmulticast_enable(port) == 0;
  if (resources.config.promiscuous || !all_groups) rte_eth_promiscuous_enable(port);
  return Done{};
}

void detach_device(PortResources& resources) noexcept {
  if (resources.attached) {
    rte_eth_dev_stop(resources.port_id);
    rte_eth_dev_close(resources.port_id);
    resources.attached = false;
  }
  if (!resources.vdev_name.empty()) rte_vdev_uninit(resources.vdev_name.c_str());
  resources.vdev_name.clear();
}

Error port_error(const PortResources& resources, std::string what, std::string remedy) {
  return Error{"port " + resources.config.name, std::move(what), std::move(remedy)};
}

}  // namespace tradsys::nic
