// Goal: the real processes trade with the RTL of the gate deciding, and say so; what cannot be is
// refused with words. Method: run the real programs, read what they print and their log.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/integration/control/cli/run_program.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::testing {
namespace {

Outcome simulate(const std::vector<std::string>& args) {
  return run_program(args, {.env = {}, .program = bin_folder() + "/tradsys-sim"});
}

TEST(OffloadUp, TradesWithTheCircuitDeciding) {
  TempDir dir;
  const Outcome outcome = simulate({"up", "--offload", "rtl", "--for", "3s", "--instance", "rtl",
                                    "--runtime-dir", dir.path().string()});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;  // traffic in both directions
  std::ifstream file(dir.path() / "rtl" / "dataplane.log");
  std::stringstream log;
  log << file.rdbuf();
  EXPECT_NE(log.str().find("gate: the rtl circuit decides"), std::string::npos) << log.str();
  EXPECT_EQ(log.str().find("fell back"), std::string::npos) << log.str();
}

TEST(OffloadUp, RefusesAPlaceItDoesNotKnow) {
  for (const char* command : {"run", "up"}) {
    const Outcome outcome = simulate({command, "--offload", "gpu"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_NE(outcome.err.find("--offload: gpu not in {soft,rtl}"), std::string::npos)
        << outcome.err;
  }
}

}  // namespace
}  // namespace tradsys::testing
