#pragma once
// Best prices and trades of every instrument, broadcast to local readers. The edge tile writes and
// never looks back; readers map it read-only, by the kernel's word, and retry what they caught half
// written. A reader that is slow misses prices in between, and sees by `trades` and `traded_qty`
// that it did.
#include <optional>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/seqlock.hpp"
#include "hostsw/core/symbol.hpp"
#include "hostsw/ipc/layout.hpp"
#include "hostsw/ipc/sealed_memory.hpp"

namespace tradsys::ipc {

/// One instrument as the books have it. Prices have four decimals; 0 is none.
struct MarketQuote {
  Symbol symbol;
  u32 bid_price = 0;
  u32 ask_price = 0;
  u64 bid_qty = 0;
  u64 ask_qty = 0;
  u32 last_price = 0;  ///< of the last printable trade
  u32 last_qty = 0;
  u64 trades = 0;  ///< of the day so far
  u64 traded_qty = 0;
  u32 trading = 0;  ///< 1: the venue trades it
  u32 reserved = 0;
  bool operator==(const MarketQuote&) const = default;
};

/// First bytes of the board.
struct MarketHeader {
  u64 magic;
  u32 version;
  u32 instruments;
  u64 layout_hash;
  std::atomic<u32> stale;  ///< 1: a gap in the feed is open; prices may be wrong
  std::atomic<u32> open;  ///< 1: the market is
};
struct alignas(kCacheLineBytes) MarketRow {
  SeqLock<MarketQuote> quote;
};

inline constexpr u64 kMarketMagic = 0x3154'4B52'4D53'4454;  // "TDSMRKT1" in file order
inline constexpr u32 kMarketVersion = 1;
inline constexpr u64 kMarketLayout = layout_hash({sizeof(MarketHeader), sizeof(MarketRow)});
/// Where the rows begin.
inline constexpr usize kMarketRowsAt = kCacheLineBytes;
static_assert(sizeof(MarketHeader) <= kMarketRowsAt);

/// The tile's side. Every write is hot-safe.
class MarketBoard {
 public:
  /// For `instruments` rows, by the number of the instrument.
  [[nodiscard]] static Result<MarketBoard> create(u32 instruments);

  void quote(u32 instrument, const MarketQuote& quote) noexcept {
    if (instrument < instruments_) rows_[instrument].quote.store(quote);
  }
  void set_stale(bool stale) noexcept { header_->stale.store(stale, std::memory_order_release); }
  void set_open(bool open) noexcept { header_->open.store(open, std::memory_order_release); }
  [[nodiscard]] int descriptor() const noexcept { return memory_.descriptor(); }

 private:
  MarketBoard(SealedMemory memory, u32 instruments) noexcept;

  SealedMemory memory_;
  MarketHeader* header_;
  MarketRow* rows_;
  u32 instruments_;
};

/// A reader's side.
class MarketReader {
 public:
  /// Error when the memory could be cut or written by others, or is of another release.
  [[nodiscard]] static Result<MarketReader> open(Descriptor memory);

  /// False when the writer died in the middle of this row, or there is no such row.
  [[nodiscard]] bool read(u32 instrument, MarketQuote& quote) const noexcept {
    return instrument < instruments_ && rows_[instrument].quote.load(quote);
  }
  /// Changes with every write to the row: cheap to watch.
  [[nodiscard]] u64 version(u32 instrument) const noexcept {
    return instrument < instruments_ ? rows_[instrument].quote.stores() : 0;
  }
  /// The row of a symbol; nothing when the feed has not named it yet.
  [[nodiscard]] std::optional<u32> find(Symbol symbol) const noexcept;
  [[nodiscard]] bool stale() const noexcept {
    return header_->stale.load(std::memory_order_acquire) != 0;
  }
  [[nodiscard]] bool is_open() const noexcept {
    return header_->open.load(std::memory_order_acquire) != 0;
  }
  [[nodiscard]] u32 instruments() const noexcept { return instruments_; }

 private:
  MarketReader(SealedMemory memory, u32 instruments) noexcept;

  SealedMemory memory_;
  const MarketHeader* header_;
  const MarketRow* rows_;
  u32 instruments_;
};

}  // namespace tradsys::ipc
