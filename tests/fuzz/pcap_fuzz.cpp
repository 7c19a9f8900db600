// Goal: no bytes break the capture reader, and it never claims more than it was given. Method: the
// input is the file; frames and their headers must fit into it.
#include <cstdlib>

#include "hostsw/wire/pcap_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  using namespace tradsys;
  Result<wire::PcapReader> reader = wire::PcapReader::of(std::as_bytes(std::span(data, bytes)));
  if (!reader) return reader.error().what.empty() ? (std::abort(), 0) : 0;
  wire::PcapFrame frame;
  usize total = 24;
  wire::FileRead end{};
  while ((end = reader.value().next(frame)) == wire::FileRead::kRecord) {
    total += 16 + frame.data.size();
    if (frame.time.v < 0 || total > bytes) std::abort();
  }
  if ((end == wire::FileRead::kEnd) != (total == bytes)) std::abort();
  return 0;
}
