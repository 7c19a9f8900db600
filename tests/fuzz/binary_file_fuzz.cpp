// Goal: no bytes break the reader of message files, and it accounts for every byte it was given.
// Method: the input is the file; whole messages, the mark of the end and trailing bytes must add up
// to it.
#include <cstdlib>

#include "hostsw/wire/binary_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  using namespace tradsys;
  wire::BinaryFileReader reader = wire::BinaryFileReader::of(std::as_bytes(std::span(data, bytes)));
  Bytes message;
  usize total = 0;
  u64 messages = 0;
  wire::FileRead end{};
  while ((end = reader.next(message)) == wire::FileRead::kRecord) {
    total += 2 + message.size();
    ++messages;
    if (message.empty() || message.back() == std::byte{0x5A}) continue;  // touches the last byte
  }
  const bool accounted = reader.end_marked()
                             ? end == wire::FileRead::kEnd && reader.position() == total + 2
                             : total + reader.trailing_bytes() == bytes &&
                                   (end == wire::FileRead::kEnd) == (total == bytes);
  if (!accounted || reader.messages() != messages) std::abort();
  return 0;
}
