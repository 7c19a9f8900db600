// tradsys: the operator's command.
#include "control/cli/command_line.hpp"
#include "control/cli/globals.hpp"

int main(int argc, char** argv) {
  using tradsys::cli::ExitCode;
  ExitCode code = tradsys::cli::run_command_line({argv + 1, argv + argc});
  if (!tradsys::cli::flush_output())
    code = tradsys::cli::fail(ExitCode::kFailed, {"stdout", "the output could not be written", ""});
  return static_cast<int>(code);
}
