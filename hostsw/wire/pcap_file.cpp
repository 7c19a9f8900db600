#include "hostsw/wire/pcap_file.hpp"

#include <array>
#include <cerrno>

namespace tradsys::wire {
namespace {

constexpr usize kFileHeaderBytes = 24;
constexpr usize kRecordHeaderBytes = 16;
constexpr u32 kMagicMicroseconds = 0xA1B2C3D4;
constexpr u32 kMagicNanoseconds = 0xA1B23C4D;
constexpr u32 kMagicPcapng = 0x0A0D0D0A;
constexpr u32 kEthernet = 1;
constexpr i64 kNanosPerSecond = 1'000'000'000;

u32 load_le32(const std::byte* p) noexcept { return __builtin_bswap32(load_be32(p)); }
void store_le32(std::byte* p, u32 v) noexcept { store_be32(p, __builtin_bswap32(v)); }

bool is_magic(u32 word) noexcept { return word == kMagicMicroseconds || word == kMagicNanoseconds; }

}  // namespace

u32 PcapReader::word(const std::byte* p) const noexcept {
  return big_endian_ ? load_be32(p) : load_le32(p);
}

Result<PcapReader> PcapReader::open(const std::filesystem::path& path) {
  Result<ByteSource> source = ByteSource::open(path);
  if (!source) return source.error();
  return start(std::move(source).value(), path.string());
}

Result<PcapReader> PcapReader::of(Bytes memory, const std::string& name) {
  return start(ByteSource::of(memory), name);
}

Result<PcapReader> PcapReader::start(ByteSource source, const std::string& name) {
  PcapReader reader(std::move(source));
  const Bytes head = reader.source_.peek(kFileHeaderBytes);
  if (head.size() >= 4 && load_be32(head.data()) == kMagicPcapng)
    return Error{name, "is a pcapng file", "convert it: editcap -F pcap IN OUT"};
  if (head.size() < kFileHeaderBytes) return Error{name, "is too short for a pcap file", ""};
  reader.big_endian_ = is_magic(load_be32(head.data()));
  const u32 magic = reader.word(head.data());
  if (!is_magic(magic)) return Error{name, "is no pcap file", "give a capture of tcpdump -w"};
  reader.nanosecond_ = magic == kMagicNanoseconds;
  const u32 link_type = reader.word(head.data() + 20) & 0x0FFF'FFFF;
  if (link_type != kEthernet)
    return Error{name, "has link type " + std::to_string(link_type), "capture Ethernet frames"};
  reader.source_.consume(kFileHeaderBytes);
  return reader;
}

FileRead PcapReader::next(PcapFrame& frame) {
  source_.consume(record_bytes_);
  record_bytes_ = 0;
  const Bytes head = source_.peek(kRecordHeaderBytes);
  if (head.size() < kRecordHeaderBytes) {
    if (source_.failed()) return FileRead::kDamaged;
    return head.empty() ? FileRead::kEnd : FileRead::kTruncated;
  }
  const i64 fraction = word(head.data() + 4);
  const u32 captured_bytes = word(head.data() + 8);
  frame.time.v =
      i64{word(head.data())} * kNanosPerSecond + (nanosecond_ ? fraction : fraction * 1'000);
  frame.wire_bytes = word(head.data() + 12);
  if (captured_bytes > kFrameBytesMax) return FileRead::kDamaged;
  const Bytes record = source_.peek(kRecordHeaderBytes + captured_bytes);
  if (record.size() < kRecordHeaderBytes + captured_bytes)
    return source_.failed() ? FileRead::kDamaged : FileRead::kTruncated;
  frame.data = record.subspan(kRecordHeaderBytes);
  record_bytes_ = record.size();
  ++frames_;
  return FileRead::kRecord;
}

Result<PcapWriter> PcapWriter::create(const std::filesystem::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr)
    return Error{path.string(), std::strerror(errno), "check the path and its permissions"};
  PcapWriter writer(file, path.string());
  std::array<std::byte, kFileHeaderBytes> head{};
  store_le32(head.data(), kMagicNanoseconds);
  store_le32(head.data() + 4, 2U | (4U << 16));  // version 2.4
  store_le32(head.data() + 16, PcapReader::kFrameBytesMax);
  store_le32(head.data() + 20, kEthernet);
  writer.failed_ = std::fwrite(head.data(), head.size(), 1, file) != 1;
  return writer;
}

bool PcapWriter::write(Nanos time, Bytes frame) {
  TRADSYS_ASSERT(file_ != nullptr && time.v >= 0 && frame.size() <= PcapReader::kFrameBytesMax);
  std::array<std::byte, kRecordHeaderBytes> head;
  const u32 length = static_cast<u32>(frame.size());
  store_le32(head.data(), static_cast<u32>(time.v / kNanosPerSecond));
  store_le32(head.data() + 4, static_cast<u32>(time.v % kNanosPerSecond));
  store_le32(head.data() + 8, length);
  store_le32(head.data() + 12, length);
  const bool written = std::fwrite(head.data(), head.size(), 1, file_.get()) == 1 &&
                       (length == 0 || std::fwrite(frame.data(), length, 1, file_.get()) == 1);
  if (!written) failed_ = true;
  return written;
}

bool PcapWriter::flush() {
  TRADSYS_ASSERT(file_ != nullptr);
  if (std::fflush(file_.get()) != 0) failed_ = true;
  return !failed_;
}

Status PcapWriter::close() {
  TRADSYS_ASSERT(file_ != nullptr);
  if (std::fclose(file_.release()) != 0) failed_ = true;
  if (failed_) return Error{name_, "was not written completely", "check the space on the disk"};
  return Done{};
}

}  // namespace tradsys::wire
