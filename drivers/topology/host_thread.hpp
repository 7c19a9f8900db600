#pragma once
// What a thread asks of the operating system before it becomes a tile. Cold, all of it.
#include <string>

#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::topology {

/// Binds the calling thread to one processor. An Error when it is not there or not allowed.
Status pin_current_thread(u32 cpu);

/// Names the calling thread as ps and top show it; cut at 15 characters.
void name_current_thread(const std::string& name);

/// Later memory of the calling thread comes from `node` while there is some. Nothing on a machine
/// without memory nodes.
void prefer_memory_of_node(u32 node);

/// Keeps all memory of the process, present and future, in RAM. An Error when the limit (ulimit -l)
/// is too low; the process can go on, at the risk of page faults.
Status lock_memory();

/// Lets short sleeps of the calling thread end on time (50 us late otherwise): the idle ladder of
/// simulation needs it.
void make_sleeps_precise();

}  // namespace tradsys::topology
