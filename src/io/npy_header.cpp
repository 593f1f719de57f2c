#include "io/npy_header.h"

#include <charconv>

#include "io/message.h"
#include "labelsieve/error.h"

namespace labelsieve::io {
namespace {

class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  NpyHeader parse() {
    expect('{');
    while (!accept('}')) {
      parse_entry();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_spaces();
    if (!text_.empty()) fail("there is text after the header's dictionary");
    if (!has_descr_ || !has_order_ || !has_shape_) {
      fail("the header lacks descr, fortran_order or shape");
    }
    return std::move(header_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kInvalidData,
                "damaged .npy header: " + what + "; write the file again with numpy.save",
                {.file = file_});
  }

  void skip_spaces() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n' || text_[0] == '\t')) {
      text_.remove_prefix(1);
    }
  }

  bool accept(char c) {
    skip_spaces();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!accept(c)) fail(std::string("expected '") + c + "'");
  }

  std::string parse_string() {
    skip_spaces();
    if (text_.empty() || (text_[0] != '\'' && text_[0] != '"')) fail("expected a string");
    const size_t end = text_.find(text_[0], 1);
    if (end == std::string_view::npos) fail("a string does not end");
    std::string value(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return value;
  }

  bool parse_bool() {
    skip_spaces();
    for (const std::string_view word : {"True", "False"}) {
      if (text_.substr(0, word.size()) == word) {
        text_.remove_prefix(word.size());
        return word == "True";
      }
    }
    fail("fortran_order is neither True nor False");
  }

  int64_t parse_dimension() {
    skip_spaces();
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc() || value < 0) fail("a dimension is not a non-negative number");
    text_.remove_prefix(static_cast<size_t>(end - text_.data()));
    if (!text_.empty() && text_[0] == 'L') text_.remove_prefix(1);  // written by Python 2
    return value;
  }

  std::vector<int64_t> parse_shape() {
    std::vector<int64_t> shape;
    expect('(');
    while (!accept(')')) {
      shape.push_back(parse_dimension());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }

  void parse_entry() {
    const std::string key = parse_string();
    expect(':');
    if (key == "descr") {
      skip_spaces();
      if (!text_.empty() && (text_[0] == '[' || text_[0] == '(')) {
        throw Error(ErrorCode::kInvalidData,
                    "the array is structured (has named fields); save one field as a plain array",
                    {.file = file_});
      }
      header_.descr = parse_string();
      has_descr_ = true;
    } else if (key == "fortran_order") {
      header_.fortran_order = parse_bool();
      has_order_ = true;
    } else if (key == "shape") {
      header_.shape = parse_shape();
      has_shape_ = true;
    } else {
      fail("unknown key " + quoted_text(key));
    }
  }

  std::string_view text_;
  const std::string& file_;
  NpyHeader header_;
  bool has_descr_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view text, const std::string& file) {
  return HeaderParser(text, file).parse();
}

}  // namespace labelsieve::io
