// Goal: every bench still runs, and the program's answers are the documented ones: keys of the
// JSON, exit codes. Method: run the built binary for one tiny iteration and read what it prints; no
// figure is judged.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace tradsys::bench {
namespace {

struct Outcome {
  int exit_code = -1;
  std::vector<std::string> lines;
};

Outcome run(const std::string& arguments) {
  const char* bin = std::getenv("TRADSYS_BIN");
  const std::string program =
      std::string(bin != nullptr ? bin : "build/dev/bin") + "/tradsys-bench";
  Outcome outcome;
  FILE* out = ::popen((program + " " + arguments + " 2>/dev/null").c_str(), "r");
  if (out == nullptr) return outcome;
  std::string text;
  char part[4096];
  while (const std::size_t got = std::fread(part, 1, sizeof part, out)) text.append(part, got);
  const int status = ::pclose(out);
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    outcome.lines.push_back(text.substr(at, end - at));
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return outcome;
}

// Keys of the outermost object, in order. Enough of JSON for what the program prints.
std::vector<std::string> keys_of(const std::string& json) {
  std::vector<std::string> keys;
  int depth = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '{') ++depth;
    if (json[i] == '}') --depth;
    if (json[i] != '"') continue;
    std::size_t end = i + 1;
    while (json[end] != '"') end += json[end] == '\\' ? 2U : 1U;
    if (depth == 1 && json[end + 1] == ':') keys.push_back(json.substr(i + 1, end - i - 1));
    i = end;
  }
  return keys;
}

std::string value_of(const std::string& json, const std::string& key) {
  const std::size_t at = json.find("\"" + key + "\":");
  if (at == std::string::npos) return {};
  const std::size_t start = at + key.size() + 3;
  return json.substr(start, json.find_first_of(",}", start) - start);
}

TEST(BenchCommand, RunsEveryBenchAndPrintsTheDocumentedKeys) {
  const Outcome outcome = run("--runs 1 --items 5000 --json");
  ASSERT_EQ(outcome.exit_code, 0);
  ASSERT_GE(outcome.lines.size(), 2U);
  const std::vector<std::string> documented{"bench", "unit", "median", "min",  "p50", "p99",
                                            "p999",  "runs", "items",  "host", "load"};
  for (const std::string& line : outcome.lines) {
    EXPECT_EQ(keys_of(line), documented) << line;
    EXPECT_EQ(value_of(line, "runs"), "1");
    EXPECT_EQ(value_of(line, "unit").rfind("\"ns/", 0), 0U) << line;
    EXPECT_GT(std::atoll(value_of(line, "items").c_str()), 0) << line;
    EXPECT_GT(std::atof(value_of(line, "min").c_str()), 0.0) << line;
  }
}

TEST(BenchCommand, RunsOnlyWhatIsNamed) {
  const Outcome outcome = run("book --runs 2 --items 5000 --json");
  ASSERT_EQ(outcome.exit_code, 0);
  ASSERT_EQ(outcome.lines.size(), 1U);
  EXPECT_EQ(value_of(outcome.lines[0], "bench"), "\"book\"");
  EXPECT_EQ(value_of(outcome.lines[0], "runs"), "2");
  EXPECT_EQ(value_of(outcome.lines[0], "items"), "5000");
}

TEST(BenchCommand, RunsAGroupByItsName) {
  const Outcome outcome = run("fix tcp --runs 1 --items 5000 --json");
  ASSERT_EQ(outcome.exit_code, 0);
  ASSERT_EQ(outcome.lines.size(), 4U);
  EXPECT_EQ(value_of(outcome.lines[0], "bench"), "\"fix-encode\"");
  EXPECT_EQ(value_of(outcome.lines[1], "bench"), "\"fix-parse\"");
  EXPECT_EQ(value_of(outcome.lines[2], "bench"), "\"tcp-receive\"");
  EXPECT_EQ(value_of(outcome.lines[3], "bench"), "\"tcp-send\"");
  EXPECT_EQ(run("match --runs 1 --items 5000 --json").lines.size(), 1U) << "a bench's own name";
}

TEST(BenchCommand, PrintsATableForPeople) {
  const Outcome outcome = run("itch-parse --runs 1 --items 5000");
  ASSERT_EQ(outcome.exit_code, 0);
  ASSERT_GE(outcome.lines.size(), 4U);
  EXPECT_EQ(outcome.lines[1].rfind("an empty item: ", 0), 0U) << "what a percentile holds beside";
  EXPECT_NE(outcome.lines[2].find("median"), std::string::npos);
  EXPECT_EQ(outcome.lines[3].rfind("itch-parse", 0), 0U);
}

TEST(BenchCommand, AnswersWrongUsageWithExitCode2) {
  EXPECT_EQ(run("no-such-bench").exit_code, 2);
  EXPECT_EQ(run("book --runs 0").exit_code, 2);
  EXPECT_EQ(run("book --runs many").exit_code, 2);
  EXPECT_EQ(run("book --itch /nonexistent.itch").exit_code, 2);
  EXPECT_EQ(run("--bogus").exit_code, 2);
  EXPECT_EQ(run("--help").exit_code, 0);
}

TEST(BenchCommand, FailsOnAnInputThatIsNoStream) {
  EXPECT_EQ(run("book --itch /dev/null --json").exit_code, 1);
}

}  // namespace
}  // namespace tradsys::bench
