#pragma once
// Where the messages of a replay come from: a BinaryFILE, a capture of a feed, or the synthetic
// market.
#include <memory>
#include <string>
#include <variant>

#include "hostsw/wire/binary_file.hpp"
#include "sim/market/market_generator.hpp"
#include "sim/player/pcap_messages.hpp"

namespace tradsys::sim {

/// One message of the stream and where it stands in it.
struct SourceMessage {
  Bytes bytes;
  Nanos time;  ///< of its source: time of day, or of capture
  bool starts_datagram = false;  ///< it is not sent together with the one before
};

/// A capture keeps its datagrams; other messages share one when the venue said them within
/// kDatagramSpan.
class MessageSource {
 public:
  static constexpr Nanos kDatagramSpan{1'000};
  /// The longest message that fits a datagram.
  static constexpr usize kMessageBytesMax =
      wire::kMoldPayloadMaxBytes - wire::kMoldHeaderBytes - wire::kMoldBlockHeaderBytes;

  /// Tells a capture from a BinaryFILE by its first bytes; both may be compressed by gzip.
  static Result<MessageSource> open(const std::filesystem::path& path);
  static MessageSource synthetic(const MarketConfig& config);

  /// The next message, valid until the next call. Anything but kRecord is final; after kTruncated
  /// and kDamaged, `fault` tells what is wrong.
  [[nodiscard]] wire::FileRead next(SourceMessage& message);

  /// Why the messages ended early, with the place in the file.
  [[nodiscard]] const Error& fault() const noexcept { return fault_; }
  /// The file's name, or "synthetic".
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Messages handed out so far.
  [[nodiscard]] u64 count() const noexcept { return count_; }
  /// No more orders than this can rest at once, judged by the size of the file.
  [[nodiscard]] u64 orders_bound() const noexcept { return orders_bound_; }

 private:
  using Generator = std::unique_ptr<MarketGenerator>;
  using Reader = std::variant<wire::BinaryFileReader, PcapMessages, Generator>;

  MessageSource(Reader reader, std::string name, u64 orders_bound)
      : reader_(std::move(reader)), name_(std::move(name)), orders_bound_(orders_bound) {}
  [[nodiscard]] wire::FileRead read(Bytes& bytes);
  wire::FileRead end(wire::FileRead how);
  void place(SourceMessage& message);

  Reader reader_;
  std::string name_;
  u64 orders_bound_;
  Error fault_;
  u64 count_ = 0;
  Nanos datagram_time_{};
};

}  // namespace tradsys::sim
