#pragma once
// Which prices of an instrument hold orders, and which is the next above or below: a radix tree of
// 64-bit occupancy words. A leaf ("block") stands for 64 consecutive ticks, an inner node for 64
// children.
//
// Cost does not depend on how far prices lie apart: finding a tick is one load per level (two
// levels reach tick 262143), the next occupied tick is a bit scan, at worst up and down the height
// of the tree. Both sides of a book share one tree, because a price never holds both: the best bid
// is the highest occupied tick below the best ask.
#include <bit>

#include "hostsw/core/types.hpp"
#include "hostsw/match/index_pool.hpp"
#include "hostsw/match/page_array.hpp"

namespace tradsys::match {

/// The tree of one instrument; height counts the inner nodes on every path (0 = empty tree).
struct LadderRoot {
  u32 node = 0;
  u32 height = 0;
};

/// The trees of all instruments, over two fixed pools. No allocation after construction.
class PriceLadders {
 public:
  static constexpr u32 kNone = 0xFFFF'FFFF;
  static constexpr u32 kBits = 6;
  static constexpr u32 kFan = 1U << kBits;
  static constexpr u32 kHeightMax = 5;  // 5 inner nodes and a block: 36 bits, more than a tick has

  explicit PriceLadders(u32 blocks_max)
      : nodes_(blocks_max + kNodesReserve),
        blocks_(blocks_max),
        free_nodes_(blocks_max + kNodesReserve),
        free_blocks_(blocks_max) {}

  /// The block that holds `tick`; kNone when none of its 64 ticks is occupied.
  [[nodiscard]] u32 find(const LadderRoot& root, u32 tick) const noexcept {
    if (root.height == 0 || !reaches(root.height, tick)) return kNone;
    u32 at = root.node;
    for (u32 level = root.height; level > 0; --level) {
      const Node& node = nodes_[at];
      const u32 index = digit(tick, level);
      if (!has(node.occupied, index)) return kNone;
      at = node.child[index];
    }
    return at;
  }

  /// Is there room for the block of a new tick? Asks for the worst case, so true means touch()
  /// succeeds.
  [[nodiscard]] bool has_room() const noexcept {
    return free_blocks_.free_count() > 0 && free_nodes_.free_count() >= kNodesReserve;
  }

  /// The block of `tick`, made when it is not there. Requires has_room() or find() != kNone. The
  /// caller must occupy() the tick before the next call.
  [[nodiscard]] u32 touch(LadderRoot& root, u32 tick) noexcept {
    const u32 found = find(root, tick);
    return found != kNone ? found : make_block(root, tick);
  }

  [[nodiscard]] bool occupied(u32 block, u32 tick) const noexcept {
    return has(blocks_[block].occupied, digit(tick, 0));
  }
  void occupy(u32 block, u32 tick) noexcept { blocks_[block].occupied |= u64{1} << digit(tick, 0); }

  /// The tick holds no order any more; returns its block and nodes to the pools when they are
  /// empty.
  void vacate(LadderRoot& root, u32 block, u32 tick) noexcept {
    blocks_[block].occupied &= ~(u64{1} << digit(tick, 0));
    if (blocks_[block].occupied == 0) [[unlikely]]
      drop_block(root, block, tick);
  }

  /// Lowest occupied tick above an occupied `tick` in `block`; `none` when there is none.
  [[nodiscard]] u32 next_above(const LadderRoot& root, u32 block, u32 tick,
                               u32 none) const noexcept {
    const u64 bits = above(blocks_[block].occupied, digit(tick, 0));
    if (bits != 0) [[likely]]
      return (tick & ~(kFan - 1)) | first(bits);
    return next_block<true>(root, tick, none);
  }
  /// Highest occupied tick below an occupied `tick` in `block`; `none` when there is none.
  [[nodiscard]] u32 next_below(const LadderRoot& root, u32 block, u32 tick,
                               u32 none) const noexcept {
    const u64 bits = below(blocks_[block].occupied, digit(tick, 0));
    if (bits != 0) [[likely]]
      return (tick & ~(kFan - 1)) | last(bits);
    return next_block<false>(root, tick, none);
  }

  /// First of the 64 ticks of a block.
  [[nodiscard]] u32 first_tick(u32 block) const noexcept { return blocks_[block].first_tick; }

  [[nodiscard]] u32 blocks_free() const noexcept { return free_blocks_.free_count(); }
  [[nodiscard]] u32 nodes_free() const noexcept { return free_nodes_.free_count(); }

 private:
  struct Node {
    u64 occupied;
    u32 child[kFan];
  };
  struct Block {
    u64 occupied;
    u32 first_tick;
    u32 reserved;
  };
  static constexpr u32 kNodesReserve = 2 * kHeightMax;

  static constexpr u32 digit(u32 tick, u32 level) noexcept {
    return static_cast<u32>(u64{tick} >> (kBits * level)) & (kFan - 1);
  }
  static constexpr bool reaches(u32 height, u32 tick) noexcept {
    return (u64{tick} >> (kBits * (height + 1))) == 0;
  }
  static constexpr bool has(u64 bits, u32 index) noexcept { return (bits >> index) & 1U; }
  static constexpr u64 above(u64 bits, u32 index) noexcept { return bits & (~u64{1} << index); }
  static constexpr u64 below(u64 bits, u32 index) noexcept { return bits & ~(~u64{0} << index); }
  static constexpr u32 first(u64 bits) noexcept { return static_cast<u32>(std::countr_zero(bits)); }
  static constexpr u32 last(u64 bits) noexcept {
    return 63U - static_cast<u32>(std::countl_zero(bits));
  }

  u32 new_node() noexcept {
    const u32 node = free_nodes_.take();
    nodes_[node].occupied = 0;
    return node;
  }
  u32 new_block(u32 tick) noexcept {
    const u32 block = free_blocks_.take();
    blocks_[block] = {0, tick & ~(kFan - 1), 0};
    return block;
  }

  /// Raises the tree until it reaches `tick`.
  void grow(LadderRoot& root, u32 tick) noexcept {
    if (root.height == 0) {
      root.height = 1;
      while (!reaches(root.height, tick)) ++root.height;
      root.node = new_node();
    }
    while (!reaches(root.height, tick)) {
      const u32 top = free_nodes_.take();
      nodes_[top].occupied = 1;
      nodes_[top].child[0] = root.node;
      root.node = top;
      ++root.height;
    }
  }

  [[gnu::noinline]] u32 make_block(LadderRoot& root, u32 tick) noexcept {
    grow(root, tick);
    u32 at = root.node;
    for (u32 level = root.height; level > 0; --level) {
      Node& node = nodes_[at];
      const u32 index = digit(tick, level);
      if (!has(node.occupied, index)) {
        node.occupied |= u64{1} << index;
        node.child[index] = level > 1 ? new_node() : new_block(tick);
      }
      at = node.child[index];
    }
    return at;
  }

  /// Takes an empty block, and the nodes it leaves empty, out of the tree.
  [[gnu::noinline]] void drop_block(LadderRoot& root, u32 block, u32 tick) noexcept {
    u32 path[kHeightMax + 1];
    trace(root, tick, path);
    free_blocks_.give(block);
    for (u32 level = 1; level <= root.height; ++level) {
      Node& node = nodes_[path[level]];
      node.occupied &= ~(u64{1} << digit(tick, level));
      if (node.occupied != 0) return shrink(root);
      free_nodes_.give(path[level]);
    }
    root = LadderRoot{};
  }

  /// Lowers a tree whose top has only its first child.
  void shrink(LadderRoot& root) noexcept {
    while (root.height > 1 && nodes_[root.node].occupied == 1) {
      free_nodes_.give(root.node);
      root.node = nodes_[root.node].child[0];
      --root.height;
    }
  }

  /// path[level] = the node on the way to `tick`, which is in the tree.
  void trace(const LadderRoot& root, u32 tick, u32* path) const noexcept {
    u32 at = root.node;
    for (u32 level = root.height; level > 0; --level) {
      path[level] = at;
      at = nodes_[at].child[digit(tick, level)];
    }
  }

  template <bool kUp>
  [[gnu::noinline]] u32 next_block(const LadderRoot& root, u32 tick, u32 none) const noexcept {
    u32 path[kHeightMax + 1];
    trace(root, tick, path);
    for (u32 level = 1; level <= root.height; ++level) {
      const u32 index = digit(tick, level);
      const u64 occupied = nodes_[path[level]].occupied;
      const u64 bits = kUp ? above(occupied, index) : below(occupied, index);
      if (bits != 0) {
        const u64 prefix = u64{tick} >> (kBits * (level + 1));
        return descend<kUp>(path[level], level, prefix, bits);
      }
    }
    return none;
  }

  /// The nearest occupied tick under one of the children `bits` of `at`.
  template <bool kUp>
  u32 descend(u32 at, u32 level, u64 prefix, u64 bits) const noexcept {
    for (;; --level) {
      const u32 index = kUp ? first(bits) : last(bits);
      prefix = (prefix << kBits) | index;
      if (level == 0) return static_cast<u32>(prefix);
      at = nodes_[at].child[index];
      bits = level > 1 ? nodes_[at].occupied : blocks_[at].occupied;
    }
  }

  PageArray<Node> nodes_;
  PageArray<Block> blocks_;
  IndexPool free_nodes_;
  IndexPool free_blocks_;
};

}  // namespace tradsys::match
