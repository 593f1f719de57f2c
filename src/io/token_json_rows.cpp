#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "io/json_rows.h"
#include "io/json_spans.h"
#include "io/label_dictionary.h"
#include "io/message.h"
#include "io/number.h"
#include "io/skip_hint.h"
#include "io/token_json.h"

namespace labelsieve::io {
namespace {

using simdjson::dom::element;

constexpr int64_t kIgnoredTag = -100;  // as in Hugging Face and PyTorch
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
/// Memory for words and texts, for the parser keeps none.
class TextArena {
 public:
  std::string_view keep(std::string_view text) {
    if (text.size() > room_) {
      const size_t size = std::max(kBlockBytes, text.size());
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
      free_ = blocks_.back().get();
      room_ = size;
    }
    if (!text.empty()) std::memcpy(free_, text.data(), text.size());
    const std::string_view kept(free_, text.size());
    free_ += text.size();
    room_ -= text.size();
    return kept;
  }

 private:
  static constexpr size_t kBlockBytes = size_t{1} << 16;

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;
  size_t room_ = 0;
};

/// The values of the keys that are wanted; empty where an object has none, or null.
struct Fields {
  std::optional<element> tokens, tags, spans, text, id, probs;
};

class SentenceParser {
 public:
  SentenceParser(const TextPiece& piece, const char* text_end, const TokenJsonLayout& layout,
                 TokenPart& part, std::vector<double>& probs)
      : piece_(piece),
        parser_(layout.file, text_end),
        layout_(layout),
        row_(layout.probs, layout.file),
        arena_(std::make_shared<TextArena>()),
        part_(part),
        probs_(probs) {}

  void parse() {
    if (!layout_.span_key.empty()) part_.spans.emplace();
    std::string_view text(piece_.begin, static_cast<size_t>(piece_.end - piece_.begin));
    for (line_ = piece_.first_line; !text.empty(); ++line_) {
      const std::string_view line = take_line(text);
      if (!is_blank(line)) parse_sentence(fields_of(parser_.parse(line, line_)));
    }
    part_.tags.values = tags_.take_values();
    if (part_.spans) part_.spans->types = types_.take_values();
    part_.owner = arena_;
  }

 private:
  [[noreturn]] void fail(const std::string& message, const std::string& key) const {
    throw Error(ErrorCode::kInvalidData, message,
                {.file = layout_.file, .line = line_, .column = key});
  }

  /// Adds line and key to an error of the work.
  template <class Work>
  void located(const std::string& key, Work&& work) const {
    try {
      work();
    } catch (const Error& error) {
      fail(error.message(), key);
    }
  }

  Fields fields_of(const simdjson::dom::object& object) const {
    Fields fields;
    for (const auto& [key, value] : object) {
      const auto take = [&, &field = key, &content = value](const std::string& name,
                                                            std::optional<element>& to) {
        if (!name.empty() && field == name && !content.is_null()) to = content;
      };
      take(layout_.token_key, fields.tokens);
      take(layout_.tag_key, fields.tags);
      take(layout_.span_key, fields.spans);
      take(layout_.text_key, fields.text);
      take(layout_.id_key, fields.id);
      take(layout_.probs.key, fields.probs);
    }
    return fields;
  }

  void parse_sentence(const Fields& fields) {
    const bool has_words = !layout_.tag_key.empty() || !layout_.span_key.empty();
    const auto before = static_cast<int64_t>(part_.lines.size());
    if (has_words) {
      parse_text(fields);
      parse_tokens(fields);
      num_tokens_ = part_.num_tokens() - before;
      if (layout_.span_key.empty()) {
        parse_tags(fields);
      } else {
        parse_spans(fields);
      }
    } else {
      num_tokens_ = count_rows(fields);
      part_.tokens.resize(part_.tokens.size() + static_cast<size_t>(num_tokens_));
    }
    part_.lines.append(line_, 0, num_tokens_);
    if (layout_.probs.form != JsonForm::kNone) parse_probabilities(fields);
    part_.offsets.push_back(part_.num_tokens());
    if (!layout_.id_key.empty()) part_.ids.push_back(fields.id ? json_as_text(*fields.id) : "");
  }

  void parse_text(const Fields& fields) {
    if (layout_.text_key.empty()) return;
    std::string_view text;
    if (fields.text && fields.text->get_string().get(text) != simdjson::SUCCESS) {
      fail("the text is no string", layout_.text_key);
    }
    part_.texts.push_back(arena_->keep(text));
  }

  void parse_tokens(const Fields& fields) {
    const size_t before = part_.tokens.size();
    if (layout_.token_key.empty()) {
      located(layout_.text_key, [&] {
        for (const ByteRange& range : split_into_tokens(part_.texts.back())) add_range(range);
      });
      return;
    }
    simdjson::dom::array tokens;
    if (!fields.tokens || fields.tokens->get_array().get(tokens) != simdjson::SUCCESS) {
      fail("the tokens are no list", layout_.token_key);
    }
    located(layout_.token_key, [&] {
      for (const element token : tokens) parse_token(token);
    });
    const bool placed = part_.ranges.size() == part_.tokens.size();
    if (layout_.span_key.empty() || placed) return;
    located(layout_.token_key, [&] {
      const std::vector<ByteRange> ranges =
          locate_tokens(part_.texts.back(), std::span(part_.tokens).subspan(before));
      part_.ranges.resize(before);
      part_.ranges.insert(part_.ranges.end(), ranges.begin(), ranges.end());
    });
  }

  /// A token of the text of this sentence.
  void add_range(const ByteRange& range) {
    part_.ranges.push_back(range);
    part_.tokens.push_back(part_.texts.back().substr(static_cast<size_t>(range.start),
                                                     static_cast<size_t>(range.end - range.start)));
  }

  void parse_token(const element& token) {
    std::string_view word;
    simdjson::dom::object object;
    if (token.get_object().get(object) == simdjson::SUCCESS) {
      element start, end;
      const bool has_place = object["start"].get(start) == simdjson::SUCCESS &&
                             object["end"].get(end) == simdjson::SUCCESS;
      if (has_place && !layout_.span_key.empty()) {
        add_placed_token(json_offset(start, "the start of a token"),
                         json_offset(end, "the end of a token"));
        return;
      }
      if (object["text"].get_string().get(word) == simdjson::SUCCESS) {
        part_.tokens.push_back(arena_->keep(word));
        return;
      }
    } else if (token.get_string().get(word) == simdjson::SUCCESS) {
      part_.tokens.push_back(arena_->keep(word));
      return;
    }
    throw Error(ErrorCode::kInvalidData,
                "token " + std::to_string(part_.num_tokens() - part_.offsets.back()) +
                    " is neither a string nor an object with its text");
  }

  /// Tokens with offsets of their own are given in order.
  void add_placed_token(int64_t start, int64_t end) {
    const std::vector<int64_t> bytes =
        convert_offsets(part_.texts.back(), std::vector<int64_t>{start, end}, layout_.offset_unit,
                        OffsetUnit::kUtf8Bytes);
    const bool is_first = part_.num_tokens() == part_.offsets.back();
    if (bytes[1] <= bytes[0] || (!is_first && part_.ranges.back().end > bytes[0])) {
      throw Error(ErrorCode::kInvalidData,
                  "token " + std::to_string(part_.num_tokens() - part_.offsets.back()) +
                      " is empty or begins before the end of the one before it");
    }
    add_range({bytes[0], bytes[1]});
  }

  void parse_tags(const Fields& fields) {
    const size_t before = part_.tags.codes.size();
    const auto count = static_cast<size_t>(num_tokens_);
    if (!fields.tags) {  // missing tags are refused together, or left out together
      part_.tags.codes.resize(before + count, kMissingLabel);
      return;
    }
    simdjson::dom::array tags;
    if (fields.tags->get_array().get(tags) != simdjson::SUCCESS) {
      fail("the tags are no list", layout_.tag_key);
    }
    for (const element tag : tags) part_.tags.codes.push_back(code_of(tag));
    check_count(part_.tags.codes.size() - before, "tag", "", layout_.tag_key);
  }

  int32_t code_of(const element& tag) {
    std::string_view text;
    int64_t number = 0;
    if (tag.get_string().get(text) == simdjson::SUCCESS) {
      return trimmed(text).empty() ? kMissingLabel : tags_.code_of(text);
    }
    if (tag.get_int64().get(number) == simdjson::SUCCESS) {
      return number == kIgnoredTag ? kIgnoredLabel : tags_.code_of(std::to_string(number));
    }
    if (!tag.is_null()) fail("a tag is neither a string nor an integer", layout_.tag_key);
    return kMissingLabel;
  }

  void check_count(size_t found, const char* noun, const char* of, const std::string& key) const {
    const auto count = static_cast<int64_t>(found);
    if (count == num_tokens_) return;
    fail("the sentence has " + count_of(num_tokens_, "token") + " and " + count_of(count, noun) +
             of + "; every token needs its own",
         key);
  }

  void parse_spans(const Fields& fields) {
    SpanColumn& column = *part_.spans;
    column.is_missing.push_back(0);
    if (fields.spans) {
      const auto ranges =
          std::span<const ByteRange>(part_.ranges).last(static_cast<size_t>(num_tokens_));
      located(layout_.span_key, [&] {
        SentenceSpans found = parse_json_spans(*fields.spans, part_.texts.back(), ranges,
                                               layout_.offset_unit, types_);
        part_.num_cut_spans += found.num_cut;
        if (found.num_cut > 0 && part_.first_cut_line == 0) part_.first_cut_line = line_;
        if (found.overlap.empty()) {
          column.spans.insert(column.spans.end(), found.spans.begin(), found.spans.end());
        } else {
          leave_out_spans(found.overlap);
        }
      });
    } else {
      located(layout_.span_key, [&] { leave_out_spans("the spans are missing"); });
    }
    column.offsets.push_back(static_cast<int64_t>(column.spans.size()));
  }

  void leave_out_spans(const std::string& why) {
    if (!layout_.skip_invalid) throw Error(ErrorCode::kInvalidData, why + kSkipHint);
    part_.spans->is_missing.back() = 1;
  }

  /// The tokens of a sentence of which only the probabilities are wanted.
  int64_t count_rows(const Fields& fields) const {
    simdjson::dom::array rows;
    if (!fields.probs || fields.probs->get_array().get(rows) != simdjson::SUCCESS) {
      fail("the probabilities are no list with a row for each token", layout_.probs.key);
    }
    return static_cast<int64_t>(rows.size());
  }

  bool is_ignored(int64_t token) const {
    return !part_.tags.codes.empty() &&
           part_.tags.codes[static_cast<size_t>(token)] == kIgnoredLabel;
  }

  void parse_probabilities(const Fields& fields) {
    const auto columns = static_cast<size_t>(layout_.probs.num_probs);
    const int64_t first = part_.num_tokens() - num_tokens_;
    const size_t before = probs_.size();
    probs_.resize(before + static_cast<size_t>(num_tokens_) * columns, kNan);
    simdjson::dom::array rows;
    const bool has_rows = fields.probs.has_value();
    if (has_rows && fields.probs->get_array().get(rows) != simdjson::SUCCESS) {
      fail("the probabilities are no list with a row for each token", layout_.probs.key);
    }
    if (has_rows) check_count(rows.size(), "row", " of probabilities", layout_.probs.key);
    double* out = probs_.data() + before;
    auto next = has_rows ? rows.begin() : simdjson::dom::array::iterator();
    for (int64_t t = 0; t < num_tokens_; ++t, out += columns) {
      row_.start(out, line_, t);
      if (!is_ignored(first + t)) {
        if (has_rows) {
          row_.parse(*next);
        } else {
          row_.parse_missing();
        }
      }
      if (!row_.is_valid()) part_.invalid.push_back(first + t);
      if (has_rows) ++next;
    }
  }

  TextPiece piece_;
  JsonLineParser parser_;
  const TokenJsonLayout& layout_;
  JsonProbabilityRow row_;
  std::shared_ptr<TextArena> arena_;
  TokenPart& part_;
  std::vector<double>& probs_;
  LabelDictionary tags_;
  LabelDictionary types_;
  int64_t line_ = 0;
  int64_t num_tokens_ = 0;  // of the sentence
};

}  // namespace

void parse_token_json(const TextPiece& piece, const char* text_end, const TokenJsonLayout& layout,
                      TokenPart& part, std::vector<double>& probs) {
  SentenceParser(piece, text_end, layout, part, probs).parse();
}

}  // namespace labelsieve::io
