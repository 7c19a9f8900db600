#include "dataplane/feed/feed_config.hpp"

#include "dataplane/feed/reorder_buffer.hpp"

namespace tradsys::feed {

std::string_view name_of(FreezeReason reason) noexcept {
  switch (reason) {
    case FreezeReason::kNone:
      return "none";
    case FreezeReason::kSessionChange:
      return "session_change";
    case FreezeReason::kRegression:
      return "regression";
    case FreezeReason::kContradiction:
      return "contradiction";
    case FreezeReason::kFarAhead:
      return "far_ahead";
    case FreezeReason::kUnrecoverableGap:
      return "unrecoverable_gap";
  }
  return "?";
}

Status validate(const FeedConfig& config) {
  const auto refuse = [](const char* knob, const char* what, const char* remedy) -> Status {
    return Error{std::string("feed: ") + knob, what, remedy};
  };
  if (config.gap_wait.v < 0) return refuse("gap_wait", "is negative", "use 0 or more");
  if (config.gap_window_messages == 0)
    return refuse("gap_window_messages", "is 0", "use at least 1");
  if (config.buffer_messages == 0 || config.buffer_messages > kReorderMessagesMax)
    return refuse("buffer_messages", "is out of range", "use 1 to 16777216");
  if (config.buffer_bytes < kReorderChunkBytes || config.buffer_bytes > kReorderBytesMax)
    return refuse("buffer_bytes", "is out of range", "use 65536 to 1073741824");
  if (config.request_timeout.v <= 0 || config.request_timeout_max < config.request_timeout)
    return refuse("request_timeout", "is not positive or above its maximum",
                  "use 0 < request_timeout <= request_timeout_max");
  if (config.request_attempts_max == 0)
    return refuse("request_attempts_max", "is 0", "use at least 1");
  if (config.request_messages_max == 0 || config.request_messages_max > wire::kMoldCountMax)
    return refuse("request_messages_max", "is out of range", "use 1 to 65534");
  if (config.far_ahead_messages_max == 0)
    return refuse("far_ahead_messages_max", "is 0", "use at least 1");
  if (config.anomalies_max == 0) return refuse("anomalies_max", "is 0", "use at least 1");
  if (config.silence_max.v < 0)
    return refuse("silence_max", "is negative", "use 0 to switch it off");
  return Done{};
}

}  // namespace tradsys::feed
