#include "dataplane/app/dataplane.hpp"

#include <sys/random.h>
#include <time.h>

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <thread>

#include "dataplane/app/client_door.hpp"
#include "dataplane/app/command_desk.hpp"
#include "dataplane/app/edge_config_from.hpp"
#include "dataplane/app/replay.hpp"
#include "dataplane/app/status_publisher.hpp"
#include "dataplane/app/tile_placement.hpp"
#include "dataplane/edge/edge_tile.hpp"
#include "dataplane/engine/silent_out.hpp"
#include "dataplane/journal/journal_tile.hpp"
#include "drivers/clock/tsc_clock.hpp"
#include "drivers/nic/eal.hpp"
#include "drivers/nic/port.hpp"
#include "drivers/offload/offload_gate.hpp"
#include "drivers/offload/rtl/offload.hpp"
#include "drivers/topology/host_thread.hpp"
#include "hostsw/ipc/command/command_socket.hpp"
#include "hostsw/ipc/runtime_paths.hpp"

namespace tradsys::dataplane {
namespace {

using Tile =
    EdgeTile<nic::Port, clock::TscClock, offload::OffloadGate, FollowStrategy, JournalLink>;

constexpr Nanos kHousekeepInterval = kMillisecond;
constexpr Nanos kCheckpointInterval{100'000'000};
constexpr Nanos kDisciplineInterval = kSecond;
constexpr u32 kBurst = 32;
constexpr u32 kPumpBudget = 64;

/// The idle ladder of simulations: spins, pauses, then sleeps in short steps. Production spins.
class IdleLadder {
 public:
  explicit IdleLadder(config::IdlePolicy policy)
      : adaptive_(policy == config::IdlePolicy::kAdaptive) {}
  void step(u32 work) noexcept {
    if (work != 0) {
      empty_ = 0;
      return;
    }
    if (!adaptive_ || ++empty_ < kSpins) return __builtin_ia32_pause();
    const timespec nap{0, kNapNs};
    nanosleep(&nap, nullptr);
  }

 private:
  static constexpr u32 kSpins = 2'000;
  static constexpr long kNapNs = 20'000;
  bool adaptive_;
  u32 empty_ = 0;
};

void log(const std::string& line) { std::fprintf(stderr, "tradsys-dataplane: %s\n", line.c_str()); }

/// What the last process of this instance had shown when it ended, however it ended; zeros when
/// nothing is known. What it showed as durable must be found in the journal of that day.
ipc::OrderStatus last_shown(const std::filesystem::path& status_file) {
  const Result<ipc::StatusReader> last = ipc::StatusReader::open(status_file);
  ipc::OrderStatus orders;
  return last && last.value().orders(orders) ? orders : ipc::OrderStatus{};
}

/// An empty folder begins anew, whatever was durable before.
bool has_segments(const std::filesystem::path& dir) {
  const Result<std::vector<std::filesystem::path>> segments = journal::list_segments(dir);
  return segments && !segments.value().empty();
}

std::filesystem::path journal_dir(const config::DataplaneConfig& config) {
  return config.journal.dir;
}

/// Makes the calling thread a tile's. What the system refuses costs latency, not safety: it is
/// said.
void become_tile(const char* name, std::optional<u32> cpu) {
  topology::name_current_thread(name);
  topology::make_sleeps_precise();
  if (!cpu) return;
  if (Status s = topology::pin_current_thread(*cpu); !s) log(s.error().message());
}

/// What local clients need; both or neither.
struct LocalParts {
  std::optional<ipc::MarketBoard> board;
  std::optional<ipc::LocalListener> listener;
};

Result<LocalParts> make_local_parts(const config::DataplaneConfig& config, const EdgeConfig& edge,
                                    const ipc::InstancePaths& paths) {
  if (shm_links_max(edge) == 0) return LocalParts{};
  Result<ipc::MarketBoard> board = ipc::MarketBoard::create(config.books.instruments_max);
  if (!board) return board.error();
  // Anybody who can reach the folder may connect: users, password and user id decide.
  Result<ipc::LocalListener> listener = ipc::LocalListener::create(
      config.shm_socket.empty() ? paths.clients() : std::filesystem::path(config.shm_socket), 0666);
  if (!listener) return listener.error();
  return LocalParts{std::move(board).value(), std::move(listener).value()};
}

[[nodiscard]] offload::Offload where_of(const config::GateSettings& gate) {
  return gate.offload == config::GateOffload::kRtl ? offload::Offload::kRtl
                                                   : offload::Offload::kSoft;
}

/// The edge tile with all it stands on, built in order and torn down in reverse.
class Process {
 public:
  Process(const config::DataplaneConfig& config, DataplaneParts parts, clock::TscClock tsc,
          nic::Port venue, nic::Port client, offload::OffloadGate gate, ipc::StatusWriter status,
          ipc::CommandServer operators, LocalParts local, std::optional<u32> journal_cpu,
          const ipc::OrderStatus& before)
      : config_(config),
        journal_cpu_(journal_cpu),
        before_(before),
        clock_(std::move(tsc)),
        venue_port_(std::move(venue)),
        client_port_(std::move(client)),
        gate_(std::move(gate)),
        link_(config.journal.queue_records),
        status_(std::move(status)),
        board_(std::move(local.board)),
        tile_(parts.edge,
              Tile::Parts{venue_port_, client_port_, clock_, gate_, link_,
                          board_ ? &*board_ : nullptr},
              FollowStrategy(parts.strategy, parts.edge.books.instruments_max)),
        publisher_(status_, tile_, process_status(parts)),
        operators_(std::move(operators)),
        commands_(command_queue_, tile_, link_) {
    if (!local.listener) return;
    door_.emplace(DoorConfig{parts.edge.clients, board_->descriptor()}, std::move(*local.listener),
                  tile_.shm_handover());
  }

  Status run(const StopFlag& stop) {
    publisher_.run(clock_.now(), ipc::ProcessState::kRecovering);
    u64 last_ts_ns = 0;
    const Result<journal::Tail> tail =
        replay_into(tile_, journal_dir(config_), 0, last_ts_ns,
                    [this] { status_.heartbeat(ipc::monotonic_now()); });
    if (!tail) return tail.error();
    if (Status s = check_clients(); !s) return s.error();
    if (Status s = check_day(); !s) return s.error();
    if (wall_now_ns() < last_ts_ns)
      log("the wall clock stands before the journal's last record; event times go on from there");
    tile_.set_time_floor(last_ts_ns);
    journal::WriterConfig writer;
    writer.dir = journal_dir(config_);
    writer.segment_bytes = u64{config_.journal.segment_mib} << 20;
    writer.batch_bytes_max = usize{config_.journal.batch_kib} << 10;
    writer.direct_io = config_.journal.direct_io;
    const bool same_day = tile_.engine().core().days().day() == before_.day;
    writer.durable_seq_floor = has_segments(writer.dir) && same_day ? before_.durable_seq : 0;
    Result<std::unique_ptr<JournalTile>> journal = JournalTile::make(writer, link_);
    if (!journal) return journal.error();
    journal_ = std::move(journal).value();
    if (journal_->dropped_tail()) log(journal_->dropped_tail()->message());
    if (gate_.arm()) log("gate: the " + std::string(gate_.name()) + " circuit decides");
    if (!tile_.start()) {
      return Error{"dataplane", "the network tables are too small for this configuration",
                   "configure fewer feed lines"};
    }
    std::printf("tradsys-dataplane %s: up; journal %" PRIu64 " records, state %016" PRIx64 ", %s\n",
                config_.instance.c_str(), tile_.engine().event_seq(),
                tile_.engine().core().state_hash(), journal_->io_mode().c_str());
    std::fflush(stdout);
    std::thread journal_thread([this] { run_journal(); });
    std::thread operators_thread([this] { run_operators(); });
    if (door_) door_->start();
    loop(stop);
    if (door_) door_->stop();
    operators_stop_ = true;
    operators_thread.join();
    journal_stop_ = true;
    journal_thread.join();
    publisher_.run(clock_.now() + kSecond, ipc::ProcessState::kStopping);
    if (journal_->failure()) return *journal_->failure();
    return Done{};
  }

 private:
  [[nodiscard]] ipc::ProcessStatus process_status(const DataplaneParts& parts) const {
    ipc::ProcessStatus s;
    s.instance = ipc::Text<32>::from(config_.instance);
    s.version = ipc::Text<32>::from(TRADSYS_VERSION);
    s.clock_hz = clock_.hz();
    s.started_ns = wall_now_ns();
    s.strategy_enabled = parts.strategy.enabled ? 1 : 0;
    return s;
  }

  /// Orders and streams are kept by the place of a client in the configuration.
  [[nodiscard]] Status check_clients() const {
    if (const AccountLimits* moved = tile_.moved_account(); moved != nullptr)
      return Error{"accounts: id " + std::to_string(moved->account),
                   "the journal keeps it for client " + std::to_string(moved->client),
                   "leave its client as it is, or start a new journal"};
    const orders::ClientRow* row = tile_.misplaced_client();
    if (row == nullptr) return Done{};
    const std::string user(row->user.data(), ::strnlen(row->user.data(), row->user.size()));
    return Error{
        "clients[" + std::to_string(row->session) + "]",
        "the journal keeps this place for user '" + user + "'",
        "leave [[clients]] in their order and add new ones behind, or start a new journal"};
  }

  /// A day that was rolled into the next one is over for good.
  [[nodiscard]] Status check_day() const {
    const u32 day = tile_.engine().core().days().day();
    if (!has_segments(journal_dir(config_)) || day >= before_.day) return Done{};
    return Error{journal_dir(config_).string(),
                 "is the journal of day " + std::to_string(day) + ", but day " +
                     std::to_string(before_.day) + " has run already",
                 "name the folder of the latest day in journal.dir"};
  }

  void loop(const StopFlag& stop) {
    IdleLadder idle(config_.idle);
    Nanos next_housekeep{};
    while (!stop.load(std::memory_order_relaxed)) {
      const u32 pumped = venue_port_.pump(kPumpBudget) + client_port_.pump(kPumpBudget);
      const u32 work = tile_.poll(kBurst);
      publisher_.count_poll(work);
      const Nanos now = clock_.now();
      if (now >= next_housekeep) {
        next_housekeep = now + kHousekeepInterval;
        housekeep(now);
      }
      idle.step(work + pumped);
    }
  }

  void housekeep(Nanos now) {
    tile_.housekeep(now);
    if (now >= next_checkpoint_ && link_.has_room(kOperatorReserve + 1)) {
      next_checkpoint_ = now + kCheckpointInterval;
      tile_.checkpoint_if_changed();
    }
    commands_.run();
    log_fallback();
    publisher_.run(now, link_.failed() ? ipc::ProcessState::kFailed : ipc::ProcessState::kRunning);
  }

  /// Once, when a circuit lost the right to decide.
  void log_fallback() {
    const offload::Fallback fallback = gate_.health().fallback;
    if (fallback == fallback_) return;
    fallback_ = fallback;
    log("gate: the circuit fell back, the software decides: " + gate_.fallback_text());
  }

  /// Beside the journal, which sleeps between batches: never on the edge's core.
  void run_operators() {
    become_tile("operators", journal_cpu_);
    operators_.serve(command_queue_, operators_stop_);
  }

  void run_journal() {
    become_tile("journal", journal_cpu_);
    IdleLadder idle(config::IdlePolicy::kAdaptive);
    Nanos next_discipline{};
    for (;;) {
      const bool last = journal_stop_.load(std::memory_order_acquire);
      const u32 work = journal_->poll(4'096);
      journal_->housekeep();
      log_space_problem();
      if (work == 0 && last) return;
      const Nanos now = clock_.now();
      if (now >= next_discipline) {
        next_discipline = now + kDisciplineInterval;
        clock_.discipline();
      }
      idle.step(work);
    }
  }

  /// Once when it begins, once when it is over; in the journal's thread.
  void log_space_problem() {
    const bool is_short = journal_->space_problem().has_value();
    if (is_short == was_short_) return;
    was_short_ = is_short;
    log(is_short
            ? journal_->space_problem()->message() + "; new orders are refused until it is solved"
            : std::string("the journal has space again; new orders are taken"));
  }

  const config::DataplaneConfig& config_;
  std::optional<u32> journal_cpu_;
  ipc::OrderStatus before_;
  clock::TscClock clock_;
  nic::Port venue_port_;
  nic::Port client_port_;
  offload::OffloadGate gate_;
  JournalLink link_;
  std::unique_ptr<JournalTile> journal_;
  ipc::StatusWriter status_;
  std::optional<ipc::MarketBoard> board_;
  Tile tile_;
  StatusPublisher<Tile> publisher_;
  ipc::CommandQueue command_queue_;
  ipc::CommandServer operators_;
  CommandDesk<Tile, JournalLink> commands_;
  std::optional<ClientDoor> door_;
  Nanos next_checkpoint_{};
  offload::Fallback fallback_{offload::Fallback::kNone};  ///< as last logged
  std::atomic<bool> journal_stop_{false};
  std::atomic<bool> operators_stop_{false};
  bool was_short_ = false;
};

/// Real NICs need their addresses and hugepages; everything else runs without either.
nic::EalConfig eal_config(const config::DataplaneConfig& config) {
  nic::EalConfig eal;
  eal.memory_mib = 256;
  for (const config::PortSettings& port : config.ports) {
    if (port.kind == config::PortKind::kPci) eal.pci_devices.push_back(port.device);
  }
  if (!eal.pci_devices.empty()) eal.memory = nic::EalMemory::kHugepages;
  return eal;
}

/// A port whose configuration leaves the address open has the device's.
void take_device_address(net::NetConfig& net, const nic::Port& port) {
  if (net.mac == net::MacAddress{}) net.mac = mac_of(port.mac());
}

/// Who beside this user may send commands; nobody unless one is configured.
Result<std::optional<gid_t>> operators_group(const config::DataplaneConfig& config) {
  if (config.operators_group.empty()) return std::optional<gid_t>{};
  const Result<gid_t> group = ipc::find_group(config.operators_group);
  if (!group) return group.error();
  return std::optional<gid_t>{group.value()};
}

/// Keys initial sequence numbers (RFC 6528): nobody outside may guess them.
Result<u64> random_secret() {
  u64 secret = 0;
  if (::getrandom(&secret, sizeof secret, 0) == sizeof secret) return secret;
  return Error{"dataplane", "the kernel gives no random numbers", "check the host"};
}

/// Tables are taken whole at start: what the host cannot hold is said before, not by an abort.
Status check_memory(const config::DataplaneConfig& config) {
  const u64 wanted = book::FlatBooks::bytes_for(
      {config.books.instruments_max, config.books.orders_max, config.books.levels_max});
  std::ifstream file("/proc/meminfo");
  u64 available_kib = 0;
  for (std::string key, rest; file >> key; std::getline(file, rest)) {
    if (key == "MemAvailable:" && file >> available_kib) break;
  }
  if (available_kib == 0 || wanted <= available_kib << 10) return Done{};
  return Error{"books",
               "the tables take " + std::to_string(wanted >> 20) + " MiB, the host has " +
                   std::to_string(available_kib >> 10) + " MiB left",
               "lower books.orders_max and books.levels_max"};
}

}  // namespace

u64 wall_now_ns() {
  timespec t{};
  clock_gettime(CLOCK_REALTIME, &t);
  return static_cast<u64>(t.tv_sec) * static_cast<u64>(kSecond.v) + static_cast<u64>(t.tv_nsec);
}

Status run_dataplane(const config::DataplaneConfig& config, const StopFlag& stop) {
  Result<DataplaneParts> parts = make_parts(config);
  if (!parts) return parts.error();
  if (Status s = check_memory(config); !s) return s.error();
  Result<ipc::InstancePaths> paths = ipc::instance_paths(config.instance, config.runtime_dir);
  if (!paths) return paths.error();
  const Result<std::optional<gid_t>> group = operators_group(config);
  if (!group) return group.error();
  if (Status s = ipc::make_instance_folder(paths.value(), group.value()); !s) return s.error();
  Result<clock::TscClock> tsc = clock::TscClock::make();
  if (!tsc) return tsc.error();
  for (const std::string& warning : tsc.value().warnings()) log(warning);
  parts.value().edge.wall_offset_ns = static_cast<i64>(wall_now_ns()) - tsc.value().now().v;
  const Result<TilePlacement> placement = place_tiles(config);
  if (!placement) return placement.error();
  for (const std::string& warning : placement.value().warnings) log(warning);
  if (Status s = nic::Eal::init(eal_config(config)); !s) return s.error();
  become_tile("edge", placement.value().edge_cpu);
  if (placement.value().edge_cpu) topology::prefer_memory_of_node(placement.value().edge_node);
  if (config.idle == config::IdlePolicy::kSpin) {
    if (Status s = topology::lock_memory(); !s) log(s.error().message());
  }
  Result<nic::Port> venue = nic::Port::make(parts.value().venue_port);
  if (!venue) return venue.error();
  Result<nic::Port> client = nic::Port::make(parts.value().client_port);
  if (!client) return client.error();
  take_device_address(parts.value().edge.venue_net, venue.value());
  take_device_address(parts.value().edge.client_net, client.value());
  const Result<u64> secret = random_secret();
  if (!secret) return secret.error();
  parts.value().edge.venue_net.tcp.secret = secret.value();
  parts.value().edge.client_net.tcp.secret = ~secret.value();
  Result<offload::OffloadGate> gate = offload::OffloadGate::make(
      gate_config(config), offload::circuit_maker(where_of(config.gate)));
  if (!gate) return gate.error();
  const ipc::OrderStatus before = last_shown(paths.value().status());
  Result<ipc::StatusWriter> status =
      ipc::StatusWriter::create(paths.value().status(), config.books.instruments_max);
  if (!status) return status.error();
  if (group.value()) {
    if (Status s = ipc::set_access(paths.value().status(), 0640, group.value()); !s)
      return s.error();
  }
  Result<ipc::CommandServer> operators =
      ipc::CommandServer::listen(paths.value().commands(), group.value());
  if (!operators) return operators.error();
  Result<LocalParts> local = make_local_parts(config, parts.value().edge, paths.value());
  if (!local) return local.error();
  Process process(config, std::move(parts).value(), std::move(tsc).value(),
                  std::move(venue).value(), std::move(client).value(), std::move(gate).value(),
                  std::move(status).value(), std::move(operators).value(), std::move(local).value(),
                  placement.value().journal_cpu, before);
  return process.run(stop);
}

namespace {

struct ReplayTarget {
  engine::OrderEngine<offload::SoftGate, engine::SilentOut>& engine;
  u64 records = 0;
  engine::ReplayStatus replay(u16 type, u64 seq, Bytes payload) noexcept {
    ++records;
    return engine.replay(static_cast<orders::EventType>(type), seq, payload);
  }
};

}  // namespace

Result<ReplayReport> replay_journal(const config::DataplaneConfig& config, u64 until_seq) {
  Result<offload::SoftGate> gate = offload::SoftGate::make(gate_config(config));
  if (!gate) return gate.error();
  engine::SilentOut silence;
  engine::OrderEngine<offload::SoftGate, engine::SilentOut> engine(
      gate.value(), silence, {config.orders_max, config.trades_max});
  ReplayTarget target{engine};
  u64 last_ts_ns = 0;
  const Result<journal::Tail> tail =
      replay_into(target, journal_dir(config), until_seq, last_ts_ns, [] {});
  if (!tail) return tail.error();
  const auto& core = engine.core();
  return ReplayReport{target.records,      engine.event_seq(),   core.state_hash(),
                      core.store().size(), core.next_order_id(), core.counters().executed_qty};
}

}  // namespace tradsys::dataplane
