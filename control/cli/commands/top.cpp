#include "control/cli/commands/commands.hpp"
#include "control/cli/output/screen.hpp"
#include "control/cli/view/rates.hpp"

namespace tradsys::cli {
namespace {

constexpr u32 kBusiest = 10;

Outcome<Sample> sample(const Globals& globals) {
  const Outcome<ipc::StatusReader> reader = open_status(globals);
  if (!reader) return reader.failure();
  return take_sample(*reader, globals.instance);
}

std::string frame_text(const Globals& globals, const Sample& now, const Rates& rates,
                       const Screen& screen) {
  if (globals.json) {
    JsonWriter json(JsonWriter::Style::kLine);
    json.begin_object().field("schema", "tradsys/v1/top");
    write_rates(json, now.snapshot, rates);
    return json.end().take();
  }
  const std::string text = rates_text(now.snapshot, rates, globals.paint());
  return screen.redraws() ? text + "\nq quits, any other key refreshes" : text + "\n";
}

}  // namespace

ExitCode run_top(const Globals& globals, const TopOptions& options) {
  const Nanos interval{static_cast<i64>(options.interval_s * 1'000'000'000.0)};
  Outcome<Sample> before = sample(globals);
  if (!before) return fail(before.failure());
  std::optional<Screen> screen(std::in_place, !globals.json);
  const auto show = [&](const Sample& from, const Sample& to) {
    screen->show(frame_text(globals, to, rates_between(from, to, kBusiest), *screen));
  };
  // Shown at once, so that nobody looks at nothing for the first interval.
  if (screen->redraws() && options.frames == 0) show(*before, *before);
  for (u32 frame = 1;; ++frame) {
    const Screen::Wake wake = screen->wait(interval);
    if (wake == Screen::Wake::kInterrupted) return ExitCode::kInterrupted;
    if (wake == Screen::Wake::kQuit) return ExitCode::kOk;
    Outcome<Sample> after = sample(globals);
    if (!after) {
      screen.reset();
      return fail(after.failure());
    }
    show(*before, *after);
    before = std::move(after);
    if (frame == options.frames)
      return before->snapshot.live() ? ExitCode::kOk : ExitCode::kNotLive;
  }
}

}  // namespace tradsys::cli
