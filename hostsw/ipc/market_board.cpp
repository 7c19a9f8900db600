#include "hostsw/ipc/market_board.hpp"

#include <new>

namespace tradsys::ipc {

Result<MarketBoard> MarketBoard::create(u32 instruments) {
  const usize bytes = kMarketRowsAt + usize{instruments} * sizeof(MarketRow);
  Result<SealedMemory> memory =
      SealedMemory::create("tradsys-market", bytes, Sharing::kMakerWrites);
  if (!memory) return memory.error();
  std::byte* const data = memory.value().data();
  new (data) MarketHeader{.magic = kMarketMagic,
                          .version = kMarketVersion,
                          .instruments = instruments,
                          .layout_hash = kMarketLayout,
                          .stale = 1,
                          .open = 0};
  for (u32 i = 0; i < instruments; ++i)
    new (data + kMarketRowsAt + usize{i} * sizeof(MarketRow)) MarketRow{};
  return MarketBoard(std::move(memory).value(), instruments);
}

MarketBoard::MarketBoard(SealedMemory memory, u32 instruments) noexcept
    : memory_(std::move(memory)),
      header_(std::launder(reinterpret_cast<MarketHeader*>(memory_.data()))),
      rows_(std::launder(reinterpret_cast<MarketRow*>(memory_.data() + kMarketRowsAt))),
      instruments_(instruments) {}

Result<MarketReader> MarketReader::open(Descriptor fd) {
  Result<SealedMemory> memory = SealedMemory::open(std::move(fd), Sharing::kMakerWrites);
  if (!memory) return memory.error();
  const SealedMemory& m = memory.value();
  const auto* header = std::launder(reinterpret_cast<const MarketHeader*>(m.data()));
  if (m.size() < kMarketRowsAt || header->magic != kMarketMagic)
    return Error{"market board", "is none", "attach to a dataplane"};
  if (header->version != kMarketVersion || header->layout_hash != kMarketLayout ||
      m.size() != kMarketRowsAt + usize{header->instruments} * sizeof(MarketRow))
    return Error{"market board", "is of another release", "use programs of one release"};
  const u32 instruments = header->instruments;
  return MarketReader(std::move(memory).value(), instruments);
}

MarketReader::MarketReader(SealedMemory memory, u32 instruments) noexcept
    : memory_(std::move(memory)),
      header_(std::launder(reinterpret_cast<const MarketHeader*>(memory_.data()))),
      rows_(std::launder(reinterpret_cast<const MarketRow*>(memory_.data() + kMarketRowsAt))),
      instruments_(instruments) {}

std::optional<u32> MarketReader::find(Symbol symbol) const noexcept {
  MarketQuote quote;
  for (u32 i = 0; i < instruments_; ++i)
    if (version(i) != 0 && read(i, quote) && quote.symbol == symbol) return i;
  return std::nullopt;
}

}  // namespace tradsys::ipc
