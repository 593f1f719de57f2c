#include "tasks/tag_decoder.h"

#include <algorithm>

#include "kernels/rows.h"

namespace labelsieve {
namespace {

constexpr double kLowestProbability = 1e-12;
constexpr double kIllegal = 1e-100;

}  // namespace

TagDecoder::TagDecoder(const TagSet& tags)
    : tags_(tags),
      before_type_(tags.types().size()),
      values_(static_cast<size_t>(tags.num_classes())),
      next_values_(values_.size()),
      best_of_type_(tags.types().size()) {
  for (int32_t label = 0; label < tags.num_classes(); ++label) {
    const int32_t type = tags.tag(label).type;
    group_.push_back(tags.needs_before(label) ? type : -1);
    // can_precede() asks nothing of the next label but its type.
    if (type >= 0 && tags.can_precede(label, label)) {
      before_type_[static_cast<size_t>(type)].push_back(label);
    }
  }
}

void TagDecoder::start() {
  num_tokens_ = 0;
  back_.clear();
}

template <class T>
void TagDecoder::add(const T* pred_probs) {
  for (size_t k = 0; k < next_values_.size(); ++k) {
    next_values_[k] = std::max(static_cast<double>(widen(pred_probs[k])), kLowestProbability);
  }
  step();
}

template void TagDecoder::add(const float16*);
template void TagDecoder::add(const float*);
template void TagDecoder::add(const double*);

void TagDecoder::step() {
  Best free;  // before a class that needs nothing before it
  Best any;   // the best before any class, allowed or not
  if (num_tokens_ == 0) {
    free = any = {1, 0};
    std::fill(best_of_type_.begin(), best_of_type_.end(), Best{});
  } else {
    for (int32_t k = 0; k < tags_.num_classes(); ++k) {
      const double value = values_[static_cast<size_t>(k)];
      if (value > any.value) any = {value, k};
      if (value > free.value && !tags_.needs_behind(k)) free = {value, k};
    }
    for (size_t type = 0; type < before_type_.size(); ++type) {
      Best& best = best_of_type_[type] = {};
      for (const int32_t k : before_type_[type]) {
        if (values_[static_cast<size_t>(k)] > best.value) best = {values_[k], k};
      }
    }
  }
  any.value *= kIllegal;
  double highest = 0;
  for (size_t k = 0; k < values_.size(); ++k) {
    const Best& allowed = group_[k] < 0 ? free : best_of_type_[static_cast<size_t>(group_[k])];
    const Best& before = allowed.value >= any.value ? allowed : any;
    next_values_[k] *= before.value;
    back_.push_back(before.label);
    highest = std::max(highest, next_values_[k]);
  }
  for (double& value : next_values_) value /= highest;
  values_.swap(next_values_);
  ++num_tokens_;
}

std::span<const int32_t> TagDecoder::finish() {
  path_.resize(static_cast<size_t>(num_tokens_));
  if (num_tokens_ == 0) return path_;
  Best last;
  for (int32_t k = 0; k < tags_.num_classes(); ++k) {
    const double value = values_[static_cast<size_t>(k)] * (tags_.needs_behind(k) ? kIllegal : 1);
    if (value > last.value) last = {value, k};
  }
  int32_t label = last.label;
  for (int64_t t = num_tokens_ - 1; t >= 0; --t) {
    path_[static_cast<size_t>(t)] = label;
    label = back_[static_cast<size_t>(t * tags_.num_classes() + label)];
  }
  return path_;
}

}  // namespace labelsieve
