// Goal: a drop copy has what is told of the orders of its accounts, once, in order, with whose they
// are, from any number on, not before it is durable, and takes no orders itself. Method: a client
// desk over a transport that writes down what is sent; streams are read back packet by packet.
#include "dataplane/edge/drop_copy.hpp"

#include <gtest/gtest.h>

#include "dataplane/edge/client_desk.hpp"
#include "hostsw/orders/order_store.hpp"

namespace tradsys::dataplane {
namespace {

using engine::ClientReport;
using engine::ReportKind;

struct FakeTcp {
  std::vector<std::byte> sent;
  bool listen(u16) noexcept { return true; }
  bool send(net::ConnId, Bytes bytes) noexcept {
    sent.insert(sent.end(), bytes.begin(), bytes.end());
    return true;
  }
  void close(net::ConnId) noexcept {}
  void abort(net::ConnId) noexcept {}
};

/// Nobody's orders.
struct FakeEngine {
  orders::OrderStore orders{16, orders::kSessionsMax};
  [[nodiscard]] const FakeEngine& core() const noexcept { return *this; }
  [[nodiscard]] const orders::OrderStore& store() const noexcept { return orders; }
  [[nodiscard]] u32 last_client_ref(u16) const noexcept { return 0; }
  [[nodiscard]] u64 event_seq() const noexcept { return 0; }
};

struct FakeOwner {
  FakeEngine fake_engine;
  [[nodiscard]] const FakeEngine& engine() const noexcept { return fake_engine; }
  [[nodiscard]] u64 wall_ns() const noexcept { return 0; }
  template <class Event>
  void client_note(orders::EventType, const Event&) noexcept {}
  static std::optional<u32> client_mass_cancel(const orders::MassCancelEvent&) noexcept {
    return 0;
  }
  void client_modify(u16, u32, Side, u32) noexcept { ++requests; }
  u32 requests = 0, sessions = 0;
  void client_request(engine::ClientRequest&) noexcept { ++requests; }
  void client_cancel(u16, u32, u32) noexcept { ++requests; }
  void client_query(u16) noexcept { ++requests; }
  void client_connected(u16) noexcept { ++sessions; }
  void client_gone(u16) noexcept { ++sessions; }
  [[nodiscard]] u16 find_symbol(Symbol) const noexcept { return 1; }
  [[nodiscard]] bool client_room() const noexcept { return true; }
};

class DropCopyTest : public ::testing::Test {
 protected:
  static constexpr u16 kAllPort = 9'201, kSomePort = 9'202;
  using Desk = ClientDesk<FakeOwner, FakeTcp>;

  DropCopyTest() {
    config_.clients = {{.user = "ALPHA", .password = "a", .tcp_port = 9'101, .account = 3},
                       {.user = "BETA", .password = "b", .tcp_port = 9'102, .account = 4}};
    config_.drop_copies = {{"ALL", "x", kAllPort, {}}, {"SOME", "y", kSomePort, {4}}};
    config_.client_store_bytes = 65'536;
    config_.client_store_messages = 64;
    start();
  }
  /// A restart: what the journal tells again is up to the test.
  void start() {
    tcp_ = {};
    desk_ = std::make_unique<Desk>(owner_, config_);
    ASSERT_TRUE(desk_->listen(tcp_));
  }
  void tell(u16 session, u16 account, u32 ref, ReportKind kind = ReportKind::kAccepted) {
    ClientReport report;
    report.kind = kind;
    report.session = session;
    report.account = account;
    report.client_ref = ref;
    report.order_number = 1'000 + ref;
    report.clordid.fill(' ');
    desk_->report(report, Symbol::from("NILE"), ++event_);
  }
  void tell_the_day() {
    event_ = 0;
    tell(0, 3, 1);
    tell(1, 4, 1);
    tell(0, 3, 1, ReportKind::kExecuted);
    tell(0, 3, 2, ReportKind::kNextReference);
    tell(orders::kStrategySession, 9, 1);
    tell(1, 4, 2, ReportKind::kRejected);
    tell(1, 4, 1, ReportKind::kCanceled);
  }
  void log_in(u16 port, std::string_view user, std::string_view password, u64 sequence) {
    tcp_.sent.clear();
    conn_ = {conn_.v + 1};
    desk_->on_accepted(conn_, port, now_);
    soup::LoginRequest m;
    std::copy(user.begin(), user.end(), m.username.begin());
    std::copy(password.begin(), password.end(), m.password.begin());
    m.requested_sequence_number = wire::number_text(sequence);
    std::array<std::byte, soup::LoginRequest::kBytes> bytes;
    encode(m, bytes.data());
    desk_->on_data(conn_, bytes, now_);
  }
  /// What was sent since the login: session, reference and type of each message.
  std::vector<std::string> got() const {
    std::vector<std::string> out;
    for (usize at = 0; at + 3 <= tcp_.sent.size();) {
      const usize length = load_be16(tcp_.sent.data() + at);
      const Bytes packet = Bytes(tcp_.sent).subspan(at + 2, length);
      at += 2 + length;
      if (static_cast<char>(packet[0]) != 'S') continue;
      const auto origin = origin_at_end(packet.subspan(1));
      if (!origin) return {"no origin"};
      const std::string user(origin->user.data(), origin->user.size());
      out.push_back(user.substr(0, user.find(' ')) + std::to_string(origin->account) + "/" +
                    std::to_string(origin->order_number) + static_cast<char>(packet[1]));
    }
    return out;
  }

  EdgeConfig config_;
  FakeOwner owner_;
  FakeTcp tcp_;
  std::unique_ptr<Desk> desk_;
  net::ConnId conn_{0};
  Nanos now_{kSecond};
  u64 event_ = 0;
};

const std::vector<std::string> kDay{"ALPHA3/1001A", "BETA4/1001A", "ALPHA3/1001E",
                                    "STRAT9/1001A", "BETA4/1002J", "BETA4/1001C"};

TEST_F(DropCopyTest, HasWhatEveryClientAndTheStrategyWereTold) {
  tell_the_day();
  desk_->release(event_, now_);
  log_in(kAllPort, "ALL", "x", 1);
  EXPECT_EQ(got(), kDay);
  EXPECT_EQ(desk_->next_seq(0), 4U) << "a client has its own, with the answer to its query";
}

TEST_F(DropCopyTest, ChosenAccountsAlone) {
  tell_the_day();
  desk_->release(event_, now_);
  log_in(kSomePort, "SOME", "y", 1);
  EXPECT_EQ(got(), (std::vector<std::string>{"BETA4/1001A", "BETA4/1002J", "BETA4/1001C"}));
}

TEST_F(DropCopyTest, NothingLeavesBeforeItIsDurable) {
  log_in(kAllPort, "ALL", "x", 1);
  tell_the_day();
  desk_->release(2, now_);
  EXPECT_EQ(got(), std::vector<std::string>(kDay.begin(), kDay.begin() + 2));
  desk_->release(event_, now_);
  EXPECT_EQ(got(), kDay);
}

TEST_F(DropCopyTest, AnyNumberIsReplayedAlsoAfterARestart) {
  tell_the_day();
  desk_->release(event_, now_);
  for (usize from = 1; from <= kDay.size(); ++from) {
    log_in(kAllPort, "ALL", "x", from);
    EXPECT_EQ(got(),
              std::vector<std::string>(kDay.begin() + static_cast<i64>(from) - 1, kDay.end()));
    desk_->on_closed(conn_);
  }
  start();
  tell_the_day();
  desk_->release(event_, now_);
  log_in(kAllPort, "ALL", "x", 4);
  EXPECT_EQ(got(), std::vector<std::string>(kDay.begin() + 3, kDay.end()));
}

TEST_F(DropCopyTest, AReaderHasNoWord) {
  log_in(kAllPort, "ALL", "x", 1);
  std::byte cancel[ouch50::inbound::CancelOrder::kBytes];
  encode(ouch50::inbound::CancelOrder{1, 0}, cancel);
  std::array<std::byte, 64> packet;
  desk_->on_data(conn_,
                 Bytes(packet).first(soup::encode(soup::UnsequencedData{}, cancel, packet.data())),
                 now_);
  desk_->on_closed(conn_);
  EXPECT_EQ(owner_.requests, 0U);
  EXPECT_EQ(owner_.sessions, 0U) << "nothing is journaled, nothing canceled for it";
}

TEST_F(DropCopyTest, AClientsPasswordOpensNoDropCopy) {
  tell_the_day();
  desk_->release(event_, now_);
  log_in(kAllPort, "ALPHA", "a", 1);
  EXPECT_TRUE(got().empty());
}

}  // namespace
}  // namespace tradsys::dataplane
