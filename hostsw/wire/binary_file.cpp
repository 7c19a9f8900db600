#include "hostsw/wire/binary_file.hpp"

namespace tradsys::wire {
namespace {
constexpr usize kLengthBytes = 2;
}

Result<BinaryFileReader> BinaryFileReader::open(const std::filesystem::path& path) {
  Result<ByteSource> source = ByteSource::open(path);
  if (!source) return source.error();
  return BinaryFileReader(std::move(source).value());
}

FileRead BinaryFileReader::next(Bytes& message) {
  source_.consume(record_bytes_);
  record_bytes_ = 0;
  if (end_marked_) return FileRead::kEnd;
  const Bytes head = source_.peek(kLengthBytes);
  if (head.size() < kLengthBytes) return finish(head.size());
  const usize length = load_be16(head.data());
  if (length == 0) {
    source_.consume(kLengthBytes);
    end_marked_ = true;
    return FileRead::kEnd;
  }
  const Bytes record = source_.peek(kLengthBytes + length);
  if (record.size() < kLengthBytes + length) return finish(record.size());
  message = record.subspan(kLengthBytes);
  record_bytes_ = record.size();
  ++messages_;
  return FileRead::kRecord;
}

FileRead BinaryFileReader::finish(usize trailing_bytes) {
  trailing_bytes_ = trailing_bytes;
  if (source_.failed()) return FileRead::kDamaged;
  return trailing_bytes == 0 ? FileRead::kEnd : FileRead::kTruncated;
}

}  // namespace tradsys::wire
