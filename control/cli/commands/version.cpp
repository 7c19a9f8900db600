#include <tradsys/risk_spec.hpp>

#include "control/cli/commands/commands.hpp"
#include "control/cli/output/format.hpp"
#include "control/cli/output/json_writer.hpp"
#include "control/cli/version.hpp"
#include "hostsw/ipc/command/command_socket.hpp"

namespace tradsys::cli {
namespace {

std::string layout_text(const ipc::Layout& layout) {
  return std::to_string(layout.version) + " (" + hex_text(layout.hash) + ")";
}

void write_layout(JsonWriter& json, const char* key, const ipc::Layout& layout) {
  json.object(key).field("version", layout.version).field("hash", hex_text(layout.hash)).end();
}

}  // namespace

ExitCode run_version(const Globals& globals) {
  if (!globals.json) {
    print(std::string("tradsys ") + kVersion + "\nstatus region " +
          layout_text(ipc::kStatusLayout) + "\ncommands      " + layout_text(ipc::kCommandLayout) +
          "\nrisk records  " + hex_text(kRiskLayoutHash) + "\n");
    return ExitCode::kOk;
  }
  JsonWriter json;
  json.begin_object().field("schema", "tradsys/v1/version").field("version", kVersion);
  write_layout(json, "status_region", ipc::kStatusLayout);
  write_layout(json, "commands", ipc::kCommandLayout);
  print(json.field("risk_records_hash", hex_text(kRiskLayoutHash)).end().take());
  return ExitCode::kOk;
}

}  // namespace tradsys::cli
