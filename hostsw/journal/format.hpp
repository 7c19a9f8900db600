#pragma once
// Layout of the journal on disk. Everything is little-endian; every structure is a WireRecord.
//
//   directory   journal-00000000.tsj, journal-00000001.tsj, ...   gap-free from 0
//   segment     one 4 KiB block with a SegmentHeader, then batches, then zeros up to segment_bytes
//   batch       one BatchHeader and its records, padded with zeros to 4 KiB; written by one pwrite
//   record      one RecordHeader and its payload, padded with zeros to 8 bytes
//
// A batch is the unit of durability: it is read back whole or not at all. Its SHA-256 covers the
// whole padded batch and the hash of the batch before it, so that one hash vouches for the entire
// history. Space behind the last batch is zero, which is how the end is known; a segment is
// zero-written before its first batch, so that a commit never changes the size or the extents of a
// file.
#include <array>

#include "hostsw/core/bytes.hpp"

namespace tradsys::journal {

/// Unit of every offset and size on disk: what O_DIRECT asks for on any device in use.
inline constexpr usize kBlockBytes = 4096;
/// Longest payload of one record.
inline constexpr usize kPayloadBytesMax = 1024;
/// Longest padded batch; also how far a torn write can reach.
inline constexpr usize kBatchBytesMax = usize{1} << 20;
/// Largest segment a header may state.
inline constexpr u64 kSegmentBytesMax = u64{4} << 30;
/// Records are padded to this, so that headers stay aligned in memory.
inline constexpr usize kRecordAlignBytes = 8;

inline constexpr u64 kSegmentMagic = 0x31'4C'4E'52'4A'53'44'54;  // "TDSJRNL1" in file order
inline constexpr u32 kSegmentVersion = 1;
inline constexpr u32 kBatchMagic = 0x42'4A'53'54;  // "TSJB"
inline constexpr u16 kRecordMagic = 0x4A'52;  // "RJ"

/// SHA-256 of a batch; the chain starts with all zeros.
using Hash = std::array<u8, 32>;

/// First bytes of a segment file.
struct SegmentHeader {
  u64 magic;
  u32 version;
  u32 crc32c;  ///< of this structure with crc32c = 0
  u64 segment_index;  ///< equals the number in the file's name
  u64 segment_bytes;  ///< size of the whole file
};
static_assert(sizeof(SegmentHeader) == 32 && WireRecord<SegmentHeader>);

/// First bytes of a batch.
struct BatchHeader {
  u32 magic;
  u32 crc32c;  ///< of this structure with crc32c = 0
  u32 batch_bytes;  ///< whole padded batch, a multiple of kBlockBytes
  u32 record_bytes;  ///< records behind this header, padding of the last record included
  u32 record_count;  ///< at least 1
  u32 segment_index;  ///< segment it was written to
  u64 first_seq;  ///< sequence number of the first record
  Hash prev_hash;  ///< hash of the batch before
  Hash hash;  ///< SHA-256 of the padded batch with crc32c and hash = 0
};
static_assert(sizeof(BatchHeader) == 96 && WireRecord<BatchHeader>);

/// First bytes of a record.
struct RecordHeader {
  u32 crc32c;  ///< of everything behind this field, payload included, its padding not
  u16 magic;
  u16 payload_bytes;
  u64 seq;  ///< 1 for the first record of a journal, then gap-free
  u64 ts_ns;  ///< the writer's clock; audit only
  u16 type;  ///< meaning of the payload; the journal does not look into it
  u16 reserved;  ///< zero
  u32 reserved2;  ///< zero
};
static_assert(sizeof(RecordHeader) == 32 && WireRecord<RecordHeader>);
static_assert(sizeof(RecordHeader) % kRecordAlignBytes == 0 &&
              sizeof(BatchHeader) % kRecordAlignBytes == 0);

/// Bytes a record with this payload takes in a batch.
constexpr usize record_span(usize payload_bytes) noexcept {
  return (sizeof(RecordHeader) + payload_bytes + kRecordAlignBytes - 1) & ~(kRecordAlignBytes - 1);
}
/// `bytes` rounded up to whole blocks.
constexpr usize block_span(usize bytes) noexcept {
  return (bytes + kBlockBytes - 1) & ~(kBlockBytes - 1);
}
static_assert(block_span(1) == kBlockBytes && block_span(kBlockBytes) == kBlockBytes);

}  // namespace tradsys::journal
