// Goal: `tradsys sim` and `tradsys bench` become the programs beside tradsys, arguments untouched.
// Method: a copy of tradsys in a folder of its own with small scripts beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/integration/control/cli/run_program.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::testing {
namespace {

using ::testing::HasSubstr;

class SiblingCommand : public ::testing::Test {
 protected:
  SiblingCommand() {
    std::filesystem::copy_file(bin_folder() + "/tradsys", dir_ / "tradsys");
    options_.program = (dir_ / "tradsys").string();
  }
  void write_script(const std::string& name, const std::string& body, bool executable = true) {
    std::ofstream(dir_ / name) << "#!/bin/sh\n" << body << "\n";
    using std::filesystem::perms;
    std::filesystem::permissions(dir_ / name, executable ? perms::owner_all : perms::owner_read);
  }
  [[nodiscard]] Outcome run(const std::vector<std::string>& args) {
    return run_program(args, options_);
  }

  TempDir dir_;
  RunOptions options_;
};

TEST_F(SiblingCommand, PassesEveryArgumentOn) {
  write_script("tradsys-sim", "for a in \"$@\"; do echo \"<$a>\"; done; exit 42");
  const Outcome got = run({"sim", "run", "--json", "--instance", "a b", "", "--help", "-q"});
  EXPECT_EQ(got.code, 42);
  EXPECT_EQ(got.out, "<run>\n<--json>\n<--instance>\n<a b>\n<>\n<--help>\n<-q>\n");
}

TEST_F(SiblingCommand, FindsTheProgramBesideItselfThroughALink) {
  write_script("tradsys-bench", "echo bench");
  const TempDir elsewhere;
  std::filesystem::create_symlink(dir_ / "tradsys", elsewhere / "tradsys");
  options_.program = (elsewhere / "tradsys").string();
  EXPECT_EQ(run({"bench"}).out, "bench\n");
}

TEST_F(SiblingCommand, SaysWhatIsMissing) {
  const Outcome got = run({"sim", "up"});
  EXPECT_EQ(got.code, 4);
  EXPECT_THAT(got.err, HasSubstr("install or build tradsys-sim beside tradsys"));
}

TEST_F(SiblingCommand, SaysWhatCannotBeRun) {
  write_script("tradsys-bench", "true", false);
  const Outcome got = run({"bench"});
  EXPECT_EQ(got.code, 5);
  EXPECT_THAT(got.err, HasSubstr("tradsys-bench"));
}

TEST_F(SiblingCommand, RefusesFlagsInFront) {
  write_script("tradsys-sim", "true");
  for (const std::vector<std::string>& args : std::vector<std::vector<std::string>>{
           {"--json", "sim"}, {"--instance", "x", "sim"}, {"--instance=x", "sim", "up"}}) {
    const Outcome got = run(args);
    EXPECT_EQ(got.code, 2);
    EXPECT_THAT(got.err, HasSubstr("put them behind 'sim'"));
  }
}

TEST_F(SiblingCommand, LeavesNamesAndValuesAlone) {
  write_script("tradsys-sim", "echo reached");
  const Outcome got = run({"--instance", "sim", "version"});
  EXPECT_EQ(got.code, 0);
  EXPECT_THAT(got.out, HasSubstr("tradsys "));
}

}  // namespace
}  // namespace tradsys::testing
