#include "dataplane/journal/journal_tile.hpp"

#include <algorithm>

namespace tradsys::dataplane {

Result<std::unique_ptr<JournalTile>> JournalTile::make(const journal::WriterConfig& config,
                                                       JournalLink& link) {
  Result<journal::Writer> writer = journal::Writer::make(config);
  if (!writer) return writer.error();
  link.set_durable(writer.value().durable_seq());
  return std::unique_ptr<JournalTile>(new JournalTile(std::move(writer).value(), link));
}

u32 JournalTile::poll(u32 budget) noexcept {
  JournalEntry entries[kBurst];
  u32 total = 0;
  while (total < budget) {
    const usize count = link_.pop_burst(entries, std::min(kBurst, budget - total));
    if (count == 0) break;
    for (usize i = 0; i < count && !failure_; ++i) static_cast<void>(append(entries[i]));
    total += static_cast<u32>(count);
  }
  if (total != 0 && !failure_) static_cast<void>(commit());
  return total;
}

bool JournalTile::append(const JournalEntry& entry) noexcept {
  const Bytes payload(entry.payload, entry.payload_bytes);
  journal::AppendStatus status = writer_.append(entry.type, entry.seq, entry.ts_ns, payload);
  if (status == journal::AppendStatus::kBatchFull) {
    if (!commit()) return false;
    status = writer_.append(entry.type, entry.seq, entry.ts_ns, payload);
  }
  TRADSYS_ASSERT(status == journal::AppendStatus::kOk);
  return true;
}

bool JournalTile::commit() noexcept {
  const Result<u64> durable = writer_.commit();
  if (!durable) {
    failure_ = durable.error();
    link_.set_failed();
    return false;
  }
  link_.set_durable(durable.value());
  return true;
}

}  // namespace tradsys::dataplane
