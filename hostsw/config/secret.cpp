#include "hostsw/config/secret.hpp"

#include <sys/stat.h>

#include <fstream>

namespace tradsys::config {

Result<std::string> read_secret(const std::string& path, usize bytes_max) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0 || !S_ISREG(file.st_mode))
    return Error{path, "the secret's file is missing", "create it with mode 0600 and one line"};
  if ((file.st_mode & 0077U) != 0)
    return Error{path, "the secret's file is open to others", "chmod 600 " + path};
  std::ifstream in(path);
  std::string secret;
  std::getline(in, secret);
  if (!secret.empty() && secret.back() == '\r') secret.pop_back();
  if (secret.empty())
    return Error{path, "the secret's file holds nothing readable",
                 "write the secret as its first line"};
  if (secret.size() > bytes_max)
    return Error{path, "the secret is longer than " + std::to_string(bytes_max) + " characters",
                 "use a shorter one"};
  return secret;
}

}  // namespace tradsys::config
