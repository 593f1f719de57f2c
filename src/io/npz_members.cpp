// Which member of an archive is what.
#include <algorithm>
#include <array>
#include <span>

#include "io/arrays.h"
#include "io/message.h"
#include "io/npz.h"

namespace labelsieve::io {
namespace {

constexpr std::array<std::string_view, 8> kLabelNames = {
    "labels", "label", "given_labels", "given_label", "y", "y_true", "targets", "target"};
constexpr std::array<std::string_view, 8> kProbNames = {
    "pred_probs", "probs", "probabilities", "predicted_probabilities", "y_proba",
    "proba",      "p",     "logits"};
constexpr std::array<std::string_view, 4> kClassNames = {"class_names", "classes", "label_names",
                                                         "target_names"};
constexpr std::array<std::string_view, 2> kIdNames = {"id", "ids"};
constexpr std::array<std::string_view, 2> kTextNames = {"text", "texts"};

class MemberFinder {
 public:
  MemberFinder(const std::vector<NpzMember>& members, const std::string& file)
      : members_(members), file_(file) {}

  /// The member that the user named, else the first of the usual names; null if there is none.
  const NpzMember* find(const std::string& named, std::span<const std::string_view> usual,
                        bool required = true) const {
    if (!named.empty()) {
      const NpzMember* member = find_name(named);
      if (member == nullptr && required) fail("there is no member " + quoted_text(named));
      return member;
    }
    for (const std::string_view name : usual) {
      if (const NpzMember* member = find_name(name)) return member;
    }
    return nullptr;
  }

  /// The only member that `fits`, where names say nothing.
  template <class Fits>
  const NpzMember& only(const char* what, const char* option, Fits&& fits) const {
    const NpzMember* found = nullptr;
    for (const NpzMember& member : members_) {
      if (!fits(member.array)) continue;
      if (found != nullptr) {
        fail(std::string("several members could be the ") + what + "; name one with " + option);
      }
      found = &member;
    }
    if (found == nullptr) fail(std::string("no member looks like ") + what);
    return *found;
  }

 private:
  const NpzMember* find_name(std::string_view name) const {
    const auto found =
        std::find_if(members_.begin(), members_.end(),
                     [name](const NpzMember& member) { return member.name == name; });
    return found == members_.end() ? nullptr : &*found;
  }

  [[noreturn]] void fail(const std::string& message) const {
    std::vector<std::string> all;
    for (const NpzMember& member : members_) {
      all.push_back(member.name + " (" + member.array.describe() + ")");
    }
    throw Error(
        ErrorCode::kInvalidData,
        message + (all.empty() ? "; the archive is empty" : "; the members are " + list_of(all)),
        {.file = file_});
  }

  const std::vector<NpzMember>& members_;
  const std::string& file_;
};

bool looks_like_labels(const NpyArray& array) {
  const bool one_dimension =
      array.shape.size() == 1 || (array.shape.size() == 2 && array.shape[1] == 1);
  return one_dimension && (is_int_array(array) || is_string_array(array));
}

bool looks_like_label_sets(const NpyArray& array) {
  const size_t dimensions = array.shape.size();
  return dimensions == 2 ? is_int_array(array) || array.kind == 'b'
                         : dimensions == 1 && is_string_array(array);
}

bool looks_like_probabilities(const NpyArray& array) {
  return is_float_array(array) && array.shape.size() == 2;
}

void read_names(const MemberFinder& finder, const std::string& file, Part& part) {
  const NpzMember* member = finder.find({}, kClassNames);
  const int64_t columns = part.pred_probs->view.columns;
  if (member == nullptr) return;
  part.class_names = to_strings(member->array, file + ":" + member->name);
  part.name_origin = NameOrigin::kColumns;
  const auto named = static_cast<int64_t>(part.class_names.size());
  if (named != columns && !(columns == 1 && named == 2)) {
    throw Error(ErrorCode::kInvalidData,
                count_of(named, "class name") + " and " + count_of(columns, "column") +
                    " of probabilities; there must be as many",
                {.file = file + ":" + member->name});
  }
}

/// Ids or texts: as many as rows, else the member is about something else.
std::vector<std::string> read_texts(const NpzMember* member, bool named, const std::string& file,
                                    int64_t rows) {
  if (member == nullptr) return {};
  const NpyArray& array = member->array;
  const bool fits = array.size == rows && (is_string_array(array) || is_int_array(array));
  if (!fits && !named) return {};
  const std::string where = file + ":" + member->name;
  std::vector<std::string> values = to_strings(array, where);
  if (array.size != rows) {
    throw Error(ErrorCode::kInvalidData,
                "expected " + count_of(rows, "row") + ", found " + array.describe(),
                {.file = where});
  }
  return values;
}

}  // namespace

Part read_npz(const FileBytes& bytes, const std::string& file, Wanted wanted,
              const ReadOptions& options) {
  const std::vector<NpzMember> members = parse_npz(bytes, file);
  const MemberFinder finder(members, file);
  Part part{.file = file};
  if (wanted.labels) {
    const NpzMember* member = finder.find(options.label_column, kLabelNames);
    const std::string in = file + ":";
    if (wanted.sets != nullptr) {
      if (member == nullptr) {
        member = &finder.only("labels", "--label-column", looks_like_label_sets);
      }
      part.labels = label_sets_from_array(member->array, in + member->name, *wanted.sets);
    } else {
      if (member == nullptr) member = &finder.only("labels", "--label-column", looks_like_labels);
      part.labels = labels_from_array(member->array, in + member->name, options.skip_invalid);
    }
    part.labels->name = member->name;
    part.rows = member->array.shape[0];
  }
  if (wanted.pred_probs) {
    if (options.prob_columns.size() > 1) {
      throw Error(ErrorCode::kInvalidArgument,
                  "--prob-columns names several columns, but an archive holds the probabilities in "
                  "one member",
                  {.file = file});
    }
    const std::string named = options.prob_columns.empty() ? "" : options.prob_columns.front();
    const NpzMember* member = finder.find(named, kProbNames);
    if (member == nullptr) {
      member = &finder.only("probabilities", "--prob-columns", looks_like_probabilities);
    }
    part.pred_probs = probabilities_from_array(member->array, file + ":" + member->name);
    const int64_t rows = part.pred_probs->view.rows;
    if (wanted.labels && rows != part.rows) {
      throw Error(ErrorCode::kInvalidData,
                  count_of(part.rows, "label") + " and " + count_of(rows, "row") +
                      " of probabilities; every label needs its row",
                  {.file = file});
    }
    part.rows = rows;
    read_names(finder, file, part);
  }
  // Beside the labels a named member must be there; a model's file may do without it.
  const NpzMember* ids = finder.find(options.id_column, kIdNames, wanted.labels);
  const NpzMember* text = finder.find(options.text_column, kTextNames, wanted.labels);
  part.ids = read_texts(ids, !options.id_column.empty(), file, part.rows);
  part.text = read_texts(text, !options.text_column.empty(), file, part.rows);
  return part;
}

}  // namespace labelsieve::io
