#pragma once
// An order session of a program on the appliance's own host, through shared memory. It speaks what
// a client on the network speaks (SoupBinTCP, OUCH 5.0): what it is told has numbers, survives any
// crash of the appliance, and is told again from any number on.
//
//   Session session({.user = "LOCAL", .password = ...});
//   if (Status s = session.attach(); !s) ...
//   for (;;) {
//     for (const Event& event : session.poll()) ...   // never waits
//     if (session.ready()) session.enter({symbol, Way::kBuy, 100, price});
//     if (!session.attached()) ...                     // attach() again: goes on where it was
//   }
//
// One thread. Poll it several times a second at least: who is silent for 15 seconds is gone, and
// the live orders of who is gone are canceled.
#include <span>
#include <vector>

#include "hostsw/client/attachment.hpp"
#include "hostsw/client/event.hpp"
#include "hostsw/wire/soup_client_session.hpp"

namespace tradsys::client {

struct SessionConfig {
  Where where{};
  std::string user{};
  std::string password{};
  u64 next_sequence = 1;  ///< first message to be told; 1: all of the day
};

class Session {
 public:
  explicit Session(SessionConfig config);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// As detach().
  ~Session() { detach(); }

  /// Logs in; the answer comes with poll(). An older session of the same user ends. Error as of
  /// attach() in attachment.hpp, or when the memory is not what it should be.
  [[nodiscard]] Status attach();
  /// The same over memory that came another way; its end is not noticed by a socket.
  void attach(ipc::SessionMemory memory);
  /// Says goodbye. Live orders are canceled unless the appliance is configured otherwise.
  void detach() noexcept;

  /// What was said since the last call, in order; valid until the next one. Never waits.
  [[nodiscard]] std::span<const Event> poll() noexcept;

  /// There is a connection, or a login under way.
  [[nodiscard]] bool attached() const noexcept { return !soup_.closed(); }
  /// Orders can be sent: what was missed has been told, and the appliance said which reference is
  /// next.
  [[nodiscard]] bool ready() const noexcept { return stage_ == Stage::kReady; }
  /// Why the last connection ended.
  [[nodiscard]] wire::SoupClose end_reason() const noexcept { return end_reason_; }
  /// Number of the next message: what to start a new Session with.
  [[nodiscard]] u64 next_sequence() const noexcept { return next_sequence_; }

  /// Sends an order; its reference, or 0 when not ready() or when the appliance does not keep up.
  u32 enter(const NewOrder& order) noexcept;
  /// Replaces a live order: `qty` counts what was executed already. As enter().
  u32 replace(u32 ref, u32 qty, u32 price) noexcept;
  /// Cancels down to `qty` open in total. False as enter() gives 0.
  bool cancel(u32 ref, u32 qty = 0) noexcept;

  // --- handler of the SoupBinTCP session ---------------------------------------------------------
  bool send(Bytes packet) noexcept { return requests_.try_write(packet); }
  void on_login_accepted(const wire::SoupSessionName&, u64 sequence) noexcept;
  void on_login_rejected(char) noexcept {}
  void on_sequenced(u64 sequence, Bytes message) noexcept;
  void on_end_of_session() noexcept {}
  void on_closed(wire::SoupClose reason) noexcept;

 private:
  enum class Stage : u8 { kDetached, kReplaying, kAsked, kReady };

  void log_in(ipc::SessionMemory memory, Nanos now);
  void read(Nanos now) noexcept;
  void ask(Nanos now) noexcept;
  [[nodiscard]] bool say(usize bytes) noexcept;

  SessionConfig config_;
  std::optional<ipc::LocalSocket> socket_;
  ipc::SessionMemory memory_;
  ipc::PipeWriter requests_;
  ipc::PipeReader reports_;
  wire::SoupClientSession<Session> soup_;
  std::vector<Event> events_;
  std::vector<std::byte> buffer_;
  std::byte message_[64]{};
  Stage stage_ = Stage::kDetached;
  wire::SoupClose end_reason_ = wire::SoupClose::kNone;
  u64 next_sequence_;
  u32 next_ref_ = 1;
  Nanos heard_at_{};
  Nanos next_look_{};
};

}  // namespace tradsys::client
