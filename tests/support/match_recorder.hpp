#pragma once
// A sink of matching events that writes each as one short line, so that a test says what must
// happen in words and two engines are compared line by line.
#include <sstream>
#include <string>
#include <vector>

#include "hostsw/match/match_types.hpp"

namespace tradsys::testing {

/// Lines look like "trade 7<9 30@1000 #2 left 0/20": aggressor 9 took 30 from resting 7 at 1000.
struct MatchRecorder {
  std::vector<std::string> lines;

  /// The lines since the last call.
  std::vector<std::string> take() {
    std::vector<std::string> out;
    out.swap(lines);
    return out;
  }

  void on_accepted(const match::NewOrder& o) { add("accept ", o.order_id); }
  void on_rejected(const match::NewOrder& o, RejectReason reason) {
    add("reject ", o.order_id, " ", name_of(reason));
  }
  void on_trade(const match::Trade& t) {
    add("trade ", t.resting_id, "<", t.aggressor_id, " ", t.qty, "@", t.price, " #", t.match_number,
        " left ", t.resting_leaves, "/", t.aggressor_leaves, " owner ", t.resting_owner, "<",
        t.aggressor_owner, " i", t.instrument, " ", name_of(t.aggressor_side));
  }
  void on_canceled(const match::Canceled& c) {
    static constexpr const char* kReasons[] = {"requested", "immediate", "market"};
    add("cancel ", c.order_id, " -", c.qty, " left ", c.leaves_qty, " ",
        kReasons[static_cast<u32>(c.reason)], " owner ", c.owner, " i", c.instrument, " ",
        name_of(c.side), " @", c.price);
  }
  void on_cancel_rejected(u64 id, RejectReason reason) {
    add("cancel-reject ", id, " ", name_of(reason));
  }
  void on_replaced(const match::Replaced& r) {
    add("replace ", r.order_id, ">", r.new_order_id, " ", r.old_qty, "@", r.old_price, " > ", r.qty,
        "@", r.price, " owner ", r.owner, " i", r.instrument, " ", name_of(r.side));
  }
  void on_replace_rejected(u64 id, u64 new_id, RejectReason reason) {
    add("replace-reject ", id, ">", new_id, " ", name_of(reason));
  }
  void on_book_add(const match::RestingOrder& o) { add("A ", text(o)); }
  void on_book_reduce(const match::RestingOrder& o, u32 by) { add("X ", text(o), " -", by); }
  void on_book_remove(const match::RestingOrder& o) { add("D ", text(o)); }
  void on_book_replace(u64 old_id, const match::RestingOrder& o) {
    add("U ", old_id, ">", text(o));
  }

  /// "id side qty@price owner n in"
  static std::string text(const match::RestingOrder& o) {
    std::ostringstream out;
    out << o.order_id << " " << name_of(o.side) << " " << o.qty << "@" << o.price << " owner "
        << o.owner << " i" << o.instrument;
    return out.str();
  }

 private:
  template <class... Parts>
  void add(const Parts&... parts) {
    std::ostringstream out;
    (out << ... << parts);
    lines.push_back(out.str());
  }
};

/// The resting orders of a side, in priority order, one line each.
template <class Engine>
std::vector<std::string> resting_lines(const Engine& engine, u16 instrument, Side side) {
  std::vector<std::string> out;
  engine.for_each(instrument, side,
                  [&](const match::RestingOrder& o) { out.push_back(MatchRecorder::text(o)); });
  return out;
}

}  // namespace tradsys::testing
