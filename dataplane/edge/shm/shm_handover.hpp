#pragma once
// Between the thread that lets local clients in (dataplane/app) and the edge tile: two rings. The
// thread makes memory and hands it over; the tile says when it uses it no more.
#include "hostsw/core/spsc_ring.hpp"
#include "hostsw/ipc/session_memory.hpp"

namespace tradsys::dataplane {

/// What the tile is told. A link is one attachment of a client; its number is never used again.
struct ShmOrder {
  enum class Kind : u8 {
    kAttach,  ///< serve this memory
    kDetach,  ///< its client is gone: take what it had sent, then end the session
  };
  Kind kind = Kind::kAttach;
  u16 client = 0;
  u32 link = 0;  ///< from 1
  ipc::SessionPipes pipes{};
};

/// The tile uses the memory of this link no more, and never will. Once for each link.
struct ShmNotice {
  u32 link = 0;
};

/// Room for everything `links_max` links can cause: nothing is ever refused.
struct ShmHandover {
  explicit ShmHandover(u32 links) : links_max(links), orders(2 * links + 1), notices(links + 1) {}

  u32 links_max;  ///< attached and not yet given back
  SpscRing<ShmOrder> orders;
  SpscRing<ShmNotice> notices;
};

}  // namespace tradsys::dataplane
