#pragma once
// The messages that a capture of a MoldUDP64 feed carries.
#include <optional>

#include "hostsw/wire/mold64.hpp"
#include "hostsw/wire/pcap_file.hpp"

namespace tradsys::sim {

/// Walks the multicast UDP datagrams of a capture, tagged or not, in the order they were captured.
/// A message whose number its session has passed already (the other line's copy, a repetition) is
/// left out, so that a capture of both lines gives each message once.
class PcapMessages {
 public:
  explicit PcapMessages(wire::PcapReader reader) : reader_(std::move(reader)) {}

  /// The next message, valid until the next call. Anything but kRecord is final.
  [[nodiscard]] wire::FileRead next(Bytes& message);

  /// When the frame of the last message was captured.
  [[nodiscard]] Nanos time() const noexcept { return time_; }
  /// The last message was the first one taken from its datagram.
  [[nodiscard]] bool first_of_datagram() const noexcept { return first_of_datagram_; }
  /// Frames that carry no MoldUDP64 datagram, or a damaged one.
  [[nodiscard]] u64 other_frames() const noexcept { return other_frames_; }
  /// Frames looked at.
  [[nodiscard]] u64 frames() const noexcept { return reader_.frames(); }

 private:
  [[nodiscard]] bool open_datagram(Bytes frame);

  wire::PcapReader reader_;
  std::optional<wire::MoldPacketReader> packet_;
  wire::MoldSession session_{};
  u64 next_sequence_ = 0;
  u64 other_frames_ = 0;
  Nanos time_{};
  bool first_of_datagram_ = false;
};

}  // namespace tradsys::sim
