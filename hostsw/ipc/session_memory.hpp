#pragma once
// The memory of one local client session: a pipe for what the client sends and one for what it is
// sent. Both carry SoupBinTCP packets, byte for byte as on the wire. The dataplane makes it for
// each attachment and takes every size from its own configuration, never from the memory.
#include <new>

#include "hostsw/ipc/byte_pipe.hpp"
#include "hostsw/ipc/layout.hpp"
#include "hostsw/ipc/sealed_memory.hpp"

namespace tradsys::ipc {

/// First bytes of the memory; the rings of requests and reports follow.
struct SessionHeader {
  u64 magic;
  u32 version;
  u32 request_bytes;
  u64 layout_hash;
  u32 report_bytes;
  u32 reserved;
  PipePositions requests;
  PipePositions reports;
};
static_assert(sizeof(SessionHeader) % kCacheLineBytes == 0);

inline constexpr u64 kSessionMagic = 0x3153'5345'5353'4454;  // "TDSSESS1" in file order
inline constexpr u32 kSessionVersion = 1;
inline constexpr u64 kSessionLayout = layout_hash({sizeof(SessionHeader)});

/// Sizes of the rings, powers of two.
struct PipeSizes {
  u32 request_bytes = 64U << 10;
  u32 report_bytes = 1U << 20;
};

/// Where the parts of a session's memory lie; plain, so that it can be handed to another thread.
struct SessionPipes {
  PipePositions* requests = nullptr;
  PipePositions* reports = nullptr;
  std::byte* request_ring = nullptr;
  std::byte* report_ring = nullptr;
  PipeSizes sizes{};

  [[nodiscard]] MutableBytes request_bytes() const noexcept {
    return {request_ring, sizes.request_bytes};
  }
  [[nodiscard]] MutableBytes report_bytes() const noexcept {
    return {report_ring, sizes.report_bytes};
  }
};

class SessionMemory {
 public:
  /// The dataplane's side.
  [[nodiscard]] static Result<SessionMemory> create(const PipeSizes& sizes);
  /// The client's side. Error when the memory is not sealed, cut, or of another release.
  [[nodiscard]] static Result<SessionMemory> open(Descriptor memory);
  SessionMemory() = default;

  [[nodiscard]] const SessionPipes& pipes() const noexcept { return pipes_; }
  [[nodiscard]] int descriptor() const noexcept { return memory_.descriptor(); }

 private:
  SessionMemory(SealedMemory memory, const PipeSizes& sizes) noexcept;

  SealedMemory memory_;
  SessionPipes pipes_;
};

}  // namespace tradsys::ipc
