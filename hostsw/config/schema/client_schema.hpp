#pragma once
// The knobs of clients: one table per struct.
#include "hostsw/config/dataplane_config.hpp"
#include "hostsw/config/schema/bounds.hpp"

namespace tradsys::config {

template <>
struct EnumNames<ClientProtocol> {
  static constexpr std::array kNames{"ouch50", "ouch42", "fix42", "fix44", "fix50sp2", "shm"};
};

template <>
struct Schema<FixClientSettings> {
  using S = FixClientSettings;
  static constexpr const char* kDoc = "What a client that speaks FIX is asked and granted.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("sender_comp_id", &S::sender_comp_id, {1, 48}, "", "CompID of the appliance.",
           "agree on it with the client"),
      knob("target_comp_id", &S::target_comp_id, {0, 48}, "", "CompID of the client.",
           "agree on it with the client"),
      knob("check_password", &S::check_password, kAny, "",
           "Logon must carry Username (553) and Password (554), as `user` and `password_file` say.",
           "FIX 4.2 has no such fields: use false there, in a network of the client's own"),
      knob("heartbeat_max_s", &S::heartbeat_max_s, {1, 3'600}, "s",
           "Longest heartbeat interval a client may ask for; 0 is refused.",
           "a dead connection is noticed after 2.4 intervals"),
      knob("accept_reset", &S::accept_reset, kAny, "",
           "A client may start from number 1 again (ResetSeqNumFlag).",
           "use false where numbers hold for the whole day"),
      knob("reset_on_logout", &S::reset_on_logout, kAny, "",
           "Numbers start from 1 again after a logout.", "do as the client does"),
      knob("reset_on_disconnect", &S::reset_on_disconnect, kAny, "",
           "Numbers start from 1 again after any end of the connection; what was not read is lost.",
           "use false: a client then gets what it missed"),
      knob("waiting_messages_max", &S::waiting_messages_max, {16, 1'000'000}, "messages",
           "A client that leaves more unread is disconnected.", "use what a burst of fills may be"),
      knob("requests_max", &S::requests_max, {1'024, 1'048'576}, "requests",
           "Requests whose ClOrdID is known: the newest, and all that are live.",
           "use the orders, replaces and cancels of a day"),
      knob("pending_reports", &S::pending_reports, kAny, "",
           "Tells PendingCancel and PendingReplace (FIX, appendix D).",
           "use true where the client waits for them"),
      knob(
          "session_start", &S::session_start, {0, 8}, "UTC",
          "Time of day from which it may log on, HH:MM:SS; numbers start from 1 then, and what was "
          "not read the day before is lost. Empty: at any time, numbers go on.",
          "agree on it with the client; name session_end, too"),
      knob("session_end", &S::session_end, {0, 8}, "UTC",
           "Time of day at which it is logged out, HH:MM:SS; the next day's where it is not later "
           "than session_start.",
           "agree on it with the client"),
      knob("session_days", &S::session_days, {3, 27}, "",
           "Weekdays on which a session may begin, with session_start.",
           "use sun mon tue wed thu fri sat with blanks between"));
};

template <>
struct Schema<ShmClientSettings> {
  using S = ShmClientSettings;
  static constexpr const char* kDoc = "Of a client on the same host, of protocol shm.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("uids", &S::uids, {0, 16}, "",
           "User ids its process may run as; empty: that of the dataplane.",
           "name ids of users, as `id -u` prints them"),
      knob("request_kib", &S::request_kib, {4, 16'384}, "KiB",
           "Room for what it sends, a power of two.", "64 holds 1,300 orders"),
      knob("report_kib", &S::report_kib, {16, 65'536}, "KiB",
           "Room for what it has not read yet, a power of two; beyond, it waits in the stream.",
           "1024 holds 15,000 reports"));
};

template <>
struct Schema<ClientSettings> {
  using S = ClientSettings;
  static constexpr const char* kDoc = "A client that may log in.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("user", &S::user, {1, 6}, "", "User name.", "SoupBinTCP allows 6 characters")
          .without_default(),
      knob("password_file", &S::password_file, kPath, "",
           "File with the password, mode 0600; secrets never stand here.",
           "write the password into a file and name it")
          .without_default(),
      knob("account", &S::account, kAccountId, "", "Account its orders belong to.",
           "name the id of one of [[accounts]]")
          .without_default(),
      knob("port", &S::port, kOptionalName, "", "Port it connects to; empty for shm.",
           "name one of [[ports]]"),
      knob("tcp_port", &S::tcp_port, {0, 65'535}, "",
           "TCP port that is listened on for it; 0 for shm.",
           "use a port that no other client of the same address has"),
      knob("protocol", &S::protocol, kAny, "",
           "What it speaks; shm is OUCH 5.0 through shared memory of this host.",
           "use ouch50, ouch42, fix42, fix44, fix50sp2 or shm"),
      knob("cancel_on_disconnect", &S::cancel_on_disconnect, kAny, "",
           "Cancels its live orders when the session ends.",
           "use true unless its orders may stand unattended"),
      knob("fix", &S::fix, kAny, "", "Of a client that speaks FIX.",
           "leave it out for other protocols"),
      knob("shm", &S::shm, kAny, "", "Of a client of protocol shm.",
           "leave it out for other protocols"));
};

}  // namespace tradsys::config
