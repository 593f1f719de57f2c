#include "rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

namespace labelsieve::cli {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

bool needs_quotes(std::string_view text, char separator) {
  const char special[] = {separator, '"', '\n', '\r', '\0'};
  return text.find_first_of(special) != std::string_view::npos;
}

void append_quoted(std::string& out, std::string_view text, char separator) {
  if (!needs_quotes(text, separator)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

std::string joined_set(const LabelSet& set) {
  std::string text;
  for (const int32_t label : set.labels) {
    if (label != set.labels.front()) text += set.separator;
    text += set.class_names.empty() ? fmt::to_string(label)
                                    : set.class_names[static_cast<size_t>(label)];
  }
  return text;
}

void append_json_set(std::string& out, const LabelSet& set) {
  out += '[';
  for (const int32_t label : set.labels) {
    if (label != set.labels.front()) out += ',';
    if (set.class_names.empty()) {
      out += fmt::to_string(label);
    } else {
      append_json_string(out, set.class_names[static_cast<size_t>(label)]);
    }
  }
  out += ']';
}

void append_separated(std::string& out, const Cell& cell, char separator) {
  std::visit(
      Overloaded{[](std::monostate) {}, [&](bool value) { out += value ? "true" : "false"; },
                 [&](int64_t value) { fmt::format_to(std::back_inserter(out), "{}", value); },
                 [&](double value) {
                   if (!std::isnan(value)) append_number(out, value);
                 },
                 [&](std::string_view value) { append_quoted(out, value, separator); },
                 [&](const LabelSet& set) { append_quoted(out, joined_set(set), separator); }},
      cell);
}

void append_json(std::string& out, const Cell& cell) {
  std::visit(
      Overloaded{[&](std::monostate) { out += "null"; },
                 [&](bool value) { out += value ? "true" : "false"; },
                 [&](int64_t value) { fmt::format_to(std::back_inserter(out), "{}", value); },
                 [&](double value) { append_json_number(out, value); },
                 [&](std::string_view value) { append_json_string(out, value); },
                 [&](const LabelSet& set) { append_json_set(out, set); }},
      cell);
}

std::string table_text(const Cell& cell) {
  return std::visit(Overloaded{[](std::monostate) { return std::string(); },
                               [](bool value) { return std::string(value ? "yes" : "no"); },
                               [](int64_t value) { return fmt::to_string(value); },
                               [](double value) {
                                 return std::isnan(value) ? std::string("-")
                                                          : fmt::format("{:.4f}", value);
                               },
                               [](std::string_view value) { return std::string(value); },
                               [](const LabelSet& set) { return joined_set(set); }},
                    cell);
}

}  // namespace

void append_number(std::string& out, double value) {
  char digits[32];
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), value);
  const std::string_view text(digits, static_cast<size_t>(end - digits));
  out += text;
  // "1" would be read as an integer by tools that guess a column's type from its first rows.
  if (std::isfinite(value) && text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void append_json_string(std::string& out, std::string_view text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
  });
  if (is_plain) {  // nearly always, and much faster
    out += '"';
    out += text;
    out += '"';
    return;
  }
  out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_text(const nlohmann::ordered_json& document) {
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void append_json_number(std::string& out, double value) {
  if (std::isfinite(value)) {
    append_number(out, value);
  } else {
    out += "null";
  }
}

RowWriter::RowWriter(Output& output, std::vector<TableColumn> columns)
    : output_(output), columns_(std::move(columns)) {
  if (output_.format() == Format::kTable) table_.emplace(columns_);
  for (const TableColumn& column : columns_) {
    std::string& key = json_keys_.emplace_back(json_keys_.empty() ? "" : ",");
    append_json_string(key, column.title);
    key += ':';
  }
  if (output_.format() == Format::kCsv || output_.format() == Format::kTsv) {
    std::vector<Cell> titles;
    for (const TableColumn& column : columns_) titles.emplace_back(std::string_view(column.title));
    write(titles);
  }
}

void RowWriter::write(std::span<const Cell> cells) {
  switch (output_.format()) {
    case Format::kTable:
      for (const Cell& cell : cells) table_->add(table_text(cell));
      break;
    case Format::kCsv: write_separated(cells, ','); break;
    case Format::kTsv: write_separated(cells, '\t'); break;
    case Format::kJsonl:
    case Format::kJson: write_json(cells); break;
    case Format::kNpy: break;
  }
  any_ = true;
}

void RowWriter::finish() {
  if (table_) output_.write(table_->render(output_.terminal()));
  if (output_.format() == Format::kJson && any_) output_.write("\n");
}

void RowWriter::write_separated(std::span<const Cell> cells, char separator) {
  line_.clear();
  for (size_t c = 0; c < cells.size(); ++c) {
    if (c > 0) line_ += separator;
    append_separated(line_, cells[c], separator);
  }
  line_ += '\n';
  output_.write(line_);
}

void RowWriter::write_json(std::span<const Cell> cells) {
  line_.clear();
  if (output_.format() == Format::kJson) line_ += any_ ? ",\n" : "\n";
  line_ += '{';
  for (size_t c = 0; c < cells.size(); ++c) {
    line_ += json_keys_[c];
    append_json(line_, cells[c]);
  }
  line_ += '}';
  if (output_.format() == Format::kJsonl) line_ += '\n';
  output_.write(line_);
}

}  // namespace labelsieve::cli
