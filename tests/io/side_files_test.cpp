// The files beside a dataset: class names and joints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "io/io_files.h"

namespace labelsieve::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SideFilesTest : public testing::Test {
 protected:
  std::vector<std::string> names(const std::string& text) {
    return read_class_names(dir_.write("names.txt", text));
  }
  std::string names_error(const std::string& text) {
    return message_of([&] { names(text); });
  }
  TempDir dir_;
};

TEST_F(SideFilesTest, ClassNamesStandOneALine) {
  EXPECT_THAT(names("cat\ndog\n"), ElementsAre("cat", "dog"));
  EXPECT_THAT(names("\xEF\xBB\xBF"
                    "cat\r\nhot dog\r\n\r\n"),
              ElementsAre("cat", "hot dog"));
  EXPECT_THAT(names("cat"), ElementsAre("cat"));
}

TEST_F(SideFilesTest, ClassNamesMayBeAJsonArray) {
  EXPECT_THAT(names(" [\"cat\", \"d\\u00f6g\"]\n"), ElementsAre("cat", "dög"));
  EXPECT_THAT(names_error("[\"cat\", 1]"), HasSubstr("not a string"));
  EXPECT_THAT(names_error("[\"cat\""), HasSubstr("no JSON array"));
}

TEST_F(SideFilesTest, ClassNamesAreChecked) {
  EXPECT_THAT(names_error("cat\ndog\ncat\n"),
              HasSubstr("names.txt: the class name \"cat\" stands"));
  EXPECT_THAT(names_error("cat\n\ndog\n"), HasSubstr("names.txt, line 2: the line is empty"));
  EXPECT_THAT(names_error(""), HasSubstr("no class names"));
  EXPECT_THAT(names_error("\n\n"), HasSubstr("no class names"));
  EXPECT_THAT(names_error("[]"), HasSubstr("no class names"));
  EXPECT_THAT(message_of([&] { read_class_names(dir_.path("none")); }), HasSubstr("No such file"));
}

TEST_F(SideFilesTest, JointsOfAnyNumberType) {
  const std::vector<double> expected = {5, 0, 2.5, 1};
  const auto joint = [&](const std::string& bytes) {
    return read_joint(dir_.write("joint.npy", bytes), 2);
  };
  EXPECT_EQ(joint(npy_bytes("<f8", "(2, 2)", raw(expected))).to_dense(), expected);
  EXPECT_EQ(joint(npy_bytes("<f4", "(2, 2)", raw<float>({5, 0, 2.5F, 1}))).to_dense(), expected);
  EXPECT_EQ(joint(npy_bytes("<f8", "(2, 2)", raw<double>({5, 2.5, 0, 1}), true)).to_dense(),
            expected);
  EXPECT_THAT(joint(npy_bytes(">i4", "(2, 2)", raw_swapped<int32_t>({5, 0, 2, 1}))).to_dense(),
              ElementsAre(5, 0, 2, 1));
  EXPECT_EQ(joint(npy_bytes("<f8", "(2, 2)", raw(expected))).values.size(), 3u);
}

TEST_F(SideFilesTest, JointsAreChecked) {
  const auto error = [&](const std::string& bytes) {
    return message_of([&] { read_joint(dir_.write("joint.npy", bytes), 2); });
  };
  EXPECT_THAT(error(npy_bytes("<f8", "(2, 3)", std::string(48, '\0'))), HasSubstr("shape (2, 2)"));
  EXPECT_THAT(error(npy_bytes("|b1", "(2, 2)", std::string(4, '\0'))), HasSubstr("found bool"));
  EXPECT_THAT(error(npy_bytes("<f8", "(2, 2)", raw<double>({1, 0, -1, 1}))),
              HasSubstr("joint.npy, row 1, column 0: "));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(error(npy_bytes("<f8", "(2, 2)", raw<double>({1, nan, 1, 1}))),
              HasSubstr("row 0, column 1: "));
}

}  // namespace
}  // namespace labelsieve::test
