// .npz archives: stored and deflated members, found by name or by shape.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "io/io_files.h"

namespace labelsieve::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class NpzTest : public testing::Test {
 protected:
  using Members = std::vector<std::pair<std::string, std::string>>;

  std::string archive(const Members& members, int level = 0, bool zip64 = false) {
    const std::string path = dir_.path("data.npz");
    write_npz(path, members, level, zip64);
    return path;
  }
  std::string error(const Members& members) { return read_error({.input = archive(members)}); }

  const Members usual_ = {{"labels.npy", npy_labels({0, 1, 1})},
                          {"pred_probs.npy", npy_probs(kProbs, 2)}};
  TempDir dir_;
};

TEST_F(NpzTest, MapsStoredMembers) {
  for (const bool zip64 : {false, true}) {
    const std::string path = archive(usual_, 0, zip64);
    const Dataset data = read_dataset({.input = path});
    EXPECT_THAT(labels_of(data), ElementsAre(0, 1, 1));
    EXPECT_EQ(probs_of(data), kProbs);
    // The matrix lies in the mapped file where the archive has it.
    const std::string bytes = slurp(path);
    const auto offset = static_cast<const char*>(data.pred_probs[0].data) -
                        static_cast<const char*>(data.labels.data);
    const std::string labels = raw<int64_t>({0, 1, 1});
    EXPECT_EQ(bytes.find(raw(kProbs)) - bytes.find(labels), static_cast<size_t>(offset));
  }
}

TEST_F(NpzTest, InflatesDeflatedMembers) {
  for (const bool zip64 : {false, true}) {
    const Dataset data = read_dataset({.input = archive(usual_, 6, zip64)});
    EXPECT_THAT(labels_of(data), ElementsAre(0, 1, 1));
    EXPECT_EQ(probs_of(data), kProbs);
  }
}

TEST_F(NpzTest, FindsMembersByOtherNamesAndShapes) {
  const std::string labels = npy_labels({0, 1, 1});
  const std::string probs = npy_probs(kProbs, 2);
  for (const char* name : {"y", "given_labels", "whatever"}) {
    const Dataset data = read_dataset(
        {.input = archive({{std::string(name) + ".npy", labels}, {"probs.npy", probs}})});
    EXPECT_THAT(labels_of(data), ElementsAre(0, 1, 1)) << name;
  }
  for (const char* name : {"p", "probabilities", "whatever"}) {
    const Dataset data =
        read_dataset({.input = archive({{"y.npy", labels}, {std::string(name) + ".npy", probs}})});
    EXPECT_EQ(probs_of(data), kProbs) << name;
  }
}

TEST_F(NpzTest, TakesMembersThatAreNamed) {
  const Members members = {{"labels.npy", npy_labels({0, 0, 0})},
                           {"mine.npy", npy_labels({0, 1, 1})},
                           {"probs.npy", npy_probs({1, 0, 1, 0, 1, 0}, 2)},
                           {"other.npy", npy_probs(kProbs, 2)}};
  const Dataset data =
      read_dataset({.input = archive(members), .label_column = "mine", .prob_columns = {"other"}});
  EXPECT_THAT(labels_of(data), ElementsAre(0, 1, 1));
  EXPECT_EQ(probs_of(data), kProbs);
  EXPECT_THAT(read_error({.input = archive(members), .label_column = "none"}),
              AllOf(HasSubstr("no member \"none\""), HasSubstr("mine (int64 of shape (3,))")));
}

TEST_F(NpzTest, RefusesAmbiguousMembers) {
  EXPECT_THAT(error({{"a.npy", npy_labels({0, 1, 1})},
                     {"b.npy", npy_labels({0, 1, 1})},
                     {"probs.npy", npy_probs(kProbs, 2)}}),
              AllOf(HasSubstr("several members could be the labels"), HasSubstr("--label-column"),
                    HasSubstr("a (int64 of shape (3,)), b (int64 of shape (3,))")));
  EXPECT_THAT(error({{"y.npy", npy_labels({0, 1, 1})}}), HasSubstr("no member looks like prob"));
}

TEST_F(NpzTest, ReadsClassNamesIdsAndText) {
  Members members = usual_;
  members.emplace_back("class_names.npy", npy_bytes("|S3", "(2,)", "catdog"));
  members.emplace_back("ids.npy", npy_bytes("<i4", "(3,)", raw<int32_t>({7, 8, 9})));
  members.emplace_back("text.npy", npy_bytes("|S1", "(3,)", "abc"));
  const Dataset data = read_dataset({.input = archive(members)});
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(data.ids, ElementsAre("7", "8", "9"));
  EXPECT_THAT(data.text, ElementsAre("a", "b", "c"));
  members[2].second = npy_bytes("|S3", "(3,)", "catdogcow");
  EXPECT_THAT(error(members), HasSubstr("3 class names and 2 columns"));
  members[2].second = npy_bytes("|S3", "(2,)", "catcat");
  EXPECT_THAT(error(members), HasSubstr("\"cat\" stands twice"));
}

TEST_F(NpzTest, StringLabelsAreMatchedWithClassNames) {
  const Dataset data =
      read_dataset({.input = archive({{"y.npy", npy_bytes("|S3", "(3,)", "catdogdog")},
                                      {"probs.npy", npy_probs(kProbs, 2)},
                                      {"classes.npy", npy_bytes("|S3", "(2,)", "dogcat")}})});
  EXPECT_THAT(labels_of(data), ElementsAre(1, 0, 0));
  EXPECT_THAT(data.notes, testing::IsEmpty());
}

TEST_F(NpzTest, RefusesDamagedArchives) {
  const std::string bytes = slurp(archive(usual_));
  EXPECT_THAT(read_error({.input = dir_.write("half.npz", bytes.substr(0, bytes.size() / 2))}),
              HasSubstr("not a complete .npz archive"));
  EXPECT_THAT(read_error({.input = dir_.write("empty.npz", "")}), HasSubstr("the file is empty"));
  EXPECT_THAT(read_error({.input = dir_.write("no.npz", "not an archive")}),
              HasSubstr("not a complete .npz archive"));
  std::string deflated = slurp(archive(usual_, 6));
  const size_t middle = deflated.find("pred_probs.npy") + 40;
  for (size_t i = 0; i < 20; ++i) deflated[middle + i] = 'x';
  EXPECT_THAT(read_error({.input = dir_.write("bits.npz", deflated)}), HasSubstr("damaged"));
  EXPECT_THAT(error({{"y.npy", "no array"}}), HasSubstr("data.npz:y: this is not a .npy file"));
  EXPECT_THAT(error({}), HasSubstr("npz"));
}

TEST_F(NpzTest, RefusesDeflatedMembersWithAWrongChecksum) {
  std::string bytes = slurp(archive(usual_, 6));
  const std::string& member = usual_[1].second;
  const auto sum = static_cast<uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(member.data()),
                                                 static_cast<unsigned>(member.size())));
  const std::string written = raw(std::vector<uint32_t>{sum});
  const std::string changed = raw(std::vector<uint32_t>{sum + 1});
  int places = 0;
  for (size_t at = bytes.find(written); at != std::string::npos; at = bytes.find(written, at)) {
    bytes.replace(at, 4, changed);
    ++places;
  }
  ASSERT_EQ(places, 2) << "in front of the member and in the directory";
  EXPECT_THAT(read_error({.input = dir_.write("sum.npz", bytes)}),
              AllOf(HasSubstr("sum.npz:pred_probs"), HasSubstr("checksum")));
}

TEST_F(NpzTest, RefusesDifferentLengths) {
  EXPECT_THAT(error({{"y.npy", npy_labels({0, 1})}, {"probs.npy", npy_probs(kProbs, 2)}}),
              HasSubstr("2 labels and 3 rows of probabilities"));
}

TEST_F(NpzTest, MayHoldOneOfTwoFiles) {
  const std::string path = archive(usual_);
  const std::string labels = dir_.write("y.npy", npy_labels({1, 1, 1}));
  EXPECT_THAT(labels_of(read_dataset({.labels = labels, .pred_probs = {path}})),
              ElementsAre(1, 1, 1));
  EXPECT_THAT(labels_of(read_dataset({.labels = path, .pred_probs = {path}})),
              ElementsAre(0, 1, 1));
}

}  // namespace
}  // namespace labelsieve::test
