#include "dataplane/app/fix_venue_config_from.hpp"

#include <utility>

#include "hostsw/config/fix_venue_check.hpp"
#include "hostsw/config/secret.hpp"
#include "hostsw/wire/fix/message.hpp"
#include "hostsw/wire/fix/tags.hpp"

namespace tradsys::dataplane {
namespace {

static_assert(static_cast<u8>(config::VenueProtocol::kFix50Sp2) ==
                  static_cast<u8>(VenueProtocol::kFix50Sp2) &&
              static_cast<u8>(config::SequenceReset::kDaily) ==
                  static_cast<u8>(SequenceReset::kDaily));

/// A field with its separator; nothing where it has no tag or no value.
std::string field(u32 tag, const std::string& value) {
  if (tag == 0 || value.empty()) return {};
  return std::to_string(tag) + "=" + value + fix::kSoh;
}
std::string field(i32 tag, const std::string& value) { return field(static_cast<u32>(tag), value); }

std::string header_of(const config::FixVenueSettings& s) {
  return field(fix::tag::kOnBehalfOfCompID, s.on_behalf_of_comp_id) +
         field(fix::tag::kOnBehalfOfSubID, s.on_behalf_of_sub_id) +
         field(fix::tag::kDeliverToCompID, s.deliver_to_comp_id) +
         field(fix::tag::kDeliverToSubID, s.deliver_to_sub_id) +
         field(fix::tag::kSenderLocationID, s.sender_location_id) +
         field(fix::tag::kTargetLocationID, s.target_location_id);
}

std::string party(const std::string& id, const std::string& source, u32 role) {
  return field(fix::tag::kPartyID, id) + field(fix::tag::kPartyIDSource, source) +
         field(fix::tag::kPartyRole, std::to_string(role));
}

/// Account, investor number and parties of one account, as they stand in each of its orders.
std::string fields_of(const config::FixVenueSettings& s, u16 account) {
  std::string name = std::to_string(account);
  std::string nin;
  for (const config::FixVenueAccountSettings& entry : s.accounts) {
    if (entry.account != account) continue;
    if (!entry.name.empty()) name = entry.name;
    nin = entry.nin;
  }
  std::string parties;
  u32 count = 0;
  if (!s.party_id.empty()) ++count, parties += party(s.party_id, s.party_id_source, s.party_role);
  if (s.nin_role != 0) ++count, parties += party(nin, s.nin_source, s.nin_role);
  if (count != 0) parties = field(fix::tag::kNoPartyIDs, std::to_string(count)) + parties;
  return field(s.account_tag, name) + field(s.nin_tag, nin) + parties;
}

i32 capacity_tag_of(config::CapacityField where) {
  switch (where) {
    case config::CapacityField::kOrderCapacity:
      return fix::tag::kOrderCapacity;
    case config::CapacityField::kRule80A:
      return fix::tag::kRule80A;
    case config::CapacityField::kNone:
      break;
  }
  return 0;
}

void fill_dialect(const config::DataplaneConfig& config, FixVenueConfig& fix) {
  const config::FixVenueSettings& s = config.venue.fix;
  using Naming = config::InstrumentNaming;
  fix.header_fields = header_of(s);
  fix.order_fields =
      field(fix::tag::kHandlInst, s.handl_inst) + field(fix::tag::kExDestination, s.ex_destination);
  for (const config::AccountSettings& account : config.accounts) {
    if (fix.account_fields.size() <= account.id) fix.account_fields.resize(account.id + 1U);
    fix.account_fields[account.id] = fields_of(s, account.id);
  }
  fix.names_symbol = s.instrument != Naming::kSecurityId;
  if (s.instrument != Naming::kSymbol) fix.security_id_source = s.security_id_source;
  fix.capacity_tag = capacity_tag_of(s.capacity);
  fix.names_order_id = s.names_order_id;
}

}  // namespace

Status fill_fix_venue(const config::DataplaneConfig& config, VenueConfig& venue) {
  const config::FixVenueSettings& s = config.venue.fix;
  FixVenueConfig& fix = venue.fix;
  if (!s.username.empty()) {
    Result<std::string> password =
        config::read_secret(config.venue.password_file, config::kFixPasswordBytes);
    if (!password) return password.error();
    fix.username = s.username;
    fix.password = std::move(password).value();
  }
  fix.sender_comp_id = s.sender_comp_id;
  fix.target_comp_id = s.target_comp_id;
  fix.sender_sub_id = s.sender_sub_id;
  fix.target_sub_id = s.target_sub_id;
  fix.heartbeat_s = s.heartbeat_s;
  fix.resend_window = s.resend_window;
  fix.reset = static_cast<SequenceReset>(s.reset);
  fix.reset_flag = s.reset_flag;
  fix.accept_reset = s.accept_reset;
  fix.hours.start = parse_time_of_day(s.start_utc).value_or(Nanos{});  // both were checked
  fix.hours.end = parse_time_of_day(s.end_utc).value_or(Nanos{});
  fix.status_requests = s.status_requests;
  fix.status_wait = {i64{s.status_wait_ms} * kMillisecond.v};
  fill_dialect(config, fix);
  return Done{};
}

}  // namespace tradsys::dataplane
