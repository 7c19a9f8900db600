#include "hostsw/ipc/session_memory.hpp"

namespace tradsys::ipc {
namespace {

usize bytes_of(const PipeSizes& sizes) noexcept {
  return sizeof(SessionHeader) + sizes.request_bytes + sizes.report_bytes;
}
bool is_ring(u32 bytes) noexcept { return std::has_single_bit(bytes); }

}  // namespace

SessionMemory::SessionMemory(SealedMemory memory, const PipeSizes& sizes) noexcept
    : memory_(std::move(memory)) {
  SessionHeader& header = *std::launder(reinterpret_cast<SessionHeader*>(memory_.data()));
  std::byte* const rings = memory_.data() + sizeof(SessionHeader);
  pipes_ = {&header.requests, &header.reports, rings, rings + sizes.request_bytes, sizes};
}

Result<SessionMemory> SessionMemory::create(const PipeSizes& sizes) {
  TRADSYS_ASSERT(is_ring(sizes.request_bytes) && is_ring(sizes.report_bytes));
  Result<SealedMemory> memory =
      SealedMemory::create("tradsys-session", bytes_of(sizes), Sharing::kBothWrite);
  if (!memory) return memory.error();
  SessionHeader& header = *new (memory.value().data()) SessionHeader{};
  header.magic = kSessionMagic;
  header.version = kSessionVersion;
  header.layout_hash = kSessionLayout;
  header.request_bytes = sizes.request_bytes;
  header.report_bytes = sizes.report_bytes;
  return SessionMemory(std::move(memory).value(), sizes);
}

Result<SessionMemory> SessionMemory::open(Descriptor fd) {
  Result<SealedMemory> memory = SealedMemory::open(std::move(fd), Sharing::kBothWrite);
  if (!memory) return memory.error();
  const SealedMemory& m = memory.value();
  const auto* header = std::launder(reinterpret_cast<const SessionHeader*>(m.data()));
  if (m.size() < sizeof(SessionHeader) || header->magic != kSessionMagic)
    return Error{"session memory", "is none", "attach to a dataplane"};
  if (header->version != kSessionVersion || header->layout_hash != kSessionLayout)
    return Error{"session memory", "is of another release", "use programs of one release"};
  const PipeSizes sizes{header->request_bytes, header->report_bytes};
  if (!is_ring(sizes.request_bytes) || !is_ring(sizes.report_bytes) || m.size() != bytes_of(sizes))
    return Error{"session memory", "has " + std::to_string(m.size()) + " bytes, which is wrong",
                 "attach to a dataplane of this release"};
  return SessionMemory(std::move(memory).value(), sizes);
}

}  // namespace tradsys::ipc
