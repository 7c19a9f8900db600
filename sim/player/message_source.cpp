#include "sim/player/message_source.hpp"

#include <algorithm>
#include <array>

namespace tradsys::sim {
namespace {

constexpr usize kMagicBytes = 4;
constexpr usize kTimeOffset = 5;  // of every ITCH message
constexpr usize kTimeBytes = 6;

constexpr u64 kOrderBytes = 38;  // of the message that adds one, in a file
constexpr u64 kUnpackedFactor = 12;  // compressed feeds shrink to a quarter or so, never so far

u64 orders_bound_of(const std::filesystem::path& path) {
  std::error_code failed;
  const u64 bytes = std::filesystem::file_size(path, failed);
  return failed ? ~u64{0} : bytes * kUnpackedFactor / kOrderBytes;
}

/// pcap in both byte orders and both stamps, and pcapng, which the reader refuses by name.
bool is_capture(Bytes head) {
  constexpr std::array<u32, 5> kMagics{0xA1B2C3D4, 0xD4C3B2A1, 0xA1B23C4D, 0x4D3CB2A1, 0x0A0D0D0A};
  if (head.size() < kMagicBytes) return false;
  const u32 word = load_be32(head.data());
  return std::find(kMagics.begin(), kMagics.end(), word) != kMagics.end();
}

}  // namespace

Result<MessageSource> MessageSource::open(const std::filesystem::path& path) {
  Result<wire::ByteSource> bytes = wire::ByteSource::open(path);
  if (!bytes) return bytes.error();
  if (is_capture(bytes.value().peek(kMagicBytes))) {
    Result<wire::PcapReader> reader = wire::PcapReader::open(path);
    if (!reader) return reader.error();
    return MessageSource(PcapMessages(std::move(reader).value()), path.string(),
                         orders_bound_of(path));
  }
  Result<wire::BinaryFileReader> reader = wire::BinaryFileReader::open(path);
  if (!reader) return reader.error();
  return MessageSource(std::move(reader).value(), path.string(), orders_bound_of(path));
}

MessageSource MessageSource::synthetic(const MarketConfig& config) {
  // Books swing around the standing orders by a fraction.
  return {std::make_unique<MarketGenerator>(config), "synthetic", u64{config.standing_orders} * 4};
}

wire::FileRead MessageSource::read(Bytes& bytes) {
  if (auto* file = std::get_if<wire::BinaryFileReader>(&reader_)) return file->next(bytes);
  if (auto* capture = std::get_if<PcapMessages>(&reader_)) return capture->next(bytes);
  return std::get<Generator>(reader_)->next(bytes) ? wire::FileRead::kRecord : wire::FileRead::kEnd;
}

wire::FileRead MessageSource::next(SourceMessage& message) {
  const wire::FileRead how = read(message.bytes);
  if (how != wire::FileRead::kRecord) return end(how);
  if (message.bytes.size() > kMessageBytesMax) {
    fault_ = {
        name_,
        "message " + std::to_string(count_) + " has " + std::to_string(message.bytes.size()) +
            " bytes and fits no datagram",
        "give ITCH messages behind 2-byte big-endian lengths (BinaryFILE), or a pcap capture"};
    return wire::FileRead::kDamaged;
  }
  place(message);
  ++count_;
  return how;
}

void MessageSource::place(SourceMessage& message) {
  if (const auto* capture = std::get_if<PcapMessages>(&reader_)) {
    message.time = capture->time();
    message.starts_datagram = capture->first_of_datagram();
    return;
  }
  message.time = datagram_time_;
  if (message.bytes.size() >= kTimeOffset + kTimeBytes) {
    message.time.v = static_cast<i64>(load_be48(message.bytes.data() + kTimeOffset));
  }
  message.starts_datagram =
      count_ == 0 || message.time < datagram_time_ || message.time - datagram_time_ > kDatagramSpan;
  if (message.starts_datagram) datagram_time_ = message.time;
}

wire::FileRead MessageSource::end(wire::FileRead how) {
  const std::string after = " after " + std::to_string(count_) + " whole messages";
  if (how == wire::FileRead::kTruncated) {
    std::string what = "ends inside a frame" + after;
    if (const auto* file = std::get_if<wire::BinaryFileReader>(&reader_)) {
      what = "is cut inside a message" + after + ": " + std::to_string(file->trailing_bytes()) +
             " bytes are left over at offset " + std::to_string(file->position());
    }
    fault_ = {name_, what, "get the whole file"};
  } else if (how == wire::FileRead::kDamaged) {
    fault_ = {name_, "is damaged" + after, "get the file again and check its checksum"};
  } else if (count_ == 0) {
    fault_ = {name_, "holds no message",
              "give an ITCH 5.0 BinaryFILE or a capture of a MoldUDP64 feed"};
    return wire::FileRead::kDamaged;
  }
  return how;
}

}  // namespace tradsys::sim
