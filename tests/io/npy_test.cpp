// .npy files: every type and layout that is read, and everything that is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "io/io_files.h"

namespace labelsieve::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class NpyTest : public testing::Test {
 protected:
  Dataset read(const std::string& labels, const std::string& probs, bool skip_invalid = false) {
    return read_dataset(options(labels, probs, skip_invalid));
  }
  ReadOptions options(const std::string& labels, const std::string& probs,
                      bool skip_invalid = false) {
    return {.labels = dir_.write("y.npy", labels),
            .pred_probs = {dir_.write("p.npy", probs)},
            .skip_invalid = skip_invalid};
  }
  std::string error(const std::string& labels, const std::string& probs) {
    return read_error(options(labels, probs));
  }
  TempDir dir_;
};

TEST_F(NpyTest, MapsWithoutCopy) {
  const Dataset data = read(npy_labels({0, 1, 1}), npy_probs(kProbs, 2));
  EXPECT_THAT(labels_of(data), ElementsAre(0, 1, 1));
  EXPECT_EQ(probs_of(data), kProbs);
  EXPECT_EQ(data.num_classes(), 2);
  EXPECT_EQ(data.pred_probs[0].type, FloatType::kFloat64);
  // The data of a header of 128 bytes in a mapped page.
  EXPECT_EQ(reinterpret_cast<uintptr_t>(data.pred_probs[0].data) % 4096, 128u);
  EXPECT_FALSE(data.labels.ignore_label.has_value());
  EXPECT_THAT(data.notes, IsEmpty());
  EXPECT_EQ(data.num_skipped, 0);
}

TEST_F(NpyTest, ReadsEveryVersion) {
  for (const int version : {1, 2, 3}) {
    const std::string labels = npy_bytes("<i8", "(3,)", raw<int64_t>({0, 1, 1}), false, version);
    EXPECT_THAT(labels_of(read(labels, npy_probs(kProbs, 2))), ElementsAre(0, 1, 1)) << version;
  }
  EXPECT_THAT(error(npy_bytes("<i8", "(3,)", "", false, 4), npy_probs(kProbs, 2)),
              HasSubstr("unknown version 4"));
}

TEST_F(NpyTest, ReadsEveryIntegerType) {
  const auto check = [&](const std::string& descr, const std::string& data) {
    EXPECT_THAT(labels_of(read(npy_bytes(descr, "(3,)", data), npy_probs(kProbs, 2))),
                ElementsAre(0, 1, 1))
        << descr;
  };
  check("|i1", raw<int8_t>({0, 1, 1}));
  check("<i2", raw<int16_t>({0, 1, 1}));
  check("<i4", raw<int32_t>({0, 1, 1}));
  check("|u1", raw<uint8_t>({0, 1, 1}));
  check("<u2", raw<uint16_t>({0, 1, 1}));
  check("<u4", raw<uint32_t>({0, 1, 1}));
  check("<u8", raw<uint64_t>({0, 1, 1}));
  check(">i2", raw_swapped<int16_t>({0, 1, 1}));
  check(">i4", raw_swapped<int32_t>({0, 1, 1}));
  check(">u8", raw_swapped<uint64_t>({0, 1, 1}));
}

TEST_F(NpyTest, ReadsEveryFloatTypeInPlace) {
  const std::vector<float> floats(kProbs.begin(), kProbs.end());
  // 0.75, 0.25, 0.5, 0.5, 0.125, 0.875 in binary16.
  const std::vector<uint16_t> halves = {0x3A00, 0x3400, 0x3800, 0x3800, 0x3000, 0x3B00};
  const std::string labels = npy_labels({0, 1, 1});
  EXPECT_EQ(probs_of(read(labels, npy_bytes("<f4", "(3, 2)", raw(floats)))), kProbs);
  EXPECT_EQ(probs_of(read(labels, npy_bytes("<f2", "(3, 2)", raw(halves)))), kProbs);
  EXPECT_EQ(probs_of(read(labels, npy_bytes(">f2", "(3, 2)", raw_swapped(halves)))), kProbs);
  const Dataset swapped = read(labels, npy_bytes(">f4", "(3, 2)", raw_swapped(floats)));
  EXPECT_EQ(probs_of(swapped), kProbs);
  EXPECT_TRUE(swapped.pred_probs[0].byte_swapped);
  EXPECT_EQ(swapped.pred_probs[0].type, FloatType::kFloat32);
}

TEST_F(NpyTest, ReadsFortranOrderByStrides) {
  const std::string columns = raw<double>({0.75, 0.5, 0.125, 0.25, 0.5, 0.875});
  const Dataset data =
      read(npy_labels({0, 1, 1}), npy_bytes("<f8", "(3, 2)", columns, /*fortran_order=*/true));
  EXPECT_EQ(probs_of(data), kProbs);
  EXPECT_EQ(data.pred_probs[0].row_stride, 8);
  EXPECT_EQ(data.pred_probs[0].column_stride, 24);
}

TEST_F(NpyTest, HeaderKeysMayStandInAnyOrderAndQuotes) {
  std::string header = "{\"shape\": (3L,), 'fortran_order':False,\"descr\":\"<i8\"}";
  std::string bytes = std::string("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  EXPECT_THAT(labels_of(read(bytes + header + raw<int64_t>({0, 1, 1}), npy_probs(kProbs, 2))),
              ElementsAre(0, 1, 1));
}

TEST_F(NpyTest, LabelsMayBeAColumnOrWholeFloats) {
  EXPECT_THAT(
      labels_of(read(npy_bytes("<i8", "(3, 1)", raw<int64_t>({0, 1, 1})), npy_probs(kProbs, 2))),
      ElementsAre(0, 1, 1));
  EXPECT_THAT(
      labels_of(read(npy_bytes("<f8", "(3,)", raw<double>({0, 1, 1})), npy_probs(kProbs, 2))),
      ElementsAre(0, 1, 1));
  EXPECT_THAT(error(npy_bytes("<f8", "(3,)", raw<double>({0, 1.5, 1})), npy_probs(kProbs, 2)),
              AllOf(HasSubstr("y.npy, row 1: "), HasSubstr("not a whole number")));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(error(npy_bytes("<f8", "(3,)", raw<double>({0, nan, 1})), npy_probs(kProbs, 2)),
              AllOf(HasSubstr("row 1: "), HasSubstr("missing")));
}

TEST_F(NpyTest, StringLabelsAreMatchedInSortedOrder) {
  std::vector<uint32_t> code_points = {'d', 'o', 'g', 0, 'c', 0xE4, 't', 0, 'd', 'o', 'g', 0};
  const Dataset data = read(npy_bytes("<U4", "(3,)", raw(code_points)), npy_probs(kProbs, 2));
  EXPECT_THAT(data.class_names, ElementsAre("cät", "dog"));
  EXPECT_THAT(labels_of(data), ElementsAre(1, 0, 1));
  EXPECT_THAT(data.notes, ElementsAre(HasSubstr("class order: cät, dog")));
  const Dataset swapped =
      read(npy_bytes(">U4", "(3,)", raw_swapped(code_points)), npy_probs(kProbs, 2));
  EXPECT_THAT(swapped.class_names, ElementsAre("cät", "dog"));
  const std::string bytes("dogcatdog");
  EXPECT_THAT(labels_of(read(npy_bytes("|S3", "(3,)", bytes), npy_probs(kProbs, 2))),
              ElementsAre(1, 0, 1));
}

TEST_F(NpyTest, RefusesWhatIsNoLabel) {
  const std::string probs = npy_probs(kProbs, 2);
  EXPECT_THAT(error(npy_bytes("|O", "(3,)", "xxxxxxxxxxxxxxxxxxxxxxxx"), probs),
              HasSubstr("pickled"));
  EXPECT_THAT(error(npy_bytes("|b1", "(3,)", std::string(3, '\1')), probs), HasSubstr("bool"));
  EXPECT_THAT(error(npy_bytes("<c8", "(3,)", std::string(24, '\0')), probs),
              HasSubstr("complex64"));
  EXPECT_THAT(error(npy_bytes("<i8", "()", std::string(8, '\0')), probs), HasSubstr("shape ()"));
  EXPECT_THAT(error(npy_bytes("<i8", "(1, 3)", std::string(24, '\0')), probs),
              HasSubstr("one-hot"));
  EXPECT_THAT(error(npy_bytes("<i8", "(0,)", ""), probs), HasSubstr("no rows"));
  EXPECT_THAT(error(npy_bytes("<U4", "(1,)", raw<uint32_t>({0x110000, 0, 0, 0})), probs),
              HasSubstr("does not exist"));
}

TEST_F(NpyTest, RefusesWhatIsNoMatrixOfProbabilities) {
  const std::string labels = npy_labels({0, 1, 1});
  EXPECT_THAT(error(labels, npy_bytes("<i8", "(3, 2)", std::string(48, '\0'))),
              HasSubstr("int64 of shape (3, 2)"));
  EXPECT_THAT(error(labels, npy_bytes("<f16", "(3, 2)", std::string(96, '\0'))),
              HasSubstr("float128"));
  EXPECT_THAT(error(labels, npy_bytes("<f8", "(3, 2, 1)", std::string(48, '\0'))),
              HasSubstr("shape (N, K)"));
  EXPECT_THAT(error(labels, npy_bytes("<f8", "()", std::string(8, '\0'))), HasSubstr("(N, K)"));
  EXPECT_THAT(error(labels, npy_bytes("<f8", "(3, 0)", "")), HasSubstr("no columns"));
  EXPECT_THAT(error(labels, npy_bytes("<f8", "(0, 3)", "")), HasSubstr("no rows"));
}

TEST_F(NpyTest, RefusesDamagedFiles) {
  const std::string probs = npy_probs(kProbs, 2);
  const std::string good = npy_labels({0, 1, 1});
  EXPECT_THAT(error("", probs), HasSubstr("y.npy: the file is empty"));
  EXPECT_THAT(error("id,label\n", probs), HasSubstr("not a .npy file"));
  EXPECT_THAT(error(good.substr(0, 9), probs), HasSubstr("truncated within its header"));
  EXPECT_THAT(error(good.substr(0, 40), probs), HasSubstr("truncated within its header"));
  EXPECT_THAT(error(good.substr(0, good.size() - 1), probs),
              AllOf(HasSubstr("truncated"), HasSubstr("24 bytes"), HasSubstr("23 follow")));
  EXPECT_THAT(error(good + "x", probs), HasSubstr("header is wrong"));
  EXPECT_THAT(error(npy_bytes("<i8", "(9223372036854775807,)", ""), probs),
              HasSubstr("larger than any file"));
  EXPECT_THAT(error(npy_bytes("<i8", "(4294967296, 4294967296)", ""), probs),
              HasSubstr("larger than any file"));
  EXPECT_THAT(error(npy_bytes("<i8", "(-3,)", ""), probs), HasSubstr("damaged .npy header"));
  EXPECT_THAT(error(npy_bytes("<q3", "(3,)", ""), probs), HasSubstr("unknown element type"));
  EXPECT_THAT(error(npy_bytes("<U0", "(3,)", ""), probs), HasSubstr("unknown element type"));
  EXPECT_THAT(error(npy_bytes("<i8", "(3,)", "") + "x", probs), HasSubstr("truncated"));
}

TEST_F(NpyTest, RefusesStructuredArrays) {
  std::string header = "{'descr': [('a', '<i8')], 'fortran_order': False, 'shape': (3,), }";
  std::string bytes = std::string("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  EXPECT_THAT(error(bytes + header + std::string(24, '\0'), npy_probs(kProbs, 2)),
              HasSubstr("structured"));
}

TEST_F(NpyTest, RefusesMissingFilesAndFolders) {
  const std::string labels = dir_.write("y.npy", npy_labels({0}));
  EXPECT_THAT(read_error({.labels = labels, .pred_probs = {dir_.path("none.npy")}}),
              AllOf(HasSubstr("none.npy: No such file"), HasSubstr("check the path")));
  std::filesystem::create_directory(dir_.path("folder.npy"));
  EXPECT_THAT(read_error({.labels = labels, .pred_probs = {dir_.path("folder.npy")}}),
              HasSubstr("directory"));
  EXPECT_EQ(error_of([&] {
              read_dataset({.labels = labels, .pred_probs = {dir_.path("none.npy")}});
            }).code(),
            ErrorCode::kIo);
}

TEST_F(NpyTest, RefusesDifferentLengths) {
  EXPECT_THAT(error(npy_labels({0, 1}), npy_probs(kProbs, 2)),
              AllOf(HasSubstr("y.npy has 2 rows"), HasSubstr("p.npy has 3")));
  EXPECT_THAT(error(npy_labels({0, 1}), npy_bytes("<f8", "(3, 2)", raw(kProbs))),
              HasSubstr("transposed"));
}

TEST_F(NpyTest, CountsLabelsBeyondTheClassesInOneError) {
  EXPECT_THAT(error(npy_labels({0, 2, 1}), npy_probs(kProbs, 2)),
              AllOf(HasSubstr("y.npy, row 1: 1 label is not among the classes 0 to 1"),
                    HasSubstr("\"2\"")));
  EXPECT_THAT(error(npy_labels({-1, 7, -1}), npy_probs(kProbs, 2)),
              AllOf(HasSubstr("row 0: 3 labels are not among"), HasSubstr("\"-1\" (2 times)")));
  EXPECT_THAT(error(npy_labels({1, 2, 1}), npy_probs(kProbs, 2)), HasSubstr("count from 1"));
  EXPECT_THAT(
      error(npy_bytes("<u8", "(3,)", raw<uint64_t>({0, 1, ~uint64_t{0}})), npy_probs(kProbs, 2)),
      HasSubstr("\"18446744073709551615\""));
}

TEST_F(NpyTest, SkipsInvalidRows) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> probs = {0.75, 0.25, nan, 0.5, 0.125, 0.875, 0.5, 0.5, 1.5, -0.5};
  const Dataset data = read(npy_labels({0, 1, 5, 1, 0}), npy_probs(probs, 2), true);
  EXPECT_EQ(data.num_skipped, 3);
  EXPECT_THAT(labels_of(data), ElementsAre(0, -1, -1, 1, -1));
  EXPECT_EQ(data.labels.type, IntType::kInt32);
  EXPECT_EQ(data.labels.ignore_label, -1);
  const Dataset floats =
      read(npy_bytes("<f8", "(3,)", raw<double>({0, nan, 1.5})), npy_probs(kProbs, 2), true);
  EXPECT_THAT(labels_of(floats), ElementsAre(0, -1, -1));
}

TEST_F(NpyTest, SkippingNothingLeavesTheLabelsInPlace) {
  const Dataset data = read(npy_labels({0, 1, 1}), npy_probs(kProbs, 2), true);
  EXPECT_EQ(data.labels.type, IntType::kInt64);
  EXPECT_FALSE(data.labels.ignore_label.has_value());
}

TEST_F(NpyTest, SkipsInvalidRowsOfFortranOrder) {
  std::vector<double> columns(2000, 0.5);  // 1000 rows, 2 columns
  columns[1000 + 17] = 2;
  std::vector<int64_t> labels(1000, 1);
  labels[0] = 0;
  const Dataset data =
      read(npy_labels(labels), npy_bytes("<f8", "(1000, 2)", raw(columns), true), true);
  labels[17] = -1;
  EXPECT_EQ(labels_of(data), labels);
}

TEST_F(NpyTest, RefusesToSkipEverything) {
  ReadOptions all = options(npy_labels({7, 7, 7}), npy_probs(kProbs, 2), true);
  EXPECT_THAT(read_error(all), HasSubstr("nothing is left"));
}

TEST_F(NpyTest, InvalidProbabilitiesAreLeftToTheEngine) {
  EXPECT_EQ(read(npy_labels({0, 1}), npy_probs({2, 3, 4, 5}, 2)).num_rows(), 2);
}

TEST_F(NpyTest, OneArrayIsNoInput) {
  EXPECT_THAT(read_error({.input = dir_.write("y.npy", npy_labels({0}))}),
              HasSubstr("holds one array"));
}

}  // namespace
}  // namespace labelsieve::test
