#include "io/read_part.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string_view>

#include "base/refuse_argument.h"
#include "io/csv_reader.h"
#include "io/jsonl_reader.h"

namespace labelsieve::io {
namespace {

bool is_text_format(InputFormat format) {
  return format == InputFormat::kCsv || format == InputFormat::kTsv ||
         format == InputFormat::kJsonl;
}

}  // namespace

InputFormat format_of(const std::string& path) {
  std::string name = path;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool gzipped = name.ends_with(".gz");
  if (gzipped) name.resize(name.size() - 3);
  if (name.ends_with(".csv")) return InputFormat::kCsv;
  if (name.ends_with(".tsv")) return InputFormat::kTsv;
  if (name.ends_with(".jsonl") || name.ends_with(".ndjson")) return InputFormat::kJsonl;
  if (!gzipped && name.ends_with(".npy")) return InputFormat::kNpy;
  if (!gzipped && name.ends_with(".npz")) return InputFormat::kNpz;
  constexpr std::string_view kColumnar[] = {".parquet", ".pq", ".arrow", ".feather", ".ipc"};
  if (std::any_of(std::begin(kColumnar), std::end(kColumnar),
                  [&](std::string_view ending) { return name.ends_with(ending); })) {
    throw Error(ErrorCode::kInvalidArgument,
                "Parquet and Arrow are read by the command of the Python package (pip install "
                "labelsieve pyarrow); or write the data as .csv, .jsonl or .npy",
                {.file = path});
  }
  throw Error(
      ErrorCode::kInvalidArgument,
      "the format is not known from the name; it should end in .npy, .npz, .csv, .tsv or "
      ".jsonl (the last three also with .gz), or be given with --input-format; a file with a "
      "token and its tag on each line needs --task token",
      {.file = path});
}

Part read_part_bytes(const FileBytes& bytes, const std::string& file, InputFormat format,
                     Wanted wanted, const ReadOptions& options) {
  if (bytes.bytes.empty())
    throw Error(ErrorCode::kInvalidData, "the file is empty", {.file = file});
  if (is_text_format(format) && is_gzip(bytes.bytes)) {
    return read_part_bytes(gunzip(bytes, file), file, format, wanted, options);
  }
  switch (format) {
    case InputFormat::kNpy: return read_npy(bytes, file, wanted, options);
    case InputFormat::kNpz: return read_npz(bytes, file, wanted, options);
    case InputFormat::kJsonl: return read_jsonl(bytes, file, wanted, options);
    default: return read_csv(bytes, file, format == InputFormat::kTsv, wanted, options);
  }
}

Part read_part(const std::string& path, Wanted wanted, const ReadOptions& options) {
  const bool is_input = !options.input.empty();
  InputFormat format = InputFormat::kAuto;
  if (is_input || path == "-") format = options.input_format;
  if (format == InputFormat::kAuto) {
    if (path == "-") {
      refuse_argument(
          "standard input has no name that tells its format; give --input-format "
          "(conll for a file with a token and its tag on each line)");
    }
    format = format_of(path);
  }
  const FileBytes bytes = open_file(path);
  return read_part_bytes(bytes, path == "-" ? "standard input" : path, format, wanted, options);
}

}  // namespace labelsieve::io
