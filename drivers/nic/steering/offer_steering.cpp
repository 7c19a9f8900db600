#include "drivers/nic/steering/offer_steering.hpp"

#include <rte_byteorder.h>
#include <rte_errno.h>
#include <rte_flow.h>

namespace tradsys::nic {
namespace {

constexpr rte_flow_attr kIngress{
    .group = 0, .priority = 0, .ingress = 1, .egress = 0, .transfer = 0, .reserved = 0};

// Installs "these headers go to queue 0"; the error text on refusal, else empty.
std::string install(u16 port, const rte_flow_item* pattern) {
  const rte_flow_action_queue queue{.index = 0};
  const rte_flow_action actions[] = {{RTE_FLOW_ACTION_TYPE_QUEUE, &queue},
                                     {RTE_FLOW_ACTION_TYPE_END, nullptr}};
  rte_flow_error error{};
  if (rte_flow_create(port, &kIngress, pattern, actions, &error) != nullptr) return {};
  return error.message != nullptr ? error.message : rte_strerror(rte_errno);
}

rte_flow_item item_of(rte_flow_item_type type, const void* spec, const void* mask) {
  return {.type = type, .spec = spec, .last = nullptr, .mask = mask};
}

std::string install(u16 port, const FeedRule& rule) {
  rte_flow_item_ipv4 ip{}, ip_mask{};
  ip.hdr.dst_addr = rte_cpu_to_be_32(rule.dst_ip);
  ip_mask.hdr.dst_addr = ~rte_be32_t{0};
  rte_flow_item_udp udp{}, udp_mask{};
  udp.hdr.dst_port = rte_cpu_to_be_16(rule.dst_port);
  udp_mask.hdr.dst_port = 0xFFFF;
  const rte_flow_item pattern[] = {item_of(RTE_FLOW_ITEM_TYPE_ETH, nullptr, nullptr),
                                   item_of(RTE_FLOW_ITEM_TYPE_IPV4, &ip, &ip_mask),
                                   item_of(RTE_FLOW_ITEM_TYPE_UDP, &udp, &udp_mask),
                                   item_of(RTE_FLOW_ITEM_TYPE_END, nullptr, nullptr)};
  return install(port, pattern);
}

std::string install(u16 port, const OrderRule& rule) {
  const bool listens = rule.remote_port == 0;
  rte_flow_item_ipv4 ip{}, ip_mask{};
  ip.hdr.dst_addr = rte_cpu_to_be_32(rule.local_ip);
  ip.hdr.src_addr = rte_cpu_to_be_32(rule.remote_ip);
  ip_mask.hdr.dst_addr = ~rte_be32_t{0};
  ip_mask.hdr.src_addr = listens ? 0 : ~rte_be32_t{0};
  rte_flow_item_tcp tcp{}, tcp_mask{};
  tcp.hdr.dst_port = rte_cpu_to_be_16(rule.local_port);
  tcp.hdr.src_port = rte_cpu_to_be_16(rule.remote_port);
  tcp_mask.hdr.dst_port = 0xFFFF;
  tcp_mask.hdr.src_port = listens ? u16{0} : u16{0xFFFF};
  const rte_flow_item pattern[] = {item_of(RTE_FLOW_ITEM_TYPE_ETH, nullptr, nullptr),
                                   item_of(RTE_FLOW_ITEM_TYPE_IPV4, &ip, &ip_mask),
                                   item_of(RTE_FLOW_ITEM_TYPE_TCP, &tcp, &tcp_mask),
                                   item_of(RTE_FLOW_ITEM_TYPE_END, nullptr, nullptr)};
  return install(port, pattern);
}

}  // namespace

SteeringReport offer_steering(const Port& port, const SteeringPlan& plan) {
  const u32 rules = static_cast<u32>(plan.feeds().size() + plan.orders().size());
  const auto refused = [&](std::string reason) {
    rte_flow_error ignored{};
    rte_flow_flush(port.port_id(), &ignored);
    return SteeringReport{0, rules, "port " + port.name() + ": " + std::move(reason)};
  };
  for (const FeedRule& rule : plan.feeds()) {
    if (std::string reason = install(port.port_id(), rule); !reason.empty()) return refused(reason);
  }
  for (const OrderRule& rule : plan.orders()) {
    if (std::string reason = install(port.port_id(), rule); !reason.empty()) return refused(reason);
  }
  return {rules, 0, {}};
}

}  // namespace tradsys::nic
