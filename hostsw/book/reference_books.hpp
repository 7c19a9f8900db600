#pragma once
// The obvious order books: ordered maps and lists. The oracle of every other implementation; it
// allocates, so it never runs in a tile.
#include <list>
#include <map>
#include <vector>

#include "hostsw/book/book_types.hpp"

namespace tradsys::book {

/// Books written to be read. Same contract as any OrderBooks, capacities included.
class ReferenceBooks {
 public:
  explicit ReferenceBooks(const BookConfig& config);

  BookChange add(u16 instrument, u64 ref, Side side, u32 price, u32 qty) noexcept;
  BookChange execute(u16 instrument, u64 ref, u32 qty) noexcept {
    return take(instrument, ref, qty);
  }
  BookChange reduce(u16 instrument, u64 ref, u32 qty) noexcept {
    return take(instrument, ref, qty);
  }
  BookChange remove(u16 instrument, u64 ref) noexcept;
  BookChange replace(u16 instrument, u64 old_ref, u64 new_ref, u32 qty, u32 price) noexcept;
  void clear(u16 instrument) noexcept;
  void clear_all() noexcept;

  [[nodiscard]] const Bbo& bbo(u16 instrument) const noexcept;
  u32 levels(u16 instrument, Side side, std::span<Level> out) const noexcept;
  u32 queue(u16 instrument, Side side, u32 price, std::span<QueuedOrder> out) const noexcept;
  [[nodiscard]] u32 order_count() const noexcept { return static_cast<u32>(orders_.size()); }
  [[nodiscard]] u32 level_count() const noexcept { return level_count_; }

 private:
  struct Order {
    u16 instrument;
    Side side;
    u32 price;
    u32 qty;
  };
  using Queue = std::list<u64>;  // references, oldest first
  struct Book {
    std::map<u32, Queue> bids, asks;
    Bbo bbo;
  };

  static std::map<u32, Queue>& side_of(Book& book, Side side) {
    return side == Side::kBuy ? book.bids : book.asks;
  }
  static const std::map<u32, Queue>& side_of(const Book& book, Side side) {
    return side == Side::kBuy ? book.bids : book.asks;
  }
  BookStatus check_live(u16 instrument, u64 ref) const;
  BookChange take(u16 instrument, u64 ref, u32 qty) noexcept;
  void insert(u64 ref, const Order& order);
  void erase(u64 ref);
  Level level_of(u32 price, const Queue& queue) const;
  bool refresh_bbo(u16 instrument);

  BookConfig config_;
  std::vector<Book> books_;
  std::map<u64, Order> orders_;
  u32 level_count_ = 0;
};
static_assert(OrderBooks<ReferenceBooks>);

}  // namespace tradsys::book
