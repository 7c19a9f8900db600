#include "dataplane/edge/fix_venue/fix_venue_link.hpp"
#include "hostsw/core/random.hpp"

namespace tradsys::dataplane {

fix::SessionConfig fix_session_config(const VenueConfig& config) {
  fix::SessionConfig session;
  session.role = fix::Role::kInitiator;
  session.dialect = config.protocol == VenueProtocol::kFix42   ? fix::dialect_fix42()
                    : config.protocol == VenueProtocol::kFix44 ? fix::dialect_fix44()
                                                               : fix::dialect_fix50sp2();
  session.dialect.rules.any_body = true;
  session.dialect.rules.allow_user_tags = true;
  session.sender_comp_id = config.fix.sender_comp_id;
  session.target_comp_id = config.fix.target_comp_id;
  session.sender_sub_id = config.fix.sender_sub_id;
  session.target_sub_id = config.fix.target_sub_id;
  session.header_fields = config.fix.header_fields;
  session.username = config.fix.username;
  session.password = config.fix.password;
  session.heartbeat_s = config.fix.heartbeat_s;
  session.resend_window = config.fix.resend_window;
  session.accept_reset = config.fix.accept_reset;
  session.skips_nothing = true;
  return session;
}

std::array<char, 10> fix_session_name(const FixVenueConfig& config) noexcept {
  u64 hash = 0;
  for (const std::string* id : {&config.sender_comp_id, &config.target_comp_id}) {
    for (const char c : *id) hash = mix64(hash ^ static_cast<u8>(c));
    hash = mix64(hash + id->size());
  }
  std::array<char, 10> name{'F', 'I', 'X'};
  for (usize i = 3; i < name.size(); ++i, hash /= 36) name[i] = engine::kBase36Digits[hash % 36];
  return name;
}

}  // namespace tradsys::dataplane
