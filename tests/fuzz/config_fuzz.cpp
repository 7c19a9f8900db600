// Goal: no text makes the configuration loader crash, hang or accept what it cannot write back.
// Method: libFuzzer over the file; whatever is accepted must print to text that loads to the same
// values.
#include <cstdlib>
#include <string>
#include <string_view>

#include "hostsw/config/dataplane_config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace tradsys::config;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = parse_dataplane_config(text, "fuzz.toml");
  if (!loaded) {
    if (loaded.error().message().empty()) std::abort();
    return 0;
  }
  const std::string printed = print_dataplane_config(loaded.value());
  const auto again = parse_dataplane_config(printed, "printed.toml");
  if (!again || print_dataplane_config(again.value()) != printed) std::abort();
  return 0;
}
