#include "hostsw/ipc/status_region.hpp"

#include <new>

namespace tradsys::ipc {
namespace {

constexpr usize region_bytes(u64 instruments) noexcept {
  return sizeof(StatusSections) + instruments * sizeof(InstrumentSection);
}
static_assert(sizeof(StatusSections) % alignof(InstrumentSection) == 0);

template <class Section, class Byte>
Section* section_at(Byte* data, u32 index) noexcept {
  return std::launder(reinterpret_cast<Section*>(data + sizeof(StatusSections) +
                                                 usize{index} * sizeof(InstrumentSection)));
}

}  // namespace

Result<StatusWriter> StatusWriter::create(const std::filesystem::path& path, u32 instruments) {
  if (instruments > kInstrumentsMax)
    return Error{path.string(), std::to_string(instruments) + " instruments are too many",
                 "use at most " + std::to_string(kInstrumentsMax)};
  Result<SharedFile> file =
      SharedFile::create(path, kStatusLayout, region_bytes(instruments), instruments);
  if (!file) return file.error();
  StatusWriter writer(std::move(file).value(), instruments);
  writer.process({});
  for (u32 i = 0; i < kFeedsMax; ++i) writer.feed(i, {});
  writer.orders({});
  for (u32 i = 0; i < kStagesMax; ++i) writer.stage(i, {});
  for (u32 i = 0; i < kSessionsMax; ++i) writer.session(i, {});
  for (u32 i = 0; i < instruments; ++i) writer.instrument(i, {});
  if (Status published = writer.file_.publish(); !published) return published.error();
  return writer;
}

StatusSections& StatusWriter::sections() noexcept {
  return *std::launder(reinterpret_cast<StatusSections*>(file_.data()));
}

void StatusWriter::instrument(u32 index, const InstrumentStatus& status) noexcept {
  TRADSYS_ASSERT(index < instruments_);
  section_at<InstrumentSection>(file_.data(), index)->status.store(status);
}

Result<StatusReader> StatusReader::open(const std::filesystem::path& path) {
  Result<SharedFile> file = SharedFile::open(path, kStatusLayout, SharedFile::Access::kReadOnly);
  if (!file) return file.error();
  const u64 instruments = file.value().header().item_count;
  if (instruments > kInstrumentsMax || file.value().size() != region_bytes(instruments))
    return Error{path.string(),
                 "the size does not fit " + std::to_string(instruments) + " instruments",
                 "restart the process that owns it"};
  return StatusReader(std::move(file).value());
}

const StatusSections& StatusReader::sections() const noexcept {
  return *std::launder(reinterpret_cast<const StatusSections*>(file_.data()));
}

bool StatusReader::instrument(u32 index, InstrumentStatus& out) const noexcept {
  return index < instruments() &&
         section_at<const InstrumentSection>(file_.data(), index)->status.load(out);
}

u32 StatusReader::find(Symbol symbol) const noexcept {
  InstrumentStatus status;
  for (u32 i = 0; i < instruments(); ++i)
    if (instrument(i, status) && status.symbol == symbol) return i;
  return instruments();
}

}  // namespace tradsys::ipc
