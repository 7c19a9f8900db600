#pragma once
// Cuts a TCP byte stream into SoupBinTCP packets. A packet that lies whole in the bytes at hand is
// passed on in place; only one that was torn apart by TCP is put together in a buffer of fixed
// size.
#include <algorithm>
#include <vector>

#include "hostsw/core/contract.hpp"
#include "hostsw/wire/soup.hpp"

namespace tradsys::wire {

/// One packet, its 2-byte length included; fit for the generated views and `check_length`.
struct SoupPacket {
  Bytes bytes;
  [[nodiscard]] char type() const noexcept { return load_char(bytes.data() + 2); }
  [[nodiscard]] Bytes payload() const noexcept { return bytes.subspan(kSoupHeaderBytes); }
};

enum class FrameResult : u8 {
  kOk,  ///< everything was consumed
  kStopped,  ///< the callback did not want more
  kZeroLength,  ///< a length that does not even cover the type
  kOversize,  ///< longer than the configured maximum
};

/// Framing state of one connection.
class SoupFramer {
 public:
  /// `packet_max_bytes`, length field included, is the most it ever buffers.
  explicit SoupFramer(usize packet_max_bytes) : torn_(packet_max_bytes) {
    TRADSYS_ASSERT(packet_max_bytes >= kSoupHeaderBytes);
  }

  /// Calls `on_packet(SoupPacket) -> bool` for each packet that `stream` completes, in order, until
  /// it returns false. The packet's bytes live only during the call. After a bad length the stream
  /// cannot be trusted any more: nothing is passed on until `reset`.
  template <class OnPacket>
  FrameResult feed(Bytes stream, OnPacket&& on_packet) {
    if (bad_ != FrameResult::kOk) return bad_;
    while (torn_bytes_ != 0 && !stream.empty()) {
      if (!mend(stream)) return bad_;
      if (torn_bytes_ < packet_bytes()) continue;
      const SoupPacket packet{Bytes(torn_).first(torn_bytes_)};
      torn_bytes_ = 0;
      if (!on_packet(packet)) return FrameResult::kStopped;
    }
    while (stream.size() >= kSoupHeaderBytes) {
      const usize whole = soup::kLengthFieldBytes + load_be16(stream.data());
      if (!acceptable(whole)) return bad_;
      if (whole > stream.size()) break;
      if (!on_packet(SoupPacket{stream.first(whole)})) return FrameResult::kStopped;
      stream = stream.subspan(whole);
    }
    return keep(stream);
  }

  /// Forgets a torn packet and a bad length: a new connection begins.
  void reset() noexcept {
    torn_bytes_ = 0;
    bad_ = FrameResult::kOk;
  }
  /// Bytes of a packet that waits for its rest.
  [[nodiscard]] usize torn_bytes() const noexcept { return torn_bytes_; }

 private:
  [[nodiscard]] usize packet_bytes() const noexcept {
    return torn_bytes_ < soup::kLengthFieldBytes
               ? soup::kLengthFieldBytes
               : soup::kLengthFieldBytes + load_be16(torn_.data());
  }

  [[nodiscard]] bool acceptable(usize whole) noexcept {
    if (whole < kSoupHeaderBytes) bad_ = FrameResult::kZeroLength;
    if (whole > torn_.size()) bad_ = FrameResult::kOversize;
    return bad_ == FrameResult::kOk;
  }

  /// Moves bytes to the torn packet, first up to its length, then up to its end.
  [[nodiscard]] bool mend(Bytes& stream) noexcept {
    const bool had_length = torn_bytes_ >= soup::kLengthFieldBytes;
    append(stream, packet_bytes() - torn_bytes_);
    if (had_length || torn_bytes_ < soup::kLengthFieldBytes) return true;
    return acceptable(packet_bytes());
  }

  void append(Bytes& stream, usize wanted) noexcept {
    const usize n = std::min(wanted, stream.size());
    std::memcpy(torn_.data() + torn_bytes_, stream.data(), n);
    torn_bytes_ += n;
    stream = stream.subspan(n);
  }

  FrameResult keep(Bytes rest) noexcept {
    if (rest.empty()) return FrameResult::kOk;
    if (rest.size() >= soup::kLengthFieldBytes &&
        !acceptable(soup::kLengthFieldBytes + load_be16(rest.data())))
      return bad_;
    append(rest, rest.size());
    return FrameResult::kOk;
  }

  std::vector<std::byte> torn_;
  usize torn_bytes_ = 0;
  FrameResult bad_ = FrameResult::kOk;
};

}  // namespace tradsys::wire
