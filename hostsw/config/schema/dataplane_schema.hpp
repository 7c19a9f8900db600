#pragma once
// The knobs of a dataplane: one table per struct.
#include "hostsw/config/schema/client_schema.hpp"
#include "hostsw/config/schema/drop_copy_schema.hpp"
#include "hostsw/config/schema/venue_schema.hpp"

namespace tradsys::config {

template <>
struct EnumNames<PortKind> {
  static constexpr std::array kNames{"ring", "shm", "pcap", "af_packet", "af_xdp", "pci"};
};
template <>
struct EnumNames<FeedDialect> {
  static constexpr std::array kNames{"itch50"};
};
template <>
struct EnumNames<AckPolicy> {
  static constexpr std::array kNames{"immediate", "journaled"};
};
template <>
struct EnumNames<IdlePolicy> {
  static constexpr std::array kNames{"spin", "adaptive"};
};

template <>
struct EnumNames<SelfTradePolicy> {
  static constexpr std::array kNames{"cancel_newest", "cancel_oldest", "cancel_both", "allow"};
};
template <>
struct EnumNames<GateOffload> {
  static constexpr std::array kNames{"soft", "rtl"};
};
template <>
struct EnumNames<LimitScopeSetting> {
  static constexpr std::array kNames{"firm", "client", "strategy"};
};
template <>
struct EnumNames<RestrictionKind> {
  static constexpr std::array kNames{"buy", "sell", "short", "sharia", "sanctions", "confirmed"};
};

template <>
struct Schema<PortSettings> {
  using S = PortSettings;
  static constexpr const char* kDoc = "A network port. Tables below name it by `name`.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("name", &S::name, kName, "", "Name of the port.", "use 1 to 15 characters")
          .without_default(),
      knob("kind", &S::kind, kAny, "", "Where frames come from.",
           "simulation uses ring or shm, a NIC pci")
          .without_default(),
      knob("device", &S::device, kOptionalPath, "",
           "Interface, PCI address, capture or segment file; empty for ring.",
           "name an interface, a PCI address such as 0000:3b:00.0, or a file"),
      knob("mac", &S::mac, kAny, "", "Own MAC address; all zeros takes the device's.",
           "write it as 02:00:00:00:00:01, or leave it out"),
      knob("ip", &S::ip, kAny, "", "Own IPv4 address.",
           "ask the network planner; it belongs to this port alone")
          .without_default(),
      knob("prefix", &S::prefix, {8, 31}, "bits", "Length of the network's prefix.",
           "24 is 255.255.255.0"),
      knob("gateway", &S::gateway, kAny, "", "Router to other networks; 0.0.0.0 for none.",
           "name the router of the port's own network, or leave it out"),
      knob("vlan", &S::vlan, {0, 4'094}, "", "802.1Q tag; 0 for untagged.",
           "ask the venue for the tag of the cross-connect"),
      knob("tcp_rto_min_ms", &S::tcp_rto_min_ms, {5, 20}, "ms",
           "Least wait for an acknowledgement before a TCP segment is sent again (RFC 6298).",
           "10 suits a rack; raise it where the peer delays its acknowledgements"),
      knob("tcp_keepalive_s", &S::tcp_keepalive_s, {0, 7'200}, "s",
           "Silence of a TCP peer before it is probed; 0 for never: sessions have heartbeats.",
           "use it where a firewall on the way forgets quiet connections"),
      knob("rx_slots", &S::rx_slots, kSlots, "slots", "Receive descriptors, a power of two.",
           "use 1024 or more for a full feed"),
      knob("tx_slots", &S::tx_slots, kSlots, "slots", "Send descriptors, a power of two.",
           "use 1024 or more where many orders leave at once"),
      knob("capture_file", &S::capture_file, kOptionalPath, "",
           "Copies every frame into this pcap file; empty for off.",
           "name a file whose directory exists, or leave it out"));
};

template <>
struct Schema<FeedLineSettings> {
  using S = FeedLineSettings;
  static constexpr const char* kDoc = "One multicast line; line A first, line B second.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("port", &S::port, kName, "", "Port that receives the line.", "name one of [[ports]]")
          .without_default(),
      knob("group", &S::group, kAny, "", "Multicast group.", "use an address in 224.0.0.0/4")
          .without_default(),
      knob("udp_port", &S::udp_port, kNetPort, "", "Destination port.",
           "see the venue's connectivity guide")
          .without_default());
};

template <>
struct Schema<RerequestSettings> {
  using S = RerequestSettings;
  static constexpr const char* kDoc = "A server that sends missed messages again.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("ip", &S::ip, kAny, "", "Its address.", "see the venue's connectivity guide")
          .without_default(),
      knob("udp_port", &S::udp_port, kNetPort, "", "Its port.",
           "see the venue's connectivity guide")
          .without_default());
};

template <>
struct Schema<FeedSettings> {
  using S = FeedSettings;
  static constexpr const char* kDoc = "The market data feed: the gate needs a live book.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("dialect", &S::dialect, kAny, "", "Message set of the feed.",
           "use itch50, the one dialect so far"),
      knob("session", &S::session, {0, 10}, "",
           "Session to accept; empty takes the first one seen.",
           "use the venue's name of the session"),
      knob("lines", &S::lines, {0, 2}, "", "Lines A and B.", "give one or two lines"),
      knob("rerequest", &S::rerequest, {0, 4}, "", "Servers for missed messages, asked in turn.",
           "give up to four servers"),
      knob("gap_timeout_us", &S::gap_timeout_us, {1, 10'000'000}, "us",
           "How long a hole waits for the other line before it is a gap.",
           "1000 suits one rack, 5000 to 20000 a WAN"),
      knob("window_messages", &S::window_messages, {16, 1'000'000}, "messages",
           "A hole this far behind is a gap at once.",
           "use the messages of some milliseconds at the busiest time"),
      knob("buffer_messages", &S::buffer_messages, {16, 4'000'000}, "messages",
           "Live messages kept during recovery.",
           "use the messages of some seconds at the busiest time"),
      knob("buffer_bytes", &S::buffer_bytes, {65'536, 1'073'741'824}, "bytes", "Memory for them.",
           "about 40 bytes per message"),
      knob("request_timeout_ms", &S::request_timeout_ms, kMilliseconds, "ms",
           "First wait for an answer; doubles up to a second.",
           "use several times the round trip to the server"),
      knob("request_attempts", &S::request_attempts, {1, 1'000}, "requests",
           "Attempts without progress before the feed is given up.",
           "10 gives a server some seconds to answer"),
      knob("silence_ms", &S::silence_ms, {0, 600'000}, "ms",
           "Silence of all lines that makes the books stale; 0 for never.",
           "use more than the heartbeat interval of the feed, which is 1000"));
};

/// Limits on the values of a day, of whatever has them.
template <class S>
inline constexpr auto kValueKnobs = std::make_tuple(
    knob("gross_value_max", &S::gross_value_max, kNotional, "currency",
         "Value bought, sold and open on both sides; the largest value is no limit.",
         "use whole currency units"),
    knob("net_value_max", &S::net_value_max, kNotional, "currency",
         "Value bought less sold with open buys, and sold less bought with open sells.",
         "use whole currency units"),
    knob("open_value_max", &S::open_value_max, kNotional, "currency", "Value of all open orders.",
         "use whole currency units"),
    knob("buying_power", &S::buying_power, kNotional, "currency", "Value bought and open to buy.",
         "use what can be paid for, in whole currency units"),
    knob("loss_max", &S::loss_max, kNotional, "currency",
         "Loss of the day above which only reducing orders pass; strategies: not kept.",
         "use whole currency units"),
    knob("loss_halt", &S::loss_halt, kNotional, "currency",
         "Loss of the day above which no order passes; strategies: not kept.",
         "use more than loss_max"));

/// Rules of an instrument beyond its tick, lot and collar.
template <class S>
inline constexpr auto kRuleKnobs = std::make_tuple(
    knob("min_qty", &S::min_qty, kU32, "shares", "Smallest quantity of one order.",
         "use the venue's; 0 where there is none"),
    knob("fat_finger_bp", &S::fat_finger_bp, kU32, "bp",
         "How far through the reference a price may go that nobody confirmed; 4294967295 is off.",
         "use less than collar_bp"),
    knob("band_low", &S::band_low, kU32, "price units", "Lowest price of the venue's daily band.",
         "round the venue's band up to a tick"),
    knob("band_high", &S::band_high, kU32, "price units",
         "Highest price of the venue's daily band; 4294967295 is none.",
         "round the venue's band down to a tick"),
    knob("feed_silence_max_ms", &S::feed_silence_max_ms, kU32, "ms",
         "Orders are refused once the feed was silent for so long; 4294967295 is off.",
         "use several heartbeats of the feed"),
    knob("short_sale_restricted", &S::short_sale_restricted, kAny, "",
         "Whether short sales must be above the best bid.", "use true or false"));

template <>
struct Schema<AccountSettings> {
  using S = AccountSettings;
  static constexpr const char* kDoc = "An account and its limits; a limit of 0 blocks every order.";
  static constexpr auto kKnobs = std::tuple_cat(
      std::make_tuple(
          knob("id", &S::id, kAccountId, "", "Number of the account.",
               "use a number not used before")
              .without_default(),
          knob("name", &S::name, kOptionalName, "", "Name for displays.",
               "use up to 15 characters"),
          knob("enabled", &S::enabled, kAny, "", "Whether it may trade.", "use true or false"),
          knob("max_qty", &S::max_qty, kU32, "shares", "Quantity of one order.",
               "use the largest order that the account ever sends"),
          knob("max_notional", &S::max_notional, kNotional, "currency",
               "Value of one order in whole currency units.",
               "use whole currency units, not price units"),
          knob("rate_per_s", &S::rate_per_s, {0, 10'000'000}, "messages/s",
               "Sustained message rate.",
               "use at most what the venue's throttle gives the session"),
          knob("rate_burst", &S::rate_burst, {0, 10'000'000}, "messages",
               "Messages that may come at once.", "use at least 1, or no order passes"),
          knob("open_orders_max", &S::open_orders_max, {0, 10'000'000}, "orders", "Live orders.",
               "use the most orders that the account ever keeps open"),
          knob("max_long", &S::max_long, kNotional, "shares",
               "Position plus open buys in one instrument.", "use shares, not currency"),
          knob("max_short", &S::max_short, kNotional, "shares",
               "Open sells minus position in one instrument.",
               "use shares, not currency; 0 forbids selling short"),
          knob("client", &S::client, kAccountId, "", "Client it belongs to; limits name it.",
               "give the accounts of one client the same number"),
          knob("orders_per_trade_max", &S::orders_per_trade_max, kU32, "requests",
               "Requests for each trade of the day; 4294967295 is off.",
               "use the venue's order-to-trade ratio"),
          knob("orders_per_trade_from", &S::orders_per_trade_from, kU32, "requests",
               "Requests below which orders_per_trade_max does not hold.",
               "use enough for the start of a day"),
          knob("duplicates_max", &S::duplicates_max, {0, 255}, "orders",
               "Equal new orders that pass within the window; 0 is off.",
               "use 1 to refuse the second one; at most 8 are watched"),
          knob("duplicate_window_ms", &S::duplicate_window_ms, kU32, "ms",
               "How long an order counts as the first of duplicates.", "500 suits most"),
          knob("self_trade", &S::self_trade, kAny, "",
               "What happens to an order that would trade with one of the same account.",
               "use cancel_newest unless the venue prevents self-trades"),
          knob("max_value", &S::max_value, kNotional, "currency",
               "Value of the position in one instrument, open orders included.",
               "use whole currency units"),
          knob("daily_qty_max", &S::daily_qty_max, kNotional, "shares",
               "Traded today and open in one instrument.", "use shares"),
          knob("buy_qty_max", &S::buy_qty_max, kU32, "shares",
               "Foreign-ownership headroom of one instrument; 4294967295 is none.", "use shares"),
          knob("sell_qty_max", &S::sell_qty_max, kU32, "shares",
               "What can be delivered of one instrument; 4294967295: not kept.", "use shares"),
          knob("same_day_qty_max", &S::same_day_qty_max, kU32, "shares",
               "How much bought today may be sold today on top of sell_qty_max.", "use shares"),
          knob("short_qty_max", &S::short_qty_max, kU32, "shares",
               "What was located for short sales of one instrument; 4294967295: not kept.",
               "use shares")),
      kValueKnobs<S>);
};

template <>
struct Schema<LimitSettings> {
  using S = LimitSettings;
  static constexpr const char* kDoc =
      "Limits on the values of a day beside those of single accounts; each order counts in all of "
      "its scopes.";
  static constexpr auto kKnobs = std::tuple_cat(
      std::make_tuple(
          knob("scope", &S::scope, kAny, "", "Whose values they are.",
               "use firm, client or strategy")
              .without_default(),
          knob("id", &S::id, {0, 255}, "",
               "Number of the client (`client` of its accounts) or strategy; 0 for the firm.",
               "the built-in strategy is 1, orders of clients have 0"),
          knob("open_orders_max", &S::open_orders_max, kU32, "orders",
               "Live orders; 4294967295 is no limit.", "use the most that may ever be open"),
          knob("executions_max", &S::executions_max, kU32, "executions",
               "Strategy: executions within one window that stop it; 4294967295 is off.",
               "a person releases it with 'tradsys risk resume'"),
          knob("executions_window_ms", &S::executions_window_ms, kU32, "ms",
               "Strategy: length of the window.", "60000 is a minute")),
      kValueKnobs<S>);
};

template <>
struct Schema<RestrictionSettings> {
  using S = RestrictionSettings;
  static constexpr const char* kDoc = "What an account may not do in an instrument.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("account", &S::account, kAccountId, "", "Account.", "name the id of one of [[accounts]]")
          .without_default(),
      knob("symbol", &S::symbol, {1, 8}, "", "Symbol on the feed.", "use 1 to 8 characters")
          .without_default(),
      knob("kind", &S::kind, kAny, "",
           "buy, sell or short forbid that; sharia lets only holdings be sold; sanctions forbid "
           "all; confirmed lifts fat_finger_bp.",
           "use one table for each kind")
          .without_default());
};

template <>
struct Schema<InstrumentSettings> {
  using S = InstrumentSettings;
  static constexpr const char* kDoc =
      "An instrument whose rules differ from the defaults; all of its values stand here.";
  static constexpr auto kKnobs = std::tuple_cat(
      std::make_tuple(
          knob("symbol", &S::symbol, {1, 8}, "", "Symbol on the feed.", "use 1 to 8 characters")
              .without_default(),
          knob("enabled", &S::enabled, kAny, "", "Whether it may be traded.", "use true or false"),
          knob("max_qty", &S::max_qty, kU32, "shares", "Quantity of one order; 0 blocks.",
               "use shares, not lots"),
          knob("max_notional", &S::max_notional, kNotional, "currency",
               "Value of one order; 0 blocks.", "use whole currency units, not price units"),
          knob("collar_bp", &S::collar_bp, {0, 10'000}, "bp",
               "How far through the reference an aggressive price may go.",
               "use basis points: 500 is 5 %"),
          knob("tick_size", &S::tick_size, kPriceUnits, "price units", "Price step.",
               "with four decimals 100 is 0.01"),
          knob("lot_size", &S::lot_size, {1, 1'000'000'000}, "shares", "Quantity step.",
               "use the venue's board lot; 1 where there is none"),
          knob(
              "reference_price", &S::reference_price, {0, 1'000'000'000}, "price units",
              "What prices are held against while the book has one side or none and nothing traded "
              "today; 0 for none: then such orders are refused.",
              "use the previous close; with four decimals 12500 is 1.25")),
      kRuleKnobs<S>);
};

template <>
struct Schema<GateSettings> {
  using S = GateSettings;
  static constexpr const char* kDoc =
      "The pre-trade gate: values of every instrument of the feed that is not listed.";
  static constexpr auto kKnobs = std::tuple_cat(
      std::make_tuple(
          knob(
              "offload", &S::offload, kAny, "",
              "Where the gate runs: software, or the simulated circuit with the software as its "
              "shadow. rtl needs a build with Verilator and books.instruments_max of 4096 or less.",
              "use soft in production"),
          knob("enabled_by_default", &S::enabled_by_default, kAny, "",
               "Whether instruments that are not listed may be traded.",
               "use false to trade listed instruments only"),
          knob("max_qty", &S::max_qty, kU32, "shares", "Quantity of one order; 0 blocks.",
               "use shares, not lots"),
          knob("max_notional", &S::max_notional, kNotional, "currency",
               "Value of one order; 0 blocks.", "use whole currency units, not price units"),
          knob("collar_bp", &S::collar_bp, {0, 10'000}, "bp",
               "How far through the reference an aggressive price may go.",
               "use basis points: 500 is 5 %"),
          knob("tick_size", &S::tick_size, kPriceUnits, "price units", "Price step.",
               "with four decimals 100 is 0.01"),
          knob("lot_size", &S::lot_size, {1, 1'000'000'000}, "shares", "Quantity step.",
               "use the venue's board lot; 1 where there is none"),
          knob("begin_active", &S::begin_active, kAny, "",
               "Whether an empty journal begins with the firm's kill switch released; else "
               "operators release it. A rolled journal goes on as the day before.",
               "use true only where nobody trades money"),
          knob("release_persons", &S::release_persons, {1, 2}, "persons",
               "Operators who must ask before a kill switch is released.",
               "use 1 only where nobody trades money"),
          knob("halt_on_unknown_execution", &S::halt_on_unknown_execution, kAny, "",
               "Halts the firm when the venue tells of an execution of an order that nobody here "
               "knows.",
               "use false only where another system answers for such orders"),
          knob("instruments", &S::instruments, {0, 16'384}, "", "Exceptions.",
               "list only instruments that differ from the defaults")),
      kRuleKnobs<S>);
};

template <>
struct Schema<BookSettings> {
  using S = BookSettings;
  static constexpr const char* kDoc = "Capacity of the order books; memory is taken at start.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("instruments_max", &S::instruments_max, {1, 16'384}, "instruments",
           "Instruments of the feed.", "use at least the instruments of the whole feed"),
      knob("orders_max", &S::orders_max, {1'024, 67'108'864}, "orders",
           "Live orders over all books.",
           "use twice the most live orders of the feed's busiest day"),
      knob("levels_max", &S::levels_max, {1'024, 67'108'864}, "levels",
           "Price levels over all books.", "use a quarter of orders_max"));
};

template <>
struct Schema<StrategySettings> {
  using S = StrategySettings;
  static constexpr const char* kDoc = "The built-in market-following strategy.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("enabled", &S::enabled, kAny, "", "Whether it sends orders.", "use true or false"),
      knob("account", &S::account, kAccountId, "", "Account it trades for.",
           "name the id of one of [[accounts]]"),
      knob("trigger", &S::trigger, kPriceUnits, "price units",
           "Move of the mid price that it follows.", "with four decimals 200 is 0.02"),
      knob("qty", &S::qty, {1, 1'000'000}, "shares", "Quantity of one order.",
           "use a multiple of the lot size"),
      knob("position_max", &S::position_max, {0, 1'000'000'000}, "shares",
           "Own bound per instrument, either way.", "use at least qty"));
};

template <>
struct Schema<JournalSettings> {
  using S = JournalSettings;
  static constexpr const char* kDoc = "Where every input is made durable.";
  static constexpr auto kKnobs =
      std::make_tuple(knob("dir", &S::dir, kPath, "", "Directory of its own, on a local disk.",
                           "name a directory that no other program writes to"),
                      knob("segment_mib", &S::segment_mib, {2, 4'096}, "MiB", "Size of one file.",
                           "64 to 256 suit any disk"),
                      knob("batch_kib", &S::batch_kib, {8, 1'024}, "KiB",
                           "Most that one write holds, a multiple of 4.", "256 suits any disk"),
                      knob("queue_records", &S::queue_records, {16'384, 16'777'216}, "records",
                           "Records that may wait for the disk; beyond, orders are refused.",
                           "one poll may need 10,748 of them"),
                      knob("direct_io", &S::direct_io, kAny, "",
                           "Keeps the page cache out of the way where the file system allows it.",
                           "use false on a file system without O_DIRECT"));
};

template <>
struct Schema<TileSettings> {
  using S = TileSettings;
  static constexpr const char* kDoc = "Processor cores of the tiles; -1 lets the planner choose.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("edge_core", &S::edge_core, {-1, 1'023}, "",
           "Core of feed, books, gate and order entry.", "use an isolated core near the NIC"),
      knob("journal_core", &S::journal_core, {-1, 1'023}, "", "Core of the journal.",
           "use a core that the edge does not use"));
};

template <>
struct Schema<DataplaneConfig> {
  using S = DataplaneConfig;
  static constexpr const char* kDoc = "The process as a whole.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("instance", &S::instance, {1, 31}, "", "Name of this dataplane.",
           "use letters, digits, - and _"),
      knob("runtime_dir", &S::runtime_dir, kOptionalPath, "",
           "Directory for shared memory files, as of all programs; empty: $TRADSYS_RUNTIME_DIR, "
           "$XDG_RUNTIME_DIR/tradsys or /tmp/tradsys-<user id>.",
           "name a directory of the same user, in memory (tmpfs)"),
      knob("operators_group", &S::operators_group, {0, 32}, "",
           "Group whose members may read the status and send commands beside the dataplane's own "
           "user; empty: nobody.",
           "name a group of the host, as in /etc/group"),
      knob(
          "shm_socket", &S::shm_socket, {0, 107}, "",
          "Socket that local clients attach to; empty: `clients` in the directory of the instance.",
          "name a path that processes of other users can reach; where there are none, leave it "
          "out"),
      knob("ack", &S::ack, kAny, "",
           "When a client hears of its order: at once, or once the journal holds it.",
           "use journaled unless an order may be lost in a crash"),
      knob("idle", &S::idle, kAny, "", "What a tile does without work; adaptive is for simulation.",
           "use spin on isolated cores, adaptive elsewhere"),
      knob("orders_max", &S::orders_max, {64, 16'777'216}, "orders",
           "Live client orders; beyond, orders are refused.",
           "use the sum of open_orders_max of the accounts"),
      knob("trades_max", &S::trades_max, {1'024, 67'108'864}, "trades",
           "Executions of a day that the venue may still take back or correct; beyond, an alarm.",
           "use twice the executions of the busiest day"),
      knob("journal", &S::journal, kAny, "", "Journal.", "write a table: [journal]"),
      knob("ports", &S::ports, {0, 16}, "", "Ports.", "give at most 16 ports"),
      knob("feed", &S::feed, kAny, "", "Market data feed.", "write a table: [feed]"),
      knob("venue", &S::venue, kAny, "", "Session to the venue.", "write a table: [venue]"),
      knob("clients", &S::clients, {0, 15}, "", "Clients.", "give at most 15 clients"),
      knob("drop_copies", &S::drop_copies, {0, 8}, "", "Drop copies.",
           "give at most 8 drop copies"),
      knob("limits", &S::limits, {0, 513}, "", "Limits of firm, clients and strategies.",
           "use one table for each"),
      knob("restrictions", &S::restrictions, {0, 65'536}, "",
           "What accounts may not do in single instruments.", "use one table for each"),
      knob("accounts", &S::accounts, {0, 256}, "", "Accounts.", "give at most 256 accounts"),
      knob("gate", &S::gate, kAny, "", "Pre-trade gate.", "write a table: [gate]"),
      knob("books", &S::books, kAny, "", "Order books.", "write a table: [books]"),
      knob("strategy", &S::strategy, kAny, "", "Strategy.", "write a table: [strategy]"),
      knob("tiles", &S::tiles, kAny, "", "Tiles.", "write a table: [tiles]"));
};

}  // namespace tradsys::config
