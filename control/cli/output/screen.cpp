#include "control/cli/output/screen.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace tradsys::cli {
namespace {

constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kClearRight = "\x1b[K";
constexpr std::string_view kClearBelow = "\x1b[J";

sigset_t stop_signals() noexcept {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGINT);
  ::sigaddset(&set, SIGTERM);
  return set;
}

void emit(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

/// `line` without what does not fit into `columns`; sequences "ESC [ ... letter" are kept.
std::string fit_line(std::string_view line, u32 columns) {
  std::string out;
  u32 used = 0;
  for (usize i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b') {
      const usize end = line.find_first_of("mKHJ", i);
      if (end == std::string_view::npos) break;
      out += line.substr(i, end - i + 1);
      i = end;
    } else if (used < columns) {
      out += line[i];
      ++used;
    }
  }
  return out;
}

}  // namespace

std::string fit_frame(std::string_view frame, u32 rows, u32 columns) {
  std::string out;
  for (u32 row = 0; row < rows && !frame.empty(); ++row) {
    const usize end = frame.find('\n');
    if (row > 0) out += "\r\n";
    out += fit_line(frame.substr(0, end), columns);
    out += kClearRight;
    frame.remove_prefix(end == std::string_view::npos ? frame.size() : end + 1);
  }
  return out;
}

Screen::Screen(bool in_place) : redraws_(in_place && ::isatty(STDOUT_FILENO) == 1) {
  const sigset_t stop = stop_signals();
  ::sigprocmask(SIG_BLOCK, &stop, nullptr);
  signals_ = ::signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
  if (!redraws_) return;
  keys_ = ::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before_) == 0;
  if (keys_) {
    struct termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  }
  emit(kEnter);
}

Screen::~Screen() {
  if (redraws_) emit(kLeave);
  if (keys_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  const sigset_t stop = stop_signals();
  ::close(signals_);
  ::sigprocmask(SIG_UNBLOCK, &stop, nullptr);
}

void Screen::show(std::string_view frame) {
  if (!redraws_) {
    emit(frame);
    return;
  }
  struct winsize size {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
    size = {.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  emit(std::string(kHome) + fit_frame(frame, size.ws_row, size.ws_col) + std::string(kClearBelow));
}

Screen::Wake Screen::wait(Nanos time) {
  struct pollfd sources[2] = {{signals_, POLLIN, 0}, {keys_ ? STDIN_FILENO : -1, POLLIN, 0}};
  struct timespec left {
    time.v / kSecond.v, time.v % kSecond.v
  };
  if (::ppoll(sources, 2, &left, nullptr) <= 0) return Wake::kTimer;
  struct signalfd_siginfo signal {};
  if (::read(signals_, &signal, sizeof signal) > 0) return Wake::kInterrupted;
  char key = 0;
  const bool quit = keys_ && ::read(STDIN_FILENO, &key, 1) > 0 && (key == 'q' || key == 'Q');
  return quit ? Wake::kQuit : Wake::kTimer;  // any other key refreshes at once
}

}  // namespace tradsys::cli
