// Goal: every program finds the files of an instance at the same place, and none leaves it.
// Method: the environment rule case by case; names that would climb out of the runtime directory;
// folders made, found again, and refused when others could write to them.
#include "hostsw/ipc/runtime_paths.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace tradsys::ipc {
namespace {

/// Sets the variables of the rule for one test (nullptr: unset) and puts the old ones back.
class RuntimePaths : public ::testing::Test {
 protected:
  RuntimePaths() { set(nullptr, nullptr); }
  ~RuntimePaths() override {
    put("TRADSYS_RUNTIME_DIR", own_);
    put("XDG_RUNTIME_DIR", user_);
  }
  static void set(const char* own, const char* user) {
    own != nullptr ? ::setenv("TRADSYS_RUNTIME_DIR", own, 1) : ::unsetenv("TRADSYS_RUNTIME_DIR");
    user != nullptr ? ::setenv("XDG_RUNTIME_DIR", user, 1) : ::unsetenv("XDG_RUNTIME_DIR");
  }

 private:
  static std::string get(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  }
  static void put(const char* name, const std::string& value) {
    value.empty() ? ::unsetenv(name) : ::setenv(name, value.c_str(), 1);
  }
  std::string own_ = get("TRADSYS_RUNTIME_DIR");
  std::string user_ = get("XDG_RUNTIME_DIR");
};

TEST_F(RuntimePaths, FollowTheEnvironmentInOrder) {
  set("/run/own", "/run/user/7");
  EXPECT_EQ(default_runtime_dir(), "/run/own");
  set(nullptr, "/run/user/7");
  EXPECT_EQ(default_runtime_dir(), "/run/user/7/tradsys");
  set(nullptr, nullptr);
  EXPECT_EQ(default_runtime_dir(), "/tmp/tradsys-" + std::to_string(::getuid()));
  set("", "");
  EXPECT_EQ(default_runtime_dir(), "/tmp/tradsys-" + std::to_string(::getuid()));
}

TEST_F(RuntimePaths, NameTheFilesOfAnInstance) {
  set("/run/own", nullptr);
  EXPECT_EQ(instance_paths("sim").value().status(), "/run/own/sim/status");
  EXPECT_EQ(instance_paths("sim", "/else").value().commands(), "/else/sim/commands");
}

TEST_F(RuntimePaths, RefuseNamesThatAreNotOneFileName) {
  for (const char* name : {"", ".", "..", ".hidden", "a/b", "../x", "a b", "a\n", "\xC3\xA9"})
    EXPECT_FALSE(instance_paths(name).ok()) << name;
  EXPECT_TRUE(instance_paths("egx-1.primary_A").ok());
  EXPECT_TRUE(instance_paths(std::string(kInstanceNameBytesMax, 'x')).ok());
  EXPECT_FALSE(instance_paths(std::string(kInstanceNameBytesMax + 1, 'x')).ok());
}

TEST_F(RuntimePaths, MakeAFolderOfOnesOwn) {
  testing::TempDir dir;
  const InstancePaths paths = instance_paths("sim", dir / "deep" / "runtime").value();
  ASSERT_TRUE(make_instance_folder(paths).ok());
  ASSERT_TRUE(make_instance_folder(paths).ok());
  struct stat status {};
  ASSERT_EQ(::stat(paths.folder.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(RuntimePaths, RefuseAFolderThatOthersCouldHavePrepared) {
  testing::TempDir dir;
  const InstancePaths open = instance_paths("sim", dir / "open").value();
  ASSERT_EQ(::mkdir((dir / "open").c_str(), 0700), 0);
  ASSERT_EQ(::chmod((dir / "open").c_str(), 0777), 0);
  EXPECT_FALSE(make_instance_folder(open).ok());

  std::filesystem::create_directory_symlink("/tmp", dir / "link");
  EXPECT_FALSE(make_instance_folder(instance_paths("sim", dir / "link").value()).ok());

  ASSERT_EQ(::close(::creat((dir / "file").c_str(), 0600)), 0);
  EXPECT_FALSE(make_instance_folder(instance_paths("sim", dir / "file").value()).ok());
}

}  // namespace
}  // namespace tradsys::ipc
