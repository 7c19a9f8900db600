#pragma once
// The files of a simulated appliance: its configuration, passwords, wires, logs and journal.
#include <filesystem>
#include <string>
#include <vector>

#include "drivers/offload/rtl/offload.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"
#include "hostsw/ipc/runtime_paths.hpp"

namespace tradsys::sim {

struct UpConfig {
  u32 clients = 2;
  u32 orders_per_s = 200;
  u64 flow_per_s = 1'000;
  u32 instruments = 64;
  u64 seed = 1;
  offload::Offload offload = offload::Offload::kSoft;
};

/// The client of the simulated appliance that attaches through shared memory.
inline constexpr const char* kLocalUser = "LOCAL";

/// Where everything lies, all below the folder of the instance.
struct UpFiles {
  std::filesystem::path runtime_dir;
  std::filesystem::path folder;
  std::filesystem::path config;
  std::filesystem::path journal;
  std::filesystem::path status;
  std::filesystem::path venue_wire;
  std::filesystem::path client_wire;
  std::filesystem::path dataplane_log;
  std::filesystem::path venue_log;
  std::filesystem::path local_password;  ///< of kLocalUser
};

/// Writes configuration and password files. The journal of an earlier run is removed, since the
/// simulated exchange starts a new day.
[[nodiscard]] Result<UpFiles> write_up_files(const UpConfig& up, const ipc::InstancePaths& paths,
                                             const std::string& instance);

/// Command line of tradsys-venue.
[[nodiscard]] std::vector<std::string> venue_arguments(const UpConfig& up, const UpFiles& files);

/// A symbol that is listed.
[[nodiscard]] std::string first_symbol(const UpConfig& up);

}  // namespace tradsys::sim
