#pragma once
// The knobs of the session to the venue: one table per struct.
#include "hostsw/config/dataplane_config.hpp"
#include "hostsw/config/schema/bounds.hpp"

namespace tradsys::config {

template <>
struct EnumNames<VenueProtocol> {
  static constexpr std::array kNames{"ouch50", "fix42", "fix44", "fix50sp2"};
};
template <>
struct EnumNames<SequenceReset> {
  static constexpr std::array kNames{"never", "logon", "daily"};
};
template <>
struct EnumNames<InstrumentNaming> {
  static constexpr std::array kNames{"symbol", "security_id", "both"};
};
template <>
struct EnumNames<CapacityField> {
  static constexpr std::array kNames{"none", "order_capacity", "rule80a"};
};

inline constexpr Bounds kCompId{1, 48};
inline constexpr Bounds kFixText{0, 48};
/// Tags of bodies that a venue may define or use otherwise; 0: none.
inline constexpr Bounds kFixTag{0, 49'999};

template <>
struct Schema<FixVenueAccountSettings> {
  using S = FixVenueAccountSettings;
  static constexpr const char* kDoc = "What a FIX venue is told of the orders of one account.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("account", &S::account, kAccountId, "", "Number of the account.",
           "name the id of one of [[accounts]]")
          .without_default(),
      knob("name", &S::name, kFixText, "", "Its name at the venue; empty is its number.",
           "use the one the venue gave"),
      knob("nin", &S::nin, kFixText, "", "National investor number; empty where it has none.",
           "use the one of the depository"));
};

template <>
struct Schema<FixVenueSettings> {
  using S = FixVenueSettings;
  static constexpr const char* kDoc =
      "Session and dialect of a venue that speaks FIX; the appliance is the initiator.";
  static constexpr auto kSessionKnobs = std::make_tuple(
      knob("sender_comp_id", &S::sender_comp_id, kCompId, "", "CompID of the appliance (49).",
           "use the one the venue gave"),
      knob("target_comp_id", &S::target_comp_id, kFixText, "", "CompID of the venue (56).",
           "see the venue's FIX specification"),
      knob("sender_sub_id", &S::sender_sub_id, kFixText, "", "SenderSubID (50); empty: without.",
           "see the venue's FIX specification"),
      knob("target_sub_id", &S::target_sub_id, kFixText, "", "TargetSubID (57); empty: without.",
           "see the venue's FIX specification"),
      knob("sender_location_id", &S::sender_location_id, kFixText, "",
           "SenderLocationID (142); empty: without.", "see the venue's FIX specification"),
      knob("target_location_id", &S::target_location_id, kFixText, "",
           "TargetLocationID (143); empty: without.", "see the venue's FIX specification"),
      knob("on_behalf_of_comp_id", &S::on_behalf_of_comp_id, kFixText, "",
           "OnBehalfOfCompID (115); empty: without.", "see the venue's FIX specification"),
      knob("on_behalf_of_sub_id", &S::on_behalf_of_sub_id, kFixText, "",
           "OnBehalfOfSubID (116); empty: without.", "see the venue's FIX specification"),
      knob("deliver_to_comp_id", &S::deliver_to_comp_id, kFixText, "",
           "DeliverToCompID (128); empty: without.", "see the venue's FIX specification"),
      knob("deliver_to_sub_id", &S::deliver_to_sub_id, kFixText, "",
           "DeliverToSubID (129); empty: without.", "see the venue's FIX specification"),
      knob("username", &S::username, kFixText, "",
           "Username (553) of the logon, with Password (554) of password_file; empty: without.",
           "FIX 4.2 has no such fields: leave it out there"),
      knob("heartbeat_s", &S::heartbeat_s, {1, 3'600}, "s", "HeartBtInt (108) of the logon.",
           "30 suits most; some venues refuse less than 10"),
      knob("resend_window", &S::resend_window, {0, 1'000'000}, "messages",
           "How many missing messages are asked for at once; 0 is all.",
           "use what the venue allows in one resend request"),
      knob(
          "reset", &S::reset, kAny, "",
          "When sequence numbers start at 1 again: never, with each logon, or with the first logon "
          "after start_utc.",
          "use daily where the venue's numbers hold for a day; logon loses what was said between"),
      knob("reset_flag", &S::reset_flag, kAny, "",
           "A reset is said in the logon (ResetSeqNumFlag, 141).",
           "use false where both sides begin anew by the clock"),
      knob("accept_reset", &S::accept_reset, kAny, "",
           "The venue may start both directions at 1 again within a session.",
           "use false unless the venue does so"),
      knob("start_utc", &S::start_utc, {8, 8}, "", "When the session's day begins, UTC.",
           "write it as HH:MM:SS"),
      knob("end_utc", &S::end_utc, {8, 8}, "",
           "When the session logs out; the same as start_utc: never.", "write it as HH:MM:SS"),
      knob("status_requests", &S::status_requests, kAny, "",
           "After a logon the status of every live order is asked for.",
           "use false only where the venue has no OrderStatusRequest"),
      knob("status_wait_ms", &S::status_wait_ms, kMilliseconds, "ms",
           "Wait for an answer to that; three times, then an alarm.",
           "use several times the round trip to the venue"));
  static constexpr auto kOrderKnobs = std::make_tuple(
      knob("instrument", &S::instrument, kAny, "",
           "Fields that name the instrument: Symbol (55), SecurityID (48), or both.",
           "use symbol, security_id or both"),
      knob("security_id_source", &S::security_id_source, {1, 8}, "",
           "SecurityIDSource (22) beside SecurityID.", "8 is the exchange's symbol"),
      knob("handl_inst", &S::handl_inst, {0, 1}, "",
           "HandlInst (21) of orders and replaces; empty: without.", "FIX 4.2 needs it: use 1"),
      knob("ex_destination", &S::ex_destination, kFixText, "",
           "ExDestination (100); empty: without.", "see the venue's FIX specification"),
      knob("capacity", &S::capacity, kAny, "",
           "Field that says the capacity: none, order_capacity (528) or rule80a (47).",
           "use none, order_capacity or rule80a"),
      knob("names_order_id", &S::names_order_id, kAny, "",
           "Replaces, cancels and status requests carry the venue's OrderID (37), where it is a "
           "number.",
           "use true where the venue wants it"),
      knob("account_tag", &S::account_tag, kFixTag, "",
           "Tag that carries the account's name: 1, one of the venue's own, or 0 for none.",
           "see the venue's FIX specification"),
      knob("nin_tag", &S::nin_tag, kFixTag, "",
           "Tag that carries the national investor number; 0: it is no field of its own.",
           "see the venue's FIX specification"),
      knob("nin_role", &S::nin_role, {0, 999}, "",
           "PartyRole (452) of the investor among the parties; 0: it is no party.",
           "24 is the customer account, 3 the client"),
      knob("nin_source", &S::nin_source, {1, 1}, "", "PartyIDSource (447) of the investor.",
           "D is proprietary"),
      knob("party_id", &S::party_id, kFixText, "",
           "PartyID (448) of the firm; empty: no party of the firm.", "use the one the venue gave"),
      knob("party_id_source", &S::party_id_source, {1, 1}, "", "PartyIDSource (447) of the firm.",
           "D is proprietary, C a general identifier"),
      knob("party_role", &S::party_role, {1, 999}, "", "PartyRole (452) of the firm.",
           "1 is the executing firm"),
      knob("accounts", &S::accounts, {0, 256}, "", "What differs by account.",
           "give one table for each account"));
  static constexpr auto kKnobs = std::tuple_cat(kSessionKnobs, kOrderKnobs);
};

template <>
struct Schema<VenueSettings> {
  using S = VenueSettings;
  static constexpr const char* kDoc =
      "The order session to the venue; feed and session share its port.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("protocol", &S::protocol, kAny, "", "What it speaks.",
           "use ouch50, fix42, fix44 or fix50sp2"),
      knob("port", &S::port, kOptionalName, "", "Port of the session.", "name one of [[ports]]"),
      knob("ip", &S::ip, kAny, "", "The venue's address.", "see the venue's connectivity guide"),
      knob("tcp_port", &S::tcp_port, {0, 65'535}, "", "The venue's port.",
           "see the venue's connectivity guide"),
      knob("local_tcp_port", &S::local_tcp_port, {0, 65'535}, "",
           "Own port; 0 lets the engine choose.",
           "use 0 unless the venue's firewall asks for one port"),
      knob("user", &S::user, {0, 6}, "",
           "User name of the session; a FIX session has fix.username.",
           "SoupBinTCP allows 6 characters"),
      knob("password_file", &S::password_file, kOptionalPath, "",
           "File with the password, mode 0600; secrets never stand here.",
           "write the password into a file and name it; FIX: with fix.username only"),
      knob("session", &S::session, {0, 10}, "",
           "Session to resume; empty takes the current one; not of FIX.",
           "SoupBinTCP allows 10 characters"),
      knob("heartbeat_ms", &S::heartbeat_ms, {10, 60'000}, "ms",
           "Own heartbeat after so long without sending.", "the protocol says 1000"),
      knob("silence_ms", &S::silence_ms, kMilliseconds, "ms",
           "The venue is gone after so long without receiving.", "the protocol says 15000"),
      knob("login_timeout_ms", &S::login_timeout_ms, kMilliseconds, "ms",
           "Wait for the answer to the login.", "use several times the round trip to the venue"),
      knob("reconnect_ms", &S::reconnect_ms, kMilliseconds, "ms",
           "Wait between attempts to connect.", "use what the venue allows between logins"),
      knob("fix", &S::fix, kAny, "", "Of a venue that speaks FIX.",
           "leave it out for other protocols"));
};

}  // namespace tradsys::config
