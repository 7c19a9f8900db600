#include "hostsw/journal/reader.hpp"

#include <algorithm>

#include "hostsw/core/contract.hpp"

namespace tradsys::journal {
namespace {

constexpr const char* kTornRemedy =
    "the last write was cut short; a writer drops it and continues behind the last whole batch";
constexpr const char* kCorruptRemedy =
    "restore the file from a copy or the standby; the journal is refused as it is";

}  // namespace

std::string_view describe(ReadStatus status) noexcept {
  switch (status) {
    case ReadStatus::kRecord:
      return "record";
    case ReadStatus::kEnd:
      return "end";
    case ReadStatus::kTornTail:
      return "torn tail";
    case ReadStatus::kCorrupt:
      return "corrupt";
  }
  return "unknown";
}

Result<Reader> Reader::open(const std::filesystem::path& dir) {
  Result<std::vector<std::filesystem::path>> segments = list_segments(dir);
  if (!segments) return segments.error();
  Reader reader(std::move(segments).value());
  for (usize i = 0; i < reader.segments_.size(); ++i) {
    Result<SegmentReader> segment = SegmentReader::open(reader.segments_[i], i);
    if (!segment) return segment.error();
    if (i == 0) reader.current_ = std::make_unique<SegmentReader>(std::move(segment).value());
  }
  return reader;
}

ReadStatus Reader::next(Record& out) {
  while (final_ == ReadStatus::kRecord && records_left_ == 0) final_ = next_batch();
  if (final_ != ReadStatus::kRecord) return final_;
  const usize span = decode_record(records_, next_seq_, out);
  const bool last = records_left_ == 1;
  if (span == 0 || (last && span != records_.size())) {
    problem_ = {current_->path() + ": batch before offset " + std::to_string(offset_),
                "record " + std::to_string(next_seq_) + " inside a whole batch is damaged",
                kCorruptRemedy};
    return final_ = ReadStatus::kCorrupt;
  }
  records_ = records_.subspan(span);
  --records_left_;
  ++next_seq_;
  return ReadStatus::kRecord;
}

Reader::Found Reader::look(BatchHeader& header, BatchCheck& check) {
  const Result<Bytes> block = current_->view(offset_, kBlockBytes);
  if (!block) {
    problem_ = block.error();
    return Found::kUnreadable;
  }
  if (all_zero(block.value())) return Found::kZeros;
  check = check_header(block.value(), header);
  if (check != BatchCheck::kGood) {
    check = BatchCheck::kBadHeader;
    return Found::kBadBatch;
  }
  const Result<Bytes> batch = current_->view(offset_, header.batch_bytes);
  if (!batch) {
    problem_ = batch.error();
    return Found::kUnreadable;
  }
  batch_ = batch.value();
  check = check_batch(batch_, {current_index_, tail_.next_seq, tail_.hash}, sha_, header);
  return check == BatchCheck::kGood ? Found::kBatch : Found::kBadBatch;
}

ReadStatus Reader::next_batch() {
  if (current_ == nullptr) return ReadStatus::kEnd;
  BatchHeader header{};
  BatchCheck check = BatchCheck::kGood;
  Found found = look(header, check);
  if (found != Found::kBatch) {
    current_->refresh();
    found = look(header, check);
  }
  if (found == Found::kUnreadable) return ReadStatus::kCorrupt;
  if (found == Found::kBadBatch) return judge(check);
  if (found == Found::kZeros) {
    const Result<u64> nonzero = current_->find_nonzero(offset_);
    if (!nonzero) return unreadable(nonzero.error());
    return nonzero.value() == current_->file_bytes() ? next_segment()
                                                     : judge(BatchCheck::kBadHeader);
  }
  take(header);
  return ReadStatus::kRecord;
}

void Reader::take(const BatchHeader& header) {
  records_ = batch_.subspan(sizeof header, header.record_bytes);
  records_left_ = header.record_count;
  offset_ += header.batch_bytes;
  tail_ = {.segment_index = current_index_,
           .offset_bytes = offset_,
           .next_seq = header.first_seq + header.record_count,
           .hash = header.hash,
           .batches = tail_.batches + 1,
           .records = tail_.records + header.record_count};
}

ReadStatus Reader::next_segment() {
  if (current_index_ + 1 >= segments_.size()) return ReadStatus::kEnd;
  Result<SegmentReader> segment =
      SegmentReader::open(segments_[current_index_ + 1], current_index_ + 1);
  if (!segment) return unreadable(segment.error());
  *current_ = std::move(segment).value();
  ++current_index_;
  offset_ = kBlockBytes;
  return ReadStatus::kRecord;
}

ReadStatus Reader::judge(BatchCheck check) {
  const std::string where = current_->path() + ": offset " + std::to_string(offset_);
  const std::string what =
      std::string(describe(check)) + ", expected sequence number " + std::to_string(tail_.next_seq);
  const Result<bool> behind = data_behind(offset_);
  if (!behind) return unreadable(behind.error());
  if (check == BatchCheck::kBadChain || behind.value()) {
    problem_ = {where, what, kCorruptRemedy};
    return ReadStatus::kCorrupt;
  }
  problem_ = {where, what, kTornRemedy};
  tail_.segment_index = current_index_;
  tail_.offset_bytes = offset_;
  return ReadStatus::kTornTail;
}

Result<bool> Reader::data_behind(u64 offset) {
  const Result<u64> batch = current_->find_batch(offset + kBlockBytes, tail_.next_seq);
  if (!batch) return batch.error();
  if (batch.value() < current_->file_bytes()) return true;
  const Result<u64> nonzero = current_->find_nonzero(offset + kBatchBytesMax);
  if (!nonzero) return nonzero.error();
  if (nonzero.value() < current_->file_bytes()) return true;
  for (usize i = current_index_ + 1; i < segments_.size(); ++i) {
    Result<SegmentReader> later = SegmentReader::open(segments_[i], i);
    if (!later) return later.error();
    const Result<u64> data = later.value().find_nonzero(kBlockBytes);
    if (!data) return data.error();
    if (data.value() < later.value().file_bytes()) return true;
  }
  return false;
}

ReadStatus Reader::unreadable(const Error& error) {
  problem_ = error;
  return ReadStatus::kCorrupt;
}

}  // namespace tradsys::journal
