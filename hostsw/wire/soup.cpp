#include "hostsw/wire/soup.hpp"

#include <charconv>

namespace tradsys::wire {

std::string_view name_of(SoupClose reason) noexcept {
  switch (reason) {
    case SoupClose::kNone:
      return "none";
    case SoupClose::kLogout:
      return "logout";
    case SoupClose::kRejected:
      return "rejected";
    case SoupClose::kLoginTimeout:
      return "login_timeout";
    case SoupClose::kSilence:
      return "silence";
    case SoupClose::kProtocol:
      return "protocol";
    case SoupClose::kEndOfSession:
      return "end_of_session";
    case SoupClose::kTooSlow:
      return "too_slow";
    case SoupClose::kSendFailed:
      return "send_failed";
    case SoupClose::kFlooded:
      return "flooded";
    case SoupClose::kDisconnected:
      return "disconnected";
  }
  return "?";
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\0'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

Text<20> number_text(u64 value) noexcept {
  Text<20> text = kSpaces<20>;
  usize at = text.size();
  do {
    text[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  return text;
}

std::optional<u64> parse_number(const Text<20>& text) noexcept {
  const std::string_view digits = trimmed(text);
  u64 value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

SoupSessionName session_text(std::string_view name) noexcept {
  SoupSessionName text = kSpaces<10>;
  const usize n = name.size() < text.size() ? name.size() : text.size();
  for (usize i = 0; i < n; ++i) text[text.size() - n + i] = name[i];
  return text;
}

bool same_credential(std::string_view a, std::string_view b) noexcept {
  a = trimmed(a);
  b = trimmed(b);
  const auto folded = [](std::string_view text, usize i) -> u32 {
    const char c = i < text.size() ? text[i] : '\0';
    return static_cast<u8>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  };
  u32 difference = 0;
  for (usize i = 0; i < 32; ++i) difference |= folded(a, i) ^ folded(b, i);
  return difference == 0;
}

std::optional<SoupLogin> login_of(soup::LoginRequestView view) noexcept {
  const std::optional<u64> sequence = parse_number(view.requested_sequence_number());
  if (!sequence) return std::nullopt;
  return SoupLogin{view.username(), view.password(), view.requested_session(), *sequence};
}

soup::LoginRequest login_request(const SoupLogin& login) noexcept {
  return {login.username, login.password, login.session, number_text(login.sequence)};
}

}  // namespace tradsys::wire
