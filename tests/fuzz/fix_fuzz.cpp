// Goal: no bytes break the FIX framer, parser, validation or a session in any state and version:
// what a session says is always a whole message of its own, and nothing after it closed. Method:
// the first byte chooses version, role and whether somebody is logged on; each line of the rest is
// a message
// ('|' for the separator) that gets its length and checksum, or raw bytes after a '!'.
#include <cstdlib>
#include <string>

#include "hostsw/wire/fix/session.hpp"

namespace tradsys {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

struct Owner {
  bool closed = false;
  u64 next = 0;
  fix::Writer writer;

  bool send(std::string_view bytes) {
    require(!closed);
    fix::Message m;
    require(m.parse(bytes) == fix::ParseResult::kOk);
    return bytes.size() % 7 != 0;  // a transport without room now and then
  }
  static bool on_logon(const fix::Message&) { return true; }
  void on_logged_on() {}
  static bool on_application(const fix::Message& m) { return m.type() != "B"; }
  void on_closed(fix::CloseReason) {
    require(!closed);
    closed = true;
  }
};

std::string framed(const std::string& begin_string, std::string text) {
  for (char& c : text)
    if (c == '|') c = fix::kSoh;
  std::string whole =
      "8=" + begin_string + fix::kSoh + "9=" + std::to_string(text.size()) + fix::kSoh + text;
  const u32 sum = fix::checksum_of(whole);
  whole += "10=" + std::to_string(1'000 + sum).substr(1) + fix::kSoh;
  return whole;
}

void run(std::string_view input) {
  const u8 choice = static_cast<u8>(input[0]);
  input.remove_prefix(1);
  fix::SessionConfig config;
  config.role = (choice & 1) != 0 ? fix::Role::kInitiator : fix::Role::kAcceptor;
  config.dialect = (choice & 2) != 0   ? fix::dialect_fix42()
                   : (choice & 4) != 0 ? fix::dialect_fix50sp2()
                                       : fix::dialect_fix44();
  config.sender_comp_id = "S";
  config.target_comp_id = "T";
  config.resend_window = (choice & 16) != 0 ? 3 : 0;
  Owner owner;
  wire::SequencedStore store(4'096, 64);
  fix::Session<Owner> session(config, owner, store);
  Nanos now{1'784'626'200'000'000'000};
  session.start(now);
  const auto feed = [&](std::string_view bytes) {
    if (!owner.closed) session.on_bytes(std::as_bytes(std::span(bytes)), now);
  };
  const std::string time = "52=20260721-09:30:00|";
  if ((choice & 8) != 0)
    feed(
        framed(config.dialect.begin_string, "35=A|34=1|49=T|" + time + "56=S|98=0|108=30|1137=9|"));
  while (!input.empty()) {
    const usize end = std::min(input.find('\n'), input.size());
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    if (!line.empty() && line[0] == '!')
      feed(line.substr(1));
    else
      feed(framed(config.dialect.begin_string, std::string(line)));
    if (!owner.closed) session.send_application("D", "11=x\x01");
    now = now + Nanos{1'000'000'000};
    session.on_timer(now);
  }
}

}  // namespace
}  // namespace tradsys

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size != 0 && size < 8'192) tradsys::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
