// Bench shm: a program of the same host calls Session::enter, the request goes through shared
// memory, session, OUCH, gate and order entry run, and the order's frame is on the ring wire. One
// item is one call and one poll() of the real edge tile that sends exactly one order. Client and
// tile take turns on one thread, so the cache lines of the pipe do not travel between cores: add
// what that costs on the host.
#include <unistd.h>

#include <memory>

#include "hostsw/client/session.hpp"
#include "sim/bench/harness.hpp"
#include "sim/bench/input/chain.hpp"

namespace tradsys::bench {
namespace {

constexpr u32 kSetUpRounds = 10'000'000;

/// A client that is attached to the chain's tile and may send orders.
class LocalClient {
 public:
  explicit LocalClient(Chain& chain)
      : chain_(chain),
        memory_(ipc::SessionMemory::create({}).value()),
        session_({.user = "CLI0", .password = "SECRET0"}) {}

  [[nodiscard]] bool come_up() {
    if (!chain_.shm_handover().orders.try_push(
            {dataplane::ShmOrder::Kind::kAttach, 0, 1, memory_.pipes()}))
      return false;
    Result<ipc::SessionMemory> mine =
        ipc::SessionMemory::open(ipc::Descriptor(::dup(memory_.descriptor())));
    if (!mine) return false;
    session_.attach(std::move(mine).value());
    for (u32 i = 0; i < kSetUpRounds && !session_.ready(); ++i) settle();
    return session_.ready();
  }
  /// What trades at once, so that the book of orders stays small.
  [[nodiscard]] bool enter() noexcept {
    return session_.enter(
               {.symbol = symbol_, .qty = 100, .price = Chain::kAsk, .immediate = true}) != 0;
  }
  void settle() {
    chain_.settle();
    for (const client::Event& e : session_.poll())
      executed_ += e.kind == client::Event::Kind::kExecuted ? 1 : 0;
  }
  [[nodiscard]] u64 executed() const noexcept { return executed_; }

 private:
  Chain& chain_;
  Symbol symbol_ = chain_.symbol();
  ipc::SessionMemory memory_;
  client::Session session_;
  u64 executed_ = 0;
};

Status shm_bench(Bench& bench) {
  Result<std::unique_ptr<Chain>> chain = Chain::make("shm", Trades::kLocalClient);
  if (!chain) return chain.error();
  Chain& c = *chain.value();
  LocalClient local(c);
  if (!local.come_up()) return Error{"shm", "the session does not come up", ""};
  const u64 orders = bench.items_or(20'000);
  bench.use_wall_time();
  bench.measure([&](Run& run) {  // the whole round: order, execution, report, journal
    run.start();
    for (u64 i = 0; i < orders; ++i) {
      keep(local.enter());
      c.poll();
      local.settle();
    }
    run.stop(orders);
  });
  u64 misses = 0;
  const u64 executed = local.executed();
  bench.measure_latency([&](LatencyProbe& probe) {  // enter() -> order frame out
    for (u64 i = 0; i < orders; ++i) {
      const u64 before = c.sent();
      probe.begin();
      keep(local.enter());
      c.poll();
      probe.end();
      if (c.sent() != before + 1) ++misses;
      local.settle();
    }
  });
  bench.note("p50..p99.9: enter() -> order frame out; median, min: the whole round with the venue");
  if (misses * 100 > orders || local.executed() - executed < orders - orders / 100 - 1)
    return Error{"shm",
                 std::to_string(misses) + " of " + std::to_string(orders) +
                     " orders did not leave, or were not executed",
                 "the figures would not be what they say"};
  return Done{};
}

const bool kRegistered = register_bench("shm", "ns/round", shm_bench);

}  // namespace
}  // namespace tradsys::bench
