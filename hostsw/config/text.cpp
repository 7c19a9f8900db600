#include "hostsw/config/text.hpp"

#include <cstdio>

namespace tradsys::config::detail {

std::string quoted(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (code < ' ' || code == 0x7F) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04X", static_cast<unsigned>(code));
      text += escape;
    } else {
      text += c;
    }
  }
  return text + "\"";
}

std::string cell(std::string text) {
  for (usize at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

}  // namespace tradsys::config::detail
