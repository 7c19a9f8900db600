#pragma once
// How bad the cables of a simulation are, as options of its commands.
#include <CLI/CLI.hpp>

#include "sim/wire/lossy_wire.hpp"

namespace tradsys::sim {

/// Percent of the frames, 0 to 50 each.
struct CableOptions {
  double loss_percent = 0;
  double reorder_percent = 0;
  double duplicate_percent = 0;

  /// Adds --loss, --reorder and --duplicate; "1" and "1%" are the same.
  void add_to(CLI::App& command);
  /// Sets the rates of one direction.
  void apply_to(LossyPath& path) const;
};

}  // namespace tradsys::sim
