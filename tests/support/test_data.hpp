#pragma once
// Real exchange data lies outside the repository: TRADSYS_TEST_DATA, or ../shared/data beside the
// source tree. A test that needs a file skips, loudly, where it is absent.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace tradsys::testing {

/// Path of a data file; empty when it is not there. Tests run in the source directory.
inline std::filesystem::path test_data(const std::string& relative) {
  const char* root = std::getenv("TRADSYS_TEST_DATA");
  const std::filesystem::path path =
      std::filesystem::path(root ? root : "../shared/data") / relative;
  return std::filesystem::exists(path) ? path : std::filesystem::path{};
}

}  // namespace tradsys::testing

/// Declares `variable`; skips the test when the file is absent.
#define TRADSYS_REQUIRE_DATA(variable, relative)                                                \
  const std::filesystem::path variable = ::tradsys::testing::test_data(relative);               \
  if (variable.empty())                                                                         \
  GTEST_SKIP() << "SKIPPED: no test data '" << (relative) << "': set TRADSYS_TEST_DATA to the " \
               << "folder that holds it"
