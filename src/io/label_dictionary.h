// Texts that come up again and again as small numbers.
#pragma once

#include <array>
#include <cstdint>
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
  int32_t code_of(std::string_view text);

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

  std::array<Recent, 256> recent_{};  ///< By a cheap hash, in front of the table.
  std::vector<std::string> values_;
};

}  // namespace labelsieve::io
