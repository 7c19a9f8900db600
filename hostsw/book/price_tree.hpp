#pragma once
// Many ordered maps from a 32-bit key to a 32-bit value in one fixed pool of nodes: B+ trees that
// hold the deep part of every side of every book. Any order of keys costs O(log n), at about 12
// bytes a key.
#include "hostsw/book/fixed_table.hpp"

namespace tradsys::book {

/// A key with its value.
struct PriceEntry {
  u32 key = 0;
  u32 value = 0;
  bool operator==(const PriceEntry&) const = default;
};

/// The pool. A tree is named by its root, which the caller keeps and every change may replace; an
/// empty tree has root 0. Keys are unique within one tree.
class PriceTreePool {
 public:
  /// Room for `entries_max` entries over all trees, however they are spread and in whatever order
  /// they come and go, provided that no tree is kept smaller than its owner's window (see Ladder).
  explicit PriceTreePool(u32 entries_max);

  /// False, and nothing changed, when the pool is exhausted. The key must not be in the tree.
  [[nodiscard]] bool insert(u32& root, PriceEntry entry) noexcept;
  /// False when the key is not in the tree; `value` receives what was removed.
  bool erase(u32& root, u32 key, u32& value) noexcept;
  /// False when the key is not in the tree.
  [[nodiscard]] bool find(u32 root, u32 key, u32& value) const noexcept;
  /// Highest entry; the tree must not be empty.
  [[nodiscard]] PriceEntry highest(u32 root) const noexcept;
  /// Calls `visit(entry)` from the highest key down, until it returns false.
  template <class Visit>
  void descend(u32 root, Visit&& visit) const noexcept;

  /// True when an insert cannot fail for want of nodes.
  [[nodiscard]] bool has_room() const noexcept { return free_count_ >= kDepthMax; }
  [[nodiscard]] u32 nodes_free() const noexcept { return free_count_; }
  /// What bytes() will be.
  [[nodiscard]] static usize bytes_for(u32 entries_max) noexcept;
  [[nodiscard]] usize bytes() const noexcept { return nodes_.bytes(); }

 private:
  static constexpr u32 kFanout = 31;
  static constexpr u32 kMergeBelow = 8;  // a node this small looks for a neighbour to join
  static constexpr u32 kMergedMax = 24;  // and joins it when both together stay this small
  static constexpr u32 kDepthMax = 12;

  /// Leaf: entries. Inner: (upper bound of the child's keys, child); the last bound has no meaning.
  struct Node {
    u32 count;
    u32 height;  // 0 = leaf; a free node keeps its successor here
    PriceEntry entries[kFanout];
  };
  static_assert(sizeof(Node) == 256);
  struct Step {
    u32 node;
    u32 index;
  };

  static u32 lower_bound(const Node& node, u32 key) noexcept;
  static u32 child_of(const Node& node, u32 key) noexcept;
  static void insert_at(Node& node, u32 index, PriceEntry entry) noexcept;
  static void erase_at(Node& node, u32 index) noexcept;
  void split_child(u32 parent, u32 index) noexcept;
  void shrink_path(u32& root, const Step* path, u32 depth) noexcept;
  bool merge_with_next(Node& parent, u32 index) noexcept;
  u32 take_node(u32 height) noexcept;
  void give_node(u32 node) noexcept;

  FixedTable<Node> nodes_;
  u32 free_head_ = 0;
  u32 free_count_ = 0;
};

template <class Visit>
void PriceTreePool::descend(u32 root, Visit&& visit) const noexcept {
  if (root == 0) return;
  Step path[kDepthMax];
  u32 depth = 0;
  path[0] = {root, nodes_[root].count};
  while (true) {
    Step& step = path[depth];
    if (step.index == 0) {
      if (depth == 0) return;
      --depth;
      continue;
    }
    const Node& node = nodes_[step.node];
    const PriceEntry& entry = node.entries[--step.index];
    if (node.height == 0) {
      if (!visit(entry)) return;
    } else {
      path[++depth] = {entry.value, nodes_[entry.value].count};
    }
  }
}

}  // namespace tradsys::book
