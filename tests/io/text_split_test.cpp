// Reading by many threads gives what reading from the start gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <optional>
#include <random>
#include <utility>

#include "io/csv_reader.h"
#include "io/io_files.h"
#include "io/split.h"

namespace labelsieve::test {
namespace {

using testing::HasSubstr;

struct Table {
  std::string text;
  std::vector<double> probs;
  std::vector<std::string> cells;
  std::vector<int64_t> lines;
};

/// Some megabytes with long quoted cells that hold newlines and separators; with `stray` also
/// quotes that open nothing, so that counting quotes misleads.
Table make_table(bool stray) {
  std::mt19937_64 random(7);
  Table table;
  table.text = "text,label,p_a,p_b\n";
  int64_t line = 2;
  for (int row = 0; row < 60000; ++row) {
    table.lines.push_back(line);
    std::string cell;
    std::string written;
    if (stray && random() % 3 == 0) {
      cell = written = "5\" pipe";
    } else {
      for (uint64_t i = random() % 12; i > 0; --i) {
        const uint64_t kind = random() % 4;
        cell += kind == 0 ? "\n" : kind == 1 ? "\"" : kind == 2 ? "," : "word";
        written += kind == 0 ? "\n" : kind == 1 ? "\"\"" : kind == 2 ? "," : "word";
        if (kind == 0) ++line;
      }
      written = "\"" + written + "\"";
    }
    ++line;
    table.cells.push_back(cell);
    const double p = static_cast<double>(random() % 1000001) / 1000000;
    table.probs.push_back(p);
    table.probs.push_back(1 - p);
    char numbers[80];
    std::snprintf(numbers, sizeof numbers, ",%s,%.17g,%.17g\n", random() % 2 == 0 ? "a" : "b", p,
                  1 - p);
    table.text += written + numbers;
  }
  return table;
}

TEST(TextSplitTest, ThreadsReadWhatOneWouldRead) {
  const TempDir dir;
  for (const bool stray : {false, true}) {
    const Table table = make_table(stray);
    const std::string path = dir.write("data.csv", table.text);
    for (const int threads : {1, 3}) {
      ReadOptions options{.input = path};
      options.execution.num_threads = threads;
      const Dataset data = read_dataset(options);
      EXPECT_EQ(data.text, table.cells) << stray << threads;
      EXPECT_EQ(probs_of(data), table.probs) << stray << threads;
      EXPECT_THAT(data.source_lines, testing::ElementsAreArray(table.lines)) << stray << threads;
    }
  }
}

std::vector<double> values_of(const io::Part& part) {
  const double* const values = part.pred_probs->writable;
  return {values, values + part.rows * part.pred_probs->view.columns};
}

TEST(TextSplitTest, AnyCutGivesTheSameTable) {
  for (const bool stray : {false, true}) {
    std::string text = make_table(stray).text;
    text.resize(text.find('\n', 20000) + 1);
    const io::FileBytes bytes = io::owned_bytes(text);
    const auto read = [&](int64_t piece_bytes) {
      return io::read_csv(bytes, "data.csv", false, {.labels = true, .pred_probs = true}, {},
                          piece_bytes);
    };
    const io::Part whole = read(io::kPieceBytes);
    ASSERT_GT(whole.rows, 300);
    for (const int64_t piece_bytes : {1, 10, 100, 333, 1000, 7000}) {
      const io::Part part = read(piece_bytes);
      EXPECT_EQ(part.text, whole.text) << stray << piece_bytes;
      EXPECT_EQ(part.lines, whole.lines) << stray << piece_bytes;
      EXPECT_EQ(part.labels->codes, whole.labels->codes) << stray << piece_bytes;
      EXPECT_EQ(values_of(part), values_of(whole)) << stray << piece_bytes;
    }
  }
}

/// A table of plain numbers, among which others stand, and seldom what is no row of the table.
/// Where there is a text, it is behind so many of the numbers.
std::string make_numbers(std::mt19937_64& random, int columns, std::optional<int> text_behind) {
  const auto one_in = [&](uint64_t n) { return random() % n == 0; };
  const uint64_t fault_rate = one_in(2) ? 500 : 1'000'000;
  const int columns_of_rows = one_in(20) ? columns - 1 : columns;
  std::string text = "label";
  for (int k = 0; k <= columns; ++k) {
    if (text_behind == k) text += ",text";
    if (k < columns) text += ",p_" + std::to_string(k);
  }
  text += "\n";
  constexpr const char* kOdd[] = {"1e-05", "0", "1", "1.0", " 0.5", "\"0.25\"", "0.", "5.5e-07"};
  constexpr const char* kFaulty[] = {",",    ",x",    ",0.5,0.5", ",0.5\n0", "\n0.25",
                                     ",1.5", ",-0.1", ",\"0.5",   ",0.5x"};
  for (int row = 0; row < 60; ++row) {
    text += std::to_string(random() % static_cast<uint64_t>(columns));
    for (int k = 0; k <= columns_of_rows; ++k) {
      if (text_behind == k) text += one_in(9) ? ",5\" pipe" : ",word";
      if (k == columns_of_rows) break;
      if (one_in(fault_rate)) {
        text += kFaulty[random() % std::size(kFaulty)];
      } else if (one_in(40)) {
        text += std::string(",") + kOdd[random() % std::size(kOdd)];
      } else {
        text += ",0." + std::to_string(random() % 1'000'000'000 >> random() % 30);
      }
    }
    text += one_in(20) ? "\r\n" : "\n";
    if (one_in(30)) text += "\n";
  }
  if (one_in(2)) text.pop_back();
  return text;
}

TEST(TextSplitTest, TwoPiecesInStepGiveWhatOneGives) {
  std::mt19937_64 random(8);
  int num_errors = 0;
  for (int round = 0; round < 400; ++round) {
    const int columns = 2 + static_cast<int>(random() % 14);
    std::optional<int> text_behind;
    if (random() % 2 == 0) text_behind = static_cast<int>(random() % (columns + 1));
    const io::FileBytes bytes = io::owned_bytes(make_numbers(random, columns, text_behind));
    ReadOptions options;
    options.skip_invalid = random() % 3 == 0;
    if (text_behind) options.text_column = "text";
    const auto read = [&](int64_t piece_bytes) -> std::pair<std::string, std::vector<double>> {
      try {
        const io::Part part = io::read_csv(
            bytes, "data.csv", false, {.labels = true, .pred_probs = true}, options, piece_bytes);
        std::string rest = testing::PrintToString(part.lines) +
                           testing::PrintToString(part.labels->codes) +
                           testing::PrintToString(part.invalid) + testing::PrintToString(part.text);
        return {rest, values_of(part)};
      } catch (const Error& error) {
        return {error.what(), {}};
      }
    };
    const auto bits = [](const std::vector<double>& values) {  // NaN is to be equal to itself
      std::vector<uint64_t> words;
      for (const double value : values) words.push_back(std::bit_cast<uint64_t>(value));
      return words;
    };
    const auto alone = read(io::kPieceBytes);
    num_errors += alone.second.empty();
    for (const int64_t piece_bytes : {30, 200, 700, 2000, 3000}) {
      const auto in_step = read(piece_bytes);
      ASSERT_EQ(in_step.first, alone.first) << bytes.bytes;
      ASSERT_EQ(bits(in_step.second), bits(alone.second)) << bytes.bytes;
    }
  }
  EXPECT_GT(num_errors, 30);
  EXPECT_LT(num_errors, 300);
}

TEST(TextSplitTest, TheFirstErrorIsReportedWhateverTheThreads) {
  const TempDir dir;
  std::string text = "label,p_a,p_b\n";
  for (int row = 0; row < 400000; ++row) text += row % 100000 == 99999 ? "a,x,0\n" : "a,1,0\n";
  const std::string path = dir.write("data.csv", text);
  for (const int threads : {1, 4}) {
    ReadOptions options{.input = path};
    options.execution.num_threads = threads;
    EXPECT_THAT(read_error(options), HasSubstr("line 100001, column p_a"));
  }
}

TEST(TextSplitTest, PiecesCoverTheTextAndKnowTheirLines) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (uint64_t i = random() % 200; i > 0; --i) text += "ab\n\"\n"[random() % 5];
    for (const bool quotes : {false, true}) {
      const auto pieces = io::split_text(text, 5, 16, quotes, {.num_threads = 2});
      const char* at = text.data();
      int64_t line = 5;
      for (const io::TextPiece& piece : pieces) {
        ASSERT_EQ(piece.begin, at);
        ASSERT_EQ(piece.first_line, line);
        ASSERT_LT(piece.begin, piece.end);
        const auto newlines = std::count(piece.begin, piece.end, '\n');
        const bool open_end = piece.end[-1] != '\n';
        ASSERT_EQ(piece.num_lines, newlines + (open_end ? 1 : 0));
        ASSERT_TRUE(!open_end || piece.end == text.data() + text.size());
        if (quotes) {
          ASSERT_EQ(std::count(std::as_const(text).data(), piece.begin, '"') % 2, 0);
        }
        line += newlines;
        at = piece.end;
      }
      ASSERT_EQ(at, text.data() + text.size());
    }
  }
}

TEST(TextSplitTest, ReadingCanBeCancelled) {
  const TempDir dir;
  std::string text = "label,p_a,p_b\n";
  for (int row = 0; row < 900000; ++row) text += "a,1,0\n";
  ReadOptions options{.input = dir.write("data.csv", text)};
  options.execution.progress = [](const Progress& progress) {
    EXPECT_EQ(progress.stage, "reading");
    return false;
  };
  EXPECT_EQ(error_of([&] { read_dataset(options); }).code(), ErrorCode::kCancelled);
}

}  // namespace
}  // namespace labelsieve::test
