// The lines of a text file that rows stand in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace labelsieve {

/// A list of line numbers. Neighbouring lines, or any that are equally far apart, take no more
/// memory than one, so that a table of a million lines takes a few bytes; where no three are, 12
/// bytes a line.
class LineNumbers {
 public:
  LineNumbers() = default;
  LineNumbers(const LineNumbers&) = default;
  LineNumbers& operator=(const LineNumbers&) = default;

  /// Leaves an empty list behind.
  LineNumbers(LineNumbers&& other) noexcept { swap(other); }
  LineNumbers& operator=(LineNumbers&& other) noexcept {
    LineNumbers(std::move(other)).swap(*this);
    return *this;
  }

  /// Cost: O(1), amortised.
  void push_back(int64_t line) {
    if (line == next_ && !runs_.empty()) {
      ++size_;
      next_ += runs_.back().step;
    } else {
      begin_run(line);
    }
  }

  /// `count` lines from `line` on, `step` apart. Cost: O(1), amortised.
  void append(int64_t line, int64_t step, int64_t count);

  /// Cost: O(runs of the others), amortised. They must not be this list itself.
  void append(const LineNumbers& others);

  size_t size() const { return static_cast<size_t>(size_); }
  bool empty() const { return size_ == 0; }

  /// Line number `row`, which must be below size(). Cost: O(log runs).
  int64_t operator[](size_t row) const;

  /// The numbers at `rows`, in their order.
  LineNumbers at(std::span<const int64_t> rows) const;

  bool operator==(const LineNumbers& other) const = default;

  using value_type = int64_t;

  /// Each step costs what operator[] does.
  class const_iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = int64_t;
    using difference_type = std::ptrdiff_t;
    using pointer = const int64_t*;
    using reference = int64_t;

    const_iterator() = default;
    const_iterator(const LineNumbers& lines, size_t row) : lines_(&lines), row_(row) {}

    int64_t operator*() const { return (*lines_)[row_]; }
    const_iterator& operator++() {
      ++row_;
      return *this;
    }
    const_iterator operator++(int) {
      const const_iterator before = *this;
      ++row_;
      return before;
    }
    bool operator==(const const_iterator& other) const = default;

   private:
    const LineNumbers* lines_ = nullptr;
    size_t row_ = 0;
  };
  using iterator = const_iterator;

  const_iterator begin() const { return {*this, 0}; }
  const_iterator end() const { return {*this, size()}; }

 private:
  /// Rows from `row` on stand in `line`, `line` + `step`, …
  struct Run {
    int64_t row = 0;
    int64_t line = 0;
    int64_t step = 1;

    bool operator==(const Run& other) const = default;
  };

  void begin_run(int64_t line);

  void swap(LineNumbers& other) noexcept {
    runs_.swap(other.runs_);
    std::swap(size_, other.size_);
    std::swap(next_, other.next_);
  }

  std::vector<Run> runs_;
  int64_t size_ = 0;
  int64_t next_ = 0;  // the line that the last run goes on with
};

}  // namespace labelsieve
