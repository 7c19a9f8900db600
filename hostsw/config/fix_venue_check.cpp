#include "hostsw/config/fix_venue_check.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "hostsw/core/session_hours.hpp"

namespace tradsys::config {
namespace {

/// Fields of orders, cancels and headers that mean something else already.
constexpr std::array<u32, 39> kTakenTags{
    8,  9,  10, 11, 18, 21, 22, 34,  35,  37,  38,  40,  41,  43,  44,  47,  48,  49,  50, 52,
    54, 55, 56, 57, 59, 60, 97, 100, 115, 116, 122, 128, 129, 142, 143, 447, 448, 452, 453};

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// Looks at one session; each method at one part of it.
class FixVenueCheck {
 public:
  FixVenueCheck(const DataplaneConfig& config, Problems& problems)
      : config_(config), fix_(config.venue.fix), problems_(problems) {}

  void all() {
    texts();
    logon();
    times();
    orders();
    tags();
    accounts();
  }

 private:
  void add(const char* key, const std::string& what, const char* remedy) {
    problems_.add(std::string("venue.fix.") + key, what, remedy);
  }
  [[nodiscard]] bool is_fix42() const { return config_.venue.protocol == VenueProtocol::kFix42; }

  void text(const std::string& key, const std::string& value) {
    if (!is_printable(value))
      add(key.c_str(), "a character of it cannot stand in a FIX field",
          "use printable ASCII characters");
  }
  void texts() {
    const std::pair<const char*, const std::string*> kTexts[]{
        {"sender_comp_id", &fix_.sender_comp_id},
        {"target_comp_id", &fix_.target_comp_id},
        {"sender_sub_id", &fix_.sender_sub_id},
        {"target_sub_id", &fix_.target_sub_id},
        {"sender_location_id", &fix_.sender_location_id},
        {"target_location_id", &fix_.target_location_id},
        {"on_behalf_of_comp_id", &fix_.on_behalf_of_comp_id},
        {"on_behalf_of_sub_id", &fix_.on_behalf_of_sub_id},
        {"deliver_to_comp_id", &fix_.deliver_to_comp_id},
        {"deliver_to_sub_id", &fix_.deliver_to_sub_id},
        {"username", &fix_.username},
        {"security_id_source", &fix_.security_id_source},
        {"ex_destination", &fix_.ex_destination},
        {"nin_source", &fix_.nin_source},
        {"party_id", &fix_.party_id},
        {"party_id_source", &fix_.party_id_source}};
    for (const auto& [key, value] : kTexts) text(key, *value);
    for (usize i = 0; i < fix_.accounts.size(); ++i) {
      text(indexed(i, "name"), fix_.accounts[i].name);
      text(indexed(i, "nin"), fix_.accounts[i].nin);
    }
  }
  void logon() {
    if (fix_.target_comp_id.empty())
      add("target_comp_id", "a FIX venue has a CompID", "see the venue's FIX specification");
    if (is_fix42() && !fix_.username.empty())
      add("username", "FIX 4.2 has no field for '" + fix_.username + "'", "leave it out");
    if (!fix_.username.empty() && config_.venue.password_file.empty())
      problems_.add("venue.password_file", "the user of the logon has no password",
                    "write the password into a file with mode 0600 and name it");
    if (fix_.username.empty() && !config_.venue.password_file.empty())
      problems_.add("venue.password_file", "a logon without venue.fix.username carries no password",
                    "name the user, or leave it out");
  }
  void times() {
    const std::pair<const char*, const std::string*> kTimes[]{{"start_utc", &fix_.start_utc},
                                                              {"end_utc", &fix_.end_utc}};
    for (const auto& [key, value] : kTimes)
      if (!parse_time_of_day(*value))
        add(key, "'" + *value + "' is no time of day", "write it as HH:MM:SS, up to 23:59:59");
  }
  void orders() {
    if (fix_.handl_inst.size() == 1 && (fix_.handl_inst[0] < '1' || fix_.handl_inst[0] > '3'))
      add("handl_inst", "'" + fix_.handl_inst + "' is none of FIX", "use 1, 2 or 3");
    if (is_fix42() && fix_.handl_inst.empty()) add("handl_inst", "FIX 4.2 needs it", "use 1");
    if (is_fix42() && fix_.capacity == CapacityField::kOrderCapacity)
      add("capacity", "FIX 4.2 has no OrderCapacity (528)", "use rule80a or none");
    if (config_.venue.protocol == VenueProtocol::kFix50Sp2 &&
        fix_.capacity == CapacityField::kRule80A)
      add("capacity", "FIX 5.0 SP2 has no Rule80A (47)", "use order_capacity or none");
  }
  void tags() {
    const std::pair<const char*, u32> kTags[]{{"account_tag", fix_.account_tag},
                                              {"nin_tag", fix_.nin_tag}};
    for (const auto& [key, tag] : kTags)
      if (std::ranges::find(kTakenTags, tag) != kTakenTags.end())
        add(key, std::to_string(tag) + " is a field with a meaning of its own",
            "use 1, or a tag of the venue's own");
    if (fix_.nin_tag != 0 && fix_.nin_tag == fix_.account_tag)
      add("nin_tag", std::to_string(fix_.nin_tag) + " is account_tag, too",
          "use account_tag = 0, or another tag");
  }
  void accounts() {
    std::set<u16> with_nin;
    std::set<u16> seen;
    for (usize i = 0; i < fix_.accounts.size(); ++i) {
      const FixVenueAccountSettings& entry = fix_.accounts[i];
      if (!seen.insert(entry.account).second)
        add(indexed(i, "account").c_str(), std::to_string(entry.account) + " is used twice",
            "merge the two");
      if (!is_account(entry.account))
        add(indexed(i, "account").c_str(), "there is no account " + std::to_string(entry.account),
            "add it to [[accounts]]");
      if (!entry.nin.empty()) with_nin.insert(entry.account);
    }
    if (fix_.nin_tag == 0 && fix_.nin_role == 0) return;
    for (const AccountSettings& account : config_.accounts)
      if (!with_nin.contains(account.id))
        add("accounts", "account " + std::to_string(account.id) + " has no nin",
            "the venue wants one with each order: add it");
  }
  [[nodiscard]] bool is_account(u16 id) const {
    return std::ranges::any_of(config_.accounts,
                               [id](const AccountSettings& a) { return a.id == id; });
  }
  static std::string indexed(usize i, const char* key) {
    return "accounts[" + std::to_string(i) + "]." + key;
  }

  const DataplaneConfig& config_;
  const FixVenueSettings& fix_;
  Problems& problems_;
};

}  // namespace

void check_fix_venue(const DataplaneConfig& config, Problems& problems) {
  FixVenueCheck(config, problems).all();
}

}  // namespace tradsys::config
