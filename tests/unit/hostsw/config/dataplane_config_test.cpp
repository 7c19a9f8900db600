// Goal: a dataplane starts only with a configuration that makes sense as a whole, and denies what
// is not said. Method: one whole file, changed in one place at a time.
#include "hostsw/config/dataplane_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "hostsw/config/schema/dataplane_schema.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::config {
namespace {

using ::testing::HasSubstr;

constexpr const char* kWhole = R"(instance = "edge1"
runtime_dir = "/run/tradsys"
ack = "journaled"
idle = "adaptive"

[journal]
dir = "/var/lib/tradsys/journal"

[[ports]]
name = "clients"
kind = "ring"
mac = "02:00:00:00:00:01"
ip = "10.1.0.2"

[[ports]]
name = "orders"
kind = "pci"
device = "0000:3b:00.0"
ip = "10.2.0.2"
gateway = "10.2.0.1"
vlan = 120

[feed]
session = "TRADSYS001"
[[feed.lines]]
port = "orders"
group = "239.1.1.1"
udp_port = 26400
[[feed.rerequest]]
ip = "10.1.0.9"
udp_port = 26500

[venue]
port = "orders"
ip = "10.2.0.9"
tcp_port = 9001
user = "FIRM01"
password_file = "/etc/tradsys/venue.password"

[[clients]]
user = "ALPHA"
password_file = "/etc/tradsys/alpha.password"
account = 3
port = "clients"
tcp_port = 9100

[[drop_copies]]
user = "RISK"
password_file = "/etc/tradsys/risk.password"
port = "clients"
tcp_port = 9200
accounts = [3]

[[accounts]]
id = 3
name = "alpha"
enabled = true
max_qty = 10000
max_notional = 5000000
rate_per_s = 1000
rate_burst = 100
open_orders_max = 500
max_long = 100000
max_short = 0

[gate]
max_qty = 100000
max_notional = 10000000
[[gate.instruments]]
symbol = "ARL"
enabled = true
max_qty = 5000
max_notional = 1000000

[strategy]
enabled = true
account = 3
)";

std::string with(std::string from, const std::string& to) {
  std::string text = kWhole;
  const usize at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}
std::string refusal(const std::string& text) {
  const auto result = parse_dataplane_config(text, "dataplane.toml");
  return result.ok() ? "" : result.error().message();
}

TEST(DataplaneConfig, AWholeFileIsLoaded) {
  const auto loaded = parse_dataplane_config(kWhole, "dataplane.toml");
  ASSERT_TRUE(loaded.ok()) << loaded.error().message();
  const DataplaneConfig& config = loaded.value();
  EXPECT_EQ(config.ack, AckPolicy::kJournaled);
  EXPECT_EQ(config.idle, IdlePolicy::kAdaptive);
  ASSERT_EQ(config.ports.size(), 2U);
  EXPECT_EQ(config.ports[1].kind, PortKind::kPci);
  EXPECT_EQ(config.ports[1].vlan, 120);
  EXPECT_TRUE(config.feed.lines.at(0).group.is_multicast());
  EXPECT_EQ(config.clients.at(0).account, 3);
  EXPECT_EQ(config.drop_copies.at(0).accounts, std::vector<u16>{3});
  EXPECT_TRUE(config.clients.at(0).cancel_on_disconnect);
  EXPECT_EQ(config.accounts.at(0).max_notional, 5'000'000U);
  EXPECT_EQ(config.gate.instruments.at(0).symbol, "ARL");
  EXPECT_EQ(config.tiles.edge_core, -1);
}

TEST(DataplaneConfig, AClientSpeaksOuch50UnlessItSaysOtherwise) {
  const auto loaded = parse_dataplane_config(kWhole, "dataplane.toml");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.value().clients.at(0).protocol, ClientProtocol::kOuch50);
  std::string text(kWhole);
  text.insert(text.find("[[clients]]") + 11, "\nprotocol = \"ouch42\"");
  const auto other = parse_dataplane_config(text, "dataplane.toml");
  ASSERT_TRUE(other.ok()) << other.error().message();
  EXPECT_EQ(other.value().clients.at(0).protocol, ClientProtocol::kOuch42);
  text.replace(text.find("ouch42"), 6, "ouch41");
  EXPECT_NE(refusal(text).find("protocol"), std::string::npos);
}

TEST(DataplaneConfig, WhatIsNotSaidIsDenied) {
  const DataplaneConfig config;
  EXPECT_TRUE(config.clients.empty());
  EXPECT_TRUE(config.accounts.empty());
  EXPECT_FALSE(config.strategy.enabled);
  EXPECT_FALSE(config.gate.enabled_by_default);
  EXPECT_EQ(config.gate.max_qty, 0U);
  EXPECT_EQ(config.gate.max_notional, 0U);
  EXPECT_EQ(config.ack, AckPolicy::kJournaled);
  EXPECT_FALSE(AccountSettings{}.enabled);
  EXPECT_EQ(AccountSettings{}.max_qty, 0U);
  EXPECT_FALSE(InstrumentSettings{}.enabled);
}

TEST(DataplaneConfig, ASecretInTheFileIsRefusedWithTheRightKey) {
  EXPECT_THAT(
      refusal(with("password_file = \"/etc/tradsys/venue.password\"", "password = \"hunter2\"")),
      HasSubstr("venue.password: unknown key; did you mean 'password_file'?"));
  EXPECT_EQ(
      refusal(with("password_file = \"/etc/tradsys/venue.password\"", "password = \"hunter2\""))
          .find("hunter2"),
      std::string::npos);
}

TEST(DataplaneConfig, OneWrongPlaceIsNamed) {
  const struct {
    const char *from, *to, *message;
  } cases[] = {
      {"\"edge1\"", "\"a/b\"", "dataplane.toml:1: instance: 'a/b' is part of file names"},
      {"dir = \"/var", "batch_kib = 10\ndir = \"/var",
       "dataplane.toml:7: journal.batch_kib: 10 is not a multiple of 4"},
      {"dir = \"/var", "segment_mib = 1\ndir = \"/var",
       "journal.segment_mib: 1 is out of range 2..4096"},
      {"kind = \"ring\"", "kind = \"wifi\"",
       "ports[0].kind: \"wifi\" is not one of ring, shm, pcap"},
      {"device = \"0000:3b:00.0\"\n", "", "ports[1].device: a port of this kind needs a device"},
      {"02:00:00:00:00:01", "01:00:00:00:00:01",
       "ports[0].mac: 01:00:00:00:00:01 is a group address"},
      {"ip = \"10.1.0.2\"", "ip = \"239.0.0.1\"",
       "ports[0].ip: 239.0.0.1 is not the address of a host"},
      {"ip = \"10.1.0.2\"\n", "", "ports[0].ip: is missing"},
      {"gateway = \"10.2.0.1\"", "gateway = \"10.3.0.1\"",
       "ports[1].gateway: 10.3.0.1 is not in the port's own network"},
      {"vlan = 120", "vlan = 4095", "ports[1].vlan: 4095 is out of range 0..4094"},
      {"vlan = 120", "tcp_rto_min_ms = 2", "ports[1].tcp_rto_min_ms: 2 is out of range 5..20"},
      {"vlan = 120", "rx_slots = 1000", "ports[1].rx_slots: 1000 is not a power of two"},
      {"[[feed.lines]]\nport = \"orders\"", "[[feed.lines]]\nport = \"x\"",
       "feed.lines[0].port: there is no port 'x'"},
      {"[[feed.lines]]\nport = \"orders\"", "[[feed.lines]]\nport = \"clients\"",
       "feed.lines[0].port: 'clients' is not the port of the order session"},
      {"[[feed.lines]]\nport = \"orders\"\ngroup = \"239.1.1.1\"\nudp_port = 26400\n", "",
       "feed.lines: there is no line"},
      {"ip = \"10.2.0.9\"", "ip = \"127.0.0.1\"",
       "venue.ip: 127.0.0.1 is not the address of a host"},
      {"group = \"239.1.1.1\"", "group = \"10.1.1.1\"",
       "feed.lines[0].group: 10.1.1.1 is not a multicast group"},
      {"udp_port = 26400", "udp_port = 0", "feed.lines[0].udp_port: 0 is out of range 1..65535"},
      {"ip = \"10.1.0.9\"", "ip = \"0.0.0.0\"",
       "feed.rerequest[0].ip: 0.0.0.0 is not the address of a host"},
      {"[venue]\nport = \"orders\"\n", "[venue]\n", "venue.port: there is no order session"},
      {"tcp_port = 9001\n", "", "venue.tcp_port: 0 is not a port"},
      {"user = \"FIRM01\"", "user = \"FIRM012\"",
       "venue.user: \"FIRM012\" has 7 characters, allowed are 0..6"},
      {"user = \"FIRM01\"\n", "silence_ms = 1000\nuser = \"FIRM01\"\n",
       "venue.silence_ms: the venue would be gone"},
      {"account = 3\nport", "account = 4\nport", "clients[0].account: there is no account 4"},
      {"port = \"clients\"\ntcp_port = 9100", "port = \"x\"\ntcp_port = 9100",
       "clients[0].port: there is no port 'x'"},
      {"port = \"clients\"\ntcp_port = 9100", "port = \"orders\"\ntcp_port = 9100",
       "clients[0].port: 'orders' is the venue's port"},
      {"port = \"clients\"\ntcp_port = 9200", "port = \"orders\"\ntcp_port = 9200",
       "drop_copies[0].port: 'orders' is another port"},
      {"tcp_port = 9200", "tcp_port = 9100", "drop_copies[0].tcp_port: 9100 is used twice"},
      {"user = \"RISK\"", "user = \"ALPHA\"", "drop_copies[0].user: 'ALPHA' is used twice"},
      {"accounts = [3]", "accounts = [3, 5]", "drop_copies[0].accounts: there is no account 5"},
      {"id = 3", "id = 256", "accounts[0].id: 256 is out of range 0..255"},
      {"max_qty = 10000", "max_qty = -1", "accounts[0].max_qty: -1 is out of range 0..4294967295"},
      {"[gate]\n", "[gate]\ncollar_bp = 20000\n",
       "gate.collar_bp: 20000 is out of range 0..10000; use basis points"},
      {"[gate]\n", "[gate]\noffload = \"fpga\"\n", "gate.offload: "},
      {"symbol = \"ARL\"", "symbol = \"ARLARLARL\"",
       "gate.instruments[0].symbol: \"ARLARLARL\" has 9 characters"},
      {"[strategy]\nenabled = true\naccount = 3", "[strategy]\nenabled = true\naccount = 9",
       "strategy.account: there is no account 9"},
      {"[strategy]\n", "[tiles]\nedge_core = 2\njournal_core = 2\n[strategy]\n",
       "tiles.journal_core: the journal would share"},
  };
  for (const auto& c : cases) {
    const std::string message = refusal(with(c.from, c.to));
    EXPECT_THAT(message, HasSubstr(c.message));
    EXPECT_THAT(message, HasSubstr("dataplane.toml:")) << message;
    EXPECT_EQ(message.find("problems"), std::string::npos) << "one fault, one message: " << message;
  }
}

constexpr const char* kOverPort = "port = \"clients\"\ntcp_port = 9100\n";

TEST(DataplaneConfig, ALocalClientHasUserIdsAndPipesInPlaceOfAPort) {
  const auto loaded = parse_dataplane_config(
      with(kOverPort, "protocol = \"shm\"\nshm = { uids = [1001, 1002], report_kib = 512 }\n"),
      "dataplane.toml");
  ASSERT_TRUE(loaded.ok()) << loaded.error().message();
  const ClientSettings& client = loaded.value().clients.at(0);
  EXPECT_EQ(client.protocol, ClientProtocol::kShm);
  EXPECT_EQ(client.shm.uids, (std::vector<u32>{1'001, 1'002}));
  EXPECT_EQ(client.shm.request_kib, 64U);
  EXPECT_EQ(client.shm.report_kib, 512U);
  EXPECT_EQ(port_of_clients(loaded.value()), "clients") << "that of the drop copies";
}

TEST(DataplaneConfig, ALocalClientThatMakesNoSenseIsRefused) {
  const auto local = [](const std::string& more) {
    return refusal(with(kOverPort, "protocol = \"shm\"\n" + more));
  };
  EXPECT_THAT(local("port = \"clients\"\n"),
              HasSubstr("clients[0].port: a client of protocol shm"));
  EXPECT_THAT(local("tcp_port = 9100\n"), HasSubstr("clients[0].tcp_port: a client of protocol"));
  EXPECT_THAT(local("shm = { request_kib = 65 }\n"),
              HasSubstr("clients[0].shm.request_kib: 65 is not a power of two"));
  EXPECT_THAT(local("shm = { report_kib = 1000 }\n"),
              HasSubstr("clients[0].shm.report_kib: 1000 is not a power of two"));
  EXPECT_THAT(local("shm = { uids = [-1] }\n"), HasSubstr("clients[0].shm.uids"));
  EXPECT_THAT(refusal(with(kOverPort, "port = \"clients\"\n")),
              HasSubstr("clients[0].tcp_port: 0 is not a port"));
  std::string alone = with(kOverPort, "protocol = \"shm\"\n");
  const usize copies = alone.find("[[drop_copies]]");
  alone.erase(copies, alone.find("[[accounts]]") - copies);
  EXPECT_THAT(refusal(alone), HasSubstr("clients: nobody connects over a port"));
}

TEST(DataplaneConfig, RepeatedPortsUsersAccountsAndSymbolsAreRefused) {
  const std::string text =
      std::string(kWhole) +
      "[[accounts]]\nid = 3\n[[clients]]\nuser = \"ALPHA\"\npassword_file = \"x\"\naccount = 3\n"
      "port = \"clients\"\ntcp_port = 9100\n[[ports]]\nname = \"orders\"\nkind = \"ring\"\nip = "
      "\"10.9.0.1\"\n[[gate.instruments]]\nsymbol = \"ARL\"\n";
  const std::string message = refusal(text);
  for (const char* part :
       {"5 problems", "clients[1].tcp_port: 9100 is used twice",
        "ports[2].name: 'orders' is used twice", "accounts[1].id: 3 is used twice",
        "clients[1].user: 'ALPHA' is used twice",
        "gate.instruments[1].symbol: 'ARL' is listed twice"})
    EXPECT_THAT(message, HasSubstr(part));
}

TEST(DataplaneConfig, WithoutFeedVenueOrClientsThereIsNoDataplane) {
  const std::string message = refusal("instance = \"x\"\n");
  for (const char* part : {"feed.lines: there is no line", "venue.port: there is no order session",
                           "clients: no client is configured"})
    EXPECT_THAT(message, HasSubstr(part));
}

TEST(DataplaneConfig, AFixClientNeedsACompIdOfItsOwn) {
  const auto fix = [](const std::string& user, const std::string& port, const std::string& more) {
    return std::string(kWhole) + "[[clients]]\nuser = \"" + user +
           "\"\npassword_file = \"p\"\naccount = 7\nport = \"clients\"\ntcp_port = " + port + "\n" +
           more;
  };
  EXPECT_THAT(refusal(fix("FIX1", "9700", "protocol = \"fix44\"\n")),
              HasSubstr("fix.target_comp_id: a FIX session has a CompID"));
  EXPECT_THAT(
      refusal(fix("FIX1", "9700", "protocol = \"fix42\"\n[clients.fix]\ntarget_comp_id = \"C\"\n")),
      HasSubstr("fix.check_password: FIX 4.2 knows no password"));
  EXPECT_THAT(refusal(fix("FIX1", "9700", "protocol = \"fix43\"\n")), HasSubstr("protocol"));
  const std::string with_hours = "protocol = \"fix44\"\n[clients.fix]\ntarget_comp_id = \"C\"\n";
  EXPECT_THAT(refusal(fix("FIX1", "9700", with_hours + "session_start = \"07:00:00\"\n")),
              HasSubstr("fix.session_start: '07:00:00' to '' are not two times"));
  EXPECT_THAT(refusal(fix("FIX1", "9700",
                          with_hours + "session_start = \"07:00:00\"\nsession_end = "
                                       "\"13:00:00\"\nsession_days = \"sunday\"\n")),
              HasSubstr("'sunday' names no weekdays"));
}

TEST(DataplaneConfig, ADropCopyInFixIsHeldToTheRulesOfAFixSession) {
  const auto copy = [](const std::string& more) {
    return refusal(std::string(kWhole) +
                   "[[drop_copies]]\nuser = \"BACK\"\npassword_file = \"p\"\nport = \"clients\"\n"
                   "tcp_port = 9201\n" +
                   more);
  };
  const std::string fix44 = "protocol = \"fix44\"\n[drop_copies.fix]\ntarget_comp_id = \"B\"\n";
  EXPECT_EQ(copy(fix44), "");
  EXPECT_THAT(copy("protocol = \"fix44\"\n"),
              HasSubstr("drop_copies[1].fix.target_comp_id: a FIX session has a CompID"));
  EXPECT_THAT(copy("protocol = \"ouch42\"\n"),
              HasSubstr("drop_copies[1].protocol: 'ouch42' has no messages"));
  EXPECT_THAT(copy(fix44 + "pending_reports = true\n"),
              HasSubstr("drop_copies[1].fix.pending_reports: a drop copy has no requests"));
  EXPECT_THAT(copy("protocol = \"fix42\"\n[drop_copies.fix]\ntarget_comp_id = \"B\"\n"),
              HasSubstr("drop_copies[1].fix.check_password: FIX 4.2 knows no password"));
  EXPECT_THAT(copy(fix44 +
                   "[[clients]]\nuser = \"FIX1\"\npassword_file = \"p\"\naccount = 3\n"
                   "port = \"clients\"\ntcp_port = 9700\n" +
                   "protocol = \"fix44\"\n[clients.fix]\ntarget_comp_id = \"B\"\n"),
              HasSubstr("drop_copies[1].fix.target_comp_id: TRADSYS and B are used twice"));
}

TEST(DataplaneConfig, TwoLinesThatAreOneAreRefused) {
  const std::string line = "[[feed.lines]]\nport = \"orders\"\ngroup = \"239.1.1.1\"\n";
  EXPECT_THAT(refusal(std::string(kWhole) + line + "udp_port = 26400\n"),
              HasSubstr("feed.lines[1].group: both lines are the same"));
  EXPECT_EQ(refusal(std::string(kWhole) + line + "udp_port = 26401\n"), "");
}

TEST(DataplaneConfig, PasswordFilesAreLookedAtWhereADataplaneIsToStart) {
  testing::TempDir dir;
  std::ofstream(dir / "dataplane.toml") << kWhole;
  const std::string file = (dir / "dataplane.toml").string();
  EXPECT_TRUE(load_dataplane_config(file).ok());
  const auto checked = load_dataplane_config(file, SecretFiles::kChecked);
  ASSERT_FALSE(checked.ok());
  EXPECT_THAT(checked.error().message(),
              HasSubstr("venue.password_file: /etc/tradsys/venue.password: the secret's file is "
                        "missing"));
  EXPECT_THAT(checked.error().message(), HasSubstr("clients[0].password_file: "));
}

TEST(DataplaneConfig, WhatIsPrintedLoadsBackToTheSame) {
  const auto loaded = parse_dataplane_config(kWhole, "a");
  ASSERT_TRUE(loaded.ok());
  const std::string printed = print_dataplane_config(loaded.value());
  const auto again = parse_dataplane_config(printed, "b");
  ASSERT_TRUE(again.ok()) << again.error().message() << "\n" << printed;
  EXPECT_EQ(print_dataplane_config(again.value()), printed);
}

template <class S>
void check_schema(std::string path) {
  SCOPED_TRACE(path);
  EXPECT_TRUE(defaults_hold(S{}));
  std::vector<std::string> keys;
  for_each_knob<S>([&](const auto& k) {
    EXPECT_EQ(std::count(keys.begin(), keys.end(), k.key), 0) << k.key;
    keys.push_back(k.key);
    EXPECT_TRUE(std::string(k.doc).ends_with('.')) << k.key;
    using M = typename std::remove_cvref_t<decltype(k)>::Member;
    if constexpr (Described<M>)
      check_schema<M>(path + "." + k.key);
    else if constexpr (kIsList<M>) {
      if constexpr (Described<typename M::value_type>)
        check_schema<typename M::value_type>(path + "." + k.key);
    }
  });
}

TEST(DataplaneConfig, EveryKnobHasADefaultInRangeAndADocumentation) {
  check_schema<DataplaneConfig>("");
}

TEST(DataplaneConfig, TheReferencePageHasEveryTable) {
  const std::string page = document_dataplane_config();
  for (const char* part :
       {"## `[journal]`", "## `[[ports]]`", "## `[[feed.lines]]`", "## `[[feed.rerequest]]`",
        "## `[venue]`", "## `[[clients]]`", "## `[[accounts]]`", "## `[[gate.instruments]]`",
        "`immediate`, `journaled`", "`ring`, `shm`, `pcap`, `af_packet`, `af_xdp`, `pci`"})
    EXPECT_THAT(page, HasSubstr(part));
}

}  // namespace
}  // namespace tradsys::config
