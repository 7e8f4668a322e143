// SPDX-License-Identifier: Apache-2.0
// Copies that the box makes by itself: where they go, that they can be opened, and when.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/backup_keeper.h"
#include "app/backup_places.h"
#include "app/sealed_copy.h"
#include "tests/unit/app/sealed_folder.h"
#include "tests/unit/gateway/delivery/village.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::minutes;

int opened(const std::string& key, const std::string& file, const std::string& into) {
    const std::string command =
        "age -d -i " + key + ' ' + file + " 2>/dev/null | tar -x -C " + into + " 2>/dev/null";
    return std::system(command.c_str());  // NOLINT
}

using Names = std::set<std::string>;

TEST(SealedCopy, OpensWithTheKeyAndWithNoOther) {
    const Folder folder;
    const std::string to = new_key(folder / "key"), other = new_key(folder / "other");
    fs::create_directories(folder / "state/waypost.db.bodies");
    folder.put("state/waypost.db", "all that there is");
    folder.put("state/waypost.db.bodies/one", std::string(300'000, 'x'));
    const std::string file = folder / "copy.tar.age";
    const auto written = write_sealed_copy(folder / "state", file, {to});
    ASSERT_TRUE(written.ok()) << written.error().text;
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    std::ifstream in(file);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(bytes.find("all that there is"), std::string::npos);
    EXPECT_NE(opened(folder / "other", file, folder.make("no")), 0);
    EXPECT_EQ(opened(folder / "key", file, folder.make("yes")), 0);
    std::ifstream back(folder / "yes/waypost.db");
    std::string line;
    std::getline(back, line);
    EXPECT_EQ(line, "all that there is");
    EXPECT_EQ(fs::file_size(folder / "yes/waypost.db.bodies/one"), 300'000u);
}

TEST(SealedCopy, WhatFailsLeavesNothing) {
    const Folder folder;
    const std::string to = new_key(folder / "key");
    const std::string target = folder.make("stick");
    const auto gone = write_sealed_copy(folder / "nothing", target + "/copy", {to});
    EXPECT_FALSE(gone.ok());
    std::string wrong = to;
    wrong.back() = wrong.back() == 'q' ? 'p' : 'q';  // its checksum
    folder.make("state");
    const auto refused = write_sealed_copy(folder / "state", target + "/copy", {wrong});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().text.rfind("age failed: ", 0), 0u) << refused.error().text;
    EXPECT_FALSE(write_sealed_copy(folder / "state", folder / "none/copy", {to}).ok());
    EXPECT_EQ(folder.names("stick"), Names{});
}

TEST(SealedCopy, IsToldToStop) {
    const Folder folder;
    const std::string to = new_key(folder / "key");
    folder.make("state");
    folder.make("stick");
    std::ofstream(folder / "state/large");
    fs::resize_file(folder / "state/large", std::uintmax_t{20} << 30);  // it has holes only
    Wake stop;
    stop.ring();
    EXPECT_FALSE(write_sealed_copy(folder / "state", folder / "stick/copy", {to}, stop.fd()).ok());
    EXPECT_EQ(folder.names("stick"), Names{});
}

TEST(SealedCopy, WhoCanReadItHasToBeNamed) {
    EXPECT_FALSE(check_recipients({}).ok());
    EXPECT_FALSE(check_recipients({"ana@hill.example"}).ok());
    EXPECT_FALSE(check_recipients({"-r"}).ok());
    EXPECT_FALSE(check_recipients({"age1" + std::string(57, 'a') + ';'}).ok());
    EXPECT_TRUE(check_recipients({"age1" + std::string(58, 'q')}).ok());
}

TEST(BackupPlace, IsAStickWithTheFolder) {
    const Folder folder;
    BackupPlan plan;
    plan.to = "stick";
    plan.sticks = {folder.make("media"), folder / "none"};
    std::set<std::string> mounted;
    const auto place = [&] {
        return backup_place(plan, [&](const std::string& path) { return mounted.count(path) > 0; });
    };
    EXPECT_FALSE(place());
    folder.make("media/FOTOS");
    mounted.insert(folder / "media/FOTOS");
    EXPECT_FALSE(place()) << "somebody's stick, not meant for it";
    folder.make("media/OLD/waypost-backups");
    EXPECT_FALSE(place()) << "a folder of the box's own disk";
    folder.make("media/carl/SAFE/waypost-backups");
    mounted.insert(folder / "media/carl/SAFE");
    EXPECT_EQ(place(), folder / "media/carl/SAFE/waypost-backups");
    mounted.insert(folder / "media/OLD");
    EXPECT_EQ(place(), folder / "media/OLD/waypost-backups");
    fs::remove(folder / "media/OLD/waypost-backups");
    fs::create_directory_symlink(folder / "media", folder / "media/OLD/waypost-backups");
    EXPECT_EQ(place(), folder / "media/carl/SAFE/waypost-backups") << "links lead nowhere";
    plan.to = folder / "share";
    EXPECT_FALSE(place());
    folder.make("share");
    EXPECT_EQ(place(), folder / "share");
    EXPECT_TRUE(is_mount_point("/proc"));
    EXPECT_FALSE(is_mount_point(folder / "share"));
}

TEST(BackupPlace, CopiesMayLieOnEachStickWhateverIsPlanned) {
    const Folder folder;
    BackupPlan plan;
    plan.sticks = {folder.make("media")};
    folder.make("media/A/waypost-backups");
    folder.make("media/FOTOS");
    folder.make("media/carl/B/waypost-backups");
    folder.make("media/OLD/waypost-backups");
    const auto folders = [&] {
        return copy_folders(plan, [&](const std::string& path) {
            return path != folder / "media/OLD" && path != folder / "media/carl";
        });
    };
    const std::vector<std::string> sticks{folder / "media/A/waypost-backups",
                                          folder / "media/carl/B/waypost-backups"};
    EXPECT_EQ(folders(), sticks) << "a new box has no plan yet";
    plan.to = folder.make("share");
    EXPECT_EQ(folders().front(), plan.to);
    for (const char* name :
         {"waypost-hill.example-000009.tar.age", "waypost-dale.example-000001.tar.age",
          "waypost-hill.example-000010.tar.age", ".waypost-x-000001.tar.age.partial",
          "letter.tar.age"})
        folder.put(std::string("share/") + name, "x");
    fs::create_symlink("/etc/passwd", folder / "share/waypost-link-000001.tar.age");
    EXPECT_EQ(sealed_files(plan.to),
              (std::vector<std::string>{"waypost-hill.example-000010.tar.age",
                                        "waypost-hill.example-000009.tar.age",
                                        "waypost-dale.example-000001.tar.age"}));
    EXPECT_TRUE(sealed_files(folder / "none").empty());
}

TEST(BackupPlace, TheOldestCopiesOfThisBoxGo) {
    const Folder folder;
    const std::string at = folder.make("stick");
    EXPECT_EQ(next_copy(at, "hill.example"), at + "/waypost-hill.example-000001.tar.age");
    for (const char* name :
         {"waypost-hill.example-000009.tar.age", "waypost-hill.example-000010.tar.age",
          "waypost-hill.example-000011.tar.age", "waypost-dale.example-000001.tar.age",
          "waypost-hill.example-x.tar.age", "waypost-hill.example-.tar.age",
          ".waypost-hill.example-000012.tar.age.partial", "letter.txt"})
        folder.put(std::string("stick/") + name, "x");
    EXPECT_EQ(next_copy(at, "hill.example"), at + "/waypost-hill.example-000012.tar.age");
    remove_old_copies(at, "hill.example", 2);
    EXPECT_EQ(folder.names("stick"),
              (Names{"waypost-hill.example-000010.tar.age", "waypost-hill.example-000011.tar.age",
                     "waypost-dale.example-000001.tar.age", "waypost-hill.example-x.tar.age",
                     "waypost-hill.example-.tar.age", "letter.txt"}));
}

class Keeper : public Village {
  protected:
    Keeper() {
        store_->writer().start();  // as in a gateway: copies wait for it
        plan_.to = here_ / "stick";
        plan_.recipients = {new_key(here_ / "key")};
        plan_.every = hours(24);
        plan_.keep = 2;
        plan_.box = "hill.example";
    }
    ~Keeper() override { store_->writer().stop(); }
    BackupFacts look(BackupKeeper& keeper, milliseconds later) {
        clock_.advance(later);
        keeper.look();
        (void)store_->writer().run([](store::Tables&) {});
        keeper.look();  // what is on record by now
        return keeper.facts();
    }
    std::size_t copies() { return fs::exists(here_ / "stick") ? here_.names("stick").size() : 0; }

    const Folder here_;
    BackupPlan plan_;
};

TEST_F(Keeper, MakesOneWhenItIsTimeAndAStickIsThere) {
    Desk desk(*office_);
    BackupKeeper keeper(desk, folder_ + "/waypost.db", plan_);
    BackupFacts facts = look(keeper, minutes(1));
    EXPECT_TRUE(facts.planned);
    EXPECT_FALSE(facts.here);
    EXPECT_EQ(facts.last, "");
    here_.make("stick");
    facts = look(keeper, minutes(1));
    EXPECT_TRUE(facts.here);
    EXPECT_EQ(facts.problem, "");
    ASSERT_EQ(facts.last, plan_.to + "/waypost-hill.example-000001.tar.age");
    EXPECT_EQ(opened(here_ / "key", facts.last, here_.make("back")), 0);
    EXPECT_TRUE(fs::exists(here_ / "back/waypost.db"));
    EXPECT_FALSE(fs::exists(folder_ + "/waypost.db.copy")) << "nothing in clear stays";
    look(keeper, hours(23));
    EXPECT_EQ(copies(), 1u);
    BackupKeeper after_a_restart(desk, folder_ + "/waypost.db", plan_);
    look(after_a_restart, minutes(30));
    EXPECT_EQ(copies(), 1u);
    look(after_a_restart, hours(1));
    EXPECT_EQ(copies(), 2u);
    look(after_a_restart, hours(25));
    EXPECT_EQ(copies(), 2u) << "so many stay";
    EXPECT_EQ(after_a_restart.facts().last, plan_.to + "/waypost-hill.example-000003.tar.age");
}

TEST_F(Keeper, SaysWhyItCannotAndTriesAgain) {
    Desk desk(*office_);
    const std::string right = plan_.recipients[0];
    plan_.recipients[0].back() = right.back() == 'q' ? 'p' : 'q';
    here_.make("stick");
    BackupKeeper keeper(desk, folder_ + "/waypost.db", plan_);
    BackupFacts facts = look(keeper, minutes(1));
    EXPECT_EQ(facts.problem.rfind("age failed: ", 0), 0u) << facts.problem;
    EXPECT_EQ(copies(), 0u);
    EXPECT_FALSE(fs::exists(folder_ + "/waypost.db.copy"));
    plan_.recipients[0] = right;
    keeper.use(plan_);
    look(keeper, minutes(5));
    EXPECT_EQ(copies(), 0u) << "not at once";
    facts = look(keeper, minutes(15));
    EXPECT_EQ(copies(), 1u);
    EXPECT_EQ(facts.problem, "");
}

TEST_F(Keeper, WithoutASettingNothingIsDone) {
    Desk desk(*office_);
    plan_.to.clear();
    here_.make("stick");
    BackupKeeper keeper(desk, folder_ + "/waypost.db", plan_);
    EXPECT_FALSE(look(keeper, hours(50)).planned);
    EXPECT_EQ(copies(), 0u);
}

}  // namespace
}  // namespace waypost
