#include "hostsw/book/flat_books.hpp"

namespace tradsys::book {

FlatBooks::FlatBooks(const BookConfig& config)
    : config_(config),
      orders_(config.orders_max),
      levels_(usize{config.levels_max} + 1),
      ladders_(usize{2} * config.instruments_max),
      bbos_(usize{config.instruments_max} + 1),
      deep_(config.levels_max) {
  TRADSYS_ASSERT(is_valid(config));
  for (u32 i = config.levels_max; i >= 1; --i) {
    levels_[i].next_free = free_level_;
    free_level_ = i;
  }
}

usize FlatBooks::bytes_for(const BookConfig& config) noexcept {
  return OrderTable::bytes_for(config.orders_max) +
         (usize{config.levels_max} + 1) * sizeof(LevelSlot) +
         usize{2} * config.instruments_max * sizeof(Ladder) +
         (usize{config.instruments_max} + 1) * sizeof(BboSlot) +
         PriceTreePool::bytes_for(config.levels_max);
}

void FlatBooks::clear(u16 instrument) noexcept {
  if (instrument >= config_.instruments_max) return;
  for (const Side side : {Side::kBuy, Side::kSell}) {
    const Ladder& prices = ladder(instrument, static_cast<u8>(side));
    while (prices.best_key() != 0) remove_slot(levels_[prices.best_level()].head);
  }
}

void FlatBooks::clear_all() noexcept {
  for (u32 i = 0; i < config_.instruments_max; ++i) clear(static_cast<u16>(i));
}

u32 FlatBooks::levels(u16 instrument, Side side, std::span<Level> out) const noexcept {
  if (instrument >= config_.instruments_max || !is_book_side(side)) return 0;
  const u8 code = static_cast<u8>(side);
  u32 count = 0;
  ladder(instrument, code).descend(deep_, [&](const PriceEntry& entry) {
    if (count == out.size()) return false;
    const LevelSlot& level = levels_[entry.value];
    out[count++] = {price_of(code, entry.key), level.order_count, level.qty};
    return true;
  });
  return count;
}

u32 FlatBooks::queue(u16 instrument, Side side, u32 price,
                     std::span<QueuedOrder> out) const noexcept {
  if (instrument >= config_.instruments_max || !is_book_side(side) || !is_book_price(price))
    return 0;
  const u8 code = static_cast<u8>(side);
  const u32 level = ladder(instrument, code).find(key_of(code, price), deep_);
  if (level == Ladder::kNoLevel) return 0;
  u32 count = 0;
  for (u32 slot = levels_[level].head; slot != 0 && count < out.size(); slot = orders_[slot].next) {
    out[count++] = {orders_[slot].ref, orders_[slot].qty};
  }
  return count;
}

}  // namespace tradsys::book
