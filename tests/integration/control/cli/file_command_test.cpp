// Goal: journals, configurations and hosts are judged as documented, by text, JSON and exit code.
// Method: good, damaged and missing files made by the test; made-up hosts; the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "hostsw/journal/format.hpp"
#include "hostsw/journal/writer.hpp"
#include "tests/integration/control/cli/run_program.hpp"
#include "tests/support/made_up_host.hpp"

namespace tradsys::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A journal of three batches of one record each.
class JournalCommand : public ::testing::Test {
 protected:
  JournalCommand() {
    auto writer = journal::Writer::make({.dir = dir_ / "journal",
                                         .segment_bytes = 64 * 1024,
                                         .batch_bytes_max = 16 * 1024,
                                         .direct_io = false})
                      .value();
    const std::array<std::byte, 10> payload{};
    for (u64 seq = 1; seq <= 3; ++seq) {
      EXPECT_EQ(writer.append(1, seq, 100 * seq, payload), journal::AppendStatus::kOk);
      EXPECT_TRUE(writer.commit().ok());
    }
  }
  /// Changes one byte of block `block` of the first segment.
  void damage(u64 block) {
    const auto file = std::filesystem::directory_iterator(dir_ / "journal");
    std::filesystem::path segment;
    for (const auto& entry : file)
      if (entry.path().extension() == ".tsj" &&
          (segment.empty() || entry.path().filename() < segment.filename()))
        segment = entry.path();
    std::fstream(segment, std::ios::binary | std::ios::in | std::ios::out)
        .seekp(static_cast<std::streamoff>(block * journal::kBlockBytes + 200))
        .put('\x55');
  }
  [[nodiscard]] Outcome verify(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"journal", "verify", (dir_ / "journal").string()});
    return run_program(more);
  }

  TempDir dir_;
};

TEST_F(JournalCommand, VouchesForAWholeJournal) {
  const Outcome got = verify();
  EXPECT_EQ(got.code, 0);
  EXPECT_THAT(got.out, HasSubstr("whole"));
  EXPECT_THAT(got.out, HasSubstr("30 B"));
  auto json = parse_json(verify({"--json"}).out);
  EXPECT_EQ(json["schema"], "tradsys/v1/journal-verify");
  EXPECT_EQ(json["state"], "whole");
  EXPECT_EQ(json["usable"], "true");
  EXPECT_EQ(json["records"], "3");
  EXPECT_EQ(json["last_seq"], "3");
  EXPECT_EQ(json["last_ts_ns"], "300");
  EXPECT_EQ(json["chain_hash"].size(), 64U);
  EXPECT_EQ(json["problem"], "null");
}

TEST_F(JournalCommand, TellsATornTail) {
  damage(3);
  const Outcome got = verify({"--json"});
  EXPECT_EQ(got.code, 3);
  auto json = parse_json(got.out);
  EXPECT_EQ(json["state"], "torn");
  EXPECT_EQ(json["usable"], "true");
  EXPECT_EQ(json["last_seq"], "2");
  EXPECT_THAT(got.err, HasSubstr("offset"));
}

TEST_F(JournalCommand, RefusesDamage) {
  damage(2);
  const Outcome got = verify({"--json"});
  EXPECT_EQ(got.code, 1);
  auto json = parse_json(got.out);
  EXPECT_EQ(json["state"], "corrupt");
  EXPECT_EQ(json["usable"], "false");
  EXPECT_THAT(json["problem"], HasSubstr("offset"));
}

TEST_F(JournalCommand, FindsNoJournalWhereNoneIs) {
  EXPECT_EQ(run_program({"journal", "verify", (dir_ / "nowhere").string()}).code, 4);
  EXPECT_EQ(run_program({"journal", "verify", dir_.path().string()}).code, 4);
  EXPECT_EQ(run_program({"journal", "verify", "/etc/passwd"}).code, 4);
}

class ConfigCommand : public ::testing::Test {
 protected:
  std::string write(const std::string& text) {
    std::ofstream(dir_ / "dataplane.toml") << text;
    return (dir_ / "dataplane.toml").string();
  }
  /// The least that a dataplane starts from.
  std::string write_valid() {
    const std::filesystem::path secret = dir_ / "secret";
    std::ofstream(secret) << "hunter2\n";
    std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
    const std::string file = "password_file = \"" + secret.string() + "\"\n";
    return write(
        "instance = \"egx-1\"\n"
        "[[ports]]\nname = \"venue\"\nkind = \"ring\"\nip = \"10.1.0.2\"\n"
        "[[ports]]\nname = \"clients\"\nkind = \"ring\"\nip = \"10.2.0.2\"\n"
        "[[feed.lines]]\nport = \"venue\"\ngroup = \"239.1.1.1\"\nudp_port = 26400\n"
        "[venue]\nport = \"venue\"\nip = \"10.1.0.9\"\ntcp_port = 9001\nuser = \"FIRM01\"\n" +
        file +
        "[[accounts]]\nid = 1\n"
        "[[clients]]\nuser = \"ALPHA\"\naccount = 1\nport = \"clients\"\ntcp_port = 9100\n" +
        file);
  }
  TempDir dir_;
};

TEST_F(ConfigCommand, AcceptsAValidFile) {
  const std::string file = write_valid();
  const Outcome got = run_program({"config", "check", file});
  EXPECT_EQ(got.code, 0) << got.err;
  EXPECT_EQ(got.out, file + ": valid, instance 'egx-1'\n");
  auto json = parse_json(run_program({"config", "check", file, "--json"}).out);
  EXPECT_EQ(json["schema"], "tradsys/v1/config-check");
  EXPECT_EQ(json["valid"], "true");
  EXPECT_EQ(json["problems"], "[]");
}

TEST_F(ConfigCommand, NamesEveryProblemWithItsLine) {
  const std::string file = write("instance = \"egx-1\"\norders_max = 1\nno_such_key = 2\n");
  const Outcome got = run_program({"config", "check", file, "--json"});
  EXPECT_EQ(got.code, 12);
  EXPECT_THAT(got.err, HasSubstr(file + ":2"));
  EXPECT_THAT(got.err, HasSubstr(file + ":3"));
  auto json = parse_json(got.out);
  EXPECT_EQ(json["valid"], "false");
  EXPECT_THAT(json["problems.0"], HasSubstr("orders_max"));
  EXPECT_THAT(json["problems.1"], HasSubstr("no_such_key"));
}

TEST_F(ConfigCommand, RefusesWhatADataplaneWouldRefuse) {
  EXPECT_EQ(run_program({"config", "check", write("instance = \"egx-1\"\n")}).code, 12);
  const std::string file = write_valid();
  std::filesystem::remove(dir_ / "secret");
  const Outcome got = run_program({"config", "check", file});
  EXPECT_EQ(got.code, 12);
  EXPECT_THAT(got.err, HasSubstr("venue.password_file"));
}

TEST_F(ConfigCommand, ShowsTheValuesInForceSoThatTheyLoadAgain) {
  const std::string file = write_valid();
  const Outcome shown = run_program({"config", "show", file});
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.out, HasSubstr("orders_max = 65536"));
  EXPECT_EQ(run_program({"config", "check", write(shown.out)}).code, 0);
  EXPECT_EQ(run_program({"config", "show", write("x")}).code, 12);
}

TEST_F(ConfigCommand, ShowsAndDescribesAsJsonToo) {
  auto shown = parse_json(run_program({"config", "show", write_valid(), "--json"}).out);
  EXPECT_EQ(shown["schema"], "tradsys/v1/config-show");
  EXPECT_THAT(shown["toml"], HasSubstr("orders_max = 65536"));
  auto page = parse_json(run_program({"config", "doc", "--json"}).out);
  EXPECT_EQ(page["schema"], "tradsys/v1/config-doc");
  EXPECT_THAT(page["markdown"], HasSubstr("orders_max"));
}

TEST_F(ConfigCommand, FindsNoFileWhereNoneIs) {
  EXPECT_EQ(run_program({"config", "check", (dir_ / "none").string()}).code, 4);
  EXPECT_EQ(run_program({"config", "show", dir_.path().string()}).code, 4);
}

TEST_F(ConfigCommand, PrintsTheReference) {
  const Outcome got = run_program({"config", "doc"});
  EXPECT_EQ(got.code, 0);
  EXPECT_THAT(got.out, HasSubstr("`orders_max`"));
}

TEST(DoctorCommand, PassesAHostThatSuits) {
  const MadeUpHost host;
  const Outcome got = run_program({"doctor", "--root", host.root().string()});
  EXPECT_EQ(got.code, 0);
  EXPECT_THAT(got.err, IsEmpty());
  EXPECT_THAT(got.out, HasSubstr("memory.hugepages"));
  EXPECT_THAT(got.out, HasSubstr("skip"));
}

TEST(DoctorCommand, WarnsWithACodeOfItsOwn) {
  MadeUpHost host;
  host.write("/sys/devices/system/cpu/isolated", "\n");
  const Outcome got = run_program({"doctor", "--json", "--root", host.root().string()});
  EXPECT_EQ(got.code, 10);
  auto json = parse_json(got.out);
  EXPECT_EQ(json["schema"], "tradsys/v1/doctor");
  EXPECT_EQ(json["result"], "warning");
  EXPECT_EQ(json["checks.3.check"], "cpu.isolated");
  EXPECT_EQ(json["checks.3.current"], "none");
  EXPECT_EQ(json["checks.3.severity"], "warning");
  EXPECT_EQ(json["checks.3.result"], "fail");
}

TEST(DoctorCommand, WarnsOfWhatItCannotSee) {
  const TempDir empty;
  EXPECT_EQ(run_program({"doctor", "--root", empty.path().string()}).code, 10);
}

TEST(DoctorCommand, EndsFatalWhenSomethingFatalIsMissing) {
  MadeUpHost host;
  host.write("/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "0\n");
  const Outcome got = run_program({"doctor", "--root", host.root().string()});
  EXPECT_EQ(got.code, 11);
  EXPECT_THAT(got.out, HasSubstr("hugepages=4"));
}

TEST(DoctorCommand, LooksAtTheJournalFolder) {
  const MadeUpHost host;
  const Outcome got = run_program(
      {"doctor", "--json", "--root", host.root().string(), "--journal-dir", host.root().string()});
  EXPECT_THAT(got.out, HasSubstr("journal.direct_io"));
  EXPECT_EQ(run_program({"doctor", "--journal-dir", "/no/such/folder"}).code, 4);
}

TEST(DoctorCommand, RunsOnThisHost) {
  const Outcome got = run_program({"doctor"});
  EXPECT_TRUE(got.code == 0 || got.code == 10 || got.code == 11) << got.code << got.err;
  EXPECT_THAT(got.out, HasSubstr("cpu.tsc"));
}

}  // namespace
}  // namespace tradsys::testing
