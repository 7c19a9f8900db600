#pragma once
// Which bytes ahead of a hole have arrived: a sorted list of separate intervals, bounded. The bytes
// themselves lie in the session's receive ring.
#include "dataplane/net/tcp/tcp_session.hpp"

namespace tradsys::net {

/// Adds [begin, end), merging with what it touches. False when that would need one interval too
/// many; the list is then unchanged.
[[nodiscard]] inline bool add_interval(TcpSession& s, u32 begin, u32 end) noexcept {
  u32 first = 0;
  while (first < s.interval_count && seq_before(s.intervals[first].end, begin)) ++first;
  u32 last = first;  // intervals [first, last) touch the new one
  while (last < s.interval_count && seq_at_or_before(s.intervals[last].begin, end)) {
    if (seq_before(s.intervals[last].begin, begin)) begin = s.intervals[last].begin;
    end = seq_max(end, s.intervals[last].end);
    ++last;
  }
  if (first == last) {
    if (s.interval_count == kTcpIntervalsMax) return false;
    for (u32 i = s.interval_count; i > first; --i) s.intervals[i] = s.intervals[i - 1];
    ++s.interval_count;
  } else {
    const u32 merged = last - first - 1;
    for (u32 i = last; i < s.interval_count; ++i) s.intervals[i - merged] = s.intervals[i];
    s.interval_count = static_cast<u8>(s.interval_count - merged);
  }
  s.intervals[first] = {begin, end};
  return true;
}

/// Takes off the first interval if it starts at or before `next`; `end` is then where it ends.
[[nodiscard]] inline bool take_interval(TcpSession& s, u32 next, u32& end) noexcept {
  if (s.interval_count == 0 || seq_before(next, s.intervals[0].begin)) return false;
  end = s.intervals[0].end;
  --s.interval_count;
  for (u32 i = 0; i < s.interval_count; ++i) s.intervals[i] = s.intervals[i + 1];
  return true;
}

}  // namespace tradsys::net
