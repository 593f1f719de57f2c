#include "io/labels.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <unordered_set>
#include <utility>

#include "base/parallel.h"
#include "io/bad_labels.h"
#include "io/element.h"
#include "io/message.h"
#include "io/number.h"
#include "kernels/label_decode.h"

namespace labelsieve::io {
namespace {

constexpr int32_t kNoClass = -1;

/// How texts are matched with classes.
struct TextMatch {
  std::vector<int32_t> class_of_value;
  std::string classes;  ///< For messages.
  std::string hint = kSkipLabelsHint;
};

/// Integer labels beside named classes are indices: that is said where the order of the names is
/// the file's, and refused where they have none.
void note_indices(const Part& part, NameOrigin origin, ResolvedLabels& result) {
  const std::vector<std::string>& names = result.class_names;
  if (origin == NameOrigin::kScores) {
    throw Error(ErrorCode::kInvalidData,
                "the labels are integers and the lists of scores give the classes (" +
                    list_of(names) + ") no order; give --class-names in the order of the integers",
                part.location(0, part.labels->name));
  }
  if (origin != NameOrigin::kKeys && origin != NameOrigin::kColumns) return;
  std::vector<std::string> pairs;
  for (size_t i = 0; i < names.size(); ++i) pairs.push_back(std::to_string(i) + " = " + names[i]);
  result.notes.push_back("the labels are integers and are taken as indices of the classes: " +
                         list_of(pairs));
}

class TextResolver {
 public:
  TextResolver(const Part& part, const LabelColumn& column, int64_t num_classes, NameOrigin origin,
               ResolvedLabels& result)
      : part_(part),
        values_(column.values),
        num_classes_(num_classes),
        origin_(origin),
        result_(result) {}

  TextMatch match() {
    if (!result_.class_names.empty()) {
      if (match_names()) return std::move(match_);
      result_.class_names.clear();
    }
    const bool all_numbers = std::all_of(values_.begin(), values_.end(), [](const auto& value) {
      return parse_number(value).has_value();
    });
    if (all_numbers) {
      use_as_indices();
    } else {
      guess_names();
    }
    return std::move(match_);
  }

 private:
  /// False when names of plain columns turn out not to be class names.
  bool match_names() {
    const std::vector<std::string>& names = result_.class_names;
    std::unordered_map<std::string_view, int32_t> by_name;
    for (size_t i = 0; i < names.size(); ++i) by_name.emplace(names[i], static_cast<int32_t>(i));
    const auto find = [&](std::string_view text) {
      const auto found = by_name.find(text);
      return found == by_name.end() ? kNoClass : found->second;
    };
    size_t matched = 0;
    match_.class_of_value.clear();
    for (const std::string& value : values_) {
      int32_t index = find(value);
      if (index == kNoClass) index = find(trimmed(value));
      if (index == kNoClass) {
        if (const auto integer = parse_integer(value)) index = find(std::to_string(*integer));
      }
      match_.class_of_value.push_back(index);
      if (index != kNoClass) ++matched;
    }
    match_.classes = "the " + std::to_string(num_classes_) + " classes (" + list_of(names) + ")";
    if (origin_ == NameOrigin::kPlainColumns) return matched == values_.size();
    if (matched == 0 && all_integers()) {
      note_indices(part_, origin_, result_);
      use_as_indices();
    } else if (matched < values_.size()) {
      refuse_mixture();
    }
    return true;
  }

  bool all_integers() const {
    return !values_.empty() && std::all_of(values_.begin(), values_.end(), [](const auto& value) {
      return parse_integer(value).has_value();
    });
  }

  /// Some integers are names of classes; an integer that is not, but would do as an index, makes
  /// it impossible to say what any of them means, so that leaving rows out would not help.
  void refuse_mixture() const {
    for (size_t v = 0; v < values_.size(); ++v) {
      if (match_.class_of_value[v] != kNoClass) continue;
      const auto integer = parse_integer(values_[v]);
      if (!integer || *integer < 0 || *integer >= num_classes_) continue;
      const auto& codes = part_.labels->codes;
      const auto row = std::find(codes.begin(), codes.end(), static_cast<int32_t>(v));
      throw Error(
          ErrorCode::kInvalidData,
          "some labels are names of classes (" + list_of(result_.class_names) + "), but " +
              quoted_text(values_[v]) +
              " could only be an index; use one of the two, or give --class-names",
          part_.location(row == codes.end() ? -1 : row - codes.begin(), part_.labels->name));
    }
  }

  void use_as_indices() {
    match_.class_of_value.clear();
    match_.classes = index_range(num_classes_);
    int64_t smallest = std::numeric_limits<int64_t>::max();
    int64_t largest = std::numeric_limits<int64_t>::min();
    for (const std::string& value : values_) {
      const auto integer = parse_integer(value);
      if (!integer) match_.hint = "; a label must be a whole number";
      const int64_t index = integer.value_or(kNoClass);
      smallest = std::min(smallest, index);
      largest = std::max(largest, index);
      const bool good = index >= 0 && index < num_classes_;
      match_.class_of_value.push_back(good ? static_cast<int32_t>(index) : kNoClass);
    }
    if (match_.hint == kSkipLabelsHint) match_.hint = index_hint(smallest, largest, num_classes_);
  }

  /// Labels without class names: their sorted order, when they are as many as the columns.
  void guess_names() {
    std::vector<std::string> sorted = values_;
    std::sort(sorted.begin(), sorted.end());
    if (static_cast<int64_t>(sorted.size()) != num_classes_) {
      throw Error(ErrorCode::kInvalidData,
                  count_of(static_cast<int64_t>(sorted.size()), "different label") + " (" +
                      list_of(sorted) + ") and " + count_of(num_classes_, "column") +
                      " of probabilities; give the class names in the order of the columns with "
                      "--class-names",
                  {.file = part_.file, .column = part_.labels->name});
    }
    result_.class_names = std::move(sorted);
    result_.notes.push_back("class order: " + list_of(result_.class_names) +
                            " (the labels, sorted; use --class-names if the columns of "
                            "probabilities are in another order)");
    match_names();
  }

  const Part& part_;
  const std::vector<std::string>& values_;
  int64_t num_classes_;
  NameOrigin origin_;
  ResolvedLabels& result_;
  TextMatch match_;
};

/// Turns codes into classes where they lie, if all of them have one; else leaves them.
bool take_classes(std::span<int32_t> codes, const std::vector<int32_t>& class_of_value) {
  const bool all = std::all_of(codes.begin(), codes.end(), [&](int32_t code) {
    return code >= 0 && class_of_value[static_cast<size_t>(code)] != kNoClass;
  });
  if (!all) return false;
  for (int32_t& code : codes) code = class_of_value[static_cast<size_t>(code)];
  return true;
}

void resolve_text(Part& part, int64_t num_classes, NameOrigin origin, bool skip_invalid,
                  const Execution& execution, ResolvedLabels& result) {
  LabelColumn& column = *part.labels;
  const TextMatch match = TextResolver(part, column, num_classes, origin, result).match();
  auto labels = std::make_shared<std::vector<int32_t>>(std::move(column.codes));
  constexpr size_t kPiece = size_t{1} << 16;
  const std::span<int32_t> all(*labels);
  const size_t num_pieces = (all.size() + kPiece - 1) / kPiece;
  const auto piece_at = [&](size_t piece) {
    return all.subspan(piece * kPiece, std::min(kPiece, all.size() - piece * kPiece));
  };
  std::vector<uint8_t> is_done(num_pieces);
  const Execution silent{.num_threads = execution.num_threads, .progress = {}};
  parallel_for(static_cast<int64_t>(num_pieces), silent, {.name = "labels"},
               [&](int64_t piece, int) {
                 is_done[piece] = take_classes(piece_at(piece), match.class_of_value);
               });
  BadLabels bad;
  for (size_t piece = 0; piece < num_pieces; ++piece) {
    if (is_done[piece] != 0) continue;
    const std::span<int32_t> codes = piece_at(piece);
    for (size_t i = 0; i < codes.size(); ++i) {
      const int32_t code = codes[i];
      codes[i] = code < 0 ? kNoClass : match.class_of_value[static_cast<size_t>(code)];
      if (codes[i] != kNoClass) continue;
      const size_t row = piece * kPiece + i;
      if (skip_invalid || code == kIgnoredLabel) {
        if (result.invalid.empty()) result.invalid.assign(all.size(), 0);
        result.invalid[row] = 1;
      } else if (code == kMissingLabel) {
        bad.add_missing(static_cast<int64_t>(row));
      } else {
        bad.add_unknown(static_cast<int64_t>(row), column.values[static_cast<size_t>(code)]);
      }
    }
  }
  if (bad.any()) bad.refuse(part, match.classes, match.hint);
  result.labels = LabelsView(labels->data(), static_cast<int64_t>(labels->size()));
  result.owner = std::move(labels);
}

/// Calls work(row, value, in_range) for each label; in_range is false beyond 64-bit integers too.
template <class Work>
void for_each_integer(const LabelsView& labels, int64_t num_classes, Work&& work) {
  visit_int_type(labels.type, [&]<class T>(T) {
    const auto* address = static_cast<const std::byte*>(labels.data);
    for (int64_t row = 0; row < labels.size; ++row, address += labels.stride) {
      const T value = load_element<T>(address, labels.byte_swapped);
      work(row, value, std::cmp_greater_equal(value, 0) && std::cmp_less(value, num_classes));
    }
  });
}

/// Integers as texts, for class names that are integers themselves.
LabelColumn as_text(const LabelColumn& column) {
  LabelColumn text;
  text.name = column.name;
  text.is_text = true;
  text.codes.reserve(static_cast<size_t>(column.integers.size));
  visit_int_type(column.integers.type, [&]<class T>(T) {
    std::unordered_map<T, int32_t> codes;
    for_each_integer(column.integers, 0, [&](int64_t, auto value, bool) {
      if (std::cmp_equal(value, std::numeric_limits<int64_t>::min())) {
        text.codes.push_back(kMissingLabel);
        return;
      }
      const auto next = static_cast<int32_t>(text.values.size());
      const auto [found, is_new] = codes.try_emplace(static_cast<T>(value), next);
      if (is_new) text.values.push_back(std::to_string(value));
      text.codes.push_back(found->second);
    });
  });
  return text;
}

/// Whether all labels are classes, by the kernel that decodes them for every pass.
bool are_classes(const LabelsView& labels, int64_t num_classes, const Execution& execution) {
  constexpr int64_t kPiece = int64_t{1} << 17;
  constexpr int64_t kAtOnce = 4096;
  constexpr int64_t kWorthThread = int64_t{1} << 20;
  const Execution silent = with_worthwhile_threads(
      {.num_threads = execution.num_threads, .progress = {}}, labels.size, kWorthThread);
  try {
    parallel_for((labels.size + kPiece - 1) / kPiece, silent, {"labels", 0, labels.size, kPiece},
                 [&](int64_t piece, int) {
                   std::array<int32_t, kAtOnce> decoded;
                   const int64_t end = std::min(labels.size, (piece + 1) * kPiece);
                   for (int64_t first = piece * kPiece; first < end; first += kAtOnce) {
                     decode_labels(labels, first, std::min(kAtOnce, end - first), num_classes, 0,
                                   decoded.data());
                   }
                 });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidData) throw;
    return false;
  }
  return true;
}

void resolve_integers(const Part& part, int64_t num_classes, bool skip_invalid,
                      const Execution& execution, ResolvedLabels& result) {
  const LabelColumn& column = *part.labels;
  result.labels = column.integers;
  result.owner = column.owner;
  if (are_classes(column.integers, num_classes, execution)) return;
  BadLabels bad;
  int64_t smallest = std::numeric_limits<int64_t>::max();
  int64_t largest = std::numeric_limits<int64_t>::min();
  if (skip_invalid) result.invalid.assign(static_cast<size_t>(column.integers.size), 0);
  for_each_integer(column.integers, num_classes, [&](int64_t row, auto value, bool in_range) {
    smallest = std::min(smallest, static_cast<int64_t>(value));
    largest = std::max(largest, static_cast<int64_t>(value));
    if (in_range) return;
    if (skip_invalid) {
      result.invalid[static_cast<size_t>(row)] = 1;
    } else {
      bad.add_unknown(row, std::to_string(value));
    }
  });
  if (bad.any()) {
    bad.refuse(part, index_range(num_classes), index_hint(smallest, largest, num_classes));
  }
}

/// Whether class names could stand for integer labels in another way than by their position.
bool names_are_other_integers(const std::vector<std::string>& names) {
  bool any_integer = false;
  bool in_order = true;
  for (size_t i = 0; i < names.size(); ++i) {
    const auto integer = parse_integer(names[i]);
    any_integer |= integer.has_value();
    in_order &= integer == static_cast<int64_t>(i);
  }
  return any_integer && !in_order;
}

}  // namespace

ResolvedLabels resolve_labels(Part& part, int64_t num_classes, std::vector<std::string> class_names,
                              NameOrigin origin, bool skip_invalid, const Execution& execution) {
  ResolvedLabels result;
  result.class_names = std::move(class_names);
  const LabelColumn& column = *part.labels;
  if (column.is_text) {
    resolve_text(part, num_classes, origin, skip_invalid, execution, result);
  } else if (names_are_other_integers(result.class_names)) {
    Part as_texts{.file = part.file, .rows = part.rows, .labels = as_text(column)};
    as_texts.lines = part.lines;
    resolve_text(as_texts, num_classes, origin, skip_invalid, execution, result);
  } else {
    const bool named = !result.class_names.empty() && !parse_integer(result.class_names[0]);
    if (named && origin == NameOrigin::kPlainColumns) {
      result.class_names.clear();
    } else if (named) {
      note_indices(part, origin, result);
    }
    resolve_integers(part, num_classes, skip_invalid, execution, result);
  }
  return result;
}

LabelsView replace_labels(const LabelsView& labels, const std::vector<uint8_t>& marked,
                          std::vector<std::shared_ptr<const void>>& storage) {
  auto copy = std::make_shared_for_overwrite<int32_t[]>(static_cast<size_t>(labels.size));
  for_each_integer(labels, 0, [&](int64_t row, auto label, bool) {
    copy[row] = marked[static_cast<size_t>(row)] != 0 ? kNoClass : static_cast<int32_t>(label);
  });
  const LabelsView view(copy.get(), labels.size);
  storage.push_back(std::move(copy));
  return view;
}

std::vector<std::string> distinct_labels(const LabelColumn& column) {
  return column.is_text ? column.values : as_text(column).values;
}

void check_class_names(const std::vector<std::string>& names, const std::string& file) {
  std::unordered_set<std::string_view> seen;
  for (const std::string& name : names) {
    if (name.empty()) {
      throw Error(ErrorCode::kInvalidData, "a class name is empty; give every class a name",
                  {.file = file});
    }
    if (!seen.insert(name).second) {
      throw Error(ErrorCode::kInvalidData,
                  "the class name " + quoted_text(name) + " stands twice; each class needs its own",
                  {.file = file});
    }
  }
}

}  // namespace labelsieve::io
