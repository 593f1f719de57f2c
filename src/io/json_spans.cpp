#include "io/json_spans.h"

#include <algorithm>
#include <tuple>

#include "io/message.h"
#include "labelsieve/error.h"

namespace labelsieve::io {
namespace {

using simdjson::dom::element;

[[noreturn]] void fail(const std::string& message) {
  throw Error(ErrorCode::kInvalidData, message);
}

/// A span as it is written.
struct WrittenSpan {
  int64_t start = 0;
  int64_t end = 0;
  std::string_view label = {};
  std::string_view surface = {};
  bool has_surface = false;

  std::string name() const {
    return "the span [" + std::to_string(start) + ", " + std::to_string(end) + ")";
  }
};

std::string_view label_in(const element& value) {
  std::string_view label;
  if (value.get_string().get(label) != simdjson::SUCCESS || label.empty()) {
    fail("a span has no label, which is a string");
  }
  return label;
}

WrittenSpan parse_object(const simdjson::dom::object& object) {
  const auto member = [&](const char* key) {
    element value;
    if (object[key].get(value) != simdjson::SUCCESS) {
      fail(std::string("a span has no \"") + key +
           "\"; spans are {\"start\": 0, \"end\": 5, \"label\": \"PER\"}");
    }
    return value;
  };
  WrittenSpan span{json_offset(member("start"), "the start of a span"),
                   json_offset(member("end"), "the end of a span"), label_in(member("label"))};
  span.has_surface = object["text"].get_string().get(span.surface) == simdjson::SUCCESS;
  return span;
}

WrittenSpan parse_span(const element& item) {
  simdjson::dom::object object;
  simdjson::dom::array array;
  if (item.get_object().get(object) == simdjson::SUCCESS) return parse_object(object);
  if (item.get_array().get(array) == simdjson::SUCCESS && array.size() == 3) {
    return {json_offset(array.at(0).value_unsafe(), "the start of a span"),
            json_offset(array.at(1).value_unsafe(), "the end of a span"),
            label_in(array.at(2).value_unsafe())};
  }
  fail("a span is neither {\"start\": 0, \"end\": 5, \"label\": \"PER\"} nor [0, 5, \"PER\"]");
}

std::vector<WrittenSpan> parse_list(const element& value) {
  simdjson::dom::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) fail("the spans are no list");
  std::vector<WrittenSpan> spans;
  for (const element item : array) spans.push_back(parse_span(item));
  return spans;
}

/// The bytes of each span of a text.
std::vector<ByteRange> bytes_of(const std::vector<WrittenSpan>& spans, std::string_view text,
                                OffsetUnit unit) {
  std::vector<int64_t> offsets;
  for (const WrittenSpan& span : spans) {
    if (span.end <= span.start) fail(span.name() + " is empty; its end is behind its last one");
    offsets.push_back(span.start);
    offsets.push_back(span.end);
  }
  const std::vector<int64_t> bytes = convert_offsets(text, offsets, unit, OffsetUnit::kUtf8Bytes);
  std::vector<ByteRange> ranges;
  for (size_t s = 0; s < spans.size(); ++s) {
    const ByteRange range{bytes[2 * s], bytes[2 * s + 1]};
    const std::string_view found =
        text.substr(static_cast<size_t>(range.start), static_cast<size_t>(range.end - range.start));
    if (spans[s].has_surface && found != spans[s].surface) {
      fail(spans[s].name() + " is " + quoted_text(found) + " in the text, but says " +
           quoted_text(spans[s].surface) +
           "; what do the offsets count: characters, bytes of UTF-8 or units of UTF-16?");
    }
    ranges.push_back(range);
  }
  return ranges;
}

/// Whether a span begins or ends within a token; blanks that it has too many are no fault.
bool cuts_token(const ByteRange& span, const CoveredTokens& covered,
                std::span<const ByteRange> tokens) {
  return tokens[static_cast<size_t>(covered.start)].start < span.start ||
         tokens[static_cast<size_t>(covered.end) - 1].end > span.end;
}

}  // namespace

int64_t json_offset(const element& value, std::string_view what) {
  int64_t offset = 0;
  if (value.get_int64().get(offset) != simdjson::SUCCESS || offset < 0) {
    fail(std::string(what) + " is no integer from 0");
  }
  return offset;
}

SentenceSpans parse_json_spans(const element& spans, std::string_view text,
                               std::span<const ByteRange> ranges, OffsetUnit unit,
                               LabelDictionary& types) {
  const std::vector<WrittenSpan> written = parse_list(spans);
  const std::vector<ByteRange> bytes = bytes_of(written, text, unit);
  SentenceSpans result;
  for (size_t s = 0; s < written.size(); ++s) {
    const CoveredTokens covered = covered_tokens(bytes[s], ranges);
    if (covered.start == covered.end) fail(written[s].name() + " covers no token");
    if (cuts_token(bytes[s], covered, ranges)) ++result.num_cut;
    result.spans.push_back({covered.start, covered.end, types.code_of(written[s].label)});
  }
  const auto key = [](const Span& span) { return std::tuple(span.start, span.end, span.type); };
  std::sort(result.spans.begin(), result.spans.end(),
            [&](const Span& a, const Span& b) { return key(a) < key(b); });
  result.spans.erase(std::unique(result.spans.begin(), result.spans.end()), result.spans.end());
  for (size_t s = 1; s < result.spans.size(); ++s) {
    if (result.spans[s].start >= result.spans[s - 1].end) continue;
    result.overlap = "two spans share token " + std::to_string(result.spans[s].start) +
                     " of the sentence, but a token can have one label only";
    break;
  }
  return result;
}

}  // namespace labelsieve::io
