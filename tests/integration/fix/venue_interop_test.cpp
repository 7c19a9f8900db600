// Goal: the whole edge tile trades with a foreign FIX venue in every version: orders, replaces,
// cancels, partial fills and refusals, over connections that are cut in the middle, a crash of the
// appliance that takes the end of its journal, and a return of the numbers to 1; nothing is lost,
// nothing comes twice, as venue, journal and client say alike. Method: QuickFIX in a process of its
// own as the venue; a FIX client of ours sends 10,000 orders in three runs, and what each of the
// three parties knows of every order is compared. A part of each run is captured for tshark.
#include <set>

#include "hostsw/wire/pcap_file.hpp"
#include "tests/integration/fix/venue_rig.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tshark.hpp"

namespace tradsys::testing {
namespace {

constexpr u32 kOrders = 3'340;  ///< three versions: 10,020
constexpr u32 kOrdersAfterReset = kOrders / 4;
constexpr u32 kOpenMax = 100;
constexpr std::chrono::seconds kPatience{120};

/// An order as the client knows it.
struct ClientOrder {
  u32 cum_qty = 0;
  u32 requests = 0;  ///< cancels and replaces so far
  char status = 'A';
  bool replaced = false;
  std::string id;  ///< of the version in force

  [[nodiscard]] bool ended() const { return status == '2' || status == '4' || status == '8'; }
};

/// Sends orders, replaces and cancels what rests, until all are over.
class Client {
 public:
  explicit Client(FixVenueRig& rig) : rig_(rig) {}

  /// Takes what was told; sends on while there are orders to send.
  void work(u32 orders) {
    for (FixFields& m : std::exchange(rig_.peer().received, {})) on_message(m);
    if (!rig_.venue_ready() || !rig_.peer().session().active()) return;
    again();
    while (sent_ < orders && open() < kOpenMax)
      if (!send_new(++sent_)) return;
  }
  [[nodiscard]] u32 sent() const { return sent_; }
  [[nodiscard]] u32 open() const { return sent_ - ended_; }
  [[nodiscard]] const std::map<std::string, ClientOrder>& orders() const { return orders_; }

  u32 twice = 0;
  u32 replaced = 0;

 private:
  /// "o17", "o17.1", "o17.2": versions and cancels of one order.
  static std::string root_of(const std::string& id) { return id.substr(0, id.find('.')); }
  static u32 number_of(const std::string& root) {
    return static_cast<u32>(std::stoul(root.substr(1)));
  }
  [[nodiscard]] std::string terms(u32 number) const {
    return "55=" + rig_.symbol() + "|54=" + (number % 2 == 0 ? "1" : "2") +
           "|60=20260721-09:30:00.000|38=" + std::to_string(100 + number % 20) + "|";
  }
  bool send_new(u32 number) {
    const std::string id = "o" + std::to_string(number);
    orders_[id].id = id;
    return rig_.peer().send_fix("D", "11=" + id + "|" + terms(number) + "40=2|44=" +
                                         rig_.price(static_cast<i64>(number % 5) - 2) + "|");
  }
  void change(const char* type, const std::string& root, ClientOrder& order) {
    const std::string id = root + "." + std::to_string(++order.requests);
    const std::string price = *type == 'G' ? "40=2|44=" + rig_.price(1) + "|" : std::string();
    const std::string fields =
        "41=" + order.id + "|11=" + id + "|" + terms(number_of(root)) + price;
    if (!rig_.peer().send_fix(type, fields)) refused_.insert(root);
  }
  void on_message(FixFields& m) {
    const std::string root = root_of(m.contains(11) ? m[11] : "");
    const auto found = orders_.find(root);
    ASSERT_TRUE(found != orders_.end()) << root;
    ClientOrder& order = found->second;
    if (m[35] == "9") {
      if (!order.ended()) refused_.insert(root);
      return;
    }
    ASSERT_EQ(m[35], "8") << m[58];
    if (!exec_ids_.insert(m[17]).second) ++twice;
    const bool was_ended = order.ended();
    if (m.contains(32)) order.cum_qty += qty(m[32]);
    if (m[150] == "5") order.id = m[11], order.replaced = true, ++replaced;
    order.status = m[39].front();
    if (order.ended() && !was_ended) ++ended_;
    if (was_ended) ADD_FAILURE() << root << " was over, and then " << m[150] << ' ' << m[39];
    EXPECT_EQ(qty(m[14]), order.cum_qty) << root;
    on_report(root, order, m[150].front(), order.cum_qty);
  }
  void on_report(const std::string& root, ClientOrder& order, char what, u32 cum) {
    const u32 kind = number_of(root) % 10;
    if (what == '0' && kind == 7) change("G", root, order);
    if (what == '0' && kind == 0) change("F", root, order);
    if (what == '5') change("F", root, order);
    if (what == 'F' && kind == 8 && cum > 1) change("F", root, order);
  }
  /// What was refused while the session was away is asked for once more.
  void again() {
    for (const std::string& root : std::exchange(refused_, {}))
      if (ClientOrder& order = orders_[root]; !order.ended()) change("F", root, order);
  }
  static u32 qty(const std::string& text) { return static_cast<u32>(std::stoul(text)); }

  FixVenueRig& rig_;
  std::map<std::string, ClientOrder> orders_;
  std::set<std::string> exec_ids_;
  std::set<std::string> refused_;
  u32 sent_ = 0;
  u32 ended_ = 0;
};

/// What the journal says of one order of the client, by its reference.
struct JournalOrder {
  std::string id;  ///< as the client named it
  u32 executions = 0;
};
std::map<u32, JournalOrder> journal_of(const dataplane::MemoryJournal& journal) {
  std::map<u32, JournalOrder> orders;
  for (const dataplane::MemoryRecord& record : journal.records()) {
    if (record.type != static_cast<u16>(orders::EventType::kFixRequest)) continue;
    orders::FixRequestEvent event;
    EXPECT_TRUE(load_record(record.payload, event));
    if (event.request == 'D') orders[event.client_ref].id = {event.id.data(), event.id_bytes};
  }
  return orders;
}
u64 executed_qty(const dataplane::MemoryJournal& journal) {
  u64 qty = 0;
  for (const dataplane::MemoryRecord& record : journal.records()) {
    if (record.type != static_cast<u16>(orders::EventType::kVenue)) continue;
    orders::VenueReport report;
    EXPECT_TRUE(load_record(record.payload, report));
    if (report.ignored == 0 && report.kind == ExecKind::kFilled) qty += report.qty;
  }
  return qty;
}

class FixVenueInterop : public ::testing::TestWithParam<const char*> {
 protected:
  static dataplane::VenueProtocol protocol() {
    const std::string_view version = GetParam();
    if (version == "FIX.4.2") return dataplane::VenueProtocol::kFix42;
    return version == "FIX.4.4" ? dataplane::VenueProtocol::kFix44
                                : dataplane::VenueProtocol::kFix50Sp2;
  }
  [[nodiscard]] bool in_time() const {
    return std::chrono::steady_clock::now() - begin_ < kPatience;
  }
  /// Until `done`, at most for as long as patience lasts.
  template <class Done>
  [[nodiscard]] bool run_until(Done&& done) {
    while (!done()) {
      if (!in_time()) {
        const dataplane::VenueCounters& venue = rig_.tile().venue().counters();
        ADD_FAILURE() << "no patience left: venue " << static_cast<u32>(rig_.tile().venue().state())
                      << ", feed " << (rig_.tile().market().stale() ? "stale" : "live")
                      << ", logons " << venue.connects << ", refused " << venue.login_rejects
                      << ", next out " << rig_.tile().venue().next_sequence_out()
                      << ", connections " << rig_.bridge().connections() << ", client "
                      << (rig_.peer().session().active() ? "on" : "off") << open_orders();
        return false;
      }
      if (!rig_.peer().connected() && rig_.venue_ready()) rig_.peer().connect();
      rig_.step();
    }
    return true;
  }
  /// Trades until `orders` were sent and are over; cuts and crashes on the way.
  [[nodiscard]] bool trade(u32 orders, u32 cuts) {
    const u32 before = client_.sent();
    u32 cut = 0;
    return run_until([&] {
      client_.work(orders);
      if (cut < cuts && rig_.venue_ready() &&
          client_.sent() - before > (cut + 1) * (orders - before) / (cuts + 1))
        ++cut == 2 ? rig_.crash() : rig_.bridge().cut();
      return client_.sent() == orders && client_.open() == 0;
    });
  }
  /// For a failure: what waits for an answer.
  [[nodiscard]] std::string open_orders() {
    std::string text;
    for (const auto& [id, order] : client_.orders())
      if (!order.ended()) text += "\n  client: " + order.id + " in status " + order.status;
    rig_.tile().engine().core().store().for_each([&](const orders::Order& order) {
      text += "\n  appliance: order " + std::to_string(order.order_id) + ", replaced by " +
              std::to_string(order.pending_order_id) + ", " +
              std::string(orders::name_of(order.state)) + ", canceling " +
              std::to_string(order.cancel_pending) + ", reference " +
              std::to_string(order.client_ref);
    });
    return text;
  }
  void expect_all_agree();
  void expect_no_alarm();

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  ForeignVenue venue_{GetParam()};
  FixVenueRig rig_{protocol(), venue_.port()};
  Client client_{rig_};
};

void FixVenueInterop::expect_all_agree() {
  const std::map<u32, JournalOrder> journal = journal_of(rig_.journal());
  std::set<std::string> at_venue;
  u64 venue_qty = 0;
  u64 client_qty = 0;
  for (const auto& [venue_id, order] : venue_.orders()) {
    const auto id = dataplane::read_venue_id(venue_id);
    ASSERT_TRUE(id) << venue_id;
    const auto token = engine::decode_token(id->token);
    const auto known = journal.find(token->client_ref);
    ASSERT_TRUE(known != journal.end()) << venue_id << ": not in the journal";
    EXPECT_TRUE(at_venue.insert(known->second.id).second) << known->second.id << " twice";
    const ClientOrder& ours = client_.orders().at(known->second.id);
    EXPECT_EQ(ours.cum_qty, order.cum_qty) << known->second.id;
    EXPECT_EQ(ours.status, order.status) << known->second.id;
    venue_qty += order.cum_qty;
  }
  u32 refused = 0;
  for (const auto& [id, order] : client_.orders()) {
    client_qty += order.cum_qty;
    if (at_venue.contains(id)) continue;
    ++refused;
    EXPECT_EQ(order.status, '8') << id;
  }
  EXPECT_EQ(client_.orders().size(), kOrders);
  EXPECT_LT(refused, 5 * kOpenMax) << "orders that never got to the venue";
  EXPECT_EQ(venue_qty, client_qty);
  EXPECT_EQ(venue_qty, executed_qty(rig_.journal()));
  EXPECT_EQ(client_.twice, 0U);
  EXPECT_EQ(venue_.twice(), 0U);
}

void FixVenueInterop::expect_no_alarm() {
  const auto& core = rig_.tile().engine().core();
  EXPECT_EQ(core.store().size(), 0U);
  EXPECT_EQ(core.counters().unknown_reports, 0U);
  EXPECT_EQ(core.counters().unexpected_reports, 0U);
  EXPECT_EQ(core.counters().overfills, 0U);
  EXPECT_EQ(core.counters().late_executions, 0U);
  const dataplane::VenueCounters& venue = rig_.tile().venue().counters();
  EXPECT_EQ(venue.differences, 0U);
  EXPECT_EQ(venue.unanswered, 0U);
  EXPECT_EQ(venue.malformed, 0U);
  EXPECT_EQ(venue.stream_mismatches, 0U);
}

TEST_P(FixVenueInterop, NothingIsLostAndNothingComesTwice) {
  const TempDir folder;
  const std::string path = folder / "venue.pcap";
  auto capture = wire::PcapWriter::create(path);
  ASSERT_TRUE(capture.ok());
  rig_.record(&capture.value());
  ASSERT_TRUE(run_until([&] { return rig_.peer().session().active(); }));
  ASSERT_TRUE(trade(kOrders / 10, 0));
  rig_.record(nullptr);
  ASSERT_TRUE(capture.value().close().ok());

  ASSERT_TRUE(trade(kOrders - kOrdersAfterReset, 3)) << client_.open() << " of " << client_.sent();
  const u64 numbers_before = rig_.tile().venue().next_sequence_out();
  EXPECT_GT(numbers_before, dataplane::OutNumbers::kBlock) << "the crash skips numbers";
  EXPECT_GE(rig_.bridge().connections(), 4U);

  rig_.config().venue.fix.reset = dataplane::SequenceReset::kLogon;
  rig_.crash();
  ASSERT_TRUE(trade(kOrders, 0)) << client_.open() << " of " << client_.sent();
  EXPECT_LT(rig_.tile().venue().next_sequence_out(), numbers_before);
  EXPECT_GT(client_.replaced, kOrders / 20);

  venue_.quit();
  expect_all_agree();
  expect_no_alarm();
  EXPECT_EQ(rig_.replayed_hash(), rig_.tile().engine().core().state_hash());
  TRADSYS_REQUIRE_TSHARK();
  const std::string decode =
      "-d udp.port==26477,moldudp64 -d tcp.port==" + std::to_string(VenueBridge::kPort) + ",fix";
  auto layers = expect_flawless(dissect(path, decode), std::nullopt);
  EXPECT_GT(layers["fix"], 300U);
  EXPECT_EQ(layers["data"], 0U);
}

INSTANTIATE_TEST_SUITE_P(Versions, FixVenueInterop,
                         ::testing::Values("FIX.4.2", "FIX.4.4", "FIXT.1.1"),
                         [](const auto& version) {
                           std::string name = version.param;
                           std::erase(name, '.');
                           return name;
                         });

}  // namespace
}  // namespace tradsys::testing
