#include "sim/app/cable_options.hpp"

namespace tradsys::sim {
namespace {

constexpr double kPercentMax = 50.0;

u32 per_million(double percent) { return static_cast<u32>(percent * 10'000 + 0.5); }

void add_percent(CLI::App& command, const char* name, double& percent, const char* help) {
  command.add_option(name, percent, help)
      ->transform(
          [](std::string text) {
            if (!text.empty() && text.back() == '%') text.pop_back();
            return text;
          },
          "PERCENT")
      ->check(CLI::Range(0.0, kPercentMax));
}

}  // namespace

void CableOptions::add_to(CLI::App& command) {
  add_percent(command, "--loss", loss_percent, "Frames lost, on each line by itself");
  add_percent(command, "--reorder", reorder_percent, "Frames overtaken");
  add_percent(command, "--duplicate", duplicate_percent, "Frames doubled");
}

void CableOptions::apply_to(LossyPath& path) const {
  path.drop_per_million = per_million(loss_percent);
  path.reorder_per_million = per_million(reorder_percent);
  path.duplicate_per_million = per_million(duplicate_percent);
}

}  // namespace tradsys::sim
