// Pieces of the messages of diagnoses.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace labelsieve {

/// A class by its name, by its number where classes have none.
inline std::string name_of(int64_t label, const std::vector<std::string>& class_names) {
  return class_names.empty() ? std::to_string(label) : class_names[static_cast<size_t>(label)];
}

/// "a, b, c and 4 more"
inline std::string first_of(const std::vector<std::string>& items) {
  constexpr size_t kShown = 5;
  std::string list;
  for (size_t i = 0; i < std::min(items.size(), kShown); ++i)
    list += (i > 0 ? ", " : "") + items[i];
  if (items.size() > kShown) list += " and " + std::to_string(items.size() - kShown) + " more";
  return list;
}

/// A number in a format of printf.
inline std::string decimal(double value, const char* format) {
  char text[64];
  std::snprintf(text, sizeof(text), format, value);
  return text;
}

}  // namespace labelsieve
