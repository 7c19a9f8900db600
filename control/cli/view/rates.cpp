#include "control/cli/view/rates.hpp"

#include <algorithm>

#include "control/cli/output/format.hpp"

namespace tradsys::cli {
namespace {

u64 refused(const ipc::OrderStatus& orders) {
  u64 sum = 0;
  for (u32 i = 1; i < ipc::kReasonsMax; ++i) sum += orders.verdicts[i];
  return sum;
}

FeedRates feed_rates(const FeedEntry& before, const FeedEntry& after, Nanos interval) {
  FeedRates r;
  r.now = after;
  const auto rate = [&](u64 was, u64 is) { return rate_per_s(gained(was, is), interval); };
  const ipc::FeedStatus& was = before.status;
  const ipc::FeedStatus& is = after.status;
  r.messages_per_s = rate(was.messages, is.messages);
  for (u32 line = 0; line < ipc::kFeedLines; ++line) {
    r.line_packets_per_s[line] = rate(was.line_packets[line], is.line_packets[line]);
    r.duplicates_per_s += rate(was.line_duplicates[line], is.line_duplicates[line]);
  }
  r.new_gaps = gained(was.gaps, is.gaps);
  r.new_recovered = gained(was.recovered_messages, is.recovered_messages);
  r.new_lost = gained(was.lost_messages, is.lost_messages);
  return r;
}

std::vector<ipc::StageLatency> stages_between(const Snapshot& before, const Snapshot& after) {
  std::vector<ipc::StageLatency> stages = after.stages;
  for (ipc::StageLatency& stage : stages)
    for (const ipc::StageLatency& earlier : before.stages)
      if (earlier.name.str() == stage.name.str())
        stage.latency_ns = stage.latency_ns.since(earlier.latency_ns);
  return stages;
}

std::vector<InstrumentRates> busiest(const Sample& before, const Sample& after, Nanos interval,
                                     u32 count) {
  std::vector<InstrumentRates> all;
  for (usize i = 0; i < after.instruments.size(); ++i) {
    const ipc::InstrumentStatus& is = after.instruments[i];
    if (!is_used(is)) continue;
    const ipc::InstrumentStatus& was = i < before.instruments.size() ? before.instruments[i] : is;
    all.push_back({is, rate_per_s(gained(was.trades, is.trades), interval),
                   rate_per_s(gained(was.traded_qty, is.traded_qty), interval)});
  }
  std::stable_sort(all.begin(), all.end(), [](const InstrumentRates& a, const InstrumentRates& b) {
    if (a.traded_qty_per_s != b.traded_qty_per_s) return a.traded_qty_per_s > b.traded_qty_per_s;
    return a.now.traded_qty > b.now.traded_qty;
  });
  all.resize(std::min<usize>(all.size(), count));
  return all;
}

}  // namespace

Sample take_sample(const ipc::StatusReader& reader, std::string instance) {
  Sample sample{take_snapshot(reader, std::move(instance)), {}};
  sample.instruments.resize(reader.instruments());
  for (u32 i = 0; i < reader.instruments(); ++i)
    if (!reader.instrument(i, sample.instruments[i])) sample.instruments[i] = {};
  return sample;
}

Rates rates_between(const Sample& earlier, const Sample& after, u32 busiest_max) {
  const Snapshot& now = after.snapshot;
  Rates r;
  r.interval = now.taken - earlier.snapshot.taken;
  r.restarted = now.pid != earlier.snapshot.pid ||
                now.process.started_ns != earlier.snapshot.process.started_ns;
  const Sample& before = r.restarted ? after : earlier;
  const Snapshot& was = before.snapshot;
  const auto rate = [&](u64 then, u64 is) { return rate_per_s(gained(then, is), r.interval); };
  for (const FeedEntry& feed : now.feeds) {
    const auto same = std::find_if(was.feeds.begin(), was.feeds.end(),
                                   [&](const FeedEntry& f) { return f.index == feed.index; });
    r.feeds.push_back(feed_rates(same == was.feeds.end() ? feed : *same, feed, r.interval));
  }
  r.packets_received_per_s = rate(was.process.packets_received, now.process.packets_received);
  r.packets_sent_per_s = rate(was.process.packets_sent, now.process.packets_sent);
  const u64 polls = gained(was.process.polls, now.process.polls);
  const u64 busy = std::min(polls, gained(was.process.busy_polls, now.process.busy_polls));
  r.busy_permille = polls == 0 ? 0 : static_cast<u64>(u128{busy} * 1'000 / polls);
  r.requests_per_s = rate(was.orders.requests, now.orders.requests);
  r.sent_to_venue_per_s = rate(was.orders.sent_to_venue, now.orders.sent_to_venue);
  r.fills_per_s = rate(was.orders.fills, now.orders.fills);
  r.passed_per_s = rate(was.orders.verdicts[0], now.orders.verdicts[0]);
  r.refused_per_s = rate(refused(was.orders), refused(now.orders));
  r.journal_records_per_s = rate(was.orders.journal_seq, now.orders.journal_seq);
  r.stages = stages_between(was, now);
  r.busiest = busiest(before, after, r.interval, busiest_max);
  return r;
}

}  // namespace tradsys::cli
