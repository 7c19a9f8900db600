// Benches fix-parse and fix-encode: whole FIX 4.4 messages from text to typed record and back,
// lengths and checksums included. Parsed are limit orders as a client's engine writes them (header
// and body by tag); written are acknowledgements and trades in turn.
#include <string>
#include <tradsys/fix_records.hpp>

#include "hostsw/core/random.hpp"
#include "hostsw/wire/fix/tags.hpp"
#include "hostsw/wire/fix/writer.hpp"
#include "sim/bench/harness.hpp"

namespace tradsys::bench {
namespace {

constexpr u64 kSeed = 4'242;
constexpr usize kDistinct = 4'096;  ///< messages or records that are gone through again and again
constexpr u64 kItems = 1'000'000;
constexpr i64 kStart = 1'784'626'200'000'000'000;
constexpr i64 kMillisecondNs = 1'000'000;

/// Values as they come in turn: lengths differ from message to message.
class Values {
 public:
  Nanos time() {
    now_ += static_cast<i64>(random_.below(20)) * kMillisecondNs;
    return Nanos{now_};
  }
  std::string id(const char* prefix) {
    return prefix + std::to_string(random_.between(1'000, 99'999'999));
  }
  u64 qty() { return random_.between(1, 500) * (random_.chance(500'000) ? 100 : 1); }
  i64 price_units() { return static_cast<i64>(random_.between(100, 99'999)) * 100; }
  const char* symbol() { return kSymbols[random_.below(std::size(kSymbols))]; }
  char side() { return random_.chance(500'000) ? '1' : '2'; }
  bool chance() { return random_.chance(500'000); }

 private:
  static constexpr const char* kSymbols[]{"COMI", "ETEL", "HRHO", "FWRY", "ADNOCDIST", "IHC"};
  Random random_{kSeed};
  i64 now_ = kStart;
};

/// Orders one behind the other, and where each ends.
struct Orders {
  std::string text;
  std::vector<usize> ends;
};
Orders make_orders() {
  Orders orders;
  Values values;
  fix::Writer w;
  for (usize i = 0; i < kDistinct; ++i) {
    const Nanos now = values.time();
    w.clear();
    w.text(fix::tag::kMsgType, "D").number(fix::tag::kMsgSeqNum, static_cast<i64>(i) + 1);
    w.text(fix::tag::kSenderCompID, "CLIENT1").timestamp(fix::tag::kSendingTime, now, 3);
    w.text(fix::tag::kTargetCompID, "TRADSYS");
    w.text(fix::tag::kAccount, values.id("ACC")).text(fix::tag::kClOrdID, values.id("ORD-"));
    w.character(fix::tag::kHandlInst, '1');
    w.number(fix::tag::kOrderQty, static_cast<i64>(values.qty()));
    w.character(fix::tag::kOrdType, '2');
    w.decimal(fix::tag::kPrice, static_cast<u64>(values.price_units()) / 100, 2);
    w.character(fix::tag::kSide, values.side()).text(fix::tag::kSymbol, values.symbol());
    w.character(fix::tag::kTimeInForce, values.chance() ? '0' : '3');
    w.timestamp(fix::tag::kTransactTime, now, 3);
    w.character(fix::tag::kOrderCapacity, 'A');
    orders.text += w.finish("FIX.4.4");
    orders.ends.push_back(orders.text.size());
  }
  return orders;
}

Status parse_bench(Bench& bench) {
  const Orders orders = make_orders();
  const u64 items = bench.items_or(kItems);
  u64 refused = 0;
  fix::fix44::NewOrderSingle order;
  const auto parse = [&](usize i) {
    const usize begin = i == 0 ? 0 : orders.ends[i - 1];
    refused += read({orders.text.data() + begin, orders.ends[i] - begin}, order).ok() ? 0U : 1U;
    keep(order);
  };
  bench.measure([&](Run& run) {
    run.start();
    for (u64 i = 0; i < items; ++i) parse(i % kDistinct);
    run.stop(items);
  });
  bench.measure_latency([&](LatencyProbe& probe) {
    for (u64 i = 0; i < items; ++i) {
      probe.begin();
      parse(i % kDistinct);
      probe.end();
    }
  });
  bench.note(std::to_string(orders.text.size() / kDistinct) + " bytes a message");
  if (refused != 0) bench.note(std::to_string(refused) + " messages were refused");
  return Done{};
}

/// What reports point at.
struct Names {
  std::string order_id;
  std::string cl_ord_id;
  std::string exec_id;
  std::string account;
};
fix::fix44::ExecutionReport make_report(Values& values, const Names& names, u64 sequence) {
  fix::fix44::ExecutionReport report;
  const bool trade = values.chance();
  const u64 qty = values.qty();
  report.header.msg_seq_num = sequence;
  report.header.sender_comp_id = "TRADSYS";
  report.header.target_comp_id = "CLIENT1";
  report.header.sending_time = report.transact_time.emplace(values.time());
  report.order_id = names.order_id;
  report.cl_ord_id = names.cl_ord_id;
  report.exec_id = names.exec_id;
  report.account = names.account;
  report.exec_type = trade ? 'F' : '0';
  report.ord_status = trade ? '2' : '0';
  report.symbol = values.symbol();
  report.side = values.side();
  report.order_qty = qty;
  report.ord_type = '2';
  report.time_in_force = '0';
  report.price.emplace().units = values.price_units();
  report.leaves_qty = trade ? 0 : qty;
  report.cum_qty = trade ? qty : 0;
  if (!trade) return report;
  report.last_qty = qty;
  report.last_px = report.price;
  report.avg_px.units = report.price->units * 10'000;
  return report;
}

Status encode_bench(Bench& bench) {
  Values values;
  std::vector<Names> names(kDistinct);
  std::vector<fix::fix44::ExecutionReport> reports;
  for (Names& n : names) {
    n = {values.id("EX"), values.id("ORD-"), values.id("T"), values.id("ACC")};
    reports.push_back(make_report(values, n, reports.size() + 1));
  }
  const u64 items = bench.items_or(kItems);
  std::array<char, fix::fix44::ExecutionReport::kBytesMax> out;
  u64 bytes = 0;
  u64 failed = 0;
  const auto encode = [&](usize i) {
    const usize size = write(reports[i], out);
    bytes += size;
    failed += size == 0 ? 1U : 0U;
    keep(out);
  };
  bench.measure([&](Run& run) {
    bytes = 0;
    run.start();
    for (u64 i = 0; i < items; ++i) encode(i % kDistinct);
    run.stop(items);
  });
  bench.note(std::to_string(bytes / items) + " bytes a message");
  bench.measure_latency([&](LatencyProbe& probe) {
    for (u64 i = 0; i < items; ++i) {
      probe.begin();
      encode(i % kDistinct);
      probe.end();
    }
  });
  if (failed != 0) bench.note(std::to_string(failed) + " records could not be written");
  return Done{};
}

const bool kRegistered[] = {
    register_bench("fix-parse", "ns/message", parse_bench, "fix"),
    register_bench("fix-encode", "ns/message", encode_bench, "fix"),
};

}  // namespace
}  // namespace tradsys::bench
