#pragma once
// What FIX clients are to hear of trading states: instruments whose state changed wait here until a
// housekeep tells of them, one change or several. Fixed memory; noting is hot, telling is warm.
#include <vector>

#include "hostsw/core/decode.hpp"
#include "hostsw/core/symbol.hpp"

namespace tradsys::dataplane {

/// An instrument has another trading state, or a market-wide circuit breaker was hit.
struct MarketNews {
  Symbol symbol{};
  char state = ' ';  ///< as ITCH spells it: T, H, P, Q
  Text<4> reason{};  ///< the venue's code; blanks: none
  char breached_level = ' ';  ///< of the market-wide circuit breaker; blank: it is of an instrument
};

class HaltNews {
 public:
  explicit HaltNews(u32 instruments_max) : notes_(instruments_max), waiting_(instruments_max) {}

  /// The venue said a trading state, the same or another one. `reason`: as the venue spells it.
  void note(u16 instrument, const Text<4>& reason) noexcept {
    if (instrument >= notes_.size()) return;
    Note& note = notes_[instrument];
    note.reason = reason;
    if (note.waits) return;
    note.waits = true;
    waiting_[count_++] = instrument;
  }
  /// A market-wide circuit breaker: a level of decline was breached.
  void note_breach(char level) noexcept { breached_ = level; }

  /// Tells `reader` of what is other than it was told last, while reader.has_room(): say(news),
  /// once for each. `info_of(instrument)` has symbol and state. The first state of an instrument is
  /// where it begins, and no news.
  template <class InfoOf, class Reader>
  void tell(const InfoOf& info_of, Reader& reader) noexcept {
    if (breached_ != ' ' && reader.has_room()) {
      reader.say(MarketNews{.breached_level = breached_});
      breached_ = ' ';
    }
    while (count_ != 0 && reader.has_room()) {
      const u16 instrument = waiting_[--count_];
      Note& note = notes_[instrument];
      const auto& info = info_of(instrument);
      const char before = note.told;
      note.waits = false;
      note.told = info.state;
      if (before != ' ' && before != info.state)
        reader.say(MarketNews{.symbol = info.symbol, .state = info.state, .reason = note.reason});
    }
  }

 private:
  struct Note {
    Text<4> reason{};
    char told = ' ';  ///< blank: no state yet
    bool waits = false;
  };
  std::vector<Note> notes_;  ///< by instrument
  std::vector<u16> waiting_;  ///< the first count_
  u32 count_ = 0;
  char breached_ = ' ';
};

}  // namespace tradsys::dataplane
