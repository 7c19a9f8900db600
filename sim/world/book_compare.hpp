#pragma once
// What the venue's books say, and whether the dataplane's books say the same.
#include <string>
#include <vector>

#include "hostsw/book/flat_books.hpp"
#include "hostsw/match/match_types.hpp"

namespace tradsys::sim {

namespace detail {

[[nodiscard]] inline u64 depth_hash(const std::vector<book::Level>& levels) {
  u64 hash = 0;
  for (const book::Level& l : levels)
    hash = mix64(mix64(mix64(hash + l.price + 1) + l.order_count + 1) + l.qty + 1);
  return hash;
}
[[nodiscard]] inline std::vector<book::Level> levels_of(const book::FlatBooks& books, u16 number,
                                                        Side side) {
  std::vector<book::Level> levels(4'096);
  levels.resize(books.levels(number, side, levels));
  return levels;
}
template <class Engine>
[[nodiscard]] std::vector<book::Level> levels_of_venue(const Engine& engine, u16 number,
                                                       Side side) {
  std::vector<book::Level> levels;
  engine.for_each(number, side, [&](const match::RestingOrder& o) {
    if (levels.empty() || levels.back().price != o.price) levels.push_back({o.price, 0, 0});
    ++levels.back().order_count;
    levels.back().qty += o.qty;
  });
  return levels;
}

}  // namespace detail

/// The middle of the venue's book in whole steps; 0 where a side is empty.
template <class Engine>
[[nodiscard]] u32 middle_price(const Engine& engine, u16 number, u32 step) {
  const u32 bid = engine.best_price(number, Side::kBuy);
  const u32 ask = engine.best_price(number, Side::kSell);
  return bid == 0 || ask == 0 ? 0 : (bid / 2 + ask / 2) / step * step;
}

/// What differs in the books of instrument `number`; empty when nothing does. `Engine` is the
/// venue's.
template <class Engine>
[[nodiscard]] std::vector<std::string> differences(const book::FlatBooks& books,
                                                   const Engine& engine, u16 number) {
  std::vector<std::string> found;
  const book::Bbo& bbo = books.bbo(number);
  if (bbo.bid_price != engine.best_price(number, Side::kBuy) ||
      bbo.ask_price != engine.best_price(number, Side::kSell))
    found.push_back("books: best prices of instrument " + std::to_string(number) +
                    " differ from the venue's");
  for (const Side side : {Side::kBuy, Side::kSell}) {
    if (detail::depth_hash(detail::levels_of(books, number, side)) !=
        detail::depth_hash(detail::levels_of_venue(engine, number, side)))
      found.push_back("books: depth of instrument " + std::to_string(number) +
                      " differs from the venue's");
  }
  return found;
}

}  // namespace tradsys::sim
