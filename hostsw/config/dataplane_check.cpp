#include "hostsw/config/dataplane_check.hpp"

#include <bit>
#include <set>

#include "hostsw/config/fix_venue_check.hpp"
#include "hostsw/config/secret.hpp"
#include "hostsw/core/session_hours.hpp"

namespace tradsys::config {
namespace {

std::string indexed(const char* list, usize index, const char* key) {
  return std::string(list) + "[" + std::to_string(index) + "]." + key;
}

bool is_plain_name(const std::string& name) {
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_';
    if (!plain) return false;
  }
  return true;
}

/// Looks at one configuration; each method at one table.
class Check {
 public:
  Check(const DataplaneConfig& config, Problems& problems) : config_(config), problems_(problems) {}

  void all() {
    if (!is_plain_name(config_.instance))
      problems_.add("instance", "'" + config_.instance + "' is part of file names",
                    "use letters, digits, - and _");
    if (config_.journal.batch_kib % 4 != 0)
      problems_.add("journal.batch_kib",
                    std::to_string(config_.journal.batch_kib) + " is not a multiple of 4",
                    "use 256");
    if (config_.journal.segment_mib * 1'024 < 2 * config_.journal.batch_kib)
      problems_.add("journal.segment_mib", "a segment must hold at least two batches",
                    "raise segment_mib");
    for (usize i = 0; i < config_.ports.size(); ++i) port(i);
    feed();
    venue();
    accounts();
    clients();
    drop_copies();
    instruments();
    if (config_.strategy.enabled && account(config_.strategy.account) == nullptr)
      problems_.add("strategy.account",
                    "there is no account " + std::to_string(config_.strategy.account),
                    "add it to [[accounts]], or disable the strategy");
    if (config_.tiles.edge_core >= 0 && config_.tiles.edge_core == config_.tiles.journal_core)
      problems_.add("tiles.journal_core", "the journal would share the core of the edge",
                    "use another core, or -1");
  }

 private:
  void port(usize i) {
    const PortSettings& port = config_.ports[i];
    if (!port_names_.insert(port.name).second)
      problems_.add(indexed("ports", i, "name"), "'" + port.name + "' is used twice",
                    "give each port its own name");
    if (!is_plain_name(port.name))
      problems_.add(indexed("ports", i, "name"), "'" + port.name + "' is not a plain name",
                    "use letters, digits, - and _");
    if (port.kind != PortKind::kRing && port.device.empty())
      problems_.add(indexed("ports", i, "device"), "a port of this kind needs a device",
                    "name the interface, PCI address or file");
    if (port.mac != MacAddress{} && !port.mac.is_station())
      problems_.add(indexed("ports", i, "mac"), to_string(port.mac) + " is a group address",
                    "use an even first byte, e.g. 02:...");
    if (!port.ip.is_host())
      problems_.add(indexed("ports", i, "ip"), to_string(port.ip) + " is not the address of a host",
                    "use a unicast address");
    if (port.gateway.is_set() &&
        (!port.gateway.is_host() || !port.gateway.is_in(port.ip, port.prefix)))
      problems_.add(
          indexed("ports", i, "gateway"),
          to_string(port.gateway) + " is not in the port's own network",
          "use the router's address in " + to_string(port.ip) + "/" + std::to_string(port.prefix));
    if (!std::has_single_bit(port.rx_slots))
      problems_.add(indexed("ports", i, "rx_slots"),
                    std::to_string(port.rx_slots) + " is not a power of two", "use 1024");
    if (!std::has_single_bit(port.tx_slots))
      problems_.add(indexed("ports", i, "tx_slots"),
                    std::to_string(port.tx_slots) + " is not a power of two", "use 1024");
  }

  /// False, and said, when there is no such port.
  bool refers_to_port(const std::string& key, const std::string& name) {
    if (port_names_.contains(name)) return true;
    problems_.add(key, "there is no port '" + name + "'", "add it to [[ports]]");
    return false;
  }

  void feed() {
    for (usize i = 0; i < config_.feed.lines.size(); ++i) {
      const FeedLineSettings& line = config_.feed.lines[i];
      if (refers_to_port(indexed("feed.lines", i, "port"), line.port) &&
          port_names_.contains(config_.venue.port) && line.port != config_.venue.port)
        problems_.add(indexed("feed.lines", i, "port"),
                      "'" + line.port + "' is not the port of the order session",
                      "feed and order session share one port: use '" + config_.venue.port + "'");
      if (!line.group.is_multicast())
        problems_.add(indexed("feed.lines", i, "group"),
                      to_string(line.group) + " is not a multicast group",
                      "use an address in 224.0.0.0/4");
    }
    if (config_.feed.lines.empty())
      problems_.add("feed.lines", "there is no line", "the gate needs a live book: add one or two");
    if (config_.feed.lines.size() == 2 &&
        config_.feed.lines[0].group == config_.feed.lines[1].group &&
        config_.feed.lines[0].udp_port == config_.feed.lines[1].udp_port)
      problems_.add(indexed("feed.lines", 1, "group"), "both lines are the same",
                    "give line B its own group or port, or leave it out");
    for (usize i = 0; i < config_.feed.rerequest.size(); ++i)
      if (!config_.feed.rerequest[i].ip.is_host())
        problems_.add(indexed("feed.rerequest", i, "ip"),
                      to_string(config_.feed.rerequest[i].ip) + " is not the address of a host",
                      "use a unicast address");
  }

  void venue() {
    const VenueSettings& venue = config_.venue;
    if (venue.port.empty()) {
      problems_.add("venue.port", "there is no order session", "name one of [[ports]]");
      return;
    }
    refers_to_port("venue.port", venue.port);
    if (!venue.ip.is_host())
      problems_.add("venue.ip", to_string(venue.ip) + " is not the address of a host",
                    "use the venue's address");
    if (venue.tcp_port == 0)
      problems_.add("venue.tcp_port", "0 is not a port", "use the venue's port");
    if (venue.protocol != VenueProtocol::kOuch50) return check_fix_venue(config_, problems_);
    if (venue.user.empty())
      problems_.add("venue.user", "a user is needed", "use the name the venue gave");
    if (venue.password_file.empty())
      problems_.add("venue.password_file", "a password file is needed",
                    "write the password into a file with mode 0600 and name it");
    if (venue.silence_ms <= venue.heartbeat_ms)
      problems_.add("venue.silence_ms", "the venue would be gone before its heartbeat can come",
                    "use several times heartbeat_ms");
  }

  void accounts() {
    std::set<u16> ids;
    for (usize i = 0; i < config_.accounts.size(); ++i)
      if (!ids.insert(config_.accounts[i].id).second)
        problems_.add(indexed("accounts", i, "id"),
                      std::to_string(config_.accounts[i].id) + " is used twice",
                      "give each account its own id");
  }

  [[nodiscard]] const AccountSettings* account(u16 id) const {
    for (const AccountSettings& account : config_.accounts)
      if (account.id == id) return &account;
    return nullptr;
  }

  void clients() {
    if (config_.clients.empty())
      problems_.add("clients", "no client is configured", "add a [[clients]] table");
    if (port_of_clients(config_).empty() && !config_.clients.empty())
      problems_.add("clients", "nobody connects over a port",
                    "add a client or a drop copy that is not shm, and a port for it");
    for (usize i = 0; i < config_.clients.size(); ++i) client(i);
  }

  void client(usize i) {
    const ClientSettings& client = config_.clients[i];
    client.protocol == ClientProtocol::kShm ? shm_client(i) : network_client(i);
    if (!users_.insert(client.user).second)
      problems_.add(indexed("clients", i, "user"), "'" + client.user + "' is used twice",
                    "give each client its own user");
    if (account(client.account) == nullptr)
      problems_.add(indexed("clients", i, "account"),
                    "there is no account " + std::to_string(client.account),
                    "add it to [[accounts]]");
    if (speaks_fix(client.protocol)) fix_session("clients", i, client.protocol, client.fix);
  }

  void network_client(usize i) {
    const ClientSettings& client = config_.clients[i];
    const std::string& shared = port_of_clients(config_);
    if (!refers_to_port(indexed("clients", i, "port"), client.port)) {
    } else if (client.port != shared)
      problems_.add(indexed("clients", i, "port"), "'" + client.port + "' is another port",
                    "all clients share one port: use '" + shared + "'");
    else if (client.port == config_.venue.port)
      problems_.add(indexed("clients", i, "port"), "'" + client.port + "' is the venue's port",
                    "give the clients a port of their own");
    if (client.tcp_port == 0)
      problems_.add(indexed("clients", i, "tcp_port"), "0 is not a port",
                    "use a port that no other client has");
    else if (!client_ports_.insert(client.tcp_port).second)
      problems_.add(indexed("clients", i, "tcp_port"),
                    std::to_string(client.tcp_port) + " is used twice",
                    "each client logs in on a port of its own");
  }

  void shm_client(usize i) {
    const ClientSettings& client = config_.clients[i];
    if (!client.port.empty() || client.tcp_port != 0)
      problems_.add(indexed("clients", i, client.port.empty() ? "tcp_port" : "port"),
                    "a client of protocol shm connects over no port",
                    "leave port and tcp_port out, or name another protocol");
    if (!std::has_single_bit(client.shm.request_kib))
      problems_.add(indexed("clients", i, "shm.request_kib"),
                    std::to_string(client.shm.request_kib) + " is not a power of two", "use 64");
    if (!std::has_single_bit(client.shm.report_kib))
      problems_.add(indexed("clients", i, "shm.report_kib"),
                    std::to_string(client.shm.report_kib) + " is not a power of two", "use 1024");
  }

  /// Of clients and drop copies: `list` is the name of theirs.
  void fix_session(const char* list, usize i, ClientProtocol protocol,
                   const FixClientSettings& fix) {
    if (fix.target_comp_id.empty())
      problems_.add(indexed(list, i, "fix.target_comp_id"), "a FIX session has a CompID",
                    "write the one that the other side sends as SenderCompID");
    if (protocol == ClientProtocol::kFix42 && fix.check_password)
      problems_.add(indexed(list, i, "fix.check_password"), "FIX 4.2 knows no password",
                    "use false, and a network that is the client's own");
    fix_hours(fix, indexed(list, i, "fix.session_start"));
    const std::string pair = fix.sender_comp_id + " and " + fix.target_comp_id;
    if (!comp_ids_.insert(pair).second)
      problems_.add(indexed(list, i, "fix.target_comp_id"), pair + " are used twice",
                    "give each FIX session its own CompID");
  }

  void fix_hours(const FixClientSettings& fix, const std::string& where) {
    if (fix.session_start.empty() && fix.session_end.empty()) return;
    if (!parse_time_of_day(fix.session_start) || !parse_time_of_day(fix.session_end))
      problems_.add(where,
                    "'" + fix.session_start + "' to '" + fix.session_end + "' are not two times",
                    "write both as HH:MM:SS in UTC, or leave both out");
    if (!parse_weekdays(fix.session_days))
      problems_.add(where, "'" + fix.session_days + "' names no weekdays",
                    "write session_days as sun mon tue wed thu fri sat with blanks between");
  }

  void drop_copies() {
    for (usize i = 0; i < config_.drop_copies.size(); ++i) drop_copy(i);
  }

  void drop_copy(usize i) {
    const DropCopySettings& copy = config_.drop_copies[i];
    // A wrong port of the clients is a fault of theirs, and named once.
    const std::string& of_clients = port_of_clients(config_);
    const bool is_right = port_names_.contains(of_clients) && of_clients != config_.venue.port;
    const std::string& shared = is_right ? of_clients : copy.port;
    if (refers_to_port(indexed("drop_copies", i, "port"), copy.port) && copy.port != shared)
      problems_.add(indexed("drop_copies", i, "port"), "'" + copy.port + "' is another port",
                    "drop copies share the port of the clients: use '" + shared + "'");
    if (!client_ports_.insert(copy.tcp_port).second)
      problems_.add(indexed("drop_copies", i, "tcp_port"),
                    std::to_string(copy.tcp_port) + " is used twice",
                    "each client and drop copy logs in on a port of its own");
    if (!users_.insert(copy.user).second)
      problems_.add(indexed("drop_copies", i, "user"), "'" + copy.user + "' is used twice",
                    "give each client and drop copy its own user");
    for (const u16 id : copy.accounts)
      if (account(id) == nullptr)
        problems_.add(indexed("drop_copies", i, "accounts"),
                      "there is no account " + std::to_string(id), "add it to [[accounts]]");
    drop_copy_protocol(i);
  }

  void drop_copy_protocol(usize i) {
    const DropCopySettings& copy = config_.drop_copies[i];
    if (speaks_fix(copy.protocol)) fix_session("drop_copies", i, copy.protocol, copy.fix);
    if (copy.protocol == ClientProtocol::kOuch42 || copy.protocol == ClientProtocol::kShm)
      problems_.add(indexed("drop_copies", i, "protocol"),
                    copy.protocol == ClientProtocol::kShm
                        ? "'shm' is for clients of this host"
                        : "'ouch42' has no messages for orders of other protocols",
                    "use ouch50, fix42, fix44 or fix50sp2");
    if (copy.fix.pending_reports)
      problems_.add(indexed("drop_copies", i, "fix.pending_reports"),
                    "a drop copy has no requests that could be pending", "leave it out");
  }

  void instruments() {
    std::set<std::string> symbols;
    for (usize i = 0; i < config_.gate.instruments.size(); ++i)
      if (!symbols.insert(config_.gate.instruments[i].symbol).second)
        problems_.add(indexed("gate.instruments", i, "symbol"),
                      "'" + config_.gate.instruments[i].symbol + "' is listed twice",
                      "merge the two");
  }

  const DataplaneConfig& config_;
  Problems& problems_;
  std::set<std::string> port_names_;
  std::set<std::string> users_;
  std::set<std::string> comp_ids_;
  std::set<u16> client_ports_;
};

}  // namespace

void check_secret_files(const DataplaneConfig& config, Problems& problems) {
  const auto look = [&problems](const std::string& key, const std::string& path,
                                usize bytes_max = kSoupPasswordBytes) {
    const Result<std::string> secret = read_secret(path, bytes_max);
    if (!secret)
      problems.add(key, secret.error().where + ": " + secret.error().what, secret.error().remedy);
  };
  if (config.venue.protocol == VenueProtocol::kOuch50)
    look("venue.password_file", config.venue.password_file);
  else if (!config.venue.fix.username.empty())
    look("venue.password_file", config.venue.password_file, kFixPasswordBytes);
  for (usize i = 0; i < config.clients.size(); ++i)
    look(indexed("clients", i, "password_file"), config.clients[i].password_file);
  for (usize i = 0; i < config.drop_copies.size(); ++i)
    look(indexed("drop_copies", i, "password_file"), config.drop_copies[i].password_file);
}

void check_dataplane_config(const DataplaneConfig& config, Problems& problems) {
  Check(config, problems).all();
}

}  // namespace tradsys::config
