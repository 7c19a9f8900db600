#pragma once
// MoldUDP64 1.00: sequenced messages in UDP datagrams. A datagram is a 20-byte header and `count`
// message blocks, each a 2-byte length and that many bytes. All integers are big-endian.
//
// Two counts are no counts: 0 is a heartbeat and 0xFFFF the end of the session; in both, the
// header's sequence is the number of the next message, so that a quiet stream still shows what was
// lost before it. A block of length 0 is a message too: it consumes a sequence number.
#include <tradsys/mold64_spec.hpp>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/contract.hpp"

namespace tradsys::wire {

inline constexpr usize kMoldHeaderBytes = mold64::DownstreamHeader::kBytes;
inline constexpr usize kMoldBlockHeaderBytes = mold64::MessageBlockHeader::kBytes;
/// Most messages one datagram can announce, and the most a request can usefully ask for.
inline constexpr u16 kMoldCountMax = mold64::kMessageCountMax;
/// UDP payload that fits an Ethernet frame of 1,518 bytes with an 802.1Q tag.
inline constexpr usize kMoldPayloadMaxBytes = 1472;

/// Name of a stream: 10 bytes, compared as they are (some sources use digits, some NULs).
using MoldSession = Text<10>;

/// The 20 bytes in front of every downstream packet. A request to a re-request server has the same
/// layout: session, first wanted sequence, how many.
struct MoldHeader {
  MoldSession session = kSpaces<10>;
  u64 sequence = 0;
  u16 count = 0;

  [[nodiscard]] bool is_heartbeat() const noexcept { return count == mold64::kHeartbeatCount; }
  [[nodiscard]] bool is_end_of_session() const noexcept {
    return count == mold64::kEndOfSessionCount;
  }
  /// Messages that follow: 0 for heartbeat and end of session.
  [[nodiscard]] u16 messages() const noexcept { return is_end_of_session() ? u16{0} : count; }
  /// Number of the message after this packet. Meaningful only when `valid_range()`.
  [[nodiscard]] u64 next_sequence() const noexcept { return sequence + messages(); }
  /// Sequences start at 1 and never wrap: anything else is damage.
  [[nodiscard]] bool valid_range() const noexcept {
    return sequence != 0 && sequence <= ~u64{0} - messages();
  }
  /// `p` has at least kMoldHeaderBytes.
  static MoldHeader load(const std::byte* p) noexcept {
    const mold64::DownstreamHeaderView view{p};
    return {view.session(), view.sequence_number(), view.message_count()};
  }
  /// `p` has room for kMoldHeaderBytes.
  void store(std::byte* p) const noexcept {
    mold64::encode(mold64::DownstreamHeader{session, sequence, count}, p);
  }
};

/// A request datagram; nothing else may follow its 20 bytes.
using MoldRequest = std::array<std::byte, kMoldHeaderBytes>;

/// Asks for `count` messages from `sequence` on; count in [1, kMoldCountMax].
MoldRequest encode_mold_request(const MoldSession& session, u64 sequence, u16 count) noexcept;

/// Parses a request; false when it is not exactly 20 bytes, or asks for sequence 0 or count 0 or
/// 0xFFFF.
[[nodiscard]] bool decode_mold_request(Bytes datagram, MoldHeader& request) noexcept;

/// Zero-copy walk over one downstream packet. The whole packet is checked by the constructor, so
/// that a damaged packet is refused as a unit and never half delivered.
class MoldPacketReader {
 public:
  /// `datagram` is the UDP payload by the UDP length (frame padding excluded) and outlives the
  /// reader.
  explicit MoldPacketReader(Bytes datagram) noexcept;

  /// False: too short, a sequence of 0 or beyond 64 bits, or blocks that do not fit. Then only
  /// `header()` of a packet that is long enough may be read.
  [[nodiscard]] bool valid() const noexcept { return valid_; }
  [[nodiscard]] const MoldHeader& header() const noexcept { return header_; }
  /// Sequence of the message that `next` returns next.
  [[nodiscard]] u64 sequence() const noexcept { return sequence_; }
  /// Messages not yet returned; of an invalid packet, 0.
  [[nodiscard]] u32 remaining() const noexcept { return remaining_; }
  /// The blocks not yet returned, lengths included, up to the end of the last block.
  [[nodiscard]] Bytes blocks() const noexcept { return {at_, static_cast<usize>(end_ - at_)}; }
  /// Bytes after the last block: 0 on every real feed seen; tolerated.
  [[nodiscard]] usize trailing_bytes() const noexcept { return trailing_bytes_; }
  /// Leading whole blocks of a packet that is too short for its count: what a report can still
  /// show.
  [[nodiscard]] u32 whole_blocks() const noexcept { return whole_blocks_; }
  /// Bytes that are missing at the end of such a packet, as far as the lengths present tell.
  [[nodiscard]] usize missing_bytes() const noexcept { return missing_bytes_; }

  /// The next message; false after the last one.
  [[nodiscard]] bool next(Bytes& message) noexcept {
    if (remaining_ == 0) return false;
    const usize length = load_be16(at_);
    message = {at_ + kMoldBlockHeaderBytes, length};
    at_ += kMoldBlockHeaderBytes + length;
    --remaining_;
    ++sequence_;
    return true;
  }
  /// Passes over up to `count` messages.
  void skip(u64 count) noexcept {
    Bytes ignored;
    for (; count > 0 && next(ignored); --count) {
    }
  }

 private:
  const std::byte* at_ = nullptr;
  const std::byte* end_ = nullptr;
  MoldHeader header_;
  u64 sequence_ = 0;
  u32 remaining_ = 0;
  u32 whole_blocks_ = 0;
  usize trailing_bytes_ = 0;
  usize missing_bytes_ = 0;
  bool valid_ = false;
};

/// Composes downstream packets of at most `payload_max_bytes`, in place, without allocation.
class MoldPacketBuilder {
 public:
  /// `payload_max_bytes` in [kMoldHeaderBytes + 2, kMoldPayloadMaxBytes].
  explicit MoldPacketBuilder(usize payload_max_bytes = kMoldPayloadMaxBytes) noexcept;

  /// Begins an empty packet; what was composed before is gone.
  void start(const MoldSession& session, u64 sequence) noexcept;
  /// Appends one message; false (and nothing changed) when it does not fit or the count is at its
  /// maximum.
  [[nodiscard]] bool add(Bytes message) noexcept;
  [[nodiscard]] u16 count() const noexcept { return header_.count; }
  [[nodiscard]] bool empty() const noexcept { return header_.count == 0; }
  /// Sequence the next added message gets.
  [[nodiscard]] u64 next_sequence() const noexcept { return header_.next_sequence(); }
  /// The datagram; without messages it is a heartbeat. Valid until the next `start`, `add` or
  /// `end`.
  [[nodiscard]] Bytes packet() noexcept;
  /// The datagram that ends the session; `next_sequence` is one more than the last message's.
  [[nodiscard]] Bytes end_of_session(const MoldSession& session, u64 next_sequence) noexcept;

 private:
  MoldHeader header_;
  usize payload_max_bytes_;
  usize used_bytes_ = kMoldHeaderBytes;
  std::array<std::byte, kMoldPayloadMaxBytes> buffer_;
};

}  // namespace tradsys::wire
