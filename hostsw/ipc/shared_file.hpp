#pragma once
// A memory-mapped file shared by processes: created whole or not at all, checked before it is used,
// and able to tell whether its owner still lives.
#include <atomic>
#include <filesystem>
#include <new>
#include <string>
#include <utility>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::ipc {

/// What a shared file holds; both sides must agree.
struct Layout {
  u64 magic;
  u32 version;  ///< raised when the meaning changes
  u64 hash;  ///< layout_hash() of every structure inside
  const char* what;  ///< for messages: "status region"
};

/// First bytes of every shared file. Written before the file gets its name.
struct SharedHeader {
  u64 magic;
  u32 version;
  u32 owner_pid;
  u64 layout_hash;
  u64 file_bytes;
  u64 item_count;  ///< how many of the sized items behind the header
  std::atomic<i64> heartbeat_ns;  ///< monotonic_now() of the owner
  std::atomic<u64> beats;
};
static_assert(sizeof(SharedHeader) == 56 && std::atomic<u64>::is_always_lock_free);

/// State of the process that created a file.
enum class Liveness : u8 {
  kAlive,  ///< it runs and beats
  kStalled,  ///< it runs, its last heartbeat is too old
  kDead,  ///< it is gone, however it ended
};
[[nodiscard]] const char* describe(Liveness liveness) noexcept;

/// CLOCK_MONOTONIC: the clock of heartbeats, the same in all processes of a host.
[[nodiscard]] Nanos monotonic_now() noexcept;

/// One mapping. The owner holds a lock on the first byte of the file for as long as it lives: the
/// kernel lets go of it at the owner's death, so that a dead owner is never mistaken for a living
/// one and a reused process id never matters.
class SharedFile {
 public:
  enum class Access : u8 { kReadOnly, kReadWrite };

  /// Creates the file with mode 0600 under a temporary name and fills in the header; publish()
  /// gives it its name once the content stands, so that others see the old file or the whole new
  /// one. Error when another living process owns `path`.
  [[nodiscard]] static Result<SharedFile> create(const std::filesystem::path& path,
                                                 const Layout& layout, usize bytes, u64 item_count);
  /// Gives a created file its name.
  [[nodiscard]] Status publish();
  /// Maps an existing file. Error when it is not there, cut short, or of another layout: the
  /// message names both versions.
  [[nodiscard]] static Result<SharedFile> open(const std::filesystem::path& path,
                                               const Layout& layout, Access access);

  SharedFile(SharedFile&& other) noexcept { swap(other); }
  SharedFile& operator=(SharedFile&& other) noexcept {
    SharedFile(std::move(other)).swap(*this);
    return *this;
  }
  ~SharedFile();

  [[nodiscard]] std::byte* data() noexcept { return data_; }
  [[nodiscard]] const std::byte* data() const noexcept { return data_; }
  [[nodiscard]] usize size() const noexcept { return bytes_; }
  [[nodiscard]] const SharedHeader& header() const noexcept {
    return *std::launder(reinterpret_cast<const SharedHeader*>(data_));
  }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Owner only; hot-safe.
  void heartbeat(Nanos now) noexcept;
  /// Enters the kernel once.
  [[nodiscard]] Liveness liveness(Nanos now, Nanos heartbeat_limit) const noexcept;

 private:
  SharedFile() = default;
  void swap(SharedFile& other) noexcept;
  [[nodiscard]] Status map(bool writable);

  std::string path_;
  std::string temporary_;  // not empty until publish()
  int fd_ = -1;
  std::byte* data_ = nullptr;
  usize bytes_ = 0;
};

}  // namespace tradsys::ipc
