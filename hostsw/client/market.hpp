#pragma once
// Best prices and trades of the appliance's books, read where the edge tile writes them. Reading
// takes nanoseconds, no system call, and cannot disturb the appliance.
#include "hostsw/client/attachment.hpp"

namespace tradsys::client {

/// An instrument: prices with four decimals, 0 is none.
using Quote = ipc::MarketQuote;

class Market {
 public:
  /// Error as attach().
  [[nodiscard]] static Result<Market> connect(const Where& where = {}) {
    Result<Attachment> attached = attach(where, ipc::AttachKind::kMarket);
    if (!attached) return attached.error();
    Result<ipc::MarketReader> reader = ipc::MarketReader::open(std::move(attached.value().memory));
    if (!reader) return reader.error();
    return Market(std::move(attached.value().socket), std::move(reader).value());
  }

  /// The row of a symbol; nothing when the feed has not named it.
  [[nodiscard]] std::optional<u32> find(Symbol symbol) const noexcept {
    return reader_.find(symbol);
  }
  /// False when there is nothing whole to be read.
  [[nodiscard]] bool read(u32 row, Quote& quote) const noexcept { return reader_.read(row, quote); }
  /// Changes with every change of the row: the cheapest way to wait for one.
  [[nodiscard]] u64 version(u32 row) const noexcept { return reader_.version(row); }
  /// A gap in the feed is open: prices may be wrong, and orders would be refused.
  [[nodiscard]] bool stale() const noexcept { return reader_.stale(); }
  [[nodiscard]] bool is_open() const noexcept { return reader_.is_open(); }
  /// Whether the appliance still writes; enters the kernel once. After its end connect again.
  [[nodiscard]] bool alive() noexcept {
    std::byte nothing[1];
    return socket_.receive(nothing).what == ipc::LocalSocket::Received::kNothing;
  }

 private:
  Market(ipc::LocalSocket socket, ipc::MarketReader reader) noexcept
      : socket_(std::move(socket)), reader_(std::move(reader)) {}

  ipc::LocalSocket socket_;
  ipc::MarketReader reader_;
};

}  // namespace tradsys::client
