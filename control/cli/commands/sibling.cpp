#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "control/cli/commands/commands.hpp"

namespace tradsys::cli {

ExitCode exec_sibling(const std::string& name, const std::vector<std::string>& args) {
  std::error_code failure;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failure);
  const std::filesystem::path program = self.parent_path() / ("tradsys-" + name);
  std::string path = program.string();
  std::vector<char*> argv{path.data()};
  std::vector<std::string> copies = args;
  for (std::string& arg : copies) argv.push_back(arg.data());
  argv.push_back(nullptr);
  ::execv(path.c_str(), argv.data());
  const int reason = errno;
  if (reason == ENOENT)
    return fail(ExitCode::kNotFound,
                {program.string(), "'tradsys " + name + "' is this program, and it is not there",
                 "install or build tradsys-" + name + " beside tradsys"});
  return fail(reason == EACCES ? ExitCode::kPermission : ExitCode::kFailed,
              {program.string(), std::string("cannot be run: ") + std::strerror(reason),
               "reinstall tradsys-" + name});
}

}  // namespace tradsys::cli
