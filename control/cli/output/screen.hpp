#pragma once
// Output that refreshes: redrawn in place on a terminal, one frame after the other elsewhere.
#include <termios.h>

#include <string_view>

#include "hostsw/core/units.hpp"

namespace tradsys::cli {

/// Takes SIGINT and SIGTERM for its lifetime, and on a terminal the alternate screen and single
/// key presses; gives everything back when destroyed. One at a time.
class Screen {
 public:
  enum class Wake : u8 {
    kTimer,  ///< the time is over
    kQuit,  ///< the operator pressed q
    kInterrupted,  ///< SIGINT or SIGTERM
  };

  /// `in_place`: redraw when stdout is a terminal (off for streams of JSON).
  explicit Screen(bool in_place);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// Shows the next frame. On a terminal it is cut at the lower and the right edge.
  void show(std::string_view frame);
  /// Sleeps until one of the three.
  [[nodiscard]] Wake wait(Nanos time);
  [[nodiscard]] bool redraws() const noexcept { return redraws_; }

 private:
  bool redraws_ = false;
  bool keys_ = false;
  int signals_ = -1;
  struct termios before_ {};
};

/// `frame` cut to what a terminal of this size shows: escape sequences take no room. Every line
/// clears what stood behind it.
[[nodiscard]] std::string fit_frame(std::string_view frame, u32 rows, u32 columns);

}  // namespace tradsys::cli
