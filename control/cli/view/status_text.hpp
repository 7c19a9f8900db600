#pragma once
// A snapshot as text: one function for each part of the screen, shared by `status` and `top`.
#include <string>

#include "control/cli/output/paint.hpp"
#include "control/cli/view/snapshot.hpp"

namespace tradsys::cli {

[[nodiscard]] std::string process_text(const Snapshot& snapshot, const Paint& paint);
[[nodiscard]] std::string feeds_text(const Snapshot& snapshot, const Paint& paint);
[[nodiscard]] std::string sessions_text(const Snapshot& snapshot, const Paint& paint);
[[nodiscard]] std::string orders_text(const Snapshot& snapshot, const Paint& paint);
/// Reasons that refused something; the full list is in the JSON.
[[nodiscard]] std::string verdicts_text(const Snapshot& snapshot, const Paint& paint);
[[nodiscard]] std::string journal_text(const Snapshot& snapshot, const Paint& paint);
[[nodiscard]] std::string latency_text(const std::vector<ipc::StageLatency>& stages,
                                       const Paint& paint);
/// All of them, a blank line between.
[[nodiscard]] std::string status_text(const Snapshot& snapshot, const Paint& paint);

/// What to say beside data of a process that does not run as it should; empty for a living one.
[[nodiscard]] std::string liveness_warning(const Snapshot& snapshot);

}  // namespace tradsys::cli
