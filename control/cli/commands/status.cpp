#include "control/cli/commands/commands.hpp"
#include "control/cli/view/status_json.hpp"
#include "control/cli/view/status_text.hpp"

namespace tradsys::cli {

ExitCode run_status(const Globals& globals) {
  const Outcome<ipc::StatusReader> reader = open_status(globals);
  if (!reader) return fail(reader.failure());
  const Snapshot snapshot = take_snapshot(*reader, globals.instance);
  if (globals.json) {
    JsonWriter json;
    json.begin_object().field("schema", "tradsys/v1/status");
    write_status(json, snapshot);
    print(json.end().take());
  } else {
    print(status_text(snapshot, globals.paint()));
  }
  if (const std::string warning = liveness_warning(snapshot); !warning.empty())
    note(globals, warning);
  return snapshot.live() ? ExitCode::kOk : ExitCode::kNotLive;
}

}  // namespace tradsys::cli
