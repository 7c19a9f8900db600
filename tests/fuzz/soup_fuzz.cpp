// Goal: no byte stream, however cut, breaks the framer or a session: the packets do not depend on
// the cuts, memory stays bounded, a session closes once and says nothing after it closed. Method:
// the input's first bytes choose the cuts, the state and the steps; the rest is what the peer
// sends.
#include <cstdlib>

#include "hostsw/core/random.hpp"
#include "hostsw/wire/soup_client_session.hpp"
#include "hostsw/wire/soup_server_session.hpp"
#include "tests/support/bytes_text.hpp"

namespace tradsys {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr usize kPacketMax = 256;

std::string frame_all(Bytes stream, Random* cuts, wire::FrameResult& result) {
  wire::SoupFramer framer(kPacketMax);
  std::string packets;
  result = wire::FrameResult::kOk;
  while (!stream.empty() && result == wire::FrameResult::kOk) {
    const usize n = cuts ? static_cast<usize>(cuts->between(1, stream.size())) : stream.size();
    result = framer.feed(stream.first(n), [&](const wire::SoupPacket& packet) {
      require(packet.bytes.size() >= wire::kSoupHeaderBytes && packet.bytes.size() <= kPacketMax);
      packets += testing::text_of(packet.bytes);
      return true;
    });
    require(framer.torn_bytes() <= kPacketMax);
    stream = stream.subspan(n);
  }
  return packets;
}

void check_framer(Bytes stream, u64 seed) {
  Random cuts(seed);
  wire::FrameResult whole{};
  wire::FrameResult torn{};
  require(frame_all(stream, nullptr, whole) == frame_all(stream, &cuts, torn));
  require(whole == torn);
}

/// Either side's handler: everything after on_closed is an error.
struct Peer {
  bool closed = false;
  u64 next = 0;
  usize room = 4'096;

  bool send(Bytes packet) {
    require(!closed && packet.size() >= wire::kSoupHeaderBytes);
    require(load_be16(packet.data()) + 2U == packet.size());
    if (packet.size() > room) return false;
    room -= packet.size();
    return true;
  }
  char on_login(const wire::SoupLogin& login) {
    require(!closed);
    return login.username[0] == 'x' ? 'A' : '\0';
  }
  void on_login_accepted(const wire::SoupSessionName&, u64 sequence) {
    require(!closed);
    next = sequence;
  }
  void on_login_rejected(char) { require(!closed); }
  void on_sequenced(u64 sequence, Bytes) { require(!closed && sequence == next++); }
  void on_unsequenced(Bytes) { require(!closed); }
  void on_end_of_session() { require(!closed); }
  void on_closed(wire::SoupClose reason) {
    require(!closed && reason != wire::SoupClose::kNone);
    closed = true;
  }
};

/// Feeds the stream in cuts, with time and calls of the owner between them.
template <class Session, class Act>
void drive(Session& session, const Peer& peer, Bytes stream, Random& random, Act act) {
  Nanos now{1};
  while (!stream.empty()) {
    const usize n = static_cast<usize>(random.between(1, stream.size()));
    session.on_bytes(stream.first(n), now);
    stream = stream.subspan(n);
    now = now + Nanos{static_cast<i64>(random.below(4'000'000'000))};
    session.on_timer(now);
    act(now);
    require(session.closed() == peer.closed);
  }
}

std::string client_login() {
  std::array<std::byte, soup::LoginRequest::kBytes> bytes;
  soup::encode(wire::login_request({}), bytes.data());
  return testing::text_of(bytes);
}
std::string server_answer() {
  std::array<std::byte, soup::LoginAccepted::kBytes> bytes;
  soup::encode(soup::LoginAccepted{wire::session_text("DAY"), wire::number_text(1)}, bytes.data());
  return testing::text_of(bytes);
}

void check_server(Bytes stream, u64 seed, bool logged_in) {
  Random random(seed);
  Peer peer;
  wire::SequencedStore store(512, 8);
  wire::SoupServerSession<Peer> session({.packet_max_bytes = kPacketMax}, peer, store, "DAY");
  session.start(Nanos{1});
  if (logged_in) session.on_bytes(testing::bytes_of(client_login()), Nanos{1});
  drive(session, peer, stream, random, [&](Nanos now) {
    if (random.chance(500'000)) session.send_sequenced(stream.first(stream.size() % 100), now);
    if (random.chance(10'000)) session.end_session(now);
    peer.room = random.below(600);
  });
}

void check_client(Bytes stream, u64 seed, bool logged_in) {
  Random random(seed);
  Peer peer;
  wire::SoupClientSession<Peer> session({.packet_max_bytes = kPacketMax}, peer);
  session.start({}, Nanos{1});
  if (logged_in) session.on_bytes(testing::bytes_of(server_answer()), Nanos{1});
  drive(session, peer, stream, random, [&](Nanos now) {
    if (random.chance(500'000))
      static_cast<void>(session.send_unsequenced(stream.first(stream.size() % 300), now));
    if (random.chance(10'000)) session.logout(now);
    peer.room = random.below(600);
  });
}

}  // namespace
}  // namespace tradsys

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  using namespace tradsys;
  if (bytes < 2) return 0;
  const u64 seed = data[0];
  const bool logged_in = (data[1] & 1U) != 0;
  const Bytes stream = std::as_bytes(std::span(data, bytes)).subspan(2);
  check_framer(stream, seed);
  check_server(stream, seed, logged_in);
  check_client(stream, seed, logged_in);
  return 0;
}
