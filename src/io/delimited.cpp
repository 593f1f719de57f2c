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

[[gnu::always_inline]] inline const char* CellReader::number_at(const char* at, size_t i,
                                                                double* values, bool& within_unit) {
  if (kHasPlainDecimals && end_ - at >= kPlainDecimalBytes && at - begin_ >= kFractionBytesBefore) {
    const char* const stop = fractions_.read(at, i);  // which is in [0, 1]
    if (stop != nullptr && (*stop == separator_ || *stop == '\n' || *stop == '\r')) return stop;
  }
  fractions_.leave_out(i);
  return other_number_at(at, values[i], within_unit);
}

[[gnu::noinline]] const char* CellReader::other_number_at(const char* at, double& value,
                                                          bool& within_unit) const {
  const char* const stop = parse_number_at(at, end_, value);
  if (stop == at || stop == end_) return nullptr;
  within_unit &= value >= 0 && value <= 1;
  return stop;
}

inline const char* CellReader::newline_at(const char* at) const {
  if (*at == '\r' && at + 1 != end_) ++at;
  return *at == '\n' ? at : nullptr;
}

size_t CellReader::next_numbers(double* values, size_t count, bool& all_within_unit) {
  count = std::min(count, PlainFractions::kMost);
  const char* at = position_;
  const char separator = separator_;  // a local one stays in a register
  size_t done = 0;
  for (; done < count; ++done) {
    const char* const stop = number_at(at, done, values, all_within_unit);
    if (stop == nullptr) break;
    if (*stop != separator) {
      const char* const newline = newline_at(stop);
      if (newline == nullptr || done + 1 != count) break;
      pass_delimiter(newline);
      fractions_.write(values, count);
      return count;
    }
    at = stop + 1;
  }
  fractions_.write(values, done);
  if (done > 0) record_ended_ = false;
  position_ = at;
  return done;
}

size_t CellReader::next_numbers_in_step(CellReader& first, double* first_values, bool& first_within,
                                        CellReader& second, double* second_values,
                                        bool& second_within, size_t count) {
  count = std::min(count, PlainFractions::kMost);
  const char separator = first.separator_;
  const char* first_at = first.position_;
  const char* second_at = second.position_;
  size_t done = 0;
  for (; done < count; ++done) {
    const char* const first_stop = first.number_at(first_at, done, first_values, first_within);
    const char* const second_stop = second.number_at(second_at, done, second_values, second_within);
    if (first_stop == nullptr || second_stop == nullptr) break;
    if (*first_stop != separator || *second_stop != separator) {
      const char* const first_newline = first.newline_at(first_stop);
      const char* const second_newline = second.newline_at(second_stop);
      if (first_newline == nullptr || second_newline == nullptr || done + 1 != count) break;
      first.pass_delimiter(first_newline);
      second.pass_delimiter(second_newline);
      first.fractions_.write(first_values, count);
      second.fractions_.write(second_values, count);
      return count;
    }
    first_at = first_stop + 1;
    second_at = second_stop + 1;
  }
  first.fractions_.write(first_values, done);
  second.fractions_.write(second_values, done);
  if (done > 0) first.record_ended_ = second.record_ended_ = false;
  first.position_ = first_at;
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
