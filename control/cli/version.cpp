#include "control/cli/version.hpp"

namespace tradsys::cli {

const char* const kVersion = TRADSYS_VERSION;

}  // namespace tradsys::cli
