#pragma once
// Holds books against an oracle, ten levels deep, while a stream is being delivered.
#include <array>
#include <filesystem>
#include <optional>
#include <vector>

#include "hostsw/book/flat_books.hpp"
#include "hostsw/core/bytes.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::sim {

inline constexpr u32 kCheckDepth = 10;

/// The levels that must hold after one message.
struct BookPoint {
  u64 message_index = 0;  ///< from 0, in the order of the stream
  std::array<book::Level, kCheckDepth> bids{};
  std::array<book::Level, kCheckDepth> asks{};
};

/// Reads a CSV, plain or gzip: a header line, then message_index, timestamp_ns, and for each of ten
/// levels bid price, quantity, orders, ask price, quantity, orders. Prices have four implied
/// decimals. An Error names the line.
Result<std::vector<BookPoint>> load_book_points(const std::filesystem::path& path);

/// Where books and oracle first differ.
struct BookDifference {
  u64 message_index = 0;
  bool reached = false;  ///< false: the stream ended before that message; the rest is empty
  Side side = Side::kNone;
  u32 level = 0;  ///< from 1
  book::Level expected;
  book::Level found;
};

/// Compares at each point. The instrument is the one of the message there, or the last one named
/// before it.
class BookCheck {
 public:
  /// Points in order of their messages.
  explicit BookCheck(std::vector<BookPoint> points) : points_(std::move(points)) {}

  /// The message with this number (from 1) has been applied to the books.
  void on_message(u64 sequence, Bytes message, const book::FlatBooks& books) noexcept;

  [[nodiscard]] u64 points() const noexcept { return points_.size(); }
  [[nodiscard]] u64 points_equal() const noexcept { return equal_; }
  /// Nothing when every point was reached and equal.
  [[nodiscard]] std::optional<BookDifference> first_difference() const;

 private:
  [[nodiscard]] bool compare_side(const BookPoint& point, Side side, const book::FlatBooks& books);

  std::vector<BookPoint> points_;
  usize next_ = 0;
  u64 equal_ = 0;
  u16 instrument_ = 0;
  std::optional<BookDifference> first_;
};

}  // namespace tradsys::sim
