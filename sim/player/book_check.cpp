#include "sim/player/book_check.hpp"

#include <charconv>
#include <string>
#include <string_view>

#include "hostsw/wire/byte_source.hpp"

namespace tradsys::sim {
namespace {

constexpr usize kFields = 2 + 6 * kCheckDepth;
constexpr usize kLocateEnd = 3;

Result<std::string> load_text(const std::filesystem::path& path) {
  Result<wire::ByteSource> opened = wire::ByteSource::open(path);
  if (!opened) return opened.error();
  wire::ByteSource& source = opened.value();
  std::string text;
  for (;;) {
    const Bytes part = source.peek(wire::ByteSource::kWindowBytes);
    if (part.empty()) break;
    text.append(reinterpret_cast<const char*>(part.data()), part.size());
    source.consume(part.size());
  }
  if (source.failed()) return Error{path.string(), "cannot be read to its end", "get it again"};
  return text;
}

/// False unless the line is exactly kFields numbers between commas.
bool parse_line(std::string_view line, std::array<u64, kFields>& fields) {
  const char* at = line.data();
  const char* const end = at + line.size();
  for (usize i = 0; i < kFields; ++i) {
    const auto [stop, error] = std::from_chars(at, end, fields[i]);
    const bool last = i + 1 == kFields;
    if (error != std::errc{} || (last ? stop != end : stop == end || *stop != ',')) return false;
    at = last ? stop : stop + 1;
  }
  return true;
}

BookPoint to_point(const std::array<u64, kFields>& fields) {
  BookPoint point;
  point.message_index = fields[0];
  for (u32 i = 0; i < kCheckDepth; ++i) {
    const u64* level = &fields[2 + 6 * i];
    point.bids[i] = {static_cast<u32>(level[0]), static_cast<u32>(level[2]), level[1]};
    point.asks[i] = {static_cast<u32>(level[3]), static_cast<u32>(level[5]), level[4]};
  }
  return point;
}

}  // namespace

Result<std::vector<BookPoint>> load_book_points(const std::filesystem::path& path) {
  Result<std::string> text = load_text(path);
  if (!text) return text.error();
  std::vector<BookPoint> points;
  std::string_view rest = text.value();
  for (u64 number = 1; !rest.empty(); ++number) {
    const usize newline = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, newline);
    rest.remove_prefix(std::min(newline + 1, rest.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (number == 1 || line.empty()) continue;
    std::array<u64, kFields> fields{};
    const std::string where = path.string() + ":" + std::to_string(number);
    if (!parse_line(line, fields))
      return Error{where, "is not " + std::to_string(kFields) + " whole numbers", ""};
    if (!points.empty() && fields[0] <= points.back().message_index)
      return Error{where, "message_index does not grow", ""};
    points.push_back(to_point(fields));
  }
  if (points.empty()) return Error{path.string(), "holds no point", "give the oracle's CSV"};
  return points;
}

void BookCheck::on_message(u64 sequence, Bytes message, const book::FlatBooks& books) noexcept {
  if (message.size() >= kLocateEnd) {
    const u16 locate = load_be16(message.data() + 1);
    if (locate != 0) instrument_ = locate;
  }
  if (next_ == points_.size() || points_[next_].message_index != sequence - 1) return;
  const BookPoint& point = points_[next_++];
  if (compare_side(point, Side::kBuy, books) && compare_side(point, Side::kSell, books)) ++equal_;
}

bool BookCheck::compare_side(const BookPoint& point, Side side, const book::FlatBooks& books) {
  std::array<book::Level, kCheckDepth> found{};
  books.levels(instrument_, side, found);
  const auto& expected = side == Side::kBuy ? point.bids : point.asks;
  for (u32 i = 0; i < kCheckDepth; ++i) {
    if (found[i] == expected[i]) continue;
    if (!first_) first_ = {point.message_index, true, side, i + 1, expected[i], found[i]};
    return false;
  }
  return true;
}

std::optional<BookDifference> BookCheck::first_difference() const {
  if (first_ || next_ == points_.size()) return first_;
  BookDifference unreached;
  unreached.message_index = points_[next_].message_index;
  return unreached;
}

}  // namespace tradsys::sim
