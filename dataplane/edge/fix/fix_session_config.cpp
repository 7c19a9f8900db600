#include "dataplane/edge/fix/fix_stream.hpp"

namespace tradsys::dataplane {

fix::SessionConfig fix_session_config(const ClientConfig& config) {
  fix::SessionConfig session;
  session.role = fix::Role::kAcceptor;
  switch (version_of(config.protocol)) {
    case FixVersion::kFix42:
      session.dialect = fix::dialect_fix42();
      break;
    case FixVersion::kFix44:
      session.dialect = fix::dialect_fix44();
      break;
    case FixVersion::kFix50Sp2:
      session.dialect = fix::dialect_fix50sp2();
      break;
  }
  session.sender_comp_id = config.fix.sender_comp_id;
  session.target_comp_id = config.fix.target_comp_id;
  session.accept_reset = config.fix.accept_reset;
  session.reset_on_logout = config.fix.reset_on_logout;
  session.reset_on_disconnect = config.fix.reset_on_disconnect;
  return session;
}

}  // namespace tradsys::dataplane
