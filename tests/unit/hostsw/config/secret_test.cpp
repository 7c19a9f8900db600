// Goal: a secret is read from a private file only, and no message contains it. Method: files of all
// kinds.
#include "hostsw/config/secret.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace tradsys::config {
namespace {

std::string put(const tradsys::testing::TempDir& dir, const std::string& text, mode_t mode = 0600) {
  const std::string path = (dir / "secret").string();
  std::ofstream(path) << text;
  ::chmod(path.c_str(), mode);
  return path;
}

TEST(Secret, IsTheFirstLineWithoutItsEnd) {
  const tradsys::testing::TempDir dir;
  EXPECT_EQ(read_secret(put(dir, "s3cret\n"), 10).value(), "s3cret");
  EXPECT_EQ(read_secret(put(dir, "s3cret\r\nmore\n"), 10).value(), "s3cret");
  EXPECT_EQ(read_secret(put(dir, "0123456789"), 10).value(), "0123456789");
}

TEST(Secret, AFileThatIsOpenMissingEmptyOrTooLongIsRefused) {
  const tradsys::testing::TempDir dir;
  EXPECT_FALSE(read_secret((dir / "absent").string(), 10).ok());
  EXPECT_FALSE(read_secret(dir.path().string(), 10).ok());
  EXPECT_FALSE(read_secret(put(dir, "\n"), 10).ok());
  const auto longer = read_secret(put(dir, "hunter2hunter2"), 10);
  ASSERT_FALSE(longer.ok());
  EXPECT_EQ(longer.error().message().find("hunter2"), std::string::npos);
  for (const mode_t mode : {0640U, 0604U, 0660U, 0601U}) {
    const auto open = read_secret(put(dir, "s3cret", mode), 10);
    ASSERT_FALSE(open.ok()) << mode;
    EXPECT_NE(open.error().remedy.find("chmod 600"), std::string::npos);
  }
}

}  // namespace
}  // namespace tradsys::config
