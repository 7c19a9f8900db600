#include "hostsw/book/reference_books.hpp"

#include <algorithm>

namespace tradsys::book {

ReferenceBooks::ReferenceBooks(const BookConfig& config)
    : config_(config), books_(config.instruments_max) {
  TRADSYS_ASSERT(is_valid(config));
}

BookChange ReferenceBooks::add(u16 instrument, u64 ref, Side side, u32 price, u32 qty) noexcept {
  if (instrument >= config_.instruments_max) return {.status = BookStatus::kBadInstrument};
  if (qty == 0 || !is_book_price(price) || !is_book_side(side))
    return {.status = BookStatus::kInvalid};
  if (orders_.contains(ref)) return {.status = BookStatus::kDuplicateOrder};
  const bool new_level = !side_of(books_[instrument], side).contains(price);
  if (orders_.size() == config_.orders_max || (new_level && level_count_ == config_.levels_max)) {
    return {.status = BookStatus::kNoCapacity};
  }
  insert(ref, {instrument, side, price, qty});
  return {BookStatus::kOk, instrument, side, refresh_bbo(instrument), price, qty};
}

BookChange ReferenceBooks::take(u16 instrument, u64 ref, u32 qty) noexcept {
  if (instrument >= config_.instruments_max) return {.status = BookStatus::kBadInstrument};
  if (qty == 0) return {.status = BookStatus::kInvalid};
  if (const BookStatus s = check_live(instrument, ref); s != BookStatus::kOk) return {.status = s};
  Order& order = orders_.at(ref);
  if (qty > order.qty) return {.status = BookStatus::kExcessQuantity};
  const Order before = order;
  order.qty -= qty;
  if (order.qty == 0) erase(ref);
  return {BookStatus::kOk, instrument, before.side, refresh_bbo(instrument), before.price, qty};
}

BookChange ReferenceBooks::remove(u16 instrument, u64 ref) noexcept {
  if (instrument >= config_.instruments_max) return {.status = BookStatus::kBadInstrument};
  if (const BookStatus s = check_live(instrument, ref); s != BookStatus::kOk) return {.status = s};
  return take(instrument, ref, orders_.at(ref).qty);
}

BookChange ReferenceBooks::replace(u16 instrument, u64 old_ref, u64 new_ref, u32 qty,
                                   u32 price) noexcept {
  if (instrument >= config_.instruments_max) return {.status = BookStatus::kBadInstrument};
  if (qty == 0 || !is_book_price(price)) return {.status = BookStatus::kInvalid};
  if (const BookStatus s = check_live(instrument, old_ref); s != BookStatus::kOk)
    return {.status = s};
  if (orders_.contains(new_ref)) return {.status = BookStatus::kDuplicateOrder};
  const Order old = orders_.at(old_ref);
  const auto& side = side_of(books_[instrument], old.side);
  const bool frees_level = side.at(old.price).size() == 1 && price != old.price;
  const bool new_level = !side.contains(price);
  if (new_level && !frees_level && level_count_ == config_.levels_max) {
    return {.status = BookStatus::kNoCapacity};
  }
  erase(old_ref);
  insert(new_ref, {instrument, old.side, price, qty});
  return {BookStatus::kOk, instrument, old.side, refresh_bbo(instrument), price, qty};
}

void ReferenceBooks::clear(u16 instrument) noexcept {
  if (instrument >= config_.instruments_max) return;
  std::erase_if(orders_, [&](const auto& entry) { return entry.second.instrument == instrument; });
  Book& book = books_[instrument];
  level_count_ -= static_cast<u32>(book.bids.size() + book.asks.size());
  book = Book{};
}

void ReferenceBooks::clear_all() noexcept {
  orders_.clear();
  level_count_ = 0;
  for (Book& book : books_) book = Book{};
}

const Bbo& ReferenceBooks::bbo(u16 instrument) const noexcept {
  static const Bbo kEmpty{};
  return instrument < config_.instruments_max ? books_[instrument].bbo : kEmpty;
}

u32 ReferenceBooks::levels(u16 instrument, Side side, std::span<Level> out) const noexcept {
  if (instrument >= config_.instruments_max || !is_book_side(side)) return 0;
  u32 count = 0;
  const auto copy = [&](const auto& entry) {
    if (count < out.size()) out[count++] = level_of(entry.first, entry.second);
  };
  const auto& map = side_of(books_[instrument], side);
  if (side == Side::kBuy) {
    std::for_each(map.rbegin(), map.rend(), copy);
  } else {
    std::for_each(map.begin(), map.end(), copy);
  }
  return count;
}

u32 ReferenceBooks::queue(u16 instrument, Side side, u32 price,
                          std::span<QueuedOrder> out) const noexcept {
  if (instrument >= config_.instruments_max || !is_book_side(side)) return 0;
  const auto& map = side_of(books_[instrument], side);
  const auto found = map.find(price);
  if (found == map.end()) return 0;
  u32 count = 0;
  for (const u64 ref : found->second) {
    if (count < out.size()) out[count++] = {ref, orders_.at(ref).qty};
  }
  return count;
}

BookStatus ReferenceBooks::check_live(u16 instrument, u64 ref) const {
  const auto found = orders_.find(ref);
  if (found == orders_.end()) return BookStatus::kUnknownOrder;
  return found->second.instrument == instrument ? BookStatus::kOk : BookStatus::kBadInstrument;
}

void ReferenceBooks::insert(u64 ref, const Order& order) {
  orders_.emplace(ref, order);
  Queue& queue = side_of(books_[order.instrument], order.side)[order.price];
  if (queue.empty()) ++level_count_;
  queue.push_back(ref);
}

void ReferenceBooks::erase(u64 ref) {
  const Order order = orders_.at(ref);
  auto& side = side_of(books_[order.instrument], order.side);
  Queue& queue = side.at(order.price);
  queue.remove(ref);
  if (queue.empty()) {
    side.erase(order.price);
    --level_count_;
  }
  orders_.erase(ref);
}

Level ReferenceBooks::level_of(u32 price, const Queue& queue) const {
  Level level{price, static_cast<u32>(queue.size()), 0};
  for (const u64 ref : queue) level.qty += orders_.at(ref).qty;
  return level;
}

bool ReferenceBooks::refresh_bbo(u16 instrument) {
  Book& book = books_[instrument];
  Bbo now;
  if (!book.bids.empty()) {
    const Level best = level_of(book.bids.rbegin()->first, book.bids.rbegin()->second);
    now.bid_price = best.price;
    now.bid_qty = best.qty;
  }
  if (!book.asks.empty()) {
    const Level best = level_of(book.asks.begin()->first, book.asks.begin()->second);
    now.ask_price = best.price;
    now.ask_qty = best.qty;
  }
  const bool changed = now != book.bbo;
  book.bbo = now;
  return changed;
}

}  // namespace tradsys::book
