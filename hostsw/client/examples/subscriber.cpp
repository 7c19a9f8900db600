// Prints best bid, best offer and last trade of one symbol whenever they change.
#include <time.h>

#include <cinttypes>
#include <cstdio>

#include "hostsw/client/market.hpp"

int main(int argc, char** argv) {
  using namespace tradsys;
  const auto word = [&](int i, const char* otherwise) { return i < argc ? argv[i] : otherwise; };
  Result<client::Market> market =
      client::Market::connect({.instance = word(2, "sim"), .runtime_dir = word(3, "")});
  if (!market) return std::fprintf(stderr, "%s\n", market.error().message().c_str()), 1;
  const std::optional<u32> row = market.value().find(Symbol::from(word(1, "")));
  if (!row) return std::fputs("usage: tradsys-subscriber SYMBOL [INSTANCE [DIR]]\n", stderr), 2;
  client::Quote last{};
  while (market.value().alive()) {
    if (client::Quote q; market.value().read(*row, q) && q != last) {
      std::printf(
          "%s  bid %" PRIu64 " @ %.4f  ask %" PRIu64 " @ %.4f  last %.4f  trades %" PRIu64 "%s\n",
          q.symbol.str().c_str(), q.bid_qty, q.bid_price / 1e4, q.ask_qty, q.ask_price / 1e4,
          q.last_price / 1e4, q.trades, market.value().stale() ? "  stale" : "");
      std::fflush(stdout);
      last = q;
    }
    const timespec nap{0, 1'000'000};
    nanosleep(&nap, nullptr);
  }
}
