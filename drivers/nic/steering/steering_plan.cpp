#include "drivers/nic/steering/steering_plan.hpp"

#include <bit>

namespace tradsys::nic {
namespace {

std::string text_of(u32 ip, u16 port) {
  return std::to_string(ip >> 24) + '.' + std::to_string((ip >> 16) & 0xFF) + '.' +
         std::to_string((ip >> 8) & 0xFF) + '.' + std::to_string(ip & 0xFF) + ':' +
         std::to_string(port);
}

}  // namespace

Result<SteeringPlan> SteeringPlan::make(std::vector<FeedRule> feeds,
                                        std::vector<OrderRule> orders) {
  SteeringPlan plan;
  if (feeds.size() > kRulesMax || orders.size() > kRulesMax) {
    return Error{"steering", "more than " + std::to_string(kRulesMax) + " rules of a kind",
                 "spread them over more ports"};
  }
  plan.slots_.resize(std::bit_ceil(2 * (feeds.size() + orders.size()) + 2));
  for (const FeedRule& rule : feeds) {
    const std::string where = "steering: feed line " + std::to_string(rule.line);
    if (rule.dst_ip == 0 || rule.dst_port == 0) return Error{where, "no address or port", ""};
    if (!plan.insert(key_of(kUdp, rule.dst_ip, rule.dst_port), 0, {FramePath::kFeed, rule.line})) {
      return Error{where, text_of(rule.dst_ip, rule.dst_port) + " belongs to another line already",
                   "give each line a group or port of its own"};
    }
  }
  for (const OrderRule& rule : orders) {
    const std::string where = "steering: order session " + std::to_string(rule.session);
    if (rule.local_ip == 0 || rule.local_port == 0)
      return Error{where, "no local address or port", ""};
    const bool listens = rule.remote_ip == 0 && rule.remote_port == 0;
    if (!listens && (rule.remote_ip == 0 || rule.remote_port == 0)) {
      return Error{where, "half of the remote end is missing",
                   "give both address and port, or neither"};
    }
    const u64 far = listens ? 0 : key_of(kTcp, rule.remote_ip, rule.remote_port);
    if (!plan.insert(key_of(kTcp, rule.local_ip, rule.local_port), far,
                     {FramePath::kOrders, rule.session})) {
      return Error{where,
                   text_of(rule.local_ip, rule.local_port) + " belongs to another session already",
                   "give each session a local port of its own"};
    }
  }
  plan.feeds_ = std::move(feeds);
  plan.orders_ = std::move(orders);
  return plan;
}

bool SteeringPlan::insert(u64 near, u64 far, FrameTarget target) {
  if (find(near, far) != nullptr) return false;
  usize at = home_of(near, far);
  while (slots_[at].used) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {near, far, target, true};
  return true;
}

}  // namespace tradsys::nic
