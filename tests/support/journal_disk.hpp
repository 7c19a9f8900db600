#pragma once
// A disk that fails when told to, and helpers to fill and read journals in tests.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "hostsw/journal/reader.hpp"
#include "hostsw/journal/writer.hpp"

namespace tradsys::testing {

/// What the disk does at operation `at` (counted over all calls of the table), and after it.
enum class DiskFault { kNone, kError, kShortWrite, kPowerCut };

/// One fault at a time, for one thread. `torn_sectors` is the bit mask of 512-byte sectors
/// (repeating every 64) that still reach the disk when the power is cut inside a write.
struct DiskPlan {
  DiskFault fault = DiskFault::kNone;
  int error = EIO;
  u64 at = ~u64{0};
  u64 torn_sectors = 0;
  u64 operations = 0;  ///< counted
  bool dead = false;  ///< the power is off: nothing works any more
};
inline DiskPlan& disk_plan() {
  static DiskPlan plan;
  return plan;
}

/// True when this operation must fail; errno is set.
inline bool disk_fails() {
  DiskPlan& plan = disk_plan();
  const bool due = plan.operations++ == plan.at && plan.fault != DiskFault::kNone;
  if (due && plan.fault == DiskFault::kPowerCut) plan.dead = true;
  if (!plan.dead && !(due && plan.fault == DiskFault::kError)) return false;
  errno = plan.dead ? EIO : plan.error;
  return true;
}

inline ssize_t disk_pwrite(int fd, const void* data, size_t bytes, off_t offset) {
  DiskPlan& plan = disk_plan();
  const bool due = plan.operations == plan.at;
  const bool was_dead = plan.dead;
  const bool fails = disk_fails();
  if (due && plan.fault == DiskFault::kShortWrite)
    return ::pwrite(fd, data, bytes / 2 / 4096 * 4096, offset);
  if (!fails) return ::pwrite(fd, data, bytes, offset);
  if (due && !was_dead && plan.fault == DiskFault::kPowerCut) {
    const int flags = ::fcntl(fd, F_GETFL);
    ::fcntl(fd, F_SETFL, flags & ~O_DIRECT);
    const char* from = static_cast<const char*>(data);
    for (size_t s = 0; s < bytes / 512; ++s)
      if ((plan.torn_sectors >> (s % 64)) & 1U)
        if (::pwrite(fd, from + s * 512, 512, offset + static_cast<off_t>(s * 512)) != 512) break;
    errno = EIO;
  }
  return -1;
}

inline const journal::FileOps& faulty_file_ops() {
  static const journal::FileOps ops{
      .open =
          [](const char* path, int flags, unsigned mode) {
            return disk_fails() ? -1 : journal::system_file_ops().open(path, flags, mode);
          },
      .pwrite = disk_pwrite,
      .fallocate =
          [](int fd, off_t offset, off_t bytes) {
            return disk_fails() ? -1 : journal::system_file_ops().fallocate(fd, offset, bytes);
          },
      .fdatasync = [](int fd) { return disk_fails() ? -1 : ::fdatasync(fd); },
      .rename = [](const char* from,
                   const char* to) { return disk_fails() ? -1 : ::rename(from, to); },
      .fsync_directory =
          [](const char* path) {
            return disk_fails() ? -1 : journal::system_file_ops().fsync_directory(path);
          }};
  return ops;
}

/// Payload of record `seq`: its length and bytes depend on the number only.
inline std::vector<std::byte> payload_of(u64 seq) {
  std::vector<std::byte> payload((seq * 37) % 300);
  for (usize i = 0; i < payload.size(); ++i) payload[i] = static_cast<std::byte>(seq * 31 + i);
  return payload;
}

inline journal::AppendStatus append_numbered(journal::Writer& writer, u64 seq) {
  return writer.append(static_cast<u16>(seq % 7), seq, seq * 1'000, payload_of(seq));
}

/// Appends `count` records and commits them as one batch.
inline void write_batch(journal::Writer& writer, u64 count) {
  for (u64 i = 0; i < count; ++i)
    TRADSYS_ASSERT(append_numbered(writer, writer.next_seq()) == journal::AppendStatus::kOk);
  TRADSYS_ASSERT(writer.commit().ok());
}

/// Whether `record` is what append_numbered() wrote under its number.
inline bool is_numbered(const journal::Record& record) {
  const std::vector<std::byte> payload = payload_of(record.seq);
  return record.type == record.seq % 7 && record.ts_ns == record.seq * 1'000 &&
         record.payload.size() == payload.size() &&
         (payload.empty() ||
          std::memcmp(record.payload.data(), payload.data(), payload.size()) == 0);
}

/// What reading a journal gave.
struct ReadBack {
  journal::ReadStatus status = journal::ReadStatus::kCorrupt;
  u64 records = 0;  ///< 1..records, in order and unchanged
  bool wrong = false;  ///< a record that nobody wrote
  std::string problem;
};

inline ReadBack read_back(const std::filesystem::path& dir) {
  ReadBack result;
  auto reader = journal::Reader::open(dir);
  if (!reader) {
    result.problem = reader.error().message();
    return result;
  }
  journal::Record record;
  while ((result.status = reader.value().next(record)) == journal::ReadStatus::kRecord) {
    ++result.records;
    if (record.seq != result.records || !is_numbered(record)) result.wrong = true;
  }
  result.problem = reader.value().problem().message();
  return result;
}

}  // namespace tradsys::testing
