// Goal: each command is delivered once, in order, under the name that the kernel gives its sender,
// and answered to whoever asked; a full queue, a dead dataplane, a silent or foreign operator do no
// harm. Method: the server on a thread, operators in this process and in others.
#include "hostsw/ipc/command/command_socket.hpp"

#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <thread>

#include "hostsw/ipc/shared_file.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::ipc {
namespace {

using tradsys::testing::ChildProcess;
using tradsys::testing::TempDir;

constexpr Nanos kPatience{10'000'000'000};

Command kill_instrument(u16 instrument) {
  Command command;
  command.kind = CommandKind::kKill;
  command.scope = KillScope::kInstrument;
  command.index = instrument;
  command.operator_name = Text<40>::from("amal");
  return command;
}

/// A dataplane that only takes commands and, while it is told to, answers them with their index.
class Dataplane {
 public:
  explicit Dataplane(const std::filesystem::path& path, bool answers = true,
                     std::optional<gid_t> group = {})
      : answers_(answers),
        server_(CommandServer::listen(path, group).value()),
        sockets_([this] { server_.serve(queue_, stop_); }),
        tile_([this] { run_tile(); }) {}
  ~Dataplane() { stop(); }

  /// What came; it takes nothing more.
  const std::vector<Command>& stop() {
    stop_ = true;
    if (sockets_.joinable()) sockets_.join();
    if (tile_.joinable()) tile_.join();
    return taken_;
  }

 private:
  void run_tile() {
    for (Command command; !stop_;) {
      if (!answers_ || !queue_.poll(command)) {
        std::this_thread::yield();
        continue;
      }
      taken_.push_back(command);
      queue_.answer({.id = command.id, .result = CommandResult::kDone, .detail = command.index});
    }
  }

  const bool answers_;
  CommandQueue queue_;
  std::atomic<bool> stop_{false};
  std::vector<Command> taken_;
  CommandServer server_;
  std::thread sockets_, tile_;
};

std::string own_name() {
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : "uid " + std::to_string(::getuid());
}

TEST(CommandSocket, ACommandArrivesWholeAndItsAnswerGoesBack) {
  const TempDir dir;
  Dataplane dataplane(dir / "commands");
  auto connection = CommandConnection::open(dir / "commands");
  ASSERT_TRUE(connection.ok()) << connection.error().message();
  const Command command = kill_instrument(17);
  const auto answers = connection.value().ask({&command, 1}, kPatience);
  ASSERT_TRUE(answers.ok()) << answers.error().message();
  EXPECT_EQ(answers.value()[0].result, CommandResult::kDone);
  EXPECT_EQ(answers.value()[0].detail, 17U);
  EXPECT_EQ(answers.value()[0].id, 1U);
  ASSERT_EQ(dataplane.stop().size(), 1U);
  const Command& got = dataplane.stop()[0];
  EXPECT_EQ(got.kind, CommandKind::kKill);
  EXPECT_EQ(got.scope, KillScope::kInstrument);
  EXPECT_EQ(got.index, 17);
  EXPECT_NE(got.operator_name.str(), "amal") << "a name that the sender states counts for nothing";
  EXPECT_FALSE(got.operator_name.str().empty());
}

TEST(CommandSocket, ManyCommandsOfManyOperatorsAreAnsweredInTheirOrder) {
  const TempDir dir;
  Dataplane dataplane(dir / "commands");
  constexpr u16 kEach = 500;
  const auto operate = [&] {
    auto connection = CommandConnection::open(dir / "commands");
    if (!connection) return 1;
    std::vector<Command> commands;
    for (u16 i = 0; i < kEach; ++i) commands.push_back(kill_instrument(i));
    const auto answers = connection.value().ask(commands, kPatience);
    if (!answers) return 2;
    for (u16 i = 0; i < kEach; ++i)
      if (answers.value()[i].detail != i) return 3;
    return 0;
  };
  ChildProcess first(operate), second(operate);
  EXPECT_EQ(operate(), 0);
  EXPECT_EQ(first.join(), 0);
  EXPECT_EQ(second.join(), 0);
  const std::vector<Command>& taken = dataplane.stop();
  ASSERT_EQ(taken.size(), 3U * kEach);
  for (usize i = 0; i < taken.size(); ++i) EXPECT_EQ(taken[i].id, i + 1);
}

TEST(CommandSocket, NoAnswerInTimeIsAnUnknownOutcome) {
  const TempDir dir;
  const Dataplane silent(dir / "commands", false);
  auto connection = CommandConnection::open(dir / "commands");
  ASSERT_TRUE(connection.ok());
  const std::vector<Command> commands(3 * kCommandsMax, kill_instrument(1));
  const auto answers = connection.value().ask(commands, Nanos{50'000'000});
  ASSERT_TRUE(answers.ok()) << "a full queue is no error either: " << answers.error().message();
  EXPECT_EQ(answers.value().size(), commands.size());
  for (const Answer& answer : answers.value()) EXPECT_EQ(answer.result, CommandResult::kPending);
}

TEST(CommandSocket, AnOperatorWhoGoesAwayLeavesHisCommandsAndDisturbsNobody) {
  const TempDir dir;
  Dataplane dataplane(dir / "commands");
  for (u32 i = 0; i < 50; ++i) {
    auto hasty = CommandConnection::open(dir / "commands");
    ASSERT_TRUE(hasty.ok());
    const Command command = kill_instrument(static_cast<u16>(i));
    ASSERT_TRUE(hasty.value().ask({&command, 1}, Nanos{0}).ok());
  }
  auto connection = CommandConnection::open(dir / "commands");
  ASSERT_TRUE(connection.ok());
  const Command last = kill_instrument(999);
  const auto answers = connection.value().ask({&last, 1}, kPatience);
  ASSERT_TRUE(answers.ok());
  EXPECT_EQ(answers.value()[0].detail, 999U);
}

TEST(CommandSocket, IdleConnectionsLockNobodyOut) {
  const TempDir dir;
  const Dataplane dataplane(dir / "commands");
  std::vector<CommandConnection> idle;
  for (usize i = 0; i < 3 * CommandServer::kConnectionsMax; ++i) {
    auto connection = CommandConnection::open(dir / "commands");
    ASSERT_TRUE(connection.ok());
    idle.push_back(std::move(connection).value());
  }
  const Command command = kill_instrument(5);
  const auto answers = idle.back().ask({&command, 1}, kPatience);
  ASSERT_TRUE(answers.ok()) << answers.error().message();
  EXPECT_EQ(answers.value()[0].detail, 5U);
}

TEST(CommandSocket, WhatIsNoCommandOfThisReleaseEndsTheConnectionOnly) {
  const TempDir dir;
  Dataplane dataplane(dir / "commands");
  for (const usize bytes : {usize{1}, usize{64}, sizeof(Command) + 16, usize{4'000}}) {
    const int fd = ::socket(AF_UNIX, SOCK_SEQPACKET, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = (dir / "commands").string();
    path.copy(address.sun_path, path.size());
    ASSERT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    const std::vector<char> text(bytes, 'x');
    ASSERT_EQ(::send(fd, text.data(), bytes, 0), static_cast<ssize_t>(bytes));
    char reply[256];
    EXPECT_GT(::recv(fd, reply, sizeof reply, 0), 8) << "which release listens there";
    EXPECT_EQ(::recv(fd, reply, sizeof reply, 0), 0);
    ::close(fd);
  }
  EXPECT_TRUE(dataplane.stop().empty());
}

TEST(CommandSocket, ADeadDataplaneIsSaidAndItsSocketGivesWay) {
  const TempDir dir;
  const std::filesystem::path path = dir / "commands";
  ASSERT_FALSE(CommandConnection::open(path).ok()) << "nobody was ever there";
  ChildProcess owner([&] {
    const auto server = CommandServer::listen(path);
    if (!server) return 1;
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  });
  while (!CommandConnection::open(path).ok())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const auto second = CommandServer::listen(path);
  ASSERT_FALSE(second.ok()) << "one dataplane a socket";
  EXPECT_NE(second.error().what.find("another living process"), std::string::npos);
  auto connection = CommandConnection::open(path);
  ASSERT_TRUE(connection.ok());
  owner.kill();
  const Command command = kill_instrument(2);
  const auto lost = connection.value().ask({&command, 1}, kPatience);
  ASSERT_FALSE(lost.ok());
  EXPECT_NE(lost.error().what.find("went away"), std::string::npos);
  const auto refused = CommandConnection::open(path);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().what.find("no dataplane"), std::string::npos);
  EXPECT_TRUE(CommandServer::listen(path).ok());
  EXPECT_FALSE(std::filesystem::exists(path)) << "gone with its owner";
}

TEST(CommandSocket, ANameThatDoesNotFitIsRefused) {
  const TempDir dir;
  const auto server = CommandServer::listen(dir / std::string(200, 'x'));
  ASSERT_FALSE(server.ok());
  EXPECT_NE(server.error().remedy.find("shorter"), std::string::npos);
}

// What other users may do takes a test that may become one.

/// Sends one command as user and group `id`; 0 when it was done, else why not.
int ask_as(const std::filesystem::path& path, u32 id) {
  ChildProcess other([&] {
    if (::setgroups(0, nullptr) != 0 || ::setgid(id) != 0 || ::setuid(id) != 0) return 9;
    auto connection = CommandConnection::open(path);
    if (!connection) return 1;
    const Command command = kill_instrument(3);
    const auto answers = connection.value().ask({&command, 1}, kPatience);
    return answers && answers.value()[0].result == CommandResult::kDone ? 0 : 2;
  });
  return other.join();
}

TEST(CommandSocket, OthersReachItOnlyAsMembersOfItsGroupAndUnderTheirOwnNames) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  constexpr u32 kMember = 61'001, kStranger = 61'002;
  const TempDir dir;
  ASSERT_EQ(::chmod(dir.path().c_str(), 0755), 0);
  {
    Dataplane alone(dir / "commands");
    EXPECT_EQ(ask_as(dir / "commands", kStranger), 1);
    EXPECT_TRUE(alone.stop().empty());
  }
  Dataplane shared(dir / "commands", true, kMember);
  EXPECT_EQ(ask_as(dir / "commands", kStranger), 1);
  EXPECT_EQ(ask_as(dir / "commands", kMember), 0);
  const std::vector<Command>& taken = shared.stop();
  ASSERT_EQ(taken.size(), 1U);
  const std::string name = taken[0].operator_name.str();
  EXPECT_TRUE(name == "uid 61001" || name == own_name()) << name << ": its user, or its login";
}

}  // namespace
}  // namespace tradsys::ipc
