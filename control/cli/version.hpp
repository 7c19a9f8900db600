#pragma once
// Version of the whole product, as in the top CMakeLists.txt.

namespace tradsys::cli {

/// "major.minor.patch".
extern const char* const kVersion;

}  // namespace tradsys::cli
