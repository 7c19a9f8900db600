#pragma once
// Lets local clients in, in a thread of its own: it listens on the socket of the instance, asks the
// kernel who is there, checks the password, makes the memory of a session and hands it to the edge
// tile. From then on it only watches: the end of the socket or of the process is the end of the
// session, and the tile is told at once (ADR 0013). The tile never waits for any of this.
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "dataplane/edge/edge_config.hpp"
#include "dataplane/edge/shm/shm_handover.hpp"
#include "hostsw/ipc/attach.hpp"
#include "hostsw/ipc/local_socket.hpp"

namespace tradsys::dataplane {

/// Who may come in, and what they are given.
struct DoorConfig {
  std::vector<ClientConfig> clients;  ///< all of them, by place; those of protocol shm may attach
  int market_board = -1;  ///< descriptor of the board that subscribers get; the door only passes it
};

class ClientDoor {
 public:
  /// `listener` and `handover` stay with the caller; the latter outlives the door.
  ClientDoor(DoorConfig config, ipc::LocalListener listener, ShmHandover& handover);
  /// As stop().
  ~ClientDoor() { stop(); }
  ClientDoor(const ClientDoor&) = delete;
  ClientDoor& operator=(const ClientDoor&) = delete;

  /// Runs until stop().
  void start();
  /// Ends the thread and closes every socket. The tile does not poll any more.
  void stop();
  /// One round of the thread: waits up to `wait`, then does what there is to do. For tests without
  /// the thread.
  void step(Nanos wait);

 private:
  struct Guest {
    enum class State : u8 {
      kAsking,  ///< connected, no request yet
      kServed,  ///< the tile has its memory, or it reads the board
      kLeaving,  ///< gone; the tile has been told and may still use its memory
    };
    explicit Guest(ipc::LocalSocket s) : socket(std::move(s)) {}
    ipc::LocalSocket socket;
    ipc::Descriptor process;  ///< pidfd: readable once the process is gone
    ipc::SessionMemory memory;
    ipc::Peer peer;
    Nanos since{};
    State state = State::kAsking;
    u32 link = 0;  ///< 0: no session
  };

  void wait_for_news(Nanos wait);
  void take_notices();
  void let_in();
  /// False when the guest is to be forgotten.
  [[nodiscard]] bool look_at(Guest& guest, bool process_gone);
  [[nodiscard]] bool listen_to(Guest& guest);
  [[nodiscard]] ipc::AttachStatus serve(Guest& guest, const ipc::AttachRequest& request);
  [[nodiscard]] ipc::AttachStatus serve_session(Guest& guest, u16 client);
  /// The place of the client who may come in; nothing when there is none.
  [[nodiscard]] std::optional<u16> client_of(const Guest& guest,
                                             const ipc::AttachRequest& request) const;
  [[nodiscard]] bool may_subscribe(uid_t uid) const;
  [[nodiscard]] bool leave(Guest& guest);

  DoorConfig config_;
  ipc::LocalListener listener_;
  ShmHandover& handover_;
  std::vector<std::unique_ptr<Guest>> guests_;
  std::vector<bool> process_gone_;  ///< of each guest, since the last wait
  u32 links_ = 0;  ///< handed over and not given back
  u32 next_link_ = 1;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace tradsys::dataplane
