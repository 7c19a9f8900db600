#include "hostsw/config/problems.hpp"

#include <algorithm>

#include "hostsw/core/contract.hpp"

namespace tradsys::config {
namespace {

usize edit_distance(std::string_view a, std::string_view b) {
  std::vector<usize> row(b.size() + 1);
  for (usize j = 0; j <= b.size(); ++j) row[j] = j;
  for (usize i = 1; i <= a.size(); ++i) {
    usize diagonal = row[0];
    row[0] = i;
    for (usize j = 1; j <= b.size(); ++j) {
      const usize above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

constexpr usize kTypingErrorsMax = 2;
constexpr usize kKeyBytesMax = 64;

}  // namespace

void Problems::add(const std::string& key, std::string what, std::string remedy) {
  std::string_view enclosing = key;
  while (!enclosing.empty()) {
    const auto found = lines_.find(enclosing);
    if (found != lines_.end()) return add(key, found->second, std::move(what), std::move(remedy));
    const usize cut = enclosing.find_last_of(".[");
    enclosing = enclosing.substr(0, cut == std::string_view::npos ? 0 : cut);
  }
  add(key, 0, std::move(what), std::move(remedy));
}

void Problems::add(const std::string& key, u32 line, std::string what, std::string remedy) {
  std::string where = file_;
  if (line != 0) where += ":" + std::to_string(line);
  if (!key.empty()) where += ": " + key;
  errors_.push_back({std::move(where), std::move(what), std::move(remedy)});
}

Error Problems::together() const {
  TRADSYS_ASSERT(!none());
  if (errors_.size() == 1) return errors_.front();
  std::string all = std::to_string(errors_.size()) + " problems";
  for (const Error& error : errors_) all += "\n  " + error.message();
  return {file_, all, ""};
}

std::string suggest(std::string_view key, const std::vector<std::string_view>& known) {
  std::string_view best;
  usize best_distance = kTypingErrorsMax + 1;
  for (const std::string_view candidate : known) {
    if (key.size() > kKeyBytesMax) break;
    const bool longer = candidate.size() > key.size() && !key.empty() &&
                        candidate.starts_with(key) && candidate[key.size()] == '_';
    const usize distance = longer ? 0 : edit_distance(key, candidate);
    if (distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  if (!best.empty()) return "did you mean '" + std::string(best) + "'?";
  std::string all = "known keys: ";
  for (usize i = 0; i < known.size(); ++i) all += (i == 0 ? "" : ", ") + std::string(known[i]);
  return all;
}

}  // namespace tradsys::config
