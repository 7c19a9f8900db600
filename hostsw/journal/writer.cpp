#include "hostsw/journal/writer.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "hostsw/core/contract.hpp"

namespace tradsys::journal {
namespace {

/// Zeros are written this much faster than batches, so that the next segment is ready when this one
/// is half full.
constexpr u64 kPrepareAhead = 2;

Status check(const WriterConfig& config) {
  const std::string where = config.dir.string();
  const bool batch_holds = config.batch_bytes_max % kBlockBytes == 0 &&
                           config.batch_bytes_max >= 2 * kBlockBytes &&
                           config.batch_bytes_max <= kBatchBytesMax;
  if (!batch_holds)
    return Error{where,
                 "batch_bytes_max " + std::to_string(config.batch_bytes_max) + " is not allowed",
                 "use a multiple of 4096 in 8192..1048576"};
  const bool segment_holds = config.segment_bytes % kBlockBytes == 0 &&
                             config.segment_bytes >= kBlockBytes + config.batch_bytes_max &&
                             config.segment_bytes <= kSegmentBytesMax;
  if (!segment_holds)
    return Error{where, "segment_bytes " + std::to_string(config.segment_bytes) + " is not allowed",
                 "use a multiple of 4096 above batch_bytes_max, at most 4294967296"};
  return Done{};
}

Status make_directory(const std::filesystem::path& dir) {
  std::error_code error;
  const bool created = std::filesystem::create_directories(dir, error);
  if (error) return Error{dir.string(), "cannot create the directory: " + error.message(), ""};
  if (created) std::filesystem::permissions(dir, std::filesystem::perms::owner_all, error);
  return Done{};
}

Result<File> take_lock(const WriterConfig& config) {
  const std::filesystem::path path = config.dir / "writer.lock";
  Result<File> file = open_file(system_file_ops(), path, O_RDWR | O_CREAT);
  if (!file) return file;
  if (::flock(file.value().fd(), LOCK_EX | LOCK_NB) == 0) return file;
  return Error{path.string(), "another process writes this journal",
               "stop it, or use another directory"};
}

void remove_leftovers(const std::filesystem::path& dir) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(dir, error))
    if (entry.path().extension() == ".tmp") std::filesystem::remove(entry.path(), error);
}

/// Asks the file system by writing one block: some accept the flag and refuse the write.
IoMode probe(const WriterConfig& config) {
  if (!config.direct_io) return {false, "O_DSYNC (direct_io is off)"};
  const std::filesystem::path path = config.dir / "direct_io_probe.tmp";
  int error = 0;
  {
    Result<File> file = open_file(*config.file_ops, path, O_WRONLY | O_CREAT | O_DIRECT | O_DSYNC);
    if (!file) {
      error = errno;
    } else {
      const BlockBuffer block(kBlockBytes);
      const ssize_t written =
          config.file_ops->pwrite(file.value().fd(), block.data(), block.size(), 0);
      if (written != static_cast<ssize_t>(kBlockBytes)) error = errno;
    }
  }
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  if (error == 0) return {true, "O_DIRECT|O_DSYNC"};
  return {false, "O_DSYNC (the file system refuses O_DIRECT: " + errno_text(error) + ")"};
}

}  // namespace

Writer::Writer(const WriterConfig& config, File lock, IoMode mode)
    : config_(config),
      lock_(std::move(lock)),
      mode_(std::move(mode)),
      preparer_(*config.file_ops, config.dir, config.segment_bytes, mode_),
      batch_(config.batch_bytes_max) {}

Result<Writer> Writer::make(const WriterConfig& config) {
  if (Status good = check(config); !good) return good.error();
  if (Status made = make_directory(config.dir); !made) return made.error();
  Result<File> lock = take_lock(config);
  if (!lock) return lock.error();
  remove_leftovers(config.dir);
  Writer writer(config, std::move(lock).value(), probe(config));
  if (Status recovered = writer.recover(); !recovered) return recovered.error();
  return writer;
}

Status Writer::recover() {
  Result<Reader> reader = Reader::open(config_.dir);
  if (!reader) return reader.error();
  Record record;
  ReadStatus status = ReadStatus::kRecord;
  while (status == ReadStatus::kRecord) status = reader.value().next(record);
  const Tail& tail = reader.value().tail();
  if (status == ReadStatus::kCorrupt) return reader.value().problem();
  if (tail.next_seq <= config_.durable_seq_floor)
    return Error{config_.dir.string(),
                 "the journal ends at sequence number " + std::to_string(tail.next_seq - 1) +
                     ", but " + std::to_string(config_.durable_seq_floor) + " was reported durable",
                 "restore the journal from a copy or the standby"};
  if (status == ReadStatus::kTornTail) dropped_tail_ = reader.value().problem();
  return continue_at(tail, reader.value().segment_count());
}

Status Writer::continue_at(const Tail& tail, usize segment_count) {
  at_ = {.segment_index = tail.segment_index, .next_seq = tail.next_seq, .prev_hash = tail.hash};
  next_seq_ = tail.next_seq;
  offset_ = tail.offset_bytes;
  segment_count_ = static_cast<u32>(segment_count);
  if (segment_count_ == 0) {
    preparer_.start(0);
    if (Status prepared = preparer_.finish(); !prepared) return prepared;
    segment_ = preparer_.take();
    segment_count_ = 1;
    return Done{};
  }
  Result<OpenSegment> opened =
      open_segment(*config_.file_ops, config_.dir, tail.segment_index, mode_);
  if (!opened) return opened.error();
  segment_ = std::move(opened).value();
  std::error_code error;
  const u64 file_bytes = std::filesystem::file_size(segment_.file.path(), error);
  const bool cut = error || file_bytes < segment_.segment_bytes;
  if (dropped_tail_ || cut)
    if (Status zeroed = zero_segment_from(segment_, offset_); !zeroed) return zeroed;
  // Late in a segment there is no time left to prepare the next one in passing.
  if (kPrepareAhead * offset_ > segment_.segment_bytes)
    while (!prepare_problem_ && housekeep()) {
    }
  return Done{};
}

AppendStatus Writer::append(u16 type, u64 seq, u64 ts_ns, Bytes payload) noexcept {
  if (failure_) return AppendStatus::kRefused;
  if (payload.size() > kPayloadBytesMax) return AppendStatus::kTooLarge;
  if (seq != next_seq_) return AppendStatus::kWrongSequence;
  if (!batch_.fits(payload.size())) return AppendStatus::kBatchFull;
  batch_.add(type, seq, ts_ns, payload);
  ++next_seq_;
  return AppendStatus::kOk;
}

Result<u64> Writer::commit() {
  if (failure_) return *failure_;
  if (batch_.record_count() == 0) return durable_seq();
  if (offset_ + batch_.sealed_bytes() > segment_.segment_bytes)
    if (Status rolled = roll(); !rolled) return refuse(rolled.error());
  Hash hash;
  const Bytes sealed = batch_.seal(at_, sha_, hash);
  if (Status written = segment_.file.write_at(offset_, sealed); !written)
    return refuse(written.error());
  offset_ += sealed.size();
  at_.next_seq = next_seq_;
  at_.prev_hash = hash;
  counters_.records += batch_.record_count();
  counters_.written_bytes += sealed.size();
  ++counters_.commits;
  batch_.clear();
  return durable_seq();
}

Status Writer::roll() {
  const u32 next = at_.segment_index + 1;
  if (next < segment_count_) {  // prepared by an earlier process
    Result<OpenSegment> opened = open_segment(*config_.file_ops, config_.dir, next, mode_);
    if (!opened) return opened.error();
    segment_ = std::move(opened).value();
  } else {
    if (!preparer_.ready()) {
      ++counters_.stalled_rolls;
      if (!preparer_.under_way()) preparer_.start(next);
      if (Status prepared = preparer_.finish(); !prepared) return prepared;
    }
    segment_ = preparer_.take();
    segment_count_ = next + 1;
  }
  at_.segment_index = next;
  offset_ = kBlockBytes;
  ++counters_.rolls;
  if (offset_ + batch_.sealed_bytes() <= segment_.segment_bytes) return Done{};
  return Error{segment_.file.path(), "the segment is smaller than one batch",
               "raise segment_bytes"};
}

bool Writer::housekeep() {
  const u32 next = at_.segment_index + 1;
  if (failure_ || next < segment_count_ || preparer_.ready()) return false;
  if (!preparer_.under_way()) preparer_.start(next);
  usize steps_left = 1 + kPrepareAhead * config_.batch_bytes_max / SegmentPreparer::kStepBytes;
  do {
    const Status stepped = preparer_.step();
    if (!stepped) {
      prepare_problem_ = stepped.error();
      return true;
    }
  } while (--steps_left > 0 && preparer_.under_way() &&
           preparer_.zeroed_bytes() < kPrepareAhead * offset_);
  prepare_problem_.reset();
  return !preparer_.ready();
}

u64 Writer::reserve_bytes() const noexcept {
  const bool next_ready = preparer_.ready() || at_.segment_index + 1 < segment_count_;
  return segment_.segment_bytes - offset_ + (next_ready ? config_.segment_bytes - kBlockBytes : 0);
}

Error Writer::refuse(const Error& error) {
  failure_ = Error{error.where,
                   error.what + "; no further commit is accepted, durable up to sequence number " +
                       std::to_string(durable_seq()),
                   error.remedy};
  return *failure_;
}

}  // namespace tradsys::journal
