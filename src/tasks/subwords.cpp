#include "labelsieve/subwords.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/parallel.h"
#include "kernels/label_decode.h"
#include "kernels/row_tile.h"
#include "labelsieve/error.h"

namespace labelsieve {
namespace {

void check_sizes(const SubwordView& subwords, const Sentences& sentences) {
  const int64_t tokens = sentences.num_tokens();
  const auto ids = static_cast<int64_t>(subwords.word_ids.size());
  if (ids != tokens || subwords.pred_probs.rows != tokens) {
    throw Error(ErrorCode::kInvalidData, "there are " + std::to_string(ids) + " word ids and " +
                                             std::to_string(subwords.pred_probs.rows) +
                                             " rows of probabilities for sentences of " +
                                             std::to_string(tokens) + " sub-words together");
  }
  const auto counts = static_cast<int64_t>(subwords.num_words.size());
  if (counts != 0 && counts != sentences.size()) {
    throw Error(ErrorCode::kInvalidData, "there are " + std::to_string(counts) +
                                             " numbers of words for " +
                                             std::to_string(sentences.size()) + " sentences");
  }
}

[[noreturn]] void refuse_id(const Sentences& sentences, int64_t subword, int64_t id,
                            const std::string& why) {
  const TokenPosition at = sentences.position(subword);
  throw Error(ErrorCode::kInvalidData,
              "sentence " + std::to_string(at.sentence) + ", token " + std::to_string(at.token) +
                  ": the word id " + std::to_string(id) + " " + why,
              {.file = {}, .line = -1, .row = subword, .column = {}});
}

/// The number of words of a sentence; throws for ids that make no sense.
int64_t count_words(const SubwordView& subwords, const Sentences& sentences, int64_t sentence) {
  const bool is_given = !subwords.num_words.empty();
  const int64_t given = is_given ? subwords.num_words[static_cast<size_t>(sentence)] : 0;
  if (given < 0) {
    throw Error(ErrorCode::kInvalidData,
                "sentence " + std::to_string(sentence) + " has a negative number of words");
  }
  int64_t last = kNoWord;
  for (int64_t i = sentences.start(sentence); i < sentences.end(sentence); ++i) {
    const int64_t id = subwords.word_ids[static_cast<size_t>(i)];
    if (id == kNoWord) continue;
    if (id < last) {
      refuse_id(sentences, i, id, "is below the one before it; is it another sentence?");
    }
    if (is_given && id >= given) {
      refuse_id(sentences, i, id, "is beyond the " + std::to_string(given) + " words");
    }
    // More words than ids could reach is a mistake, and not a reason to run out of memory.
    if (!is_given && id - last > std::numeric_limits<int32_t>::max()) {
      refuse_id(sentences, i, id, "is far beyond the one before it");
    }
    last = id;
  }
  return is_given ? given : last + 1;
}

/// Takes the rows of one word, one after another.
class WordRow {
 public:
  explicit WordRow(int64_t num_classes) : values_(static_cast<size_t>(num_classes)) {}

  template <class T>
  void add(const T* row, SubwordPooling pooling) {
    ++count_;
    if (count_ > 1 && pooling == SubwordPooling::kFirst) return;
    for (size_t k = 0; k < values_.size(); ++k) {
      const auto value = static_cast<double>(widen(row[k]));
      double& own = values_[k];
      if (count_ == 1) {
        own = value;
      } else if (pooling == SubwordPooling::kMean) {
        own += value;
      } else if (!(value <= own)) {
        own = std::isnan(own) ? own : value;  // NaN wins, so that whoever checks sees it
      }
    }
  }

  /// Writes the pooled row and starts the next word.
  template <class Out>
  void finish(SubwordPooling pooling, Out* out) {
    double divisor = pooling == SubwordPooling::kMean ? static_cast<double>(count_) : 1;
    if (pooling == SubwordPooling::kMax && count_ > 1) {
      divisor = 0;
      for (const double value : values_) divisor += value;
      if (divisor == 0) divisor = 1;
    }
    for (size_t k = 0; k < values_.size(); ++k) out[k] = static_cast<Out>(values_[k] / divisor);
    count_ = 0;
  }

 private:
  std::vector<double> values_;
  int64_t count_ = 0;
};

/// What pooling a sentence takes.
struct Task {
  const SubwordView& subwords;
  const Sentences& sentences;
  SubwordPooling pooling;
  PooledWords& words;
};

template <class T, class Out>
void pool_sentence(const Task& task, int64_t sentence, RowTile<T>& tile, WordRow& word,
                   std::vector<Out>& matrix) {
  const int64_t start = task.sentences.start(sentence);
  const int64_t length = task.sentences.length(sentence);
  const Rows<T> rows = tile.load(task.subwords.pred_probs, start, length);
  const int64_t first_word = task.words.offsets[static_cast<size_t>(sentence)];
  int64_t current = kNoWord;
  const auto finish = [&] {
    if (current == kNoWord) return;
    word.finish(task.pooling, matrix.data() + (first_word + current) * task.words.num_classes);
  };
  for (int64_t i = 0; i < length; ++i) {
    const int64_t id = task.subwords.word_ids[static_cast<size_t>(start + i)];
    if (id == kNoWord) continue;
    if (id != current) {
      finish();
      current = id;
      task.words.first_subword[static_cast<size_t>(first_word + id)] = start + i;
    }
    word.add(rows.row(i), task.pooling);
  }
  finish();
}

template <class T, class Out>
void pool_all(const Task& task, const Execution& execution, std::vector<Out>& matrix) {
  const int64_t words = task.words.offsets.back();
  matrix.assign(static_cast<size_t>(words * task.words.num_classes),
                std::numeric_limits<Out>::quiet_NaN());
  constexpr int64_t kSentencesPerPiece = 512;
  const int64_t size = task.sentences.size();
  const int64_t pieces = (size + kSentencesPerPiece - 1) / kSentencesPerPiece;
  const auto workers = static_cast<size_t>(num_workers(execution, pieces));
  std::vector<RowTile<T>> tiles(workers);
  std::vector<WordRow> rows(workers, WordRow(task.words.num_classes));
  parallel_for(pieces, execution, {"words", 0, size, kSentencesPerPiece},
               [&](int64_t piece, int worker) {
                 const int64_t first = piece * kSentencesPerPiece;
                 const int64_t last = std::min(first + kSentencesPerPiece, size);
                 for (int64_t s = first; s < last; ++s) {
                   pool_sentence(task, s, tiles[static_cast<size_t>(worker)],
                                 rows[static_cast<size_t>(worker)], matrix);
                 }
               });
}

}  // namespace

MatrixView PooledWords::pred_probs() const {
  const int64_t words = offsets.empty() ? 0 : offsets.back();
  if (type == FloatType::kFloat64) return {doubles.data(), words, num_classes};
  return {floats.data(), words, num_classes};
}

PooledWords pool_words(const SubwordView& subwords, const PoolOptions& options) {
  const Sentences sentences(subwords.offsets);
  check_sizes(subwords, sentences);
  PooledWords words;
  words.num_classes = subwords.pred_probs.columns;
  words.offsets.assign(1, 0);
  words.offsets.reserve(subwords.offsets.size());
  for (int64_t s = 0; s < sentences.size(); ++s) {
    words.offsets.push_back(words.offsets.back() + count_words(subwords, sentences, s));
  }
  words.first_subword.assign(static_cast<size_t>(words.offsets.back()), -1);
  const Task task{subwords, sentences, options.pooling, words};
  visit_float_type(subwords.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    words.type = detail::FloatTypeOf<Wide<T>>::value;
    if constexpr (std::is_same_v<T, double>) {
      pool_all<T>(task, options.execution, words.doubles);
    } else {
      pool_all<T>(task, options.execution, words.floats);
    }
  });
  return words;
}

std::vector<int32_t> pool_word_labels(const LabelsView& labels, const SubwordView& subwords,
                                      const PooledWords& words) {
  const Sentences sentences(subwords.offsets);
  if (labels.size != sentences.num_tokens()) {
    throw Error(ErrorCode::kInvalidData, "there are " + std::to_string(labels.size) +
                                             " labels for " +
                                             std::to_string(sentences.num_tokens()) + " sub-words");
  }
  std::vector<int32_t> pooled(words.first_subword.size(), kNoLabel);
  for (int64_t s = 0; s < sentences.size(); ++s) {
    const int64_t first_word = words.offsets[static_cast<size_t>(s)];
    for (int64_t i = sentences.start(s); i < sentences.end(s); ++i) {
      const int64_t id = subwords.word_ids[static_cast<size_t>(i)];
      if (id == kNoWord) continue;
      int32_t label = kIgnored;
      decode_labels(labels, i, 1, words.num_classes, 0, &label);
      int32_t& own = pooled[static_cast<size_t>(first_word + id)];
      if (own == kNoLabel && label != kIgnored) own = label;
    }
  }
  return pooled;
}

}  // namespace labelsieve
