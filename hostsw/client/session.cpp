#include "hostsw/client/session.hpp"

#include "hostsw/ipc/shared_file.hpp"

namespace tradsys::client {
namespace {

constexpr usize kBufferBytes = 64U << 10;
constexpr usize kEventsAtOnce = 4'096;
constexpr Nanos kQuiet{20'000'000};  ///< a replay is over when nothing came for so long
constexpr Nanos kLookInterval{2'000'000};  ///< between looks at the socket and the timers

}  // namespace

Session::Session(SessionConfig config)
    : config_(std::move(config)),
      soup_({}, *this),
      buffer_(kBufferBytes),
      next_sequence_(config_.next_sequence) {
  events_.reserve(kEventsAtOnce);
}

Status Session::attach() {
  detach();
  Result<Attachment> attached =
      client::attach(config_.where, ipc::AttachKind::kSession, config_.user, config_.password);
  if (!attached) return attached.error();
  Result<ipc::SessionMemory> memory = ipc::SessionMemory::open(std::move(attached.value().memory));
  if (!memory) return memory.error();
  socket_ = std::move(attached.value().socket);
  log_in(std::move(memory).value(), ipc::monotonic_now());
  return Done{};
}

void Session::attach(ipc::SessionMemory memory) {
  detach();
  log_in(std::move(memory), ipc::monotonic_now());
}

void Session::log_in(ipc::SessionMemory memory, Nanos now) {
  memory_ = std::move(memory);
  const ipc::SessionPipes& pipes = memory_.pipes();
  requests_ = {*pipes.requests, pipes.request_bytes()};
  reports_ = {*pipes.reports, pipes.report_bytes()};
  end_reason_ = wire::SoupClose::kNone;
  stage_ = Stage::kReplaying;
  soup_.start({.username = make_text<6>(config_.user),
               .password = make_text<10>(config_.password),
               .sequence = next_sequence_},
              now);
}

void Session::detach() noexcept {
  soup_.logout(ipc::monotonic_now());
  socket_.reset();
}

std::span<const Event> Session::poll() noexcept {
  events_.clear();
  if (!attached()) return events_;
  const Nanos now = ipc::monotonic_now();
  bool gone = false;
  if (now >= next_look_) {
    next_look_ = now + kLookInterval;
    std::byte nothing[1];
    gone = socket_ && socket_->receive(nothing).what != ipc::LocalSocket::Received::kNothing;
    soup_.on_timer(now);
  }
  read(now);
  if (gone && reports_.waiting() == 0) soup_.on_disconnected();
  if (attached()) ask(now);
  return events_;
}

void Session::read(Nanos now) noexcept {
  while (attached() && events_.size() < kEventsAtOnce / 2) {
    const usize n = reports_.take(buffer_);
    if (reports_.broken()) soup_.on_disconnected();
    if (n == 0) return;
    soup_.on_bytes(Bytes(buffer_).first(n), now);
  }
}

/// After the replay: which reference is next?
void Session::ask(Nanos now) noexcept {
  if (!events_.empty() || !soup_.logged_in()) heard_at_ = now;
  if (stage_ != Stage::kReplaying || now - heard_at_ < kQuiet) return;
  if (say(encode(ouch50::inbound::AccountQuery{}, message_))) stage_ = Stage::kAsked;
}

bool Session::say(usize bytes) noexcept {
  return soup_.send_unsequenced(Bytes(message_).first(bytes), ipc::monotonic_now());
}

u32 Session::enter(const NewOrder& order) noexcept {
  if (!ready() || !say(write_enter(next_ref_, order, message_))) return 0;
  return next_ref_++;
}
u32 Session::replace(u32 ref, u32 qty, u32 price) noexcept {
  if (!ready() || !say(write_replace(ref, next_ref_, qty, price, message_))) return 0;
  return next_ref_++;
}
bool Session::cancel(u32 ref, u32 qty) noexcept {
  return ready() && say(write_cancel(ref, qty, message_));
}

void Session::on_login_accepted(const wire::SoupSessionName&, u64 sequence) noexcept {
  if (next_sequence_ != 0 && sequence != next_sequence_)
    events_.push_back({.kind = Event::Kind::kGap, .sequence = sequence});
  next_sequence_ = sequence;
}
void Session::on_sequenced(u64 sequence, Bytes message) noexcept {
  next_sequence_ = sequence + 1;
  Event event{.sequence = sequence};
  if (read_event(message, event, next_ref_) && stage_ == Stage::kAsked) stage_ = Stage::kReady;
  events_.push_back(event);
}
void Session::on_closed(wire::SoupClose reason) noexcept {
  end_reason_ = reason;
  stage_ = Stage::kDetached;
  socket_.reset();
}

}  // namespace tradsys::client
