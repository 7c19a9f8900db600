#include "sim/bench/host.hpp"

#include <sys/resource.h>
#include <sys/utsname.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace tradsys::bench {
namespace {

std::string first_line(const char* path) {
  std::string line;
  std::ifstream file(path);
  std::getline(file, line);
  return line;
}

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const usize colon = line.find(':');
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string kernel() {
  utsname name{};
  return ::uname(&name) == 0 ? name.release : "unknown";
}

// The mode in force stands in brackets: "always [madvise] never".
std::string hugepages() {
  const std::string modes = first_line("/sys/kernel/mm/transparent_hugepage/enabled");
  const usize open = modes.find('[');
  const usize close = modes.find(']');
  if (open == std::string::npos || close == std::string::npos) return "none";
  return "transparent " + modes.substr(open + 1, close - open - 1);
}

constexpr const char* kCompiler =
#if defined(__clang__)
    "clang " __VERSION__;
#else
    "gcc " __VERSION__;
#endif

}  // namespace

std::string host_json() {
  return "{\"cpu\":" + json_string(cpu_model()) +
         ",\"cores\":" + std::to_string(std::thread::hardware_concurrency()) +
         ",\"kernel\":" + json_string(kernel()) + ",\"compiler\":" + json_string(kCompiler) +
         ",\"march\":" + json_string(TRADSYS_MARCH) + ",\"hugepages\":" + json_string(hugepages()) +
         "}";
}

std::string host_text() {
  return cpu_model() + ", " + std::to_string(std::thread::hardware_concurrency()) +
         " cores, Linux " + kernel() + ", " + kCompiler + ", -march=" + TRADSYS_MARCH +
         ", hugepages " + hugepages();
}

double load_average() {
  double load = 0;
  return ::getloadavg(&load, 1) == 1 ? load : 0;
}

u64 peak_memory_bytes() {
  static constexpr u64 kKibibyte = 1024;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<u64>(usage.ru_maxrss) * kKibibyte;
}

std::string json_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      out += escaped;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace tradsys::bench
