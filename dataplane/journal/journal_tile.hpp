#pragma once
// The journal tile: takes records off the link, writes them in groups, and says what is durable.
// Its thread is the only one that enters the kernel for the disk.
#include <memory>
#include <optional>
#include <string>

#include "dataplane/journal/journal_link.hpp"
#include "hostsw/journal/writer.hpp"

namespace tradsys::dataplane {

class JournalTile {
 public:
  /// Opens (or creates) the journal for appending. `link` outlives the tile.
  [[nodiscard]] static Result<std::unique_ptr<JournalTile>> make(
      const journal::WriterConfig& config, JournalLink& link);

  /// Writes what waits, at most `budget` records, as one or more commits; returns how many. After a
  /// failed commit it writes nothing more and the link says so; records are then taken off and
  /// dropped, so that cancels and executions go on: the venue's stream has them, a restart reads
  /// them there.
  u32 poll(u32 budget) noexcept;
  /// Prepares the next segment in the background. Call it whenever there is a moment. While it
  /// cannot, the link takes no new orders: what space is left belongs to cancels and executions.
  void housekeep() noexcept {
    static_cast<void>(writer_.housekeep());
    link_.set_short_of_space(writer_.prepare_problem().has_value());
  }

  /// Why writing stopped; nothing while all is well.
  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }
  /// Why the next segment cannot be prepared; nothing while all is well.
  [[nodiscard]] const std::optional<Error>& space_problem() const noexcept {
    return writer_.prepare_problem();
  }
  /// The torn end of the journal that was dropped when it was opened; nothing when it was clean.
  [[nodiscard]] const std::optional<Error>& dropped_tail() const noexcept {
    return writer_.dropped_tail();
  }
  /// How files are written: "O_DIRECT|O_DSYNC", or the fallback and why.
  [[nodiscard]] const std::string& io_mode() const noexcept { return writer_.io_mode(); }

 private:
  JournalTile(journal::Writer writer, JournalLink& link)
      : writer_(std::move(writer)), link_(link) {}
  bool append(const JournalEntry& entry) noexcept;
  bool commit() noexcept;

  static constexpr u32 kBurst = 64;
  journal::Writer writer_;
  JournalLink& link_;
  std::optional<Error> failure_;
};

}  // namespace tradsys::dataplane
