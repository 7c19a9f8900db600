// Goal: only who the configuration names gets memory; the tile is told of every end, however it
// comes, and memory lives until the tile has let go of it. Method: the door in its thread, clients
// over its real socket, this test in the place of the tile.
#include "dataplane/app/client_door.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hostsw/client/attachment.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::dataplane {
namespace {

class ClientDoorTest : public ::testing::Test {
 protected:
  ClientDoorTest() : board_(ipc::MarketBoard::create(4).value()) {
    where_.socket = dir_ / "clients";
    EdgeConfig edge;
    edge.clients.resize(3);
    edge.clients[1] = local("ALPHA", ::geteuid());
    edge.clients[2] = local("OTHER", ::geteuid() + 1);
    edge.clients[0].user = "REMOTE";
    edge.clients[0].password = "secret";
    Result<ipc::LocalListener> listener = ipc::LocalListener::create(where_.socket, 0666);
    EXPECT_TRUE(listener) << listener.error().message();
    door_ = std::make_unique<ClientDoor>(DoorConfig{edge.clients, board_.descriptor()},
                                         std::move(listener).value(), handover_);
    door_->start();
  }
  static ClientConfig local(const char* user, u32 uid) {
    ClientConfig client;
    client.user = user;
    client.password = "secret";
    client.protocol = ClientProtocol::kShm;
    client.shm = {.user_ids = {uid}, .sizes = {4'096, 16'384}};
    return client;
  }
  Result<client::Attachment> attach(const char* user, const char* password = "secret") {
    return client::attach(where_, ipc::AttachKind::kSession, user, password);
  }
  /// The next order to the tile, within two seconds.
  std::optional<ShmOrder> next_order() {
    ShmOrder order;
    for (int i = 0; i < 2'000; ++i) {
      if (handover_.orders.try_pop(order)) return order;
      const timespec nap{0, 1'000'000};
      nanosleep(&nap, nullptr);
    }
    return std::nullopt;
  }
  static std::string message_of(const Result<client::Attachment>& refused) {
    return refused ? "it was granted" : refused.error().message();
  }

  testing::TempDir dir_;
  client::Where where_;
  ipc::MarketBoard board_;
  ShmHandover handover_{4};
  std::unique_ptr<ClientDoor> door_;
};

constexpr const char* kNotLetIn = "does not let this process in";

TEST_F(ClientDoorTest, AClientGetsTheMemoryThatTheTileGets) {
  Result<client::Attachment> attached = attach("ALPHA");
  ASSERT_TRUE(attached) << attached.error().message();
  const std::optional<ShmOrder> order = next_order();
  ASSERT_TRUE(order);
  EXPECT_EQ(order->kind, ShmOrder::Kind::kAttach);
  EXPECT_EQ(order->client, 1U) << "its place in the configuration";
  const auto memory = ipc::SessionMemory::open(std::move(attached.value().memory));
  ASSERT_TRUE(memory) << memory.error().message();
  ipc::PipeWriter writer(*memory.value().pipes().requests, memory.value().pipes().request_bytes());
  ipc::PipeReader reader(*order->pipes.requests, order->pipes.request_bytes());
  ASSERT_TRUE(writer.try_write(std::as_bytes(std::span("hello", 5))));
  EXPECT_EQ(reader.waiting(), 5U);
}

TEST_F(ClientDoorTest, AWrongPasswordUserOrUserIdGetsNothing) {
  EXPECT_NE(message_of(attach("ALPHA", "guess")).find(kNotLetIn), std::string::npos);
  EXPECT_NE(message_of(attach("NOBODY")).find(kNotLetIn), std::string::npos);
  EXPECT_NE(message_of(attach("OTHER")).find(kNotLetIn), std::string::npos) << "user id";
  EXPECT_NE(message_of(attach("REMOTE")).find(kNotLetIn), std::string::npos) << "not local";
  ShmOrder order;
  EXPECT_FALSE(handover_.orders.try_pop(order)) << "the tile was bothered";
}

TEST_F(ClientDoorTest, AnotherReleaseAndNonsenseAreTold) {
  const auto answer_to = [this](Bytes packet) {
    Result<ipc::LocalSocket> socket = ipc::LocalSocket::connect(where_.socket);
    EXPECT_TRUE(socket && socket.value().send(packet));
    socket.value().wait(kSecond);
    ipc::AttachReply reply{};
    EXPECT_EQ(socket.value().receive(std::as_writable_bytes(std::span(&reply, 1))).bytes,
              sizeof reply);
    return reply.status;
  };
  ipc::AttachRequest request{};
  request.magic = ipc::kAttachMagic;
  request.layout_hash = ipc::kAttachLayout ^ 1;
  request.kind = ipc::AttachKind::kMarket;
  const Bytes bytes = std::as_bytes(std::span(&request, 1));
  EXPECT_EQ(answer_to(bytes), ipc::AttachStatus::kOtherRelease);
  request.layout_hash = ipc::kAttachLayout;
  EXPECT_EQ(answer_to(bytes), ipc::AttachStatus::kGranted);
  EXPECT_EQ(answer_to(bytes.first(bytes.size() - 1)), ipc::AttachStatus::kMalformed);
  request.kind = ipc::AttachKind{7};
  EXPECT_EQ(answer_to(bytes), ipc::AttachStatus::kMalformed);
}

TEST_F(ClientDoorTest, TheEndOfTheSocketIsTheEndOfTheSession) {
  std::optional<client::Attachment> attached = attach("ALPHA").value();
  const std::optional<ShmOrder> first = next_order();
  ASSERT_TRUE(first);
  attached.reset();
  const std::optional<ShmOrder> second = next_order();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->kind, ShmOrder::Kind::kDetach);
  EXPECT_EQ(second->link, first->link);
  first->pipes.requests->written.load();  // still mapped
  ASSERT_TRUE(handover_.notices.try_push({first->link}));
}

TEST_F(ClientDoorTest, TheEndOfTheProcessIsTheEndOfTheSessionWhoeverHoldsItsSocket) {
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::setpgid(0, 0);
    const Result<client::Attachment> attached = attach("ALPHA");
    if (::fork() == 0) {  // inherits the socket, and outlives its parent
      ::pause();
      ::_exit(0);
    }
    const char ok = attached ? 'y' : 'n';
    static_cast<void>(!::write(told[1], &ok, 1));
    ::pause();
  }
  char ok = 'n';
  ASSERT_EQ(::read(told[0], &ok, 1), 1);
  ASSERT_EQ(ok, 'y');
  ASSERT_TRUE(next_order());
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  const std::optional<ShmOrder> order = next_order();
  EXPECT_EQ(::kill(-child, SIGKILL), 0) << "the other one should have been there until now";
  ASSERT_TRUE(order);
  EXPECT_EQ(order->kind, ShmOrder::Kind::kDetach);
}

TEST_F(ClientDoorTest, ASessionThatTheTileEndsLosesItsSocket) {
  Result<client::Attachment> attached = attach("ALPHA");
  ASSERT_TRUE(attached);
  const std::optional<ShmOrder> order = next_order();
  ASSERT_TRUE(order);
  ASSERT_TRUE(handover_.notices.try_push({order->link}));
  attached.value().socket.wait(kSecond);
  std::byte nothing[1];
  EXPECT_EQ(attached.value().socket.receive(nothing).what, ipc::LocalSocket::Received::kClosed);
}

TEST_F(ClientDoorTest, NoMoreLinksThanTheTileHasRoomFor) {
  std::vector<client::Attachment> attached;
  for (u32 i = 0; i < handover_.links_max; ++i) attached.push_back(attach("ALPHA").value());
  EXPECT_NE(message_of(attach("ALPHA")).find("too many"), std::string::npos);
  const std::optional<ShmOrder> first = next_order();
  ASSERT_TRUE(first && handover_.notices.try_push({first->link}));
  bool again = false;
  for (int i = 0; i < 100 && !again; ++i) again = attach("ALPHA").ok();
  EXPECT_TRUE(again) << "a link that was given back is free";
}

TEST_F(ClientDoorTest, ASubscriberGetsTheBoard) {
  Result<client::Attachment> attached = client::attach(where_, ipc::AttachKind::kMarket);
  ASSERT_TRUE(attached) << attached.error().message();
  EXPECT_TRUE(ipc::MarketReader::open(std::move(attached.value().memory)));
}

TEST_F(ClientDoorTest, TheSocketOfALivingDoorIsNotTaken) {
  EXPECT_FALSE(ipc::LocalListener::create(where_.socket, 0666));
  door_.reset();
  EXPECT_TRUE(ipc::LocalListener::create(where_.socket, 0666)) << "that of a dead one is";
}

}  // namespace
}  // namespace tradsys::dataplane
