// Goal: a session belongs to whoever can log in: idle connections cannot lock its owner out, a new
// login takes over from an old one, and a dropped session comes back. Method: logins encoded here,
// a transport that writes down what is closed.
#include "dataplane/session/soup_desk.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tradsys::dataplane {
namespace {

struct FakeTcp {
  std::set<u32> open;
  std::set<u32> aborted;
  bool listen(u16) noexcept { return true; }
  bool send(net::ConnId, Bytes) noexcept { return true; }
  void close(net::ConnId conn) noexcept { open.erase(conn.v); }
  void abort(net::ConnId conn) noexcept {
    open.erase(conn.v);
    aborted.insert(conn.v);
  }
};

struct FakeOwner {
  u32 messages = 0, connected = 0, gone = 0;
  void session_message(u16, Bytes) noexcept { ++messages; }
  void session_connected(u16) noexcept { ++connected; }
  void session_gone(u16) noexcept { ++gone; }
};

class SoupDeskTest : public ::testing::Test {
 protected:
  static constexpr u16 kPort = 9'000;

  SoupDeskTest() {
    config_.sessions = {{"ALPHA", "secret", kPort}};
    config_.store_bytes = 4'096;
    config_.store_messages = 16;
    desk_ = std::make_unique<SoupDesk<FakeOwner, FakeTcp>>(owner_, config_);
    EXPECT_TRUE(desk_->listen(tcp_));
  }
  void connect(u32 conn) {
    tcp_.open.insert(conn);
    desk_->on_accepted({conn}, kPort, now_);
  }
  void log_in(u32 conn, std::string_view password = "secret") {
    soup::LoginRequest m;
    std::copy_n("ALPHA", 5, m.username.begin());
    std::copy(password.begin(), password.end(), m.password.begin());
    m.requested_sequence_number = wire::number_text(1);
    std::array<std::byte, soup::LoginRequest::kBytes> bytes;
    encode(m, bytes.data());
    desk_->on_data({conn}, bytes, now_);
  }
  void pass(i64 ms) { now_ = now_ + Nanos{ms * kMillisecond.v}; }

  DeskConfig config_;
  FakeOwner owner_;
  FakeTcp tcp_;
  std::unique_ptr<SoupDesk<FakeOwner, FakeTcp>> desk_;
  Nanos now_{kSecond};
};

TEST_F(SoupDeskTest, IdleConnectionsGiveWayToAnotherOne) {
  connect(1);
  connect(2);
  connect(3);
  EXPECT_TRUE(tcp_.aborted.contains(3)) << "the others may still log in";
  pass(200);
  connect(4);
  EXPECT_EQ(tcp_.open, (std::set<u32>{2, 4}));
  log_in(4);
  EXPECT_TRUE(desk_->logged_in(0));
  EXPECT_EQ(owner_.connected, 1U);
}

TEST_F(SoupDeskTest, ALoggedInConnectionNeverGivesWayToOneThatOnlyConnects) {
  connect(1);
  log_in(1);
  pass(10'000);
  connect(2);
  connect(3);
  pass(200);
  connect(4);
  EXPECT_TRUE(tcp_.open.contains(1));
  EXPECT_TRUE(desk_->logged_in(0));
  EXPECT_EQ(owner_.gone, 0U);
}

TEST_F(SoupDeskTest, ANewLoginTakesTheSessionOver) {
  connect(1);
  log_in(1);
  connect(2);
  log_in(2);
  EXPECT_FALSE(tcp_.open.contains(1));
  EXPECT_TRUE(tcp_.open.contains(2));
  EXPECT_EQ(owner_.connected, 2U);
  EXPECT_EQ(owner_.gone, 0U) << "the session goes on";
}

TEST_F(SoupDeskTest, AWrongPasswordTakesNothingOver) {
  connect(1);
  log_in(1);
  connect(2);
  log_in(2, "guess");
  EXPECT_TRUE(tcp_.open.contains(1));
  EXPECT_EQ(desk_->counters(0).rejected_logins, 1U);
  EXPECT_TRUE(desk_->logged_in(0));
}

TEST_F(SoupDeskTest, ADroppedSessionEndsAndComesBack) {
  connect(1);
  log_in(1);
  desk_->drop(0, wire::SoupClose::kFlooded);
  EXPECT_FALSE(desk_->logged_in(0));
  EXPECT_EQ(owner_.gone, 1U);
  connect(2);
  log_in(2);
  EXPECT_TRUE(desk_->logged_in(0));
}

}  // namespace
}  // namespace tradsys::dataplane
