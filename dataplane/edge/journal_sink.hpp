#pragma once
// What an edge tile asks of its journal.
#include <concepts>

#include "hostsw/core/bytes.hpp"

namespace tradsys::dataplane {

// clang-format off
/// Where events go: a link to the journal tile, or a journal in memory.
template <class J>
concept JournalSink = requires(J j, const J& c, u16 type, u64 number, Bytes payload, u32 records) {
  { c.ready() } noexcept -> std::same_as<bool>;
  { c.has_room(records) } noexcept -> std::same_as<bool>;
  { j.push(type, number, number, payload) } noexcept;
  { c.durable_seq() } noexcept -> std::same_as<u64>;
};
// clang-format on

}  // namespace tradsys::dataplane
