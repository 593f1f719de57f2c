// Files appear whole or not at all.
#include "labelsieve/write.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/io_files.h"

namespace labelsieve::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

mode_t mode_of(const std::string& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST(AtomicFileTest, AppearsOnCommit) {
  const TempDir dir;
  const std::string path = dir.path("out.csv");
  std::string large(300000, 'x');
  {
    AtomicFile file(path);
    file.write("abc");
    file.write(large);
    file.write("def");
    EXPECT_FALSE(std::filesystem::exists(path));
    ASSERT_EQ(dir.files().size(), 1u);
    EXPECT_THAT(dir.files()[0], testing::StartsWith(".out.csv."));
    file.commit();
    EXPECT_EQ(slurp(path), "abc" + large + "def");
  }
  EXPECT_THAT(dir.files(), ElementsAre("out.csv"));
}

TEST(AtomicFileTest, LeavesWhatWasThereWithoutCommit) {
  const TempDir dir;
  const std::string path = dir.write("out.csv", "old");
  {
    AtomicFile file(path);
    file.write(std::string(200000, 'x'));
  }
  EXPECT_EQ(slurp(path), "old");
  EXPECT_THAT(dir.files(), ElementsAre("out.csv"));
}

TEST(AtomicFileTest, KeepsTheModeOfAFileAndTheMaskOfANewOne) {
  const TempDir dir;
  const std::string old = dir.write("old", "old");
  ::chmod(old.c_str(), 0604);
  const mode_t mask = ::umask(027);
  for (const char* name : {"old", "new"}) {
    AtomicFile file(dir.path(name));
    file.commit();
  }
  ::umask(mask);
  EXPECT_EQ(mode_of(old), 0604u);
  EXPECT_EQ(mode_of(dir.path("new")), 0640u);
}

TEST(AtomicFileTest, ReplacesTheFileBehindALink) {
  const TempDir dir;
  const std::string target = dir.write("target", "old");
  std::filesystem::create_symlink("target", dir.path("link"));
  AtomicFile file(dir.path("link"));
  file.write("new");
  file.commit();
  EXPECT_EQ(slurp(target), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(dir.path("link")));
}

TEST(AtomicFileTest, WritesStraightToDevicesAndPipes) {
  const TempDir dir;
  AtomicFile null("/dev/null");
  null.write("x");
  null.commit();
  EXPECT_FALSE(std::filesystem::is_regular_file("/dev/null"));
  ASSERT_EQ(::mkfifo(dir.path("pipe").c_str(), 0600), 0);
  const int reader = ::open(dir.path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  AtomicFile pipe(dir.path("pipe"));
  pipe.write("through");
  pipe.commit();
  char buffer[16] = {};
  EXPECT_EQ(::read(reader, buffer, sizeof buffer), 7);
  EXPECT_STREQ(buffer, "through");
  ::close(reader);
}

TEST(AtomicFileTest, ReportsAFullDisk) {
  EXPECT_THAT(message_of([] {
                AtomicFile file("/dev/full");
                file.write("x");
                file.commit();
              }),
              AllOf(HasSubstr("/dev/full: No space left"), HasSubstr("free some space")));
  EXPECT_EQ(error_of([] { AtomicFile("/dev/full").write(std::string(200000, 'x')); }).code(),
            ErrorCode::kIo);
}

TEST(AtomicFileTest, RefusesPlacesThatCannotBeWritten) {
  const TempDir dir;
  EXPECT_THAT(message_of([&] { AtomicFile file(dir.path("")); }), HasSubstr("directory"));
  EXPECT_THAT(message_of([&] { AtomicFile file(dir.path("none/out.csv")); }),
              AllOf(HasSubstr("none/out.csv"), HasSubstr("folder must exist")));
  const std::string plain = dir.write("plain", "");
  EXPECT_THAT(message_of([&] { AtomicFile file(plain + "/out.csv"); }), HasSubstr("plain/out.csv"));
  EXPECT_THAT(message_of([&] { AtomicFile file("/proc/out.csv"); }), HasSubstr("/proc/out.csv"));
  EXPECT_THAT(dir.files(), ElementsAre("plain"));
}

TEST(AtomicFileTest, RemovesTemporariesForASignalHandler) {
  const TempDir dir;
  AtomicFile first(dir.path("a"));
  AtomicFile second(dir.path("b"));
  first.write("x");
  {
    AtomicFile done(dir.path("done"));
    done.commit();
  }
  EXPECT_EQ(dir.files().size(), 3u);
  AtomicFile::remove_temporaries();
  EXPECT_THAT(dir.files(), ElementsAre("done"));
}

TEST(WriteNpyTest, WritesWhatCanBeReadAgain) {
  const TempDir dir;
  write_npy_bool(dir.path("mask.npy"), std::vector<uint8_t>{1, 0, 1});
  EXPECT_EQ(slurp(dir.path("mask.npy")), npy_bytes("|b1", "(3,)", std::string("\x01\x00\x01", 3)));
  const std::vector<double> scores = {0.5, 0.25};
  write_npy_float64(dir.path("scores.npy"), scores);
  EXPECT_EQ(slurp(dir.path("scores.npy")), npy_bytes("<f8", "(2,)", raw(scores)));
  write_npy_float64(dir.path("none.npy"), {});
  EXPECT_EQ(slurp(dir.path("none.npy")), npy_bytes("<f8", "(0,)", ""));
}

}  // namespace
}  // namespace labelsieve::test
