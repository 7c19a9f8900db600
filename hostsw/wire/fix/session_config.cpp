#include "hostsw/wire/fix/session_config.hpp"

#include <tradsys/fix_dictionaries.hpp>

namespace tradsys::fix {

Dialect dialect_fix42() {
  return {.begin_string = "FIX.4.2",
          .default_appl_ver_id = {},
          .reject_reason_max = 11,
          .rules = {&fix42::kDictionary, &fix42::kDictionary, false}};
}

Dialect dialect_fix44() {
  return {.begin_string = "FIX.4.4",
          .default_appl_ver_id = {},
          .reject_reason_max = 99,
          .rules = {&fix44::kDictionary, &fix44::kDictionary, false}};
}

Dialect dialect_fix50sp2() {
  return {.begin_string = "FIXT.1.1",
          .default_appl_ver_id = "9",
          .reject_reason_max = 99,
          .rules = {&fixt11::kDictionary, &fix50sp2::kDictionary, false}};
}

}  // namespace tradsys::fix
