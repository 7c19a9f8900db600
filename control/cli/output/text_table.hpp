#pragma once
// Columns of text that line up.
#include <string>
#include <vector>

#include "control/cli/output/paint.hpp"

namespace tradsys::cli {

/// One cell: what it says and what that means.
struct Cell {
  std::string text;
  Tone tone = Tone::kPlain;

  Cell(std::string words) : text(std::move(words)) {}  // NOLINT: implicit by design
  Cell(const char* words) : text(words) {}  // NOLINT: implicit by design
  Cell(std::string words, Tone meaning) : text(std::move(words)), tone(meaning) {}
};

/// A title line and rows below it, two spaces between columns, no spaces at the end of a line. A
/// title that starts with '>' makes its column line up on the right. Cells are ASCII.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> titles);
  /// As many cells as there are titles.
  void row(std::vector<Cell> cells);
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  [[nodiscard]] std::string text(const Paint& paint) const;

 private:
  [[nodiscard]] std::string line(const std::vector<Cell>& cells, const std::vector<usize>& widths,
                                 const Paint& paint) const;

  std::vector<Cell> titles_;
  std::vector<bool> right_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace tradsys::cli
