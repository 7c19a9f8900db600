#include "hostsw/journal/batch.hpp"

#include <algorithm>
#include <cstdlib>

#include "hostsw/core/contract.hpp"
#include "hostsw/journal/crc32c.hpp"

namespace tradsys::journal {
namespace {

template <WireRecord T>
Bytes bytes_of(const T& record) noexcept {
  return std::as_bytes(std::span(&record, 1));
}

u32 header_crc(BatchHeader header) noexcept {
  header.crc32c = 0;
  return crc32c(bytes_of(header));
}

u32 record_crc(const std::byte* record, usize payload_bytes) noexcept {
  constexpr usize kSkip = sizeof(RecordHeader::crc32c);
  return crc32c(Bytes(record + kSkip, sizeof(RecordHeader) - kSkip + payload_bytes));
}

}  // namespace

void BlockBuffer::Free::operator()(std::byte* memory) const noexcept { std::free(memory); }

BlockBuffer::BlockBuffer(usize bytes)
    : data_(static_cast<std::byte*>(std::aligned_alloc(kBlockBytes, bytes))), bytes_(bytes) {
  TRADSYS_ASSERT(data_ != nullptr && bytes % kBlockBytes == 0);
  std::memset(data_.get(), 0, bytes);
}

BatchBuilder::BatchBuilder(usize capacity_bytes) : buffer_(capacity_bytes) {
  TRADSYS_ASSERT(capacity_bytes <= kBatchBytesMax && fits(kPayloadBytesMax));
}

void BatchBuilder::add(u16 type, u64 seq, u64 ts_ns, Bytes payload) noexcept {
  TRADSYS_ASSERT(payload.size() <= kPayloadBytesMax && fits(payload.size()));
  std::byte* const at = buffer_.data() + used_bytes_;
  const usize span = record_span(payload.size());
  const RecordHeader header{.crc32c = 0,
                            .magic = kRecordMagic,
                            .payload_bytes = static_cast<u16>(payload.size()),
                            .seq = seq,
                            .ts_ns = ts_ns,
                            .type = type,
                            .reserved = 0,
                            .reserved2 = 0};
  std::memset(at + span - kRecordAlignBytes, 0, kRecordAlignBytes);
  std::memcpy(at, &header, sizeof header);
  if (!payload.empty()) std::memcpy(at + sizeof header, payload.data(), payload.size());
  const u32 crc = record_crc(at, payload.size());
  std::memcpy(at, &crc, sizeof crc);
  used_bytes_ += span;
  ++record_count_;
}

Bytes BatchBuilder::seal(const ChainPoint& at, Sha256& sha, Hash& hash) noexcept {
  TRADSYS_ASSERT(record_count_ > 0);
  const usize batch_bytes = sealed_bytes();
  std::memset(buffer_.data() + used_bytes_, 0, batch_bytes - used_bytes_);
  BatchHeader header{.magic = kBatchMagic,
                     .crc32c = 0,
                     .batch_bytes = static_cast<u32>(batch_bytes),
                     .record_bytes = static_cast<u32>(used_bytes_ - sizeof(BatchHeader)),
                     .record_count = record_count_,
                     .segment_index = at.segment_index,
                     .first_seq = at.next_seq,
                     .prev_hash = at.prev_hash,
                     .hash = {}};
  std::memcpy(buffer_.data(), &header, sizeof header);
  hash = sha.of(Bytes(buffer_.data(), batch_bytes));
  header.hash = hash;
  header.crc32c = header_crc(header);
  std::memcpy(buffer_.data(), &header, sizeof header);
  return Bytes(buffer_.data(), batch_bytes);
}

void BatchBuilder::clear() noexcept {
  used_bytes_ = sizeof(BatchHeader);
  record_count_ = 0;
}

std::string_view describe(BatchCheck check) noexcept {
  switch (check) {
    case BatchCheck::kGood:
      return "good";
    case BatchCheck::kBadHeader:
      return "the batch header is damaged";
    case BatchCheck::kIncomplete:
      return "the file ends inside the batch";
    case BatchCheck::kBadContent:
      return "the content does not match the batch's SHA-256";
    case BatchCheck::kBadChain:
      return "the batch does not continue the one before (sequence or hash chain)";
  }
  return "unknown";
}

BatchCheck check_header(Bytes bytes, BatchHeader& header) noexcept {
  if (!load_record(bytes, header) || header.magic != kBatchMagic) return BatchCheck::kBadHeader;
  if (header.crc32c != header_crc(header)) return BatchCheck::kBadHeader;
  const bool sizes_hold = header.batch_bytes <= kBatchBytesMax && header.record_count > 0 &&
                          header.record_bytes <= kBatchBytesMax &&
                          block_span(sizeof header + header.record_bytes) == header.batch_bytes &&
                          header.record_count <= header.record_bytes / sizeof(RecordHeader);
  return sizes_hold ? BatchCheck::kGood : BatchCheck::kBadHeader;
}

BatchCheck check_batch(Bytes bytes, const ChainPoint& at, Sha256& sha, BatchHeader& header) {
  if (const BatchCheck check = check_header(bytes, header); check != BatchCheck::kGood)
    return check;
  if (header.segment_index != at.segment_index || header.first_seq != at.next_seq ||
      header.prev_hash != at.prev_hash)
    return BatchCheck::kBadChain;
  if (bytes.size() < header.batch_bytes) return BatchCheck::kIncomplete;
  BatchHeader bare = header;
  bare.crc32c = 0;
  bare.hash = {};
  const Bytes content = bytes.subspan(sizeof bare, header.batch_bytes - sizeof bare);
  return sha.of(bytes_of(bare), content) == header.hash ? BatchCheck::kGood
                                                        : BatchCheck::kBadContent;
}

usize decode_record(Bytes bytes, u64 seq, Record& out) noexcept {
  RecordHeader header;
  if (!load_record(bytes, header) || header.magic != kRecordMagic || header.seq != seq) return 0;
  if (header.payload_bytes > kPayloadBytesMax) return 0;
  const usize span = record_span(header.payload_bytes);
  if (bytes.size() < span || header.crc32c != record_crc(bytes.data(), header.payload_bytes))
    return 0;
  out = {.seq = header.seq,
         .ts_ns = header.ts_ns,
         .type = header.type,
         .payload = bytes.subspan(sizeof header, header.payload_bytes)};
  return span;
}

bool all_zero(Bytes bytes) noexcept {
  if (bytes.empty()) return true;
  return bytes[0] == std::byte{0} &&
         std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

}  // namespace tradsys::journal
