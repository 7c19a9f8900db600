// Goal: docs/CONFIG.md describes the configuration that the program takes.
// Method: the page is made from the knob tables and compared with the file, byte by byte.
// TRADSYS_UPDATE_DOCS=1 rewrites the file instead.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "hostsw/config/dataplane_config.hpp"

namespace tradsys::config {
namespace {

constexpr const char* kPage = "docs/CONFIG.md";  // tests run in the source directory

TEST(ConfigPage, SaysWhatTheKnobTablesSay) {
  const std::string page = document_dataplane_config();
  if (std::getenv("TRADSYS_UPDATE_DOCS") != nullptr) std::ofstream(kPage) << page;
  std::ifstream file(kPage);
  std::ostringstream stored;
  stored << file.rdbuf();
  EXPECT_EQ(stored.str(), page) << "run this test once with TRADSYS_UPDATE_DOCS=1";
}

}  // namespace
}  // namespace tradsys::config
