#include "hostsw/journal/verify.hpp"

namespace tradsys::journal {

std::string hex(const Hash& hash) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const u8 byte : hash) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xF];
  }
  return text;
}

Result<Summary> verify(const std::filesystem::path& dir) {
  Result<Reader> opened = Reader::open(dir);
  if (!opened) return opened.error();
  Reader& reader = opened.value();
  Summary summary;
  Record record;
  while ((summary.status = reader.next(record)) == ReadStatus::kRecord) {
    if (summary.records++ == 0) summary.first_ts_ns = record.ts_ns;
    summary.last_ts_ns = record.ts_ns;
    summary.last_seq = record.seq;
    summary.payload_bytes += record.payload.size();
  }
  summary.segments = reader.segment_count();
  summary.batches = reader.tail().batches;
  summary.chain_hash = hex(reader.tail().hash);
  summary.problem = reader.problem();
  return summary;
}

}  // namespace tradsys::journal
