// Goal: no bytes on disk make the journal's parser read outside them or take what is not whole.
// Method: libFuzzer gives raw bytes, and the records of a batch whose checksums are made to hold.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "hostsw/journal/batch.hpp"
#include "hostsw/journal/crc32c.hpp"

namespace {

using namespace tradsys;
using namespace tradsys::journal;

/// Walks the records as the reader does; every payload must lie inside `records`.
void walk(Bytes records, u32 count) {
  Record record;
  for (u64 seq = 1; count > 0; --count, ++seq) {
    const usize span = decode_record(records, seq, record);
    if (span == 0) return;
    if (span > records.size() || record.payload.size() > span) std::abort();
    records = records.subspan(span);
  }
}

/// A batch around `records` whose header and hash are right.
std::vector<std::byte> wrapped(Bytes records, u32 count, Sha256& sha) {
  std::vector<std::byte> batch(block_span(sizeof(BatchHeader) + records.size()));
  BatchHeader header{};
  header.magic = kBatchMagic;
  header.batch_bytes = static_cast<u32>(batch.size());
  header.record_bytes = static_cast<u32>(records.size());
  header.record_count = count;
  header.first_seq = 1;
  if (!records.empty()) std::memcpy(batch.data() + sizeof header, records.data(), records.size());
  std::memcpy(batch.data(), &header, sizeof header);
  header.hash = sha.of(batch);
  header.crc32c = crc32c(std::as_bytes(std::span(&header, 1)));
  std::memcpy(batch.data(), &header, sizeof header);
  return batch;
}

/// Makes the checksum of the record at the front hold, where a record fits at all.
void mend_first_record(std::vector<std::byte>& bytes) {
  RecordHeader header;
  if (!load_record(Bytes(bytes), header)) return;
  header.magic = kRecordMagic;
  header.seq = 1;
  const usize length = sizeof header + header.payload_bytes;
  std::memcpy(bytes.data(), &header, sizeof header);
  if (length > bytes.size()) return;
  const u32 crc = crc32c(Bytes(bytes).subspan(4, length - 4));
  std::memcpy(bytes.data(), &crc, sizeof crc);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size < 4) return 0;
  std::vector<std::byte> bytes(size - 1);
  std::memcpy(bytes.data(), data + 1, bytes.size());
  static Sha256 sha;
  BatchHeader header;
  if (check_batch(bytes, {}, sha, header) == BatchCheck::kGood && header.batch_bytes > bytes.size())
    std::abort();
  walk(bytes, 64);
  mend_first_record(bytes);
  walk(bytes, 64);
  const u32 count = 1 + data[0] % 64U;
  const std::vector<std::byte> batch = wrapped(bytes, count, sha);
  if (check_batch(batch, {}, sha, header) == BatchCheck::kGood)
    walk(Bytes(batch).subspan(sizeof header, header.record_bytes), header.record_count);
  return 0;
}
