#include "hostsw/ipc/sealed_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace tradsys::ipc {
namespace {

constexpr int kSizeSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

int seals_of(Sharing sharing) noexcept {
  return sharing == Sharing::kMakerWrites ? kSizeSeals | F_SEAL_FUTURE_WRITE : kSizeSeals;
}

Error failed(const char* what) {
  char text[128]{};
  return {"shared memory", std::string(what) + ": " + ::strerror_r(errno, text, sizeof text),
          "check the memory limits of the process and the kernel (5.1 or later)"};
}

}  // namespace

Result<SealedMemory> SealedMemory::create(const char* name, usize bytes, Sharing sharing) {
  SealedMemory memory;
  memory.fd_ = Descriptor(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory.fd_) return failed("cannot be made");
  memory.bytes_ = bytes;
  errno = ::posix_fallocate(memory.descriptor(), 0, static_cast<off_t>(bytes));
  if (errno != 0) return failed("its space cannot be reserved");
  if (Status s = memory.map(true); !s) return s.error();
  if (::fcntl(memory.descriptor(), F_ADD_SEALS, seals_of(sharing)) != 0)
    return failed("cannot be sealed");
  return memory;
}

Result<SealedMemory> SealedMemory::open(Descriptor fd, Sharing sharing) {
  SealedMemory memory;
  memory.fd_ = std::move(fd);
  const int seals = ::fcntl(memory.descriptor(), F_GET_SEALS);
  if (seals < 0 || (seals & seals_of(sharing)) != seals_of(sharing))
    return Error{"shared memory", "is not sealed: its maker could cut it under our feet",
                 "attach to a dataplane of this release"};
  struct stat status {};
  if (::fstat(memory.descriptor(), &status) != 0) return failed("cannot read its size");
  memory.bytes_ = static_cast<usize>(status.st_size);
  if (Status s = memory.map(sharing == Sharing::kBothWrite); !s) return s.error();
  return memory;
}

Status SealedMemory::map(bool writable) {
  if (bytes_ == 0) return Error{"shared memory", "is empty", "attach to a dataplane"};
  const int protection = PROT_READ | (writable ? PROT_WRITE : 0);
  void* const memory =
      ::mmap(nullptr, bytes_, protection, MAP_SHARED | MAP_POPULATE, descriptor(), 0);
  if (memory == MAP_FAILED) return failed("cannot be mapped");
  data_ = static_cast<std::byte*>(memory);
  return Done{};
}

SealedMemory::~SealedMemory() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

void SealedMemory::swap(SealedMemory& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
}

}  // namespace tradsys::ipc
