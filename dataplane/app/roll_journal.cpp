#include "dataplane/app/roll_journal.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>

#include "dataplane/app/dataplane.hpp"
#include "dataplane/app/replay.hpp"
#include "dataplane/engine/silent_out.hpp"
#include "drivers/offload/soft_gate.hpp"
#include "hostsw/journal/verify.hpp"
#include "hostsw/journal/writer.hpp"

namespace tradsys::dataplane {
namespace {

namespace fs = std::filesystem;

/// Keeps a dataplane from writing the old journal meanwhile; nothing in the folder is changed.
Result<journal::File> hold(const fs::path& dir) {
  Result<journal::File> lock =
      journal::open_file(journal::system_file_ops(), dir / "writer.lock", O_RDONLY);
  if (!lock) return lock;
  if (::flock(lock.value().fd(), LOCK_SH | LOCK_NB) == 0) return lock;
  return Error{dir.string(), "a dataplane writes this journal", "stop it first"};
}

/// A whole journal: after a crash the venue may have said more than it holds.
Status check_whole(const fs::path& dir) {
  const Result<journal::Summary> summary = journal::verify(dir);
  if (!summary) return summary.error();
  if (summary.value().segments == 0)
    return Error{dir.string(), "holds no journal", "name the folder of the day that ended"};
  if (summary.value().status == journal::ReadStatus::kEnd) return Done{};
  if (!summary.value().usable()) return summary.value().problem;
  return Error{dir.string(), "its last write was cut short",
               "start the dataplane on it once more, so that it hears the rest from the venue"};
}

Status check_target(const fs::path& to) {
  std::error_code error;
  if (fs::exists(to, error) || error)
    return Error{to.string(), error ? error.message() : "is there already",
                 "name a folder that is not there"};
  return Done{};
}

RollConfig roll_config(const config::DataplaneConfig& config) {
  RollConfig roll{gate_config(config), {config.orders_max, config.trades_max}, {}};
  for (const config::ClientSettings& client : config.clients)
    roll.clients.push_back({static_cast<ClientProtocol>(client.protocol), client.fix.requests_max});
  return roll;
}

/// Writes records until one cannot be.
class NewJournal {
 public:
  explicit NewJournal(journal::Writer writer) : writer_(std::move(writer)) {}

  void put(u16 type, u64 seq, u64 ts_ns, Bytes payload) {
    if (failure_) return;
    journal::AppendStatus status = writer_.append(type, seq, ts_ns, payload);
    if (status == journal::AppendStatus::kBatchFull && commit())
      status = writer_.append(type, seq, ts_ns, payload);
    if (!failure_ && status != journal::AppendStatus::kOk)
      failure_ = Error{"record " + std::to_string(seq), "does not fit a journal", "report it"};
  }
  [[nodiscard]] Status finish() {
    if (!failure_) static_cast<void>(commit());
    return failure_ ? Status(*failure_) : Status(Done{});
  }

 private:
  bool commit() {
    while (writer_.housekeep()) {
    }
    if (const Result<u64> done = writer_.commit(); !done) failure_ = done.error();
    return !failure_;
  }
  journal::Writer writer_;
  std::optional<Error> failure_;
};

Result<RollSummary> write_journal(DayRoll& roll, const config::DataplaneConfig& config,
                                  const fs::path& dir, u64 ts_ns) {
  journal::WriterConfig writer;
  writer.dir = dir;
  writer.segment_bytes = u64{config.journal.segment_mib} << 20;
  writer.batch_bytes_max = usize{config.journal.batch_kib} << 10;
  writer.direct_io = config.journal.direct_io;
  Result<journal::Writer> made = journal::Writer::make(writer);
  if (!made) return made.error();
  NewJournal out(std::move(made).value());
  Result<RollSummary> summary = roll.write(
      ts_ns,
      [&out](u16 type, u64 seq, u64 at_ns, Bytes payload) { out.put(type, seq, at_ns, payload); });
  if (!summary) return summary.error();
  if (Status s = out.finish(); !s) return s.error();
  return summary;
}

/// What was written, read back from the disk, must come to the same state.
Status check_replay(const config::DataplaneConfig& config, const fs::path& dir,
                    const RollSummary& summary) {
  config::DataplaneConfig there = config;
  there.journal.dir = dir.string();
  const Result<ReplayReport> report = replay_journal(there, 0);
  if (!report) return report.error();
  if (report.value().state_hash == summary.state_hash && report.value().last_seq == summary.records)
    return Done{};
  return Error{dir.string(), "does not replay to the state it was written from",
               "check the disk and the host's memory, then roll again"};
}

Status publish(const fs::path& partial, const fs::path& to) {
  const journal::FileOps& ops = journal::system_file_ops();
  const fs::path parent = to.has_parent_path() ? to.parent_path() : fs::path(".");
  if (ops.fsync_directory(partial.c_str()) != 0 || ops.rename(partial.c_str(), to.c_str()) != 0 ||
      ops.fsync_directory(parent.c_str()) != 0)
    return Error{to.string(), journal::errno_text(errno), "check the folder and its disk"};
  return Done{};
}

/// Removed again unless it became the new journal.
struct Partial {
  explicit Partial(const fs::path& to) : dir(to.string() + ".partial") {
    std::error_code ignored;
    fs::remove_all(dir, ignored);
  }
  ~Partial() {
    std::error_code ignored;
    fs::remove_all(dir, ignored);
  }
  Partial(const Partial&) = delete;
  Partial& operator=(const Partial&) = delete;
  fs::path dir;
};

}  // namespace

Result<RollSummary> roll_journal(const config::DataplaneConfig& config, const fs::path& from,
                                 const fs::path& to, u64 now_ns) {
  if (Status s = check_target(to); !s) return s.error();
  if (Status s = check_whole(from); !s) return s.error();
  const Result<journal::File> lock = hold(from);
  if (!lock) return lock.error();
  Result<DayRoll> roll = DayRoll::make(roll_config(config));
  if (!roll) return roll.error();
  u64 last_ts_ns = 0;
  const Result<journal::Tail> tail = replay_into(roll.value(), from, 0, last_ts_ns, [] {});
  if (!tail) return tail.error();
  const Partial partial(to);
  // Event times go on: time that ran backwards would starve the gate's token buckets.
  Result<RollSummary> summary =
      write_journal(roll.value(), config, partial.dir, std::max(now_ns, last_ts_ns));
  if (!summary) return summary.error();
  if (Status s = check_replay(config, partial.dir, summary.value()); !s) return s.error();
  if (Status s = publish(partial.dir, to); !s) return s.error();
  return summary;
}

}  // namespace tradsys::dataplane
