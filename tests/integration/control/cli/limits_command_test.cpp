// Goal: a change of limits is made to the row that its operator saw, or the operator is told who
// was faster with what, and what of the change is in force. Method: a command socket of the test's
// own that keeps two rows and lets another operator in between; the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <functional>
#include <thread>

#include "hostsw/ipc/command/command_socket.hpp"
#include "tests/integration/control/cli/instance.hpp"

namespace tradsys::testing {
namespace {

using ipc::CommandResult;
using ::testing::HasSubstr;

constexpr u16 kAccount = 7;

/// The rows of account 7, as a dataplane keeps them: a change is made to the row that was seen.
class Rows {
 public:
  /// `before_set` runs before a change of a row is looked at: the other operator.
  explicit Rows(const Instance& instance, std::function<void(Rows&, ipc::LimitRow)> before_set)
      : before_set_(std::move(before_set)),
        server_(ipc::CommandServer::listen(instance.paths().commands()).value()),
        operators_([this] { server_.serve(queue_, stopping_); }),
        tile_([this] { answer_all(); }) {}
  ~Rows() {
    stopping_ = true;
    operators_.join();
    tile_.join();
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  AccountLimits account{.max_qty = 500, .account = kAccount};
  ScopeLimits scope{.open_orders_max = 30, .index = kAccount, .scope = LimitScope::kAccount};
  std::atomic<u32> sets{0};

 private:
  ipc::Payload payload(ipc::LimitRow row) const {
    ipc::Payload out{};
    if (row == ipc::LimitRow::kAccount) std::memcpy(out.data(), &account, sizeof account);
    if (row == ipc::LimitRow::kScope) std::memcpy(out.data(), &scope, sizeof scope);
    return out;
  }
  ipc::Answer answer_of(const ipc::Command& command) {
    ipc::Answer answer{.id = command.id, .result = CommandResult::kDone, .detail = 0, .reply = {}};
    if (command.kind == ipc::CommandKind::kSetLimits) {
      before_set_(*this, command.row);
      if (ipc::mark_of(payload(command.row)) != command.seen)
        answer.result = CommandResult::kChanged;
      else
        ++sets;
    }
    answer.reply = payload(command.row);
    return answer;
  }
  void answer_all() {
    for (ipc::Command command; !stopping_;) {
      if (queue_.poll(command)) queue_.answer(answer_of(command));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  std::function<void(Rows&, ipc::LimitRow)> before_set_;
  ipc::CommandQueue queue_;
  ipc::CommandServer server_;
  std::atomic<bool> stopping_{false};
  std::thread operators_, tile_;  // last: start when all else stands
};

TEST(LimitsCommand, ChangesTheRowThatWasSeen) {
  Instance instance;
  Rows rows(instance, [](Rows&, ipc::LimitRow) {});
  const Outcome got = instance.run({"risk", "limits", "account:7", "max_qty=900"});
  EXPECT_EQ(got.code, 0) << got.err;
  EXPECT_EQ(rows.sets, 1U) << "the row without a change is not sent";
}

TEST(LimitsCommand, SaysWhatAnotherOperatorChangedMeanwhile) {
  Instance instance;
  Rows rows(instance, [](Rows& r, ipc::LimitRow) { r.account.max_qty = 700; });
  const Outcome got = instance.run({"risk", "limits", "account:7", "max_qty=900"});
  EXPECT_EQ(got.code, 6);
  EXPECT_THAT(got.err, HasSubstr("somebody else changed max_qty from 500 to 700 meanwhile"));
  EXPECT_THAT(got.err, HasSubstr("nothing was done"));
  EXPECT_EQ(rows.sets, 0U);
}

TEST(LimitsCommand, SaysWhichHalfOfAChangeIsInForce) {
  Instance instance;
  Rows rows(instance, [](Rows& r, ipc::LimitRow row) {
    if (row == ipc::LimitRow::kScope) r.scope.open_orders_max = 40;
  });
  const Outcome got =
      instance.run({"risk", "limits", "account:7", "max_qty=900", "open_orders_max=50"});
  EXPECT_EQ(got.code, 6);
  EXPECT_THAT(got.err, HasSubstr("somebody else changed open_orders_max from 30 to 40"));
  EXPECT_THAT(got.err, HasSubstr("in force of this change is only: max_qty=900"));
  EXPECT_EQ(rows.sets, 1U);
}

}  // namespace
}  // namespace tradsys::testing
