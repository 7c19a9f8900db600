#pragma once
// Where the gate of a simulated appliance runs, as an option of the commands.
#include <CLI/CLI.hpp>

#include "drivers/offload/rtl/offload.hpp"

namespace tradsys::sim {

/// Adds --offload soft|rtl.
inline void add_offload_option(CLI::App& command, offload::Offload& offload) {
  command
      .add_option_function<std::string>(
          "--offload",
          [&offload](const std::string& name) { offload = *offload::offload_of(name); },
          "Where the gate runs: soft, or rtl, the simulated circuit")
      ->check(CLI::IsMember({"soft", "rtl"}))
      ->default_str("soft");
}

}  // namespace tradsys::sim
