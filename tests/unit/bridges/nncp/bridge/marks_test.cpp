// SPDX-License-Identifier: Apache-2.0
// What was seen is remembered for long, and not for ever.
#include <fcntl.h>
#include <sys/stat.h>

#include <ctime>
#include <filesystem>
#include <fstream>

#include "two_boxes.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

class Marks : public TwoBoxes {
  protected:
    // As a tool of nncp, or a toss of ours, marks it.
    fs::path mark(char of, std::time_t at = std::time(nullptr) - 400 * 86400) {
        Mth name{};
        name.fill(static_cast<std::uint8_t>(of));
        EXPECT_TRUE(dale_.spool->mark_seen(hill_.config.self->id, name).ok());
        const fs::path file =
            dale_.spool->folder(hill_.config.self->id, Way::Rx) / "seen" / to_base32(name);
        date(file, at);
        return file;
    }
    fs::path area_mark(char of) {
        Mth name{};
        name.fill(static_cast<std::uint8_t>(of));
        const AreaId area = hill_.config.areas.at("news").id;
        EXPECT_TRUE(dale_.spool->mark_area_seen(hill_.config.self->id, area, name).ok());
        const fs::path file = dale_.spool->directory() / to_base32(hill_.config.self->id) / "area" /
                              to_base32(area) / to_base32(name);
        date(file, std::time(nullptr) - 400 * 86400);
        return file;
    }
    static void date(const fs::path& file, std::time_t at) {
        const timespec times[2] = {{at, 0}, {at, 0}};
        ASSERT_EQ(::utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
    }
    void live(int days) {
        dale_.office.time().advance(std::chrono::hours(24 * days));
        dale_.round();
    }
};

TEST_F(Marks, GoAfterTheLongestExpiryAndSixtyDays) {
    const fs::path old = mark(1);
    const fs::path of_area = area_mark(2);
    dale_.round();
    EXPECT_TRUE(fs::exists(old)) << "it may have been made a moment ago, by a clock that was wrong";
    live(100);
    const fs::path later = mark(3);
    live(1);
    live(99);
    dale_.open();  // a restart forgets nothing of it
    dale_.round();
    EXPECT_TRUE(fs::exists(old) && fs::exists(of_area));
    live(45);
    EXPECT_FALSE(fs::exists(old));
    EXPECT_FALSE(fs::exists(of_area));
    EXPECT_TRUE(fs::exists(later));
    live(100);
    EXPECT_FALSE(fs::exists(later));
}

TEST_F(Marks, NoJumpOfTheWallClockTakesThem) {
    const fs::path kept = mark(1);
    dale_.round();
    dale_.office.time().jump_wall(std::chrono::hours(24 * 365 * 16));
    live(2);
    EXPECT_TRUE(fs::exists(kept));
}

TEST_F(Marks, OneThatWasMadeAnewIsAsYoungAsItIs) {
    const fs::path again = mark(1);
    dale_.office.time().synchronise(true);
    dale_.round();
    live(200);
    date(again, std::time(nullptr));  // `nncp-rm -seen`, and then the same packet once more
    live(45);
    EXPECT_TRUE(fs::exists(again));
    date(again, std::time(nullptr) - 300 * 86400);
    live(245);
    EXPECT_FALSE(fs::exists(again));
}

// Else a box that begins in 1970 each time would keep all of them for ever.
TEST_F(Marks, WithoutARightClockTheirDatesSayNothing) {
    const fs::path old = mark(1, std::time(nullptr));
    dale_.round();
    live(245);
    EXPECT_FALSE(fs::exists(old));
}

TEST_F(Marks, NothingElseIsDeleted) {
    const fs::path seen = mark(1).parent_path();
    std::ofstream(seen / "README") << "by hand";
    fs::create_directories(dale_.spool->directory() / "waypost" / "marks");
    std::ofstream(dale_.spool->directory() / "waypost" / "marks" / "0")
        << "../../etc/passwd\n"
        << fs::relative(seen, dale_.spool->directory()).string() << "/README\n"
        << "torn";
    live(300);
    live(300);
    EXPECT_TRUE(fs::exists(seen / "README"));
}

TEST_F(Marks, AsLongAsTheOperatorWants) {
    dale_.options.keep_seen = std::chrono::hours(24 * 400);
    dale_.open();
    const fs::path old = mark(1, std::time(nullptr) - 900 * 86400);
    dale_.round();
    live(300);
    EXPECT_TRUE(fs::exists(old));
    live(110);
    EXPECT_FALSE(fs::exists(old));
}

}  // namespace
}  // namespace waypost::nncp
