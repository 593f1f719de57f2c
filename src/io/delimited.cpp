#include "io/delimited.h"

#include <algorithm>
#include <cstring>

#include "io/number.h"
#include "io/plain_fraction.h"

namespace labelsieve::io {

std::string_view CellReader::next() {
  if (position_ != end_ && *position_ == '"') return next_quoted();
  const char* at = position_;
  while (at != end_ && *at != separator_ && *at != '\n') ++at;
  std::string_view cell(position_, static_cast<size_t>(at - position_));
  const bool ends_record = at == end_ || *at == '\n';
  if (ends_record && !cell.empty() && cell.back() == '\r') cell.remove_suffix(1);
  pass_delimiter(at);
  return cell;
}

std::string_view CellReader::next_quoted() {
  unquoted_.clear();
  const char* part = position_ + 1;
  for (;;) {
    const auto* quote =
        static_cast<const char*>(std::memchr(part, '"', static_cast<size_t>(end_ - part)));
    quote_is_open_ = quote == nullptr;
    if (quote_is_open_) quote = end_;
    line_ += std::count(part, quote, '\n');
    const char* const after = quote_is_open_ ? end_ : quote + 1;
    if (after != end_ && *after == '"') {
      unquoted_.append(part, after);  // up to and with the first quote of the pair
      part = after + 1;
      continue;
    }
    const char* at = after;
    while (at != end_ && *at != separator_ && *at != '\n') ++at;
    std::string_view rest(after, static_cast<size_t>(at - after));
    if (!rest.empty() && rest.back() == '\r' && (at == end_ || *at == '\n')) rest.remove_suffix(1);
    pass_delimiter(at);
    if (unquoted_.empty() && rest.empty()) return {part, static_cast<size_t>(quote - part)};
    unquoted_.append(part, quote);
    unquoted_.append(rest);  // as other readers take text behind the closing quote
    return unquoted_;
  }
}

size_t CellReader::next_numbers(double* values, size_t count, bool& all_within_unit) {
  const char* at = position_;
  const char separator = separator_;  // a local one stays in a register
  size_t done = 0;
  while (done < count) {
    const char* stop = nullptr;
    if (kHasPlainDecimals && end_ - at >= kPlainDecimalBytes &&
        at - begin_ >= kFractionBytesBefore) {
      stop = parse_plain_fraction(at, values[done]);
    }
    if (stop == nullptr || (*stop != separator && *stop != '\n')) {
      stop = parse_number_at(at, end_, values[done]);
      if (stop == at || stop == end_) break;
      all_within_unit &= values[done] >= 0 && values[done] <= 1;  // a plain fraction always is
    }
    if (*stop != separator) {
      if (*stop != '\n' || done + 1 != count) break;
      pass_delimiter(stop);
      return count;
    }
    at = stop + 1;
    ++done;
  }
  if (done > 0) record_ended_ = false;
  position_ = at;
  return done;
}

/// Whether parse_plain_fraction() may be called for so many cells.
bool CellReader::has_room_for_fractions(size_t count) const {
  const auto bytes = static_cast<int64_t>(count) * kPlainDecimalBytes;
  return kHasPlainDecimals && end_ - position_ >= bytes &&
         position_ - begin_ >= kFractionBytesBefore;
}

size_t CellReader::next_numbers_in_step(CellReader& first, double* first_values, CellReader& second,
                                        double* second_values, size_t count) {
  if (!first.has_room_for_fractions(count) || !second.has_room_for_fractions(count)) return 0;
  const char separator = first.separator_;
  const char* at = first.position_;
  const char* second_at = second.position_;
  size_t done = 0;
  for (; done < count; ++done) {
    const char* const stop = parse_plain_fraction(at, first_values[done]);
    const char* const second_stop = parse_plain_fraction(second_at, second_values[done]);
    if (stop == nullptr || second_stop == nullptr) break;
    if (*stop != separator || *second_stop != separator) {
      if (*stop != '\n' || *second_stop != '\n' || done + 1 != count) break;
      first.pass_delimiter(stop);
      second.pass_delimiter(second_stop);
      return count;
    }
    at = stop + 1;
    second_at = second_stop + 1;
  }
  if (done > 0) first.record_ended_ = second.record_ended_ = false;
  first.position_ = at;
  second.position_ = second_at;
  return done;
}

bool CellReader::next_number(double& value) {
  const char* stop = parse_number_at(position_, end_, value);
  if (stop == position_) return false;
  if (stop != end_ && *stop == '\r' && ends_line(stop)) ++stop;
  if (stop != end_ && *stop != separator_ && *stop != '\n') return false;
  pass_delimiter(stop);
  return true;
}

void CellReader::pass_delimiter(const char* at) {
  record_ended_ = at == end_ || *at == '\n';
  if (at != end_ && *at == '\n') ++line_;
  position_ = at == end_ ? end_ : at + 1;
}

char detect_separator(std::string_view text) {
  constexpr std::string_view kSeparators = ",;\t";
  int64_t counts[kSeparators.size()] = {};
  bool in_quotes = false;
  for (const char c : text) {
    if (c == '"') in_quotes = !in_quotes;
    if (in_quotes) continue;
    if (c == '\n') break;
    const size_t which = kSeparators.find(c);
    if (which != std::string_view::npos) ++counts[which];
  }
  return kSeparators[static_cast<size_t>(std::max_element(counts, std::end(counts)) - counts)];
}

}  // namespace labelsieve::io
