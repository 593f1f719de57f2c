#include "labelsieve/line_numbers.h"

#include <algorithm>

namespace labelsieve {

/// For a line that the last run does not go on with.
void LineNumbers::begin_run(int64_t line) {
  // The second line of a run says how far apart its lines are.
  const bool is_second = !runs_.empty() && runs_.back().row == size_ - 1;
  if (is_second) {
    runs_.back().step = line - runs_.back().line;
  } else {
    runs_.push_back({size_, line});
  }
  ++size_;
  next_ = line + runs_.back().step;
}

void LineNumbers::append(int64_t line, int64_t step, int64_t count) {
  // One by one until a run is found to go on with these lines, which are then added at once.
  const auto goes_on = [&] { return !runs_.empty() && line == next_ && runs_.back().step == step; };
  for (; count > 0 && !goes_on(); --count) {
    push_back(line);
    line += step;
  }
  if (count == 0) return;
  size_ += count;
  next_ += step * count;
}

void LineNumbers::append(const LineNumbers& others) {
  for (size_t r = 0; r < others.runs_.size(); ++r) {
    const Run& run = others.runs_[r];
    const int64_t end = r + 1 < others.runs_.size() ? others.runs_[r + 1].row : others.size_;
    append(run.line, run.step, end - run.row);
  }
}

int64_t LineNumbers::operator[](size_t row) const {
  const auto index = static_cast<int64_t>(row);
  const auto behind = std::upper_bound(runs_.begin(), runs_.end(), index,
                                       [](int64_t i, const Run& run) { return i < run.row; });
  const Run& run = *(behind - 1);
  return run.line + run.step * (index - run.row);
}

LineNumbers LineNumbers::at(std::span<const int64_t> rows) const {
  LineNumbers lines;
  for (const int64_t row : rows) lines.push_back((*this)[static_cast<size_t>(row)]);
  return lines;
}

}  // namespace labelsieve
