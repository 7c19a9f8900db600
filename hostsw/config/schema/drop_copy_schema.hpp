#pragma once
// The knobs of a drop copy.
#include "hostsw/config/dataplane_config.hpp"
#include "hostsw/config/schema/client_schema.hpp"
#include "hostsw/config/schema/knob.hpp"

namespace tradsys::config {

template <>
struct Schema<DropCopySettings> {
  using S = DropCopySettings;
  static constexpr const char* kDoc =
      "A read-only session for risk and back office: all that is told of the orders of some "
      "accounts.";
  static constexpr auto kKnobs = std::make_tuple(
      knob("user", &S::user, {1, 6}, "", "User name.", "SoupBinTCP allows 6 characters")
          .without_default(),
      knob("password_file", &S::password_file, {1, 255}, "",
           "File with the password, mode 0600; secrets never stand here.",
           "write the password into a file and name it")
          .without_default(),
      knob("port", &S::port, {1, 15}, "", "Port it connects to, as of the clients.",
           "name the port of [[clients]]")
          .without_default(),
      knob("tcp_port", &S::tcp_port, {1, 65'535}, "", "TCP port that is listened on for it.",
           "use a port that no client and no other drop copy has")
          .without_default(),
      knob("accounts", &S::accounts, {0, 256}, "",
           "Accounts it is told of; empty is all. Another list numbers its messages anew.",
           "name ids of [[accounts]]; give a new user when the list changes"),
      knob("protocol", &S::protocol, kAny, "",
           "What it speaks: OUCH 5.0 with whose each message is, or FIX with copies of execution "
           "reports and, from FIX 4.4 on, trade capture reports.",
           "use ouch50, fix42, fix44 or fix50sp2"),
      knob("fix", &S::fix, kAny, "", "Of a drop copy that speaks FIX, as of a client.",
           "leave it out for OUCH"));
};

}  // namespace tradsys::config
