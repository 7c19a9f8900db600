// Goal: no bytes of an operator break the tile: every command is answered, and what the commands
// changed is what the journal says. Method: the input is records of a command socket, one behind
// the other, before the desk of a whole edge tile; in the end its journal is replayed.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "dataplane/app/command_desk.hpp"
#include "dataplane/journal/memory_journal.hpp"
#include "drivers/offload/soft_gate.hpp"
#include "sim/wire/memory_port.hpp"
#include "sim/world/defaults.hpp"

namespace tradsys::testing {
namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

struct Disk {
  const dataplane::MemoryJournal& journal;
  [[nodiscard]] u64 durable_seq() const noexcept { return journal.durable_seq(); }
  [[nodiscard]] static bool failed() noexcept { return false; }
  [[nodiscard]] bool has_room(u32 records) const noexcept { return journal.has_room(records); }
};

/// An edge tile without neighbours.
struct Appliance {
  using Tile = dataplane::EdgeTile<sim::MemoryPort, VirtualClock, offload::SoftGate,
                                   dataplane::FollowStrategy, dataplane::MemoryJournal>;

  Appliance(const VirtualClock& clock, dataplane::MemoryJournal& journal)
      : gate(offload::SoftGate::make({2, 8}).value()),
        tile(config(), {venue, clients, clock, gate, journal},
             dataplane::FollowStrategy({.enabled = false}, 8)) {
    for (const dataplane::MemoryRecord& r : journal.records())
      require(tile.replay(r.type, r.seq, r.payload) == engine::ReplayStatus::kApplied,
              "the journal does not apply");
  }
  static dataplane::EdgeConfig config() {
    dataplane::EdgeConfig config = sim::default_edge_config(1);
    config.books = {.instruments_max = 8, .orders_max = 1U << 8, .levels_max = 1U << 8};
    config.orders_max = config.trades_max = 64;
    config.client_store_messages = 64;
    config.client_store_bytes = 4'096;
    return config;
  }

  sim::MemoryPort venue{64};
  sim::MemoryPort clients{64};
  offload::SoftGate gate;
  Tile tile;
};

void run(Bytes input) {
  VirtualClock clock;
  clock.advance_to(kSecond);
  dataplane::MemoryJournal journal(clock, Nanos{1'000});
  Appliance appliance(clock, journal);
  require(appliance.tile.start(), "the tile does not start");
  const Disk disk{journal};
  ipc::CommandQueue queue;
  dataplane::CommandDesk desk(queue, appliance.tile, disk);
  u64 id = 0;
  for (; input.size() >= sizeof(ipc::Command); input = input.subspan(sizeof(ipc::Command))) {
    ipc::Command command;
    std::memcpy(&command, input.data(), sizeof command);
    command.id = ++id;
    require(queue.push(command), "commands are not answered");
    desk.run();
    clock.advance_by(Nanos{2'000});
    desk.run();
    ipc::Answer answer;
    require(queue.pop_answer(answer) && answer.id == id, "a command is not answered");
    appliance.tile.poll(8);
    appliance.tile.housekeep(clock.now());
  }
  clock.advance_by(Nanos{2'000});
  const Appliance restarted(clock, journal);
  require(
      restarted.tile.engine().core().state_hash() == appliance.tile.engine().core().state_hash(),
      "the journal says another thing than the tile");
}

}  // namespace
}  // namespace tradsys::testing

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size < 16'384) tradsys::testing::run(std::as_bytes(std::span(data, size)));
  return 0;
}
