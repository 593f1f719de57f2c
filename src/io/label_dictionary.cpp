#include "io/label_dictionary.h"

namespace labelsieve::io {

int32_t LabelDictionary::look_up(std::string_view text) {
  const auto found = codes_.find(text);
  if (found != codes_.end()) return found->second;
  const auto next = static_cast<int32_t>(values_.size());
  codes_.emplace(text, next);
  values_.emplace_back(text);
  return next;
}

}  // namespace labelsieve::io
