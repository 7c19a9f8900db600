#include "control/cli/doctor/host.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>

namespace tradsys::cli {
namespace {

constexpr const char* kBlanks = " \t\r\n";

std::string trimmed(const std::string& text) {
  const usize first = text.find_first_not_of(kBlanks);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

template <class T>
std::optional<T> parsed(const std::string& text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc{} || stop != end || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

std::filesystem::path Host::below_root(const std::string& path) const {
  return root_ / std::filesystem::path(path).relative_path();
}

std::optional<std::string> Host::text(const std::string& path) const {
  std::ifstream file(below_root(path));
  if (!file) return std::nullopt;
  std::ostringstream all;
  all << file.rdbuf();  // a process that is gone by now is a failed stream, not an exception
  if (all.bad()) return std::nullopt;
  return std::move(all).str();
}

std::optional<std::string> Host::line(const std::string& path) const {
  const std::optional<std::string> all = text(path);
  if (!all) return std::nullopt;
  return trimmed(all->substr(0, all->find('\n')));
}

std::optional<i64> Host::number(const std::string& path) const {
  const std::optional<std::string> first = line(path);
  return first ? parsed<i64>(*first) : std::nullopt;
}

std::vector<std::string> Host::names(const std::string& folder, const std::string& prefix) const {
  std::vector<std::string> found;
  std::error_code failure;
  // Processes come and go while /proc is read: what vanishes ends the walk at worst.
  for (std::filesystem::directory_iterator at(below_root(folder), failure), end;
       !failure && at != end; at.increment(failure))
    if (at->path().filename().string().starts_with(prefix))
      found.push_back(at->path().filename().string());
  std::sort(found.begin(), found.end());
  return found;
}

bool Host::exists(const std::string& path) const {
  std::error_code failure;
  return std::filesystem::exists(below_root(path), failure);
}

std::optional<std::string> Host::value_of(const std::string& path, const std::string& key,
                                          char separator) const {
  std::istringstream lines(text(path).value_or(""));
  for (std::string each; std::getline(lines, each);) {
    const usize at = each.find(separator);
    if (at != std::string::npos && trimmed(each.substr(0, at)) == key)
      return trimmed(each.substr(at + 1));
  }
  return std::nullopt;
}

std::optional<u32> count_of_list(const std::string& list) {
  u32 count = 0;
  std::istringstream ranges(list);
  for (std::string range; std::getline(ranges, range, ',');) {
    const usize dash = range.find('-');
    const auto first = parsed<u32>(range.substr(0, dash));
    const auto last = dash == std::string::npos ? first : parsed<u32>(range.substr(dash + 1));
    if (!first || !last || *last < *first) return std::nullopt;
    count += *last - *first + 1;
  }
  return count;
}

bool has_word(const std::string& words, const std::string& word) {
  std::istringstream each(words);
  return std::find(std::istream_iterator<std::string>(each), std::istream_iterator<std::string>(),
                   word) != std::istream_iterator<std::string>();
}

}  // namespace tradsys::cli
