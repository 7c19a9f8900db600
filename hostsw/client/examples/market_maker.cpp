// Quotes both sides of one symbol behind the best prices, leans against what it holds, takes a
// refusal for an answer, and cancels everything before it leaves. When the appliance restarts it
// attaches again and goes on from the last message it was told.
#include <time.h>

#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "hostsw/client/examples/maker.hpp"
#include "hostsw/client/session.hpp"
#include "hostsw/ipc/shared_file.hpp"

namespace tradsys::client {
namespace {

volatile std::sig_atomic_t g_stop = 0;
void on_signal(int) { g_stop = 1; }

constexpr Nanos kPatience{5'000'000'000};  ///< for the last cancels
constexpr const char* kUsage =
    "usage: tradsys-market-maker --symbol SYMBOL --password-file FILE [--user LOCAL]\n"
    "         [--runtime-dir DIR] [--instance NAME] [--qty SHARES] [--edge UNITS]\n"
    "         [--tick UNITS] [--position-max SHARES] [--for SECONDS]\n";

struct Options {
  SessionConfig session{.user = "LOCAL"};
  MakerConfig maker;
  std::string password_file;
  i64 seconds = 0;  ///< 0: until stopped
};

/// False when a word is unknown, or its value missing.
bool read_options(int argc, char** argv, Options& o) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view key = argv[i];
    const char* const value = argv[i + 1];
    const auto number = [value] { return static_cast<u32>(std::strtoul(value, nullptr, 10)); };
    if (key == "--symbol")
      o.maker.symbol = Symbol::from(value);
    else if (key == "--user")
      o.session.user = value;
    else if (key == "--password-file")
      o.password_file = value;
    else if (key == "--runtime-dir")
      o.session.where.runtime_dir = value;
    else if (key == "--instance")
      o.session.where.instance = value;
    else if (key == "--qty")
      o.maker.qty = number();
    else if (key == "--edge")
      o.maker.edge = number();
    else if (key == "--tick")
      o.maker.tick = std::max(1U, number());
    else if (key == "--position-max")
      o.maker.position_max = number();
    else if (key == "--for")
      o.seconds = number();
    else
      return false;
  }
  std::ifstream file(o.password_file);
  return argc % 2 == 1 && o.maker.symbol != Symbol{} && std::getline(file, o.session.password);
}

void nap() {
  const timespec t{0, 200'000};
  nanosleep(&t, nullptr);
}

/// One step of a side towards where it should be: at most one request is under way.
void steer(Session& session, Side& side, const Target& want) {
  if (side.asked != 0 || side.canceling) return;
  if (side.ref != 0 && want.qty == 0) {
    side.canceling = session.cancel(side.ref);
  } else if (side.ref != 0 && want.price != side.price) {
    side.asked = session.replace(side.ref, side.filled + side.open, want.price);
  }
}
void quote(Session& session, Maker& maker, const MakerConfig& config, const Quote& q) {
  for (usize i = 0; i < 2; ++i) {
    Side& side = maker.side(i);
    const Target want = maker.target(side, q);
    if (side.ref == 0 && side.asked == 0 && want.qty != 0 && !side.refused)
      side.asked = session.enter({config.symbol, side.way, want.qty, want.price});
    else if (!side.refused)
      steer(session, side, want);
  }
}

class Program {
 public:
  explicit Program(const Options& options)
      : options_(options), session_(options.session), maker_(options.maker) {}

  int run() {
    const Nanos start = ipc::monotonic_now();
    const auto over = [&] {
      return g_stop != 0 || (options_.seconds != 0 &&
                             ipc::monotonic_now() - start >= Nanos{options_.seconds * kSecond.v});
    };
    for (; !over(); nap()) {
      if (!connected()) continue;
      listen();
      if (session_.ready() && !market_->stale()) act();
    }
    return leave();
  }

 private:
  /// Attaches, also again; false while there is nothing to attach to.
  bool connected() {
    if (session_.attached() && market_) return true;
    const Nanos now = ipc::monotonic_now();
    if (now < next_attempt_) return false;
    next_attempt_ = now + kSecond;
    market_.reset();
    maker_.forget_questions();
    Result<Market> market = Market::connect(options_.session.where);
    if (!market) return failed(market.error());
    market_.emplace(std::move(market).value());
    row_ = market_->find(options_.maker.symbol);
    if (!row_) return failed({options_.maker.symbol.str(), "is not in the feed yet", ""});
    if (const Status s = session_.attach(); !s) return failed(s.error());
    return true;
  }
  bool failed(const Error& error) {
    market_.reset();
    std::fprintf(stderr, "tradsys-market-maker: %s\n", error.message().c_str());
    return false;
  }
  void listen() {
    const bool was_ready = session_.ready();
    for (const Event& event : session_.poll()) {
      maker_.on_event(event);
      if (event.kind == Event::Kind::kRejected)
        std::fprintf(stderr, "rejected: order %u, reason %u\n", event.ref, event.reason);
    }
    if (session_.ready() && !was_ready) say("quoting");
    if (!session_.attached())
      std::fprintf(stderr, "the session ended: %s\n",
                   std::string(wire::name_of(session_.end_reason())).c_str());
  }
  void act() {
    const u64 version = market_->version(*row_);
    if (version != version_) maker_.side(0).refused = maker_.side(1).refused = false;
    version_ = version;
    if (Quote q; market_->read(*row_, q)) quote(session_, maker_, options_.maker, q);
  }
  int leave() {
    const Nanos end = ipc::monotonic_now() + kPatience;
    while (session_.attached() && !maker_.flat_book() && ipc::monotonic_now() < end) {
      listen();
      for (usize i = 0; i < 2; ++i) steer(session_, maker_.side(i), {});
      nap();
    }
    say(maker_.flat_book() ? "left without an order" : "left with orders");
    session_.detach();
    return maker_.flat_book() ? 0 : 1;
  }
  void say(const char* what) {
    std::printf("%s: position %" PRId64 ", %" PRIu64 " accepted, %" PRIu64 " fills, %" PRIu64
                " rejected, next message %" PRIu64 "\n",
                what, maker_.position(), maker_.accepted(), maker_.fills(), maker_.rejects(),
                session_.next_sequence());
    std::fflush(stdout);
  }

  Options options_;
  Session session_;
  Maker maker_;
  std::optional<Market> market_;
  std::optional<u32> row_;
  u64 version_ = 0;
  Nanos next_attempt_{};
};

}  // namespace
}  // namespace tradsys::client

int main(int argc, char** argv) {
  using namespace tradsys::client;
  Options options;
  if (!read_options(argc, argv, options)) return std::fputs(kUsage, stderr), 2;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  return Program(options).run();
}
