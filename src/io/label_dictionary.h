// Texts that come up again and again as small numbers.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace labelsieve::io {

/// Numbers distinct texts in order of appearance.
class LabelDictionary {
 public:
  /// The code of a text, a new one if it has not been seen.
  int32_t code_of(std::string_view text) {
    if (text.empty()) return look_up(text);
    const uint64_t key = key_of(text);
    Recent& recent = recent_[(key * 0x9E3779B97F4A7C15U) >> 56];
    const bool same =
        recent.key == key && recent.size == text.size() &&
        (text.size() <= sizeof key || values_[static_cast<size_t>(recent.code)] == text);
    if (!same) recent = {key, text.size(), look_up(text)};
    return recent.code;
  }

  const std::vector<std::string>& values() const { return values_; }
  std::vector<std::string> take_values() { return std::move(values_); }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> codes_;
  /// A text by its size and some of its bytes, all of them if it has at most eight.
  struct Recent {
    uint64_t key = 0;
    size_t size = 0;  ///< 0: none yet.
    int32_t code = 0;
  };
  int32_t look_up(std::string_view text);

  /// First and last bytes of a text that is not empty. Texts of one size up to 8 differ if and only
  /// if their keys do.
  static uint64_t key_of(std::string_view text) {
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

  std::array<Recent, 256> recent_{};  ///< By a cheap hash, in front of the table.
  std::vector<std::string> values_;
};

}  // namespace labelsieve::io
