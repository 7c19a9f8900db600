// tradsys sim replay: a message stream through the appliance's feed path, held against an oracle.
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <memory>

#include "drivers/nic/eal.hpp"
#include "sim/app/cable_options.hpp"
#include "sim/app/commands.hpp"
#include "sim/player/replay.hpp"

namespace tradsys::sim {
namespace {

constexpr int kFailed = 1;
constexpr int kDifferent = 3;
constexpr int kNotFound = 4;

struct ReplayOptions {
  std::string file;
  std::string check;
  std::string capture;
  CableOptions cable;
  u64 seed = 1;
  u64 messages = 100'000;
  bool json = false;
};

int fail(const Error& error, int code) {
  std::fprintf(stderr, "%s\n", error.message().c_str());
  return code;
}

void print_level(const char* key, const book::Level& level) {
  std::printf(",\"%s\":{\"price\":%u,\"quantity\":%lu,\"orders\":%u}", key, level.price, level.qty,
              level.order_count);
}

void print_difference_json(const std::optional<BookDifference>& difference) {
  if (!difference) {
    std::printf("null");
    return;
  }
  std::printf("{\"message_index\":%lu,\"reached\":%s", difference->message_index,
              difference->reached ? "true" : "false");
  if (difference->reached) {
    std::printf(",\"side\":\"%s\",\"level\":%u", difference->side == Side::kBuy ? "bid" : "ask",
                difference->level);
    print_level("expected", difference->expected);
    print_level("found", difference->found);
  }
  std::printf("}");
}

void print_feed_json(const feed::FeedCounters& feed) {
  constexpr const char* kNames[feed::kLineCount] = {"A", "B", "recovery"};
  std::printf("\"lines\":[");
  for (u32 i = 0; i < feed::kLineCount; ++i) {
    const feed::LineCounters& line = feed.line[i];
    std::printf(
        "%s{\"line\":\"%s\",\"packets\":%lu,\"heartbeats\":%lu,\"messages\":%lu,"
        "\"duplicates\":%lu,\"missed_messages\":%lu}",
        i == 0 ? "" : ",", kNames[i], line.packets, line.heartbeats, line.messages, line.duplicates,
        line.missed_messages);
  }
  std::printf(
      "],\"delivered\":%lu,\"gaps\":%lu,\"gap_messages\":%lu,\"recovered\":%lu,"
      "\"requests\":%lu,\"request_timeouts\":%lu,\"buffered\":%lu,\"malformed\":%lu,",
      feed.delivered, feed.gaps, feed.gap_messages, feed.recovered(), feed.requests,
      feed.request_timeouts, feed.buffered, feed.malformed);
}

void print_json(const ReplayOptions& options, const ReplayResult& r) {
  std::printf(
      "{\"schema\":\"tradsys/v1/sim-replay\",\"seed\":%lu,\"messages\":%lu,\"packets\":%lu,"
      "\"points\":%lu,\"points_equal\":%lu,\"first_difference\":",
      options.seed, r.messages, r.packets, r.points, r.points_equal);
  print_difference_json(r.first_difference);
  std::printf(
      ",\"books_hash\":\"%016lx\",\"instruments\":%lu,\"live_orders\":%lu,"
      "\"book_errors\":%lu,",
      r.books_hash, r.instruments, r.live_orders, r.book_errors);
  print_feed_json(r.feed);
  const std::string_view frozen = feed::name_of(r.freeze_reason);
  std::printf(
      "\"cable\":{\"frames\":%lu,\"dropped\":%lu,\"reordered\":%lu,\"duplicated\":%lu},"
      "\"stale_at_end\":%s,\"freeze_reason\":\"%.*s\",\"source_complete\":%s,"
      "\"virtual_ns\":%ld}\n",
      r.cable.taken, r.cable.dropped, r.cable.reordered, r.cable.duplicated,
      r.stale_at_end ? "true" : "false", static_cast<int>(frozen.size()), frozen.data(),
      r.source_fault ? "false" : "true", r.virtual_ns);
}

void print_text(const std::string& name, const ReplayResult& r, double seconds) {
  std::printf(
      "%s: %lu messages in %lu packets on each of two lines, %lu instruments, %lu orders in "
      "the books at the end\n",
      name.c_str(), r.messages, r.packets, r.instruments, r.live_orders);
  std::printf(
      "  lost %lu of %lu frames, %lu overtaken, %lu doubled; %lu gaps of %lu messages, "
      "%lu requests, %lu messages recovered by them\n",
      r.cable.dropped, r.cable.taken, r.cable.reordered, r.cable.duplicated, r.feed.gaps,
      r.feed.gap_messages, r.feed.requests, r.feed.recovered());
  std::printf("  books %016lx, %lu messages refused, %s\n", r.books_hash, r.book_errors,
              r.stale_at_end ? "STALE at the end" : "complete");
  if (r.points != 0) {
    std::printf("  %lu of %lu points equal, ten levels each\n", r.points_equal, r.points);
  }
  if (const auto& d = r.first_difference; d && !d->reached) {
    std::printf("  the stream ended before message %lu\n", d->message_index);
  } else if (d) {
    std::printf(
        "  first difference after message %lu: %s level %u should be %lu at %u in %u "
        "orders, and is %lu at %u in %u\n",
        d->message_index, d->side == Side::kBuy ? "bid" : "ask", d->level, d->expected.qty,
        d->expected.price, d->expected.order_count, d->found.qty, d->found.price,
        d->found.order_count);
  }
  std::printf("  %.3f s simulated in %.3f s: %.0f messages/s\n",
              static_cast<double>(r.virtual_ns) / 1e9, seconds,
              static_cast<double>(r.messages) / seconds);
}

int play(const ReplayOptions& options, MessageSource& source, const ReplayConfig& config) {
  const auto began = std::chrono::steady_clock::now();
  const Result<ReplayResult> result = replay(source, config);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  if (!result) return fail(result.error(), kFailed);
  const ReplayResult& r = result.value();
  if (options.json) {
    print_json(options, r);
  } else {
    print_text(source.name(), r, took.count());
  }
  std::fflush(stdout);
  if (r.source_fault) return fail(*r.source_fault, kFailed);
  return r.points_equal == r.points && !r.stale_at_end ? 0 : kDifferent;
}

/// Refuses a name without a file behind it.
Status need_file(const std::string& name) {
  std::error_code ignored;
  if (name.empty() || std::filesystem::is_regular_file(name, ignored)) return Done{};
  return Error{name, "no such file", "check the path"};
}

int run(const ReplayOptions& options) {
  for (const std::string& name : {options.file, options.check}) {
    if (Status there = need_file(name); !there) return fail(there.error(), kNotFound);
  }
  ReplayConfig config;
  config.seed = options.seed;
  config.capture = options.capture;
  options.cable.apply_to(config.wire);
  if (!options.check.empty()) {
    Result<std::vector<BookPoint>> points = load_book_points(options.check);
    if (!points) return fail(points.error(), kFailed);
    config.points = std::move(points).value();
  }
  if (Status eal = nic::Eal::init({.memory_mib = 256}); !eal) return fail(eal.error(), kFailed);
  Result<MessageSource> source =
      options.file.empty()
          ? MessageSource::synthetic({.seed = options.seed, .messages = options.messages})
          : MessageSource::open(options.file);
  if (!source) return fail(source.error(), kFailed);
  return play(options, source.value(), config);
}

}  // namespace

void add_replay_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = app.add_subcommand(
      "replay", "Play a day's messages through the feed path, and check the books");
  command->add_option("file", options->file,
                      "ITCH 5.0 BinaryFILE (.itch, .gz) or MoldUDP64 capture (.pcap); none: "
                      "a synthetic market");
  command->add_option("--check", options->check, "CSV of the ten levels after given messages");
  options->cable.add_to(*command);
  command->add_option("--seed", options->seed, "Seed of the cable and of the synthetic market")
      ->capture_default_str();
  command->add_option("--messages", options->messages, "Of the synthetic market's session")
      ->check(CLI::Range(u64{1}, u64{1'000'000'000}))
      ->capture_default_str();
  command->add_option("--capture", options->capture, "Write every frame into this pcap file");
  command->add_flag("--json", options->json, "One JSON object");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace tradsys::sim
