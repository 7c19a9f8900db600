#include "hostsw/wire/mold64.hpp"

namespace tradsys::wire {

MoldRequest encode_mold_request(const MoldSession& session, u64 sequence, u16 count) noexcept {
  TRADSYS_ASSERT(sequence != 0 && count != 0 && count <= kMoldCountMax);
  MoldRequest request;
  mold64::encode(mold64::RequestPacket{session, sequence, count}, request.data());
  return request;
}

bool decode_mold_request(Bytes datagram, MoldHeader& request) noexcept {
  if (datagram.size() != kMoldHeaderBytes) return false;
  const MoldHeader header = MoldHeader::load(datagram.data());
  if (header.sequence == 0 || header.count == 0 || header.count > kMoldCountMax) return false;
  request = header;
  return true;
}

MoldPacketReader::MoldPacketReader(Bytes datagram) noexcept {
  if (datagram.size() < kMoldHeaderBytes) {
    missing_bytes_ = kMoldHeaderBytes - datagram.size();
    return;
  }
  header_ = MoldHeader::load(datagram.data());
  const std::byte* const begin = datagram.data() + kMoldHeaderBytes;
  const u32 messages = header_.messages();
  usize left = datagram.size() - kMoldHeaderBytes;
  usize used = 0;
  for (; whole_blocks_ < messages; ++whole_blocks_) {
    if (left < kMoldBlockHeaderBytes) {
      missing_bytes_ = kMoldBlockHeaderBytes - left;
      return;
    }
    const usize block = kMoldBlockHeaderBytes + load_be16(begin + used);
    if (block > left) {
      missing_bytes_ = block - left;
      return;
    }
    used += block;
    left -= block;
  }
  if (!header_.valid_range()) return;
  at_ = begin;
  end_ = begin + used;
  sequence_ = header_.sequence;
  remaining_ = messages;
  trailing_bytes_ = left;
  valid_ = true;
}

MoldPacketBuilder::MoldPacketBuilder(usize payload_max_bytes) noexcept
    : payload_max_bytes_(payload_max_bytes) {
  TRADSYS_ASSERT(payload_max_bytes >= kMoldHeaderBytes + kMoldBlockHeaderBytes);
  TRADSYS_ASSERT(payload_max_bytes <= kMoldPayloadMaxBytes);
}

void MoldPacketBuilder::start(const MoldSession& session, u64 sequence) noexcept {
  header_ = {session, sequence, 0};
  used_bytes_ = kMoldHeaderBytes;
}

bool MoldPacketBuilder::add(Bytes message) noexcept {
  const usize free_bytes = payload_max_bytes_ - used_bytes_;
  if (header_.count >= kMoldCountMax || free_bytes < kMoldBlockHeaderBytes ||
      message.size() > free_bytes - kMoldBlockHeaderBytes)
    return false;
  store_be16(buffer_.data() + used_bytes_, static_cast<u16>(message.size()));
  if (!message.empty())
    std::memcpy(buffer_.data() + used_bytes_ + kMoldBlockHeaderBytes, message.data(),
                message.size());
  used_bytes_ += kMoldBlockHeaderBytes + message.size();
  ++header_.count;
  return true;
}

Bytes MoldPacketBuilder::packet() noexcept {
  header_.store(buffer_.data());
  return {buffer_.data(), used_bytes_};
}

Bytes MoldPacketBuilder::end_of_session(const MoldSession& session, u64 next_sequence) noexcept {
  header_ = {session, next_sequence, static_cast<u16>(mold64::kEndOfSessionCount)};
  used_bytes_ = kMoldHeaderBytes;
  header_.store(buffer_.data());
  return {buffer_.data(), used_bytes_};
}

}  // namespace tradsys::wire
