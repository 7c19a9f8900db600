#include "hostsw/book/price_tree.hpp"

#include <algorithm>

namespace tradsys::book {
namespace {

// Index of the first of `count` entries whose key is not below `key`; `count` when there is none.
u32 first_not_below(const PriceEntry* entries, u32 count, u32 key) noexcept {
  const auto below = [key](const PriceEntry& entry) { return entry.key < key; };
  return static_cast<u32>(std::partition_point(entries, entries + count, below) - entries);
}

// Two neighbours are merged whenever they fit, so nodes are on average a quarter full; every tree
// may add one short node per height.
u32 nodes_for(u32 entries_max) noexcept { return entries_max / 3 + 64; }

}  // namespace

PriceTreePool::PriceTreePool(u32 entries_max) : nodes_(usize{1} + nodes_for(entries_max)) {
  for (u32 i = static_cast<u32>(nodes_.size()) - 1; i >= 1; --i) give_node(i);
}

usize PriceTreePool::bytes_for(u32 entries_max) noexcept {
  return (usize{1} + nodes_for(entries_max)) * sizeof(Node);
}

bool PriceTreePool::insert(u32& root, PriceEntry entry) noexcept {
  if (!has_room()) return false;
  if (root == 0) root = take_node(0);
  if (nodes_[root].count == kFanout) {
    if (nodes_[root].height + 1 == kDepthMax) return false;
    const u32 above = take_node(nodes_[root].height + 1);
    insert_at(nodes_[above], 0, {0, root});
    root = above;
    split_child(root, 0);
  }
  u32 at = root;
  while (nodes_[at].height != 0) {
    u32 index = child_of(nodes_[at], entry.key);
    if (nodes_[nodes_[at].entries[index].value].count == kFanout) {
      split_child(at, index);
      index = child_of(nodes_[at], entry.key);
    }
    at = nodes_[at].entries[index].value;
  }
  insert_at(nodes_[at], lower_bound(nodes_[at], entry.key), entry);
  return true;
}

bool PriceTreePool::erase(u32& root, u32 key, u32& value) noexcept {
  if (root == 0) return false;
  Step path[kDepthMax];
  u32 depth = 0;
  u32 at = root;
  for (; nodes_[at].height != 0; ++depth) {
    path[depth] = {at, child_of(nodes_[at], key)};
    at = nodes_[at].entries[path[depth].index].value;
  }
  Node& leaf = nodes_[at];
  const u32 index = lower_bound(leaf, key);
  if (index == leaf.count || leaf.entries[index].key != key) return false;
  value = leaf.entries[index].value;
  erase_at(leaf, index);
  if (leaf.count < kMergeBelow) shrink_path(root, path, depth);
  return true;
}

bool PriceTreePool::find(u32 root, u32 key, u32& value) const noexcept {
  if (root == 0) return false;
  u32 at = root;
  while (nodes_[at].height != 0) at = nodes_[at].entries[child_of(nodes_[at], key)].value;
  const Node& leaf = nodes_[at];
  const u32 index = lower_bound(leaf, key);
  if (index == leaf.count || leaf.entries[index].key != key) return false;
  value = leaf.entries[index].value;
  return true;
}

PriceEntry PriceTreePool::highest(u32 root) const noexcept {
  TRADSYS_ASSERT(root != 0);
  const Node* node = &nodes_[root];
  while (node->height != 0) node = &nodes_[node->entries[node->count - 1].value];
  return node->entries[node->count - 1];
}

u32 PriceTreePool::lower_bound(const Node& node, u32 key) noexcept {
  return first_not_below(node.entries, node.count, key);
}

// The child that holds `key` if any does: the last one takes all that is above the others.
u32 PriceTreePool::child_of(const Node& node, u32 key) noexcept {
  return first_not_below(node.entries, node.count - 1, key);
}

void PriceTreePool::insert_at(Node& node, u32 index, PriceEntry entry) noexcept {
  std::copy_backward(node.entries + index, node.entries + node.count,
                     node.entries + node.count + 1);
  node.entries[index] = entry;
  ++node.count;
}

void PriceTreePool::erase_at(Node& node, u32 index) noexcept {
  std::copy(node.entries + index + 1, node.entries + node.count, node.entries + index);
  --node.count;
}

// The lower half of a full child moves to a new node before it.
void PriceTreePool::split_child(u32 parent, u32 index) noexcept {
  Node& child = nodes_[nodes_[parent].entries[index].value];
  const u32 low = take_node(child.height);
  Node& lower = nodes_[low];
  constexpr u32 kHalf = kFanout / 2;
  std::copy(child.entries, child.entries + kHalf, lower.entries);
  lower.count = kHalf;
  std::copy(child.entries + kHalf, child.entries + child.count, child.entries);
  child.count -= kHalf;
  const u32 bound = lower.entries[kHalf - 1].key;
  insert_at(nodes_[parent], index, {bound, low});
}

// Merges small nodes upwards from the leaf below path[depth - 1], drops empty ones, lowers the
// root.
void PriceTreePool::shrink_path(u32& root, const Step* path, u32 depth) noexcept {
  for (; depth > 0; --depth) {
    Node& parent = nodes_[path[depth - 1].node];
    const u32 index = path[depth - 1].index;
    const bool merged = (index + 1 < parent.count && merge_with_next(parent, index)) ||
                        (index > 0 && merge_with_next(parent, index - 1));
    const u32 child = merged ? 0 : parent.entries[index].value;
    if (!merged && nodes_[child].count == 0) {
      give_node(child);
      erase_at(parent, index);
    }
    if (parent.count >= kMergeBelow) break;
  }
  while (root != 0 && nodes_[root].count <= (nodes_[root].height == 0 ? 0U : 1U)) {
    const Node& node = nodes_[root];
    const u32 below = node.height == 0 || node.count == 0 ? 0 : node.entries[0].value;
    give_node(root);
    root = below;
  }
}

// Joins children `index` and `index + 1` into the second, when they fit.
bool PriceTreePool::merge_with_next(Node& parent, u32 index) noexcept {
  const u32 low = parent.entries[index].value;
  Node& lower = nodes_[low];
  Node& upper = nodes_[parent.entries[index + 1].value];
  if (lower.count + upper.count > kMergedMax) return false;
  // The bound of a last child counts for nothing until another child follows it.
  const u32 last = lower.count - 1;
  if (lower.height != 0 && last < kFanout) lower.entries[last].key = parent.entries[index].key;
  std::copy_backward(upper.entries, upper.entries + upper.count,
                     upper.entries + upper.count + lower.count);
  std::copy(lower.entries, lower.entries + lower.count, upper.entries);
  upper.count += lower.count;
  erase_at(parent, index);
  give_node(low);
  return true;
}

u32 PriceTreePool::take_node(u32 height) noexcept {
  TRADSYS_ASSERT(free_count_ > 0);
  const u32 node = free_head_;
  free_head_ = nodes_[node].height;
  --free_count_;
  nodes_[node].count = 0;
  nodes_[node].height = height;
  return node;
}

void PriceTreePool::give_node(u32 node) noexcept {
  nodes_[node].height = free_head_;
  free_head_ = node;
  ++free_count_;
}

}  // namespace tradsys::book
