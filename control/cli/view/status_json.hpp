#pragma once
// A snapshot as JSON: field names follow hostsw/ipc/status_types.hpp.
#include "control/cli/output/json_writer.hpp"
#include "control/cli/view/snapshot.hpp"

namespace tradsys::cli {

/// Writes the members of the snapshot into the open object.
void write_status(JsonWriter& json, const Snapshot& snapshot);

/// The fields a document about an instance starts with.
void write_source(JsonWriter& json, const Snapshot& snapshot);

/// count, p50_ns, p99_ns, p999_ns and max_ns of a histogram into the open object.
void write_percentiles(JsonWriter& json, const Histogram& histogram);

}  // namespace tradsys::cli
