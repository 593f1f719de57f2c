#include "labelsieve/error.h"

namespace labelsieve {
namespace {

std::string describe(const std::string& message, const ErrorLocation& where) {
  std::string text = where.file;
  const auto add = [&text](const std::string& part) {
    if (!text.empty()) text += ", ";
    text += part;
  };
  if (where.line >= 0) add("line " + std::to_string(where.line));
  if (where.row >= 0) add("row " + std::to_string(where.row));
  if (!where.column.empty()) add("column " + where.column);
  text = text.empty() ? message : text + ": " + message;
  // Names of files, columns and keys may hold anything, but an error is one line.
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

}  // namespace

Error::Error(ErrorCode code, const std::string& message, ErrorLocation location)
    : std::runtime_error(describe(message, location)),
      code_(code),
      message_(message),
      location_(std::move(location)) {}

}  // namespace labelsieve
