// Goal: links give back their memory once, whatever ends them; what a client had sent before it
// left is taken; a pipe that makes no sense ends its link and no other. Method: links on memory of
// this test, and a user that writes down what it is told.
#include "dataplane/edge/shm/shm_links.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace tradsys::dataplane {
namespace {

struct Memory {
  ipc::PipePositions requests, reports;
  std::vector<std::byte> request_ring = std::vector<std::byte>(4'096);
  std::vector<std::byte> report_ring = std::vector<std::byte>(64);
  ipc::PipeWriter to_tile{requests, request_ring};
  ipc::PipeReader from_tile{reports, report_ring};
  [[nodiscard]] ipc::SessionPipes pipes() {
    return {&requests, &reports, request_ring.data(), report_ring.data(), {4'096, 64}};
  }
};

class ShmLinksTest : public ::testing::Test {
 public:  // what the links tell their user
  void shm_attached(net::ConnId conn, u16 client) noexcept {
    conn_ = conn;
    told_ += "attached " + std::to_string(client) + ";";
  }
  void shm_bytes(net::ConnId conn, Bytes bytes) noexcept {
    told_ += std::to_string(bytes.size()) + " bytes;";
    if (closes_) links_.close(conn);
  }
  void shm_closed(net::ConnId) noexcept { told_ += "closed;"; }
  void shm_broken(u16 client) noexcept { told_ += "broken " + std::to_string(client) + ";"; }
  [[nodiscard]] bool shm_room() const noexcept { return room_; }

 protected:
  void attach(Memory& memory, u32 link, u16 client = 7) {
    ASSERT_TRUE(
        links_.handover().orders.try_push({ShmOrder::Kind::kAttach, client, link, memory.pipes()}));
  }
  void detach(u32 link) {
    ASSERT_TRUE(links_.handover().orders.try_push({ShmOrder::Kind::kDetach, 0, link, {}}));
  }
  void say(Memory& memory, usize bytes) {
    ASSERT_TRUE(memory.to_tile.try_write(std::vector<std::byte>(bytes)));
  }
  std::string polled() {
    links_.poll(*this);
    return std::exchange(told_, {});
  }
  /// Numbers of the links that were given back since the last call.
  std::string given_back() {
    std::string numbers;
    for (ShmNotice n; links_.handover().notices.try_pop(n);)
      numbers += std::to_string(n.link) + ";";
    return numbers;
  }

  ShmLinks links_{2};
  Memory a_, b_;
  net::ConnId conn_;
  std::string told_;
  bool closes_ = false;
  bool room_ = true;
};

TEST_F(ShmLinksTest, WhatIsHandedOverWaitsUntilClientsMayComeIn) {
  attach(a_, 1);
  EXPECT_EQ(polled(), "");
  links_.open();
  EXPECT_EQ(polled(), "attached 7;");
}

TEST_F(ShmLinksTest, BytesGoBothWaysInBoundedPortions) {
  links_.open();
  attach(a_, 1);
  say(a_, ShmLinks::kBytesPerPoll + 10);
  EXPECT_EQ(polled(), "attached 7;1024 bytes;");
  EXPECT_EQ(polled(), "10 bytes;");
  EXPECT_TRUE(is_shm(conn_));
  std::byte packet[40]{};
  EXPECT_TRUE(links_.send(conn_, packet));
  EXPECT_FALSE(links_.send(conn_, packet)) << "64 bytes hold no second one";
  std::byte out[64];
  EXPECT_EQ(a_.from_tile.take(out), 40U);
  EXPECT_TRUE(links_.send(conn_, packet));
}

TEST_F(ShmLinksTest, NothingIsTakenThatCannotBeRecorded) {
  links_.open();
  attach(a_, 1);
  say(a_, 10);
  room_ = false;
  EXPECT_EQ(polled(), "attached 7;");
  room_ = true;
  EXPECT_EQ(polled(), "10 bytes;");
}

TEST_F(ShmLinksTest, WhoLeavesIsHeardToTheEndAndNotBeyond) {
  links_.open();
  attach(a_, 1);
  say(a_, ShmLinks::kBytesPerPoll + 10);
  detach(1);
  EXPECT_EQ(polled(), "attached 7;1024 bytes;");
  say(a_, 30);  // somebody else still has the memory
  EXPECT_EQ(polled(), "10 bytes;closed;");
  EXPECT_EQ(given_back(), "1;");
  EXPECT_EQ(polled(), "");
  EXPECT_FALSE(links_.send(conn_, {}));
}

TEST_F(ShmLinksTest, ALinkThatTheSessionEndsIsGivenBackOnce) {
  links_.open();
  attach(a_, 1);
  say(a_, 5);
  closes_ = true;
  EXPECT_EQ(polled(), "attached 7;5 bytes;");
  detach(1);  // the door saw the end of the socket at the same time
  EXPECT_EQ(polled(), "");
  links_.close(conn_);
  EXPECT_EQ(given_back(), "1;");
}

TEST_F(ShmLinksTest, AnIdOfAnEndedLinkNamesNoLaterOne) {
  links_.open();
  attach(a_, 1);
  polled();
  const net::ConnId first = conn_;
  links_.close(first);
  attach(b_, 2);
  polled();
  EXPECT_NE(conn_, first);
  EXPECT_FALSE(links_.send(first, {}));
  EXPECT_TRUE(links_.send(conn_, {}));
}

TEST_F(ShmLinksTest, ABrokenRequestPipeEndsItsLinkAlone) {
  links_.open();
  attach(a_, 1);
  attach(b_, 2, 8);
  EXPECT_EQ(polled(), "attached 7;attached 8;");
  a_.requests.written = u64{1} << 50;
  say(b_, 3);
  EXPECT_EQ(polled(), "broken 7;closed;3 bytes;");
  EXPECT_EQ(given_back(), "1;");
}

TEST_F(ShmLinksTest, ABrokenReportPipeEndsItsLink) {
  links_.open();
  attach(a_, 1);
  polled();
  std::byte packet[64]{};
  ASSERT_TRUE(links_.send(conn_, packet));
  a_.reports.taken = 1'000;
  EXPECT_FALSE(links_.send(conn_, packet));
  EXPECT_EQ(polled(), "broken 7;closed;");
}

}  // namespace
}  // namespace tradsys::dataplane
