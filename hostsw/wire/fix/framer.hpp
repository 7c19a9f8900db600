#pragma once
// Cuts a byte stream into FIX messages. What lies before a BeginString is skipped; the end is the
// first checksum field at or behind the stated body length, so that a wrong length costs what it
// covers and nothing more (FIX 4.4 volume 2, garbled messages).
#include <cstring>
#include <vector>

#include "hostsw/core/bytes.hpp"
#include "hostsw/wire/fix/message.hpp"

namespace tradsys::fix {

/// One buffer of fixed size; a frame lives until the next call.
class Framer {
 public:
  Framer() : buffer_(kMessageBytesMax * 2) {}

  void reset() noexcept { begin_ = end_ = 0; }

  /// Calls on_frame(std::string_view) for each frame as long as it returns true; the rest of the
  /// bytes is dropped when it does not. Frames are complete by their look; Message::parse judges.
  template <class OnFrame>
  void feed(Bytes bytes, OnFrame&& on_frame) noexcept {
    while (!bytes.empty()) {
      make_room();
      const usize take = std::min(bytes.size(), buffer_.size() - end_);
      std::memcpy(buffer_.data() + end_, bytes.data(), take);
      end_ += take;
      bytes = bytes.subspan(take);
      for (std::string_view frame = next(); !frame.empty(); frame = next())
        if (!on_frame(frame)) return reset();
    }
  }

  /// Bytes that were skipped because no frame could be made of them.
  [[nodiscard]] u64 skipped_bytes() const noexcept { return skipped_; }

 private:
  /// The next whole frame; empty while it is not there yet.
  [[nodiscard]] std::string_view next() noexcept;
  void make_room() noexcept;
  void skip(usize bytes) noexcept {
    begin_ += bytes;
    skipped_ += bytes;
  }

  std::vector<char> buffer_;
  usize begin_ = 0;
  usize end_ = 0;
  u64 skipped_ = 0;
};

}  // namespace tradsys::fix
