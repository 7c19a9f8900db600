// Goal: whatever a local client does to its memory and says at the door, the tile's side never
// reads or writes outside, gives each link back once, and keeps no link whose client is gone.
// Method: links and SoupBinTCP sessions as in the tile, on pipes that the input scribbles over: its
// bytes are steps that write positions, ring bytes and packets, attach, detach, poll and let time
// pass. A second client behaves, and must stay logged in.
#include <cstdlib>
#include <memory>
#include <set>

#include "dataplane/edge/shm/shm_links.hpp"
#include "dataplane/session/soup_desk.hpp"
#include "hostsw/ipc/attach.hpp"

namespace tradsys::dataplane {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr ipc::PipeSizes kSizes{256, 512};
constexpr u16 kHostile = 0;
constexpr u16 kHonest = 1;

/// A session's memory; vectors of their own, so that a sanitizer sees a step outside.
struct Memory {
  ipc::PipePositions requests, reports;
  std::vector<std::byte> request_ring = std::vector<std::byte>(kSizes.request_bytes);
  std::vector<std::byte> report_ring = std::vector<std::byte>(kSizes.report_bytes);
  [[nodiscard]] ipc::SessionPipes pipes() {
    return {&requests, &reports, request_ring.data(), report_ring.data(), kSizes};
  }
};

struct NoTcp {
  bool listen(u16) noexcept { return true; }
  bool send(net::ConnId, Bytes) noexcept { return false; }
  void close(net::ConnId) noexcept {}
  void abort(net::ConnId) noexcept {}
};

/// The client desk's part of the tile, without engine.
class Desk {
 public:
  Desk() : sessions_(*this, config()) {
    transport_.attach(tcp_);
    require(sessions_.listen(transport_));
    links_.open();
  }
  void attach(Memory& memory, u32 link, u16 client) {
    require(
        links_.handover().orders.try_push({ShmOrder::Kind::kAttach, client, link, memory.pipes()}));
    poll();
  }
  void detach(u32 link) {
    require(links_.handover().orders.try_push({ShmOrder::Kind::kDetach, 0, link, {}}));
    poll();
  }
  void poll() {
    links_.poll(*this);
    for (ShmNotice n; links_.handover().notices.try_pop(n);) require(back_.insert(n.link).second);
  }
  void pass(Nanos time) {
    now_ = now_ + time;
    sessions_.on_timer(now_);
  }
  /// Says something to a client, as a report would.
  void tell(u16 client, Bytes message) {
    static_cast<void>(sessions_.store(client).append(message));
    sessions_.pump(client, now_);
  }
  [[nodiscard]] bool logged_in(u16 client) const { return sessions_.logged_in(client); }
  [[nodiscard]] bool has_back(u32 link) const { return back_.contains(link); }

  void shm_attached(net::ConnId conn, u16 client) noexcept {
    sessions_.on_connected(conn, client, now_);
  }
  void shm_bytes(net::ConnId conn, Bytes bytes) noexcept { sessions_.on_data(conn, bytes, now_); }
  void shm_closed(net::ConnId conn) noexcept { sessions_.on_closed(conn); }
  void shm_broken(u16 client) noexcept { require(client == kHostile); }
  [[nodiscard]] bool shm_room() const noexcept { return true; }
  void session_message(u16 client, Bytes message) noexcept { tell(client, message); }
  void session_connected(u16) noexcept {}
  void session_gone(u16) noexcept {}

 private:
  static DeskConfig config() {
    DeskConfig desk;
    desk.sessions = {{"BAD", "secret", 0}, {"GOOD", "secret", 0}};
    desk.store_bytes = 4'096;
    desk.store_messages = 64;
    desk.soup.packet_max_bytes = 128;
    return desk;
  }
  NoTcp tcp_;
  ShmLinks links_{8};
  ClientTransport<NoTcp> transport_{links_};
  SoupDesk<Desk, ClientTransport<NoTcp>> sessions_;
  std::set<u32> back_;
  Nanos now_{kSecond};
};

std::vector<std::byte> login(std::string_view user) {
  wire::SoupLogin l;
  l.username = make_text<6>(user);
  l.password = make_text<10>("secret");
  std::vector<std::byte> bytes(soup::LoginRequest::kBytes);
  soup::encode(wire::login_request(l), bytes.data());
  return bytes;
}

/// The input as a stream of small numbers.
class Steps {
 public:
  explicit Steps(Bytes bytes) : rest_(bytes) {}
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  u8 next() {
    if (rest_.empty()) return 0;
    const u8 v = load_u8(rest_.data());
    rest_ = rest_.subspan(1);
    return v;
  }
  u64 wide() {
    u64 v = 0;
    for (u32 i = 0; i < 8; ++i) v = v << 8 | next();
    return v;
  }
  Bytes some() {
    const usize n = std::min<usize>(next() % 64U, rest_.size());
    const Bytes bytes = rest_.first(n);
    rest_ = rest_.subspan(n);
    return bytes;
  }

 private:
  Bytes rest_;
};

class Run {
 public:
  Run() {
    desk_.attach(honest_, 1, kHonest);
    require(to_tile_.try_write(login("GOOD")));
    desk_.poll();
    require(desk_.logged_in(kHonest));
    attach();
  }
  void step(Steps& steps) {
    Memory& m = *hostile_.back();
    const u8 what = steps.next();
    switch (what % 10) {
      case 0:
        m.requests.written = steps.wide();
        break;
      case 1:
        m.reports.taken = steps.wide();
        break;
      case 2:
        m.requests.written += steps.next();
        break;
      case 3:
        m.reports.taken += steps.next();
        break;
      case 4:
        m.request_ring[steps.next()] = std::byte{steps.next()};
        break;
      case 5:
        write(m, steps.some());
        break;
      case 6:
        write(m, login("BAD"));
        break;
      case 7:
        beat();
        desk_.pass(Nanos{i64{steps.next()} * kMillisecond.v});
        break;
      case 8:
        desk_.tell(kHostile, steps.some());
        break;
      default:
        if (hostile_.size() < 7) attach();
    }
    desk_.poll();
  }
  /// Every link that is told to go does, in bounded time.
  void finish() {
    for (u32 link = 2; link < 2 + hostile_.size(); ++link) {
      desk_.detach(link);
      for (u32 i = 0; i < 4 && !desk_.has_back(link); ++i) desk_.poll();
      require(desk_.has_back(link));
    }
    require(desk_.logged_in(kHonest) && !desk_.has_back(1));
    require(!desk_.logged_in(kHostile));
  }

 private:
  void attach() {
    hostile_.push_back(std::make_unique<Memory>());
    desk_.attach(*hostile_.back(), static_cast<u32>(1 + hostile_.size()), kHostile);
  }
  /// The honest one reads and says that it lives.
  void beat() {
    std::byte bytes[kSizes.report_bytes];
    static_cast<void>(from_tile_.take(bytes));
    require(to_tile_.try_write(Bytes(bytes).first(soup::encode(soup::ClientHeartbeat{}, bytes))));
    desk_.poll();
  }
  /// As a client would, wherever its positions stand.
  static void write(Memory& m, Bytes bytes) {
    const u64 at = m.requests.written;
    for (usize i = 0; i < bytes.size(); ++i)
      m.request_ring[(at + i) % kSizes.request_bytes] = bytes[i];
    m.requests.written = at + bytes.size();
  }

  Memory honest_;
  ipc::PipeWriter to_tile_{honest_.requests, honest_.request_ring};
  ipc::PipeReader from_tile_{honest_.reports, honest_.report_ring};
  std::vector<std::unique_ptr<Memory>> hostile_;
  Desk desk_;
};

}  // namespace
}  // namespace tradsys::dataplane

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  using namespace tradsys;
  const Bytes input = std::as_bytes(std::span(data, bytes));
  ipc::AttachRequest request{};
  const ipc::AttachStatus status = ipc::read_request(input, request);
  if (status == ipc::AttachStatus::kGranted && bytes != sizeof request) std::abort();
  dataplane::Steps steps(input);
  dataplane::Run run;
  while (!steps.empty()) run.step(steps);
  run.finish();
  return 0;
}
