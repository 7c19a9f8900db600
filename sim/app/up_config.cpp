#include "sim/app/up_config.hpp"

#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "sim/market/instruments.hpp"
#include "sim/world/addresses.hpp"
#include "sim/world/defaults.hpp"

namespace tradsys::sim {
namespace {

constexpr u64 kBookScale = 10'000;  // the file states whole currency units

Status write_file(const std::filesystem::path& path, const std::string& text) {
  const mode_t before = umask(0077);
  std::ofstream file(path, std::ios::trunc);
  file << text;
  file.close();
  umask(before);
  if (!file) return Error{path.string(), "cannot be written", "is the disk full?"};
  return Done{};
}

std::string dotted(net::Ipv4 ip) { return net::to_string(ip); }

/// The dataplane's configuration: the same parts as in the in-process simulation.
std::string config_text(const UpConfig& up, const UpFiles& f, const std::string& instance) {
  const dataplane::EdgeConfig edge = default_edge_config(up.clients);
  const auto strategy = default_strategy_config();
  std::ostringstream o;
  o << "# Written by `tradsys sim up`.\n"
    << "instance = \"" << instance << "\"\nruntime_dir = \"" << f.runtime_dir.string() << "\"\n"
    << "ack = \"journaled\"\nidle = \"adaptive\"\norders_max = " << edge.orders_max
    << "\ntrades_max = " << edge.trades_max << "\n\n"
    << "[journal]\ndir = \"" << f.journal.string() << "\"\n\n";
  const auto port = [&o](const char* name, const std::filesystem::path& wire, net::MacAddress mac,
                         net::Ipv4 ip) {
    o << "[[ports]]\nname = \"" << name << "\"\nkind = \"shm\"\ndevice = \"" << wire.string()
      << "\"\nmac = \"" << net::to_string(mac) << "\"\nip = \"" << dotted(ip)
      << "\"\nrx_slots = 2048\ntx_slots = 2048\n\n";
  };
  port("venue", f.venue_wire, kVenueSideMac, kVenueSideIp);
  port("client", f.client_wire, kClientSideMac, kClientSideIp);
  o << "[feed]\ndialect = \"itch50\"\n";
  for (const dataplane::Endpoint& line : edge.feed_lines) {
    o << "[[feed.lines]]\nport = \"venue\"\ngroup = \"" << dotted(line.ip)
      << "\"\nudp_port = " << line.port << "\n";
  }
  o << "[[feed.rerequest]]\nip = \"" << dotted(kVenueIp) << "\"\nudp_port = " << kRerequestPort
    << "\n\n"
    << "[venue]\nport = \"venue\"\nip = \"" << dotted(kVenueIp)
    << "\"\ntcp_port = " << kVenueOrderPort << "\nuser = \"TRADSY\"\npassword_file = \""
    << (f.folder / "venue.password").string() << "\"\n\n";
  for (u32 i = 0; i < up.clients; ++i) {
    o << "[[clients]]\nuser = \"" << edge.clients[i].user << "\"\npassword_file = \""
      << (f.folder / ("client" + std::to_string(i) + ".password")).string() << "\"\naccount = " << i
      << "\nport = \"client\"\ntcp_port = " << edge.clients[i].tcp_port << "\n\n";
  }
  const usize local_account = edge.accounts.size();
  o << "# For programs of this host: tradsys-market-maker, tradsys-subscriber.\n[[clients]]\nuser "
       "= "
       "\""
    << kLocalUser << "\"\npassword_file = \"" << f.local_password.string()
    << "\"\naccount = " << local_account << "\nprotocol = \"shm\"\n\n";
  std::vector<dataplane::AccountConfig> accounts = edge.accounts;
  accounts.push_back(accounts.back());
  accounts.back().limits.account = static_cast<u16>(local_account);
  for (const dataplane::AccountConfig& a : accounts) {
    o << "[[accounts]]\nid = " << a.limits.account
      << "\nenabled = true\nmax_qty = " << a.limits.max_qty
      << "\nmax_notional = " << a.limits.max_notional / kBookScale
      << "\nrate_per_s = " << a.limits.rate_per_s << "\nrate_burst = " << a.limits.rate_burst
      << "\nopen_orders_max = 5000\nself_trade = \"allow\"\nmax_long = " << a.position.max_long
      << "\nmax_short = " << a.position.max_short << "\n\n";
  }
  const InstrumentLimits& gate = edge.instrument_defaults;
  o << "[gate]\noffload = \"" << offload::name_of(up.offload)
    << "\"\nenabled_by_default = true\nbegin_active = true\nrelease_persons = 1\nmax_qty = "
    << gate.max_qty << "\nmax_notional = " << gate.max_notional / kBookScale
    << "\ncollar_bp = " << gate.collar_bp << "\ntick_size = " << gate.tick_size
    << "\nlot_size = 1\n\n[books]\ninstruments_max = " << edge.books.instruments_max
    << "\norders_max = " << edge.books.orders_max << "\nlevels_max = " << edge.books.levels_max
    << "\n\n[strategy]\nenabled = true\naccount = " << edge.strategy_account
    << "\ntrigger = " << strategy.trigger << "\nqty = " << strategy.qty
    << "\nposition_max = " << strategy.position_max << "\n";
  return o.str();
}

}  // namespace

Result<UpFiles> write_up_files(const UpConfig& up, const ipc::InstancePaths& paths,
                               const std::string& instance) {
  UpFiles f;
  f.folder = std::filesystem::absolute(paths.folder);
  f.runtime_dir = f.folder.parent_path();
  f.config = f.folder / "dataplane.toml";
  f.journal = f.folder / "journal";
  f.status = paths.status();
  f.venue_wire = f.folder / "venue.wire";
  f.client_wire = f.folder / "client.wire";
  f.dataplane_log = f.folder / "dataplane.log";
  f.venue_log = f.folder / "venue.log";
  f.local_password = f.folder / "local.password";
  std::error_code failure;
  std::filesystem::remove_all(f.journal, failure);
  if (failure) return Error{f.journal.string(), "cannot be removed: " + failure.message(), ""};
  if (Status s = write_file(f.folder / "venue.password", "VENUEPASS\n"); !s) return s.error();
  if (Status s = write_file(f.local_password, "LOCALPASS\n"); !s) return s.error();
  for (u32 i = 0; i < up.clients; ++i) {
    const std::string name = "client" + std::to_string(i) + ".password";
    if (Status s = write_file(f.folder / name, "SECRET" + std::to_string(i) + "\n"); !s)
      return s.error();
  }
  if (Status s = write_file(f.config, config_text(up, f, instance)); !s) return s.error();
  return f;
}

std::vector<std::string> venue_arguments(const UpConfig& up, const UpFiles& files) {
  return {"--wire",         files.venue_wire.string(),
          "--client-wire",  files.client_wire.string(),
          "--clients",      std::to_string(up.clients),
          "--orders-per-s", std::to_string(up.orders_per_s),
          "--flow-per-s",   std::to_string(up.flow_per_s),
          "--instruments",  std::to_string(up.instruments),
          "--seed",         std::to_string(up.seed)};
}

std::string first_symbol(const UpConfig& up) {
  return make_instruments(up.instruments, up.seed)[0].symbol.str();
}

}  // namespace tradsys::sim
