// Goal: no bytes break the typed FIX records; read() and the general validation agree, and what was
// read is written and read back the same. Method: the input is a message, '|' for the separator,
// that gets its BeginString, length and checksum, or all of it as it stands after a '!'; every
// record of every version reads it.
#include <cstdio>
#include <cstdlib>

#include "tests/support/fix/record_check.hpp"
#include "tests/unit/hostsw/wire/fix/fix_text.hpp"

namespace tradsys::testing {
namespace {

void require(const std::string& wrong) {
  if (wrong.empty()) return;
  std::fprintf(stderr, "%s\n", wrong.c_str());
  std::abort();
}

void run(std::string_view input) {
  visit_versions([&](const fix::Dialect& dialect, auto visit) {
    const std::string frame =
        input[0] == '!' ? with_separators(std::string(input.substr(1)))
                        : fix_message("8=" + dialect.begin_string + "|" + std::string(input));
    visit([&]<class Record>(std::string_view type, const Record&) {
      require(disagreement<Record>(dialect, type, frame,
                                   [](const Record& record) { return not_written_back(record); }));
    });
  });
}

}  // namespace
}  // namespace tradsys::testing

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size != 0 && size < 4'096) tradsys::testing::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
