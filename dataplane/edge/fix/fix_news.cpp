#include "dataplane/edge/fix/fix_news.hpp"

#include <algorithm>
#include <array>
#include <tradsys/itch50_spec.hpp>

#include "dataplane/edge/fix/fix_request.hpp"

namespace tradsys::dataplane {
namespace {

/// What the feed says must not end a field.
char printable(char c) noexcept { return c >= ' ' && c <= '~' ? c : '?'; }

/// A line of a few parts.
class Line {
 public:
  Line& operator+=(std::string_view part) noexcept {
    const usize bytes = std::min(part.size(), text_.size() - bytes_);
    std::transform(part.begin(), part.begin() + static_cast<std::ptrdiff_t>(bytes),
                   text_.begin() + static_cast<std::ptrdiff_t>(bytes_), printable);
    bytes_ += bytes;
    return *this;
  }
  [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), bytes_}; }

 private:
  std::array<char, 64> text_{};
  usize bytes_ = 0;
};

std::string_view trimmed(const char* text, usize bytes) noexcept {
  while (bytes != 0 && (text[bytes - 1] == ' ' || text[bytes - 1] == '\0')) --bytes;
  return {text, bytes};
}

std::string_view headline_of(char state) noexcept {
  switch (state) {
    case itch50::trading_state::kTrading:
      return "Trading resumed: ";
    case itch50::trading_state::kPaused:
      return "Trading paused: ";
    case itch50::trading_state::kQuotationOnly:
      return "Quotation only: ";
    default:
      return "Trading halted: ";
  }
}

void put_head(fix::Writer& out, std::string_view headline, u64 ts_ns) noexcept {
  out.clear();
  out.timestamp(fix_tag::kOrigTime, Nanos{static_cast<i64>(ts_ns)}, 3);
  out.text(fix_tag::kHeadline, headline);
}

}  // namespace

void write_news(fix::Writer& out, FixVersion version, const MarketNews& news, u64 ts_ns) noexcept {
  Line headline;
  if (news.breached_level != ' ') {
    (headline += "Market-wide circuit breaker: level ") += {&news.breached_level, 1};
    put_head(out, headline.view(), ts_ns);
    out.character(fix_tag::kNoLinesOfText, '1').text(fix_tag::kText, "all instruments");
    return;
  }
  const std::string_view symbol = trimmed(news.symbol.text, sizeof news.symbol.text);
  (headline += headline_of(news.state)) += symbol;
  put_head(out, headline.view(), ts_ns);
  const i32 symbol_tag = version == FixVersion::kFix42 ? fix_tag::kRelatdSym : fix_tag::kSymbol;
  Line name;
  out.character(fix_tag::kNoRelatedSym, '1').text(symbol_tag, (name += symbol).view());
  Line state, reason;
  (state += "state ") += {&news.state, 1};
  const std::string_view code = trimmed(news.reason.data(), news.reason.size());
  out.character(fix_tag::kNoLinesOfText, code.empty() ? '1' : '2');
  out.text(fix_tag::kText, state.view());
  if (!code.empty()) out.text(fix_tag::kText, ((reason += "reason ") += code).view());
}

}  // namespace tradsys::dataplane
