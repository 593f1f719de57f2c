// Words without what does not matter about them: upper case, and the digits of numbers.
#pragma once

#include <string>
#include <string_view>

namespace labelsieve {

/// The code point in lower case, for Latin, Greek, Cyrillic and Armenian letters and the full-width
/// Latin ones; others as they are.
char32_t lower_case(char32_t letter);

/// `form` becomes the word in lower case, every run of digits 0-9 a single 0. UTF-8; bytes that are
/// none stay as they are.
void write_word_form(std::string_view word, std::string& form);

}  // namespace labelsieve
