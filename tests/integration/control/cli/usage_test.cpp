// Goal: wrong arguments are told apart from everything else, help and version are exact, and lost
// output is not success; docs/CLI.md says the same as --help.
// Method: the real program with every kind of wrong argument; each help text compared with its
// block in docs/CLI.md. TRADSYS_UPDATE_DOCS=1 rewrites the blocks instead.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/integration/control/cli/run_program.hpp"

namespace tradsys::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

TEST(Usage, WrongArgumentsHaveACodeOfTheirOwn) {
  for (const Words& words : std::vector<Words>{{},
                                               {"nonsense"},
                                               {"status", "extra"},
                                               {"status", "--nonsense"},
                                               {"book"},
                                               {"book", "show"},
                                               {"book", "show", "A", "B"},
                                               {"book", "show", "A", "-d", "0"},
                                               {"book", "show", "A", "-d", "11"},
                                               {"book", "show", "A", "-d", "x"},
                                               {"top", "-i", "0"},
                                               {"top", "-n", "-1"},
                                               {"risk", "kill"},
                                               {"risk", "kill", "--scope"},
                                               {"risk", "kill", "--scope", "all", "--timeout", "0"},
                                               {"journal", "verify"},
                                               {"journal", "roll", "OLD"},
                                               {"journal", "roll", "OLD", "NEW"},
                                               {"day"},
                                               {"config", "check"},
                                               {"status", "--instance", "../etc"},
                                               {"status", "--instance"},
                                               {"--instance", "a", "--instance", "b", "status"}}) {
    const Outcome got = run_program(words);
    EXPECT_EQ(got.code, 2) << ::testing::PrintToString(words) << got.err;
    EXPECT_THAT(got.out, IsEmpty());
    EXPECT_THAT(got.err, StartsWith("tradsys: "));
  }
}

TEST(Usage, VersionIsTheSameInThreeForms) {
  const Outcome flag = run_program({"--version"});
  EXPECT_EQ(flag.code, 0);
  EXPECT_EQ(run_program({"-V"}).out, flag.out);
  EXPECT_THAT(run_program({"version"}).out, StartsWith(flag.out));
  auto json = parse_json(run_program({"version", "--json"}).out);
  EXPECT_EQ("tradsys " + json["version"] + "\n", flag.out);
  EXPECT_EQ(json["schema"], "tradsys/v1/version");
  EXPECT_EQ(json["status_region.version"], "1");
}

TEST(Usage, LostOutputIsNotSuccess) {
  const Outcome got =
      run_program({"-c", bin_folder() + "/tradsys version > /dev/full"}, {.program = "/bin/sh"});
  EXPECT_EQ(got.code, 1);
  EXPECT_THAT(got.err, HasSubstr("could not be written"));
}

/// Every help text there is.
const std::vector<Words>& commands() {
  static const std::vector<Words> kCommands{{},
                                            {"status"},
                                            {"top"},
                                            {"book"},
                                            {"book", "show"},
                                            {"risk"},
                                            {"risk", "kill"},
                                            {"risk", "reduce-only"},
                                            {"risk", "resume"},
                                            {"risk", "cancel"},
                                            {"risk", "limits"},
                                            {"risk", "headroom"},
                                            {"risk", "whatif"},
                                            {"risk", "explain"},
                                            {"journal"},
                                            {"day"},
                                            {"day", "end"},
                                            {"journal", "verify"},
                                            {"journal", "roll"},
                                            {"config"},
                                            {"config", "check"},
                                            {"config", "show"},
                                            {"config", "doc"},
                                            {"doctor"},
                                            {"version"}};
  return kCommands;
}

std::string joined(const Words& words) {
  std::string text = "tradsys";
  for (const std::string& word : words) text += " " + word;
  return text;
}

std::string help_of(Words words) {
  words.emplace_back("--help");
  const Outcome got = run_program(words);
  EXPECT_EQ(got.code, 0);
  EXPECT_THAT(got.err, IsEmpty());
  return got.out;
}

TEST(Help, NamesEveryCommandAndHasExamples) {
  const std::string all = help_of({});
  for (const char* name : {"status", "top", "book", "risk", "day", "journal", "config", "doctor",
                           "version", "sim", "bench"})
    EXPECT_THAT(all, HasSubstr(std::string("\n  ") + name + " ")) << name;
  for (const Words& words : commands()) {
    const std::string help = help_of(words);
    EXPECT_THAT(help, HasSubstr("Usage: " + joined(words)));
    const bool group = words.size() == 1 && help.find("SUBCOMMAND") != std::string::npos;
    if (!group) {
      EXPECT_THAT(help, HasSubstr("Examples:\n  " + joined(words)));
    }
  }
}

TEST(Help, IsText) {
  for (const Words& words : commands())
    for (const char c : help_of(words))
      EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << joined(words);
}

TEST(Help, FitsAHundredColumns) {
  for (const Words& words : commands()) {
    const std::string help = help_of(words);
    for (size_t at = 0; at < help.size();) {
      const size_t end = std::min(help.find('\n', at), help.size());
      EXPECT_LE(end - at, 100U) << joined(words) << ": " << help.substr(at, end - at);
      at = end + 1;
    }
  }
}

constexpr const char* kReference = "docs/CLI.md";

std::string read_reference() {
  std::ifstream file(kReference);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Where the block of a command's help stands: behind its heading, between the fences.
struct Block {
  size_t begin = std::string::npos;
  size_t end = std::string::npos;
};
Block find_block(const std::string& text, const Words& words) {
  const std::string heading = "`" + joined(words) + "`\n\n```text\n";
  const size_t at = text.find(heading);
  if (at == std::string::npos) return {};
  const size_t begin = at + heading.size();
  return {begin, text.find("```\n", begin)};
}

TEST(Help, IsTheSameInTheReference) {
  std::string text = read_reference();
  const bool update = std::getenv("TRADSYS_UPDATE_DOCS") != nullptr;
  for (const Words& words : commands()) {
    const Block block = find_block(text, words);
    ASSERT_NE(block.end, std::string::npos) << kReference << " has no " << joined(words);
    const std::string help = help_of(words);
    if (update)
      text.replace(block.begin, block.end - block.begin, help);
    else
      EXPECT_EQ(text.substr(block.begin, block.end - block.begin), help)
          << "run this test with TRADSYS_UPDATE_DOCS=1";
  }
  if (update) std::ofstream(kReference) << text;
}

}  // namespace
}  // namespace tradsys::testing
