#pragma once
// Appends records durably: many records, one write (group commit). One thread owns a writer.
#include <filesystem>
#include <optional>
#include <string>

#include "hostsw/journal/preparer.hpp"
#include "hostsw/journal/reader.hpp"

namespace tradsys::journal {

/// How and where to write.
struct WriterConfig {
  std::filesystem::path dir;
  u64 segment_bytes = u64{64} << 20;  ///< of new segments; a multiple of 4 KiB
  usize batch_bytes_max =
      256 * 1024;  ///< what one commit can hold; a multiple of 4 KiB, 8 KiB..1 MiB
  bool direct_io = true;  ///< false: never try O_DIRECT
  /// Highest sequence number that anybody was told is durable, if the caller knows it from
  /// elsewhere. A torn tail that would lose it is refused: then it was no torn write but damage.
  u64 durable_seq_floor = 0;
  const FileOps* file_ops = &system_file_ops();
};

/// What append() did.
enum class AppendStatus : u8 {
  kOk,
  kBatchFull,  ///< commit() first, then append again
  kTooLarge,  ///< payload above kPayloadBytesMax
  kWrongSequence,  ///< not next_seq()
  kRefused,  ///< a commit failed: see failure()
};

/// Since the writer was made.
struct WriterCounters {
  u64 records = 0;
  u64 commits = 0;
  u64 written_bytes = 0;  ///< padding included
  u64 rolls = 0;
  u64 stalled_rolls = 0;  ///< rolls that had to wait because the next segment was not ready
};

/// The one writer of a journal; a second one on the same directory is refused. Use:
///
///     append() ... append(), commit()   // records are durable when commit() returns
///     housekeep()                       // whenever there is a moment, at least once per few
///     commits
///
/// After a failed write nothing more is accepted, ever: what the disk holds is unknown until a new
/// writer has read it back. append() neither allocates nor enters the kernel; commit() does one
/// write.
class Writer {
 public:
  /// Reads the whole journal back, drops a torn tail, continues behind the last good batch. Creates
  /// the directory (0700) and the first segment where there is none.
  [[nodiscard]] static Result<Writer> make(const WriterConfig& config);

  /// Adds a record to the open batch. Sequence numbers start at 1 and have no gaps.
  [[nodiscard]] AppendStatus append(u16 type, u64 seq, u64 ts_ns, Bytes payload) noexcept;

  /// Makes the open batch durable; the highest durable sequence number. Nothing to do is no Error.
  [[nodiscard]] Result<u64> commit();

  /// Works on the next segment, a bounded step per call: about 0.2 ms, more only to keep ahead of
  /// full batches. True while more remains. A failure here is kept in prepare_problem() and tried
  /// again by later calls: the open segment still takes reserve_bytes().
  bool housekeep();

  /// Sequence number the next append() must carry.
  [[nodiscard]] u64 next_seq() const noexcept { return next_seq_; }
  /// Highest sequence number on disk; 0 for none.
  [[nodiscard]] u64 durable_seq() const noexcept { return at_.next_seq - 1; }
  /// Records waiting for commit().
  [[nodiscard]] u32 pending_records() const noexcept { return batch_.record_count(); }
  /// Space that surely takes batches: rest of this segment, and the next one when it is ready.
  [[nodiscard]] u64 reserve_bytes() const noexcept;
  /// End of the hash chain.
  [[nodiscard]] const Hash& chain_hash() const noexcept { return at_.prev_hash; }
  /// Why nothing is accepted any more; nothing while all is well.
  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }
  /// Why the next segment cannot be prepared (disk full): time to stop opening new orders.
  [[nodiscard]] const std::optional<Error>& prepare_problem() const noexcept {
    return prepare_problem_;
  }
  /// How files are written, for the log: "O_DIRECT|O_DSYNC", or the fallback and why.
  [[nodiscard]] const std::string& io_mode() const noexcept { return mode_.name; }
  [[nodiscard]] const WriterCounters& counters() const noexcept { return counters_; }
  /// What make() dropped: file, offset and reason of the torn tail; nothing when the end was clean.
  [[nodiscard]] const std::optional<Error>& dropped_tail() const noexcept { return dropped_tail_; }

 private:
  Writer(const WriterConfig& config, File lock, IoMode mode);
  [[nodiscard]] Status recover();
  [[nodiscard]] Status continue_at(const Tail& tail, usize segment_count);
  [[nodiscard]] Status roll();
  [[nodiscard]] Error refuse(const Error& error);

  WriterConfig config_;
  File lock_;  // held for as long as the writer lives
  IoMode mode_;
  SegmentPreparer preparer_;
  OpenSegment segment_;
  u64 offset_ = 0;
  ChainPoint at_;
  u64 next_seq_ = 1;
  u32 segment_count_ = 0;
  BatchBuilder batch_;
  Sha256 sha_;
  WriterCounters counters_;
  std::optional<Error> failure_;
  std::optional<Error> prepare_problem_;
  std::optional<Error> dropped_tail_;
};

}  // namespace tradsys::journal
