#include "control/cli/output/text_table.hpp"

#include <algorithm>

#include "hostsw/core/contract.hpp"

namespace tradsys::cli {

TextTable::TextTable(std::vector<std::string> titles) {
  for (std::string& title : titles) {
    right_.push_back(title.starts_with('>'));
    titles_.emplace_back(right_.back() ? title.substr(1) : title, Tone::kTitle);
  }
}

void TextTable::row(std::vector<Cell> cells) {
  TRADSYS_ASSERT(cells.size() == titles_.size());
  rows_.push_back(std::move(cells));
}

std::string TextTable::line(const std::vector<Cell>& cells, const std::vector<usize>& widths,
                            const Paint& paint) const {
  std::string text;
  usize pending = 0;  // spaces owed, written only when something follows them
  for (usize i = 0; i < cells.size(); ++i) {
    const usize room = widths[i] - cells[i].text.size();
    if (right_[i]) pending += room;
    if (!cells[i].text.empty()) {
      text.append(pending, ' ').append(paint(cells[i].tone, cells[i].text));
      pending = 0;
    }
    pending += (right_[i] ? 0 : room) + 2;
  }
  return text + "\n";
}

std::string TextTable::text(const Paint& paint) const {
  std::vector<usize> widths;
  for (const Cell& title : titles_) widths.push_back(title.text.size());
  for (const auto& cells : rows_)
    for (usize i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].text.size());
  std::string all = line(titles_, widths, paint);
  for (const auto& cells : rows_) all += line(cells, widths, paint);
  return all;
}

}  // namespace tradsys::cli
