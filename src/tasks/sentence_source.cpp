#include <algorithm>
#include <cstring>
#include <string>

#include "base/refuse_argument.h"
#include "kernels/label_decode.h"
#include "kernels/row_tile.h"
#include "labelsieve/error.h"
#include "labelsieve/sentences.h"

namespace labelsieve {
namespace {

constexpr int64_t kBufferBytes = int64_t{4} << 20;
constexpr int64_t kLargeBytes = int64_t{1} << 20;  // enough work for all threads without gathering

int64_t bytes_of(const MatrixView& matrix) {
  return matrix.rows * matrix.columns * size_of(matrix.type);
}

const std::byte* at(const void* data, int64_t bytes) {
  return static_cast<const std::byte*>(data) + bytes;
}

/// Whether `next` lies right behind `part`, so that both together are one view.
bool continues(const SentenceView& part, const SentenceView& next) {
  const MatrixView& p = part.pred_probs;
  const MatrixView& q = next.pred_probs;
  const LabelsView& a = part.labels;
  const LabelsView& b = next.labels;
  return p.type == q.type && p.row_stride == q.row_stride && p.column_stride == q.column_stride &&
         p.byte_swapped == q.byte_swapped && q.data == at(p.data, p.rows * p.row_stride) &&
         a.type == b.type && a.stride == b.stride && a.byte_swapped == b.byte_swapped &&
         a.ignore_label == b.ignore_label && b.data == at(a.data, a.size * a.stride);
}

[[noreturn]] void refuse(int64_t sentence, const std::string& message) {
  throw Error(ErrorCode::kInvalidData, "sentence " + std::to_string(sentence) + " has " + message);
}

/// One column stands for the two classes [1 - p, p], if BinarySource says so.
int64_t num_label_values(int64_t num_classes) { return std::max<int64_t>(num_classes, 2); }

SentenceView padded_sentence(const PaddedTokens& tokens, int64_t sentence, int64_t length) {
  SentenceView view{tokens.labels.slice(0, length), tokens.pred_probs.slice(0, length)};
  view.labels.data = at(view.labels.data, sentence * tokens.labels_stride);
  view.pred_probs.data = at(view.pred_probs.data, sentence * tokens.pred_probs_stride);
  return view;
}

void check_places(const PaddedTokens& tokens) {
  if (tokens.num_sentences < 0 || tokens.labels.size != tokens.pred_probs.rows) {
    refuse_argument("the padded labels have " + std::to_string(tokens.labels.size) +
                    " places a sentence, the probabilities " +
                    std::to_string(tokens.pred_probs.rows));
  }
}

}  // namespace

SentenceSource::SentenceSource(std::span<const SentenceView> sentences) {
  offsets_.reserve(sentences.size() + 1);
  for (const SentenceView& sentence : sentences) append(sentence);
  finish();
}

SentenceSource SentenceSource::padded(const PaddedTokens& tokens,
                                      std::span<const int64_t> lengths) {
  check_places(tokens);
  if (static_cast<int64_t>(lengths.size()) != tokens.num_sentences) {
    refuse_argument("there are " + std::to_string(lengths.size()) + " lengths for " +
                    std::to_string(tokens.num_sentences) + " sentences");
  }
  SentenceSource source;
  source.offsets_.reserve(lengths.size() + 1);
  for (int64_t s = 0; s < tokens.num_sentences; ++s) {
    const int64_t length = lengths[static_cast<size_t>(s)];
    if (length < 0 || length > tokens.labels.size) {
      refuse_argument("sentence " + std::to_string(s) + " has the length " +
                      std::to_string(length) + ", its places are " +
                      std::to_string(tokens.labels.size));
    }
    source.append(padded_sentence(tokens, s, length));
  }
  source.finish();
  return source;
}

SentenceSource SentenceSource::masked(const PaddedTokens& tokens, std::span<const uint8_t> mask) {
  check_places(tokens);
  const int64_t places = tokens.labels.size;
  if (static_cast<int64_t>(mask.size()) != tokens.num_sentences * places) {
    refuse_argument("the mask has " + std::to_string(mask.size()) + " elements, there are " +
                    std::to_string(tokens.num_sentences * places) + " places");
  }
  SentenceSource source;
  source.offsets_.reserve(static_cast<size_t>(tokens.num_sentences) + 1);
  source.masked_labels_.resize(mask.size(), kIgnored);
  int64_t row = 0;
  for (int64_t s = 0; s < tokens.num_sentences; ++s) {
    const uint8_t* valid = mask.data() + s * places;
    int64_t length = places;
    while (length > 0 && valid[length - 1] == 0) --length;
    SentenceView sentence = padded_sentence(tokens, s, length);
    int32_t* labels = source.masked_labels_.data() + s * places;
    for (int64_t t = 0; t < length; ++t) {
      if (valid[t] == 0) continue;
      decode_labels(sentence.labels, t, 1, num_label_values(tokens.pred_probs.columns), row,
                    labels + t);
    }
    sentence.labels = LabelsView(labels, length);
    sentence.labels.ignore_label = kIgnored;
    source.append(sentence);
    row += length;
  }
  source.finish();
  return source;
}

void SentenceSource::append(const SentenceView& sentence) {
  const auto number = static_cast<int64_t>(offsets_.size()) - 1;
  const int64_t rows = sentence.pred_probs.rows;
  if (sentence.labels.size != rows) {
    refuse(number, std::to_string(sentence.labels.size) + " labels and " + std::to_string(rows) +
                       " rows of probabilities; give one row for each label");
  }
  offsets_.push_back(offsets_.back() + rows);
  if (rows == 0) return;  // an empty list often has no columns either
  if (num_classes_ == 0) num_classes_ = sentence.pred_probs.columns;
  if (sentence.pred_probs.columns != num_classes_ || num_classes_ < 1) {
    refuse(number, std::to_string(sentence.pred_probs.columns) +
                       " columns of probabilities, the first sentence " +
                       std::to_string(num_classes_) + "; one per class is needed");
  }
  if (!parts_.empty() && continues(parts_.back(), sentence)) {
    parts_.back().labels.size += rows;
    parts_.back().pred_probs.rows += rows;
  } else {
    parts_.push_back(sentence);
  }
}

void SentenceSource::finish() const {
  if (offsets_.back() == 0) throw Error(ErrorCode::kInvalidData, "there are no tokens");
}

void SentenceSource::reset() {
  next_part_ = 0;
  next_row_ = 0;
}

bool SentenceSource::next(Block& block) {
  if (next_part_ == parts_.size()) return false;
  const SentenceView& part = parts_[next_part_];
  block.first_row = next_row_;
  if (bytes_of(part.pred_probs) >= kLargeBytes || next_part_ + 1 == parts_.size()) {
    block.labels = part.labels;
    block.pred_probs = part.pred_probs;
    ++next_part_;
  } else {
    const FloatType type = part.pred_probs.type;
    const int64_t rows =
        visit_float_type(type, [this]<class T>(std::type_identity<T>) { return gather<T>(); });
    block.labels = LabelsView(labels_.data(), rows);
    block.labels.ignore_label = kIgnored;
    block.pred_probs = {};
    block.pred_probs.data = rows_.data();
    block.pred_probs.type = type;
    block.pred_probs.rows = rows;
    block.pred_probs.columns = num_classes_;
    block.pred_probs.row_stride = num_classes_ * size_of(type);
    block.pred_probs.column_stride = size_of(type);
  }
  next_row_ += block.pred_probs.rows;
  return true;
}

/// Copies small parts into the buffer as long as there is room; the number of rows.
template <class T>
int64_t SentenceSource::gather() {
  const FloatType type = detail::FloatTypeOf<T>::value;
  const int64_t row_bytes = num_classes_ * static_cast<int64_t>(sizeof(T));
  rows_.resize(static_cast<size_t>(kBufferBytes));
  RowTile<T> tile;
  int64_t filled = 0;
  for (; next_part_ < parts_.size(); ++next_part_) {
    const auto& [labels, matrix] = parts_[next_part_];
    const int64_t bytes = bytes_of(matrix);
    if (matrix.type != type || bytes >= kLargeBytes || filled * row_bytes + bytes > kBufferBytes) {
      break;
    }
    labels_.resize(std::max(labels_.size(), static_cast<size_t>(filled + matrix.rows)));
    decode_labels(labels, 0, matrix.rows, num_label_values(num_classes_), next_row_ + filled,
                  labels_.data() + filled);
    const Rows<T> rows = tile.load(matrix, 0, matrix.rows);
    std::byte* out = rows_.data() + filled * row_bytes;
    if (rows.stride == num_classes_) {
      std::memcpy(out, rows.data, static_cast<size_t>(bytes));
    } else {
      for (int64_t i = 0; i < rows.count; ++i, out += row_bytes) {
        std::memcpy(out, rows.row(i), static_cast<size_t>(row_bytes));
      }
    }
    filled += matrix.rows;
  }
  return filled;
}

}  // namespace labelsieve
