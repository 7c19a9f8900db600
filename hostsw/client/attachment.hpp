#pragma once
// How a program on the appliance's own host gets to it: over the socket of an instance, which
// passes on memory. Nothing here is fast or has to be; what comes after needs no system call.
#include <filesystem>
#include <string>

#include "hostsw/ipc/attach.hpp"
#include "hostsw/ipc/local_socket.hpp"
#include "hostsw/ipc/runtime_paths.hpp"

namespace tradsys::client {

/// Which appliance: the running simulation, unless said otherwise.
struct Where {
  std::string instance{ipc::kDefaultInstance};
  std::filesystem::path runtime_dir{};  ///< empty: as all programs find it
  std::filesystem::path socket{};  ///< `shm_socket` of the configuration; empty: of the instance
};

/// What the appliance granted. The socket stays open: its end is the end of what was granted.
struct Attachment {
  ipc::LocalSocket socket;
  ipc::Descriptor memory;
};

/// Asks for the memory of `kind`; user and password only for a session. Waits two seconds for the
/// answer. Error when nobody listens, or with the reason of a refusal.
[[nodiscard]] Result<Attachment> attach(const Where& where, ipc::AttachKind kind,
                                        const std::string& user = {},
                                        const std::string& password = {});

}  // namespace tradsys::client
