#pragma once
// An Ethernet segment: what one of its ports receives goes out of all the others. Hosts pick what
// is for them by address, as on a real wire.
#include <cstring>
#include <memory>
#include <vector>

#include "sim/wire/memory_port.hpp"

namespace tradsys::sim {

/// `plug()` gives a host its end. One thread; frames are copied.
class Hub {
 public:
  /// A new port of the segment, for a host to send and receive on.
  MemoryPort& plug() {
    ends_.push_back(std::make_unique<End>());
    MemoryPort::join(ends_.back()->host, ends_.back()->hub);
    return ends_.back()->host;
  }

  /// Forwards everything that waits; returns the number of frames taken.
  u32 pump() {
    u32 total = 0;
    for (const auto& from : ends_) {
      nic::RxFrame frames[32];
      while (const u32 count = from->hub.rx_burst(frames, 32)) {
        for (u32 i = 0; i < count; ++i) forward(*from, frames[i]);
        from->hub.release(frames, count);
        total += count;
      }
    }
    return total;
  }

 private:
  struct End {
    MemoryPort host{2'048};
    MemoryPort hub{2'048};
  };
  void forward(const End& from, const nic::RxFrame& frame) {
    for (const auto& to : ends_) {
      if (to.get() == &from) continue;
      std::byte* out = to->hub.tx_alloc();
      if (out == nullptr) continue;  // that host does not keep up: its loss, as on a switch
      std::memcpy(out, frame.data, frame.len_bytes);
      to->hub.tx_send(frame.len_bytes);
    }
  }

  std::vector<std::unique_ptr<End>> ends_;
};

}  // namespace tradsys::sim
