// Goal: orders that are good till canceled outlive the day at a foreign FIX venue: the client is
// told done for the day, the roll carries them, and on the next day they fill, are replaced and
// canceled under the names that both sides know. Method: QuickFIX in a process of its own as the
// venue, which keeps the orders; the journal is rolled as the one on disk is.
#include "tests/integration/fix/venue_rig.hpp"

namespace tradsys::testing {
namespace {

constexpr std::chrono::seconds kPatience{180};

class GtcVenue : public ::testing::Test {
 protected:
  template <class Done>
  [[nodiscard]] bool run_until(Done&& done) {
    while (!done()) {
      if (std::chrono::steady_clock::now() - begin_ > kPatience) return false;
      if (!rig_.peer().connected() && rig_.venue_ready()) rig_.peer().connect();
      rig_.step();
    }
    return true;
  }
  bool send(const char* type, const std::string& ids, u32 qty, i64 step) {
    const std::string price = *type == 'F' ? "" : "40=2|59=1|44=" + rig_.price(step) + "|";
    return rig_.peer().send_fix(
        type, ids + "55=" + rig_.symbol() +
                  "|54=1|60=20260721-09:30:00.000|38=" + std::to_string(qty) + "|" + price);
  }
  /// The last report of a ClOrdID, as "ExecType OrdStatus CumQty"; empty: none yet.
  [[nodiscard]] std::string last(const std::string& id) {
    std::string said;
    for (FixFields& m : rig_.peer().received)
      if (m[35] == "8" && m[11] == id) said = m[150] + " " + m[39] + " " + m[14];
    return said;
  }
  [[nodiscard]] bool told(const std::string& id, const std::string& said) {
    const bool heard = run_until([&] { return last(id) == said; });
    EXPECT_TRUE(heard) << id << " was told '" << last(id) << "', not '" << said << "'";
    return heard;
  }

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  ForeignVenue venue_{"FIX.4.4"};
  FixVenueRig rig_{dataplane::VenueProtocol::kFix44, venue_.port()};
};

TEST_F(GtcVenue, OrdersLiveThroughTheNightAndAreTradedTheNextDay) {
  ASSERT_TRUE(run_until([&] { return rig_.peer().session().active() && rig_.venue_ready(); }));
  ASSERT_TRUE(send("D", "11=rests|", 100, 0));
  ASSERT_TRUE(send("D", "11=changes|", 107, 0));
  ASSERT_TRUE(send("D", "11=partly|", 108, 0));
  ASSERT_TRUE(told("rests", "0 0 0") && told("changes", "0 0 0") && told("partly", "F 1 54"));

  u32 in_the_way = 0;
  ASSERT_TRUE(rig_.tile().end_day({}, in_the_way)) << in_the_way << " orders of the day";
  ASSERT_TRUE(told("rests", "3 3 0") && told("partly", "3 3 54"));
  rig_.config().venue.fix.reset = dataplane::SequenceReset::kLogon;
  ASSERT_EQ(rig_.roll(), "");
  ASSERT_EQ(rig_.tile().engine().core().store().size(), 3U) << "they were carried";
  rig_.peer().received.clear();
  rig_.peer().begin_day();
  ASSERT_TRUE(run_until([&] { return rig_.peer().session().active() && rig_.venue_ready(); }));

  ASSERT_TRUE(send("F", "41=rests|11=end|", 100, 0));
  ASSERT_TRUE(told("end", "4 4 0"));
  ASSERT_TRUE(send("G", "41=changes|11=changed|", 107, 1));
  ASSERT_TRUE(told("changed", "F 1 53")) << "the venue fills half of what is replaced";
  ASSERT_TRUE(send("F", "41=changed|11=end2|", 107, 0));
  ASSERT_TRUE(told("end2", "4 4 53"));
  ASSERT_TRUE(send("F", "41=partly|11=end3|", 108, 0));
  ASSERT_TRUE(told("end3", "4 4 54")) << "what was done the day before counts";

  const auto& core = rig_.tile().engine().core();
  EXPECT_EQ(core.store().size(), 0U);
  EXPECT_EQ(core.counters().unknown_reports + core.counters().unexpected_reports, 0U);
  EXPECT_EQ(core.counters().carried_differ, 0U);
  EXPECT_EQ(rig_.tile().venue().counters().differences, 0U);
  EXPECT_EQ(rig_.replayed_hash(), core.state_hash());
  venue_.quit();
  EXPECT_EQ(venue_.orders().size(), 3U);
  EXPECT_EQ(venue_.twice(), 0U);
}

}  // namespace
}  // namespace tradsys::testing
