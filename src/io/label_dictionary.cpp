#include "io/label_dictionary.h"

#include <cstring>

namespace labelsieve::io {
namespace {

/// First and last bytes of a text that is not empty. Texts of one size up to 8 differ if and only
/// if their keys do.
uint64_t key_of(std::string_view text) {
  const char* const last = text.data() + text.size();
  if (text.size() >= sizeof(uint32_t)) {
    uint32_t head = 0;
    uint32_t tail = 0;
    std::memcpy(&head, text.data(), sizeof head);
    std::memcpy(&tail, last - sizeof tail, sizeof tail);
    return head | uint64_t{tail} << 32;
  }
  const auto byte = [](char c) { return uint64_t{static_cast<unsigned char>(c)}; };
  return byte(text.front()) | byte(text[text.size() / 2]) << 8 | byte(last[-1]) << 16;
}

}  // namespace

int32_t LabelDictionary::code_of(std::string_view text) {
  if (text.empty()) return look_up(text);
  const uint64_t key = key_of(text);
  Recent& recent = recent_[(key * 0x9E3779B97F4A7C15U) >> 56];
  const bool same =
      recent.key == key && recent.size == text.size() &&
      (text.size() <= sizeof key || values_[static_cast<size_t>(recent.code)] == text);
  if (!same) recent = {key, text.size(), look_up(text)};
  return recent.code;
}

int32_t LabelDictionary::look_up(std::string_view text) {
  const auto found = codes_.find(text);
  if (found != codes_.end()) return found->second;
  const auto next = static_cast<int32_t>(values_.size());
  codes_.emplace(text, next);
  values_.emplace_back(text);
  return next;
}

}  // namespace labelsieve::io
