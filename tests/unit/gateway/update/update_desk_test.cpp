// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/update_desk.h"

#include <gtest/gtest.h>

#include "tests/unit/gateway/update/image_side.h"

namespace waypost {
namespace {

class UpdateDeskTest : public ::testing::Test {
  protected:
    static Code code(const Result<void>& result) { return result.error().code; }

    ImageSide image_;
    UpdateDesk desk_{image_.folder()};
};

TEST_F(UpdateDeskTest, ABundleComesInPieces) {
    ASSERT_TRUE(desk_.begin("waypost-1.1.raucb", 10).ok());
    EXPECT_EQ(*desk_.add(0, "first"), 5u);
    EXPECT_EQ(image_.given("bundle.raucb"), "") << "it is not whole";
    ASSERT_TRUE(desk_.upload());
    EXPECT_EQ(desk_.upload()->there, 5u);
    EXPECT_EQ(desk_.upload()->bytes, 10u);
    EXPECT_EQ(*desk_.add(5, "last."), 10u);
    EXPECT_EQ(image_.given("bundle.raucb"), "firstlast.");
    EXPECT_EQ(image_.given("from"), "upload waypost-1.1.raucb\n");
    EXPECT_EQ(image_.given("bundle.new"), "");
    EXPECT_FALSE(desk_.upload());
}

TEST_F(UpdateDeskTest, APieceTwiceOrTooEarlyIsNotTaken) {
    ASSERT_TRUE(desk_.begin("x", 10).ok());
    ASSERT_TRUE(desk_.add(0, "first").ok());
    EXPECT_EQ(desk_.add(0, "first").error().code, Code::Conflict);
    EXPECT_EQ(desk_.add(7, "xyz").error().code, Code::Conflict);
    EXPECT_EQ(desk_.add(5, "longer than that").error().code, Code::TooLarge);
    EXPECT_EQ(*desk_.add(5, "last."), 10u) << "what failed left nothing";
    EXPECT_EQ(image_.given("bundle.raucb"), "firstlast.");
    EXPECT_EQ(desk_.add(10, "").error().code, Code::Conflict) << "none goes on";
}

TEST_F(UpdateDeskTest, WhoBeginsAgainBeginsAtTheBeginning) {
    ASSERT_TRUE(desk_.begin("x", 10).ok());
    ASSERT_TRUE(desk_.add(0, "first").ok());
    ASSERT_TRUE(desk_.begin("y", 3).ok());
    EXPECT_EQ(*desk_.add(0, "abc"), 3u);
    EXPECT_EQ(image_.given("bundle.raucb"), "abc");
    EXPECT_EQ(image_.given("from"), "upload y\n");
}

TEST_F(UpdateDeskTest, OneThatIsGivenUpLeavesNothing) {
    ASSERT_TRUE(desk_.begin("x", 10).ok());
    ASSERT_TRUE(desk_.add(0, "first").ok());
    desk_.cancel();
    EXPECT_FALSE(desk_.upload());
    EXPECT_FALSE(std::filesystem::exists(image_.folder() / "in" / "bundle.new"));
    ASSERT_TRUE(desk_.begin("x", 10).ok());
    ASSERT_TRUE(desk_.add(0, "first").ok());
    const UpdateDesk after_a_kill(image_.folder());
    EXPECT_FALSE(std::filesystem::exists(image_.folder() / "in" / "bundle.new"));
}

TEST_F(UpdateDeskTest, WhatIsNoBundleOrHasNoRoom) {
    EXPECT_EQ(code(desk_.begin("x", 0)), Code::BadInput);
    EXPECT_EQ(code(desk_.begin("x", UpdateDesk::kMostBytes + 1)), Code::TooLarge);
    desk_.settings_are({}, ~std::uint64_t{0} >> 1);
    EXPECT_EQ(code(desk_.begin("x", 10)), Code::Full);
    EXPECT_FALSE(std::filesystem::exists(image_.folder() / "in" / "bundle.new"));
}

TEST_F(UpdateDeskTest, NothingIsDoneWhileTheImageWorks) {
    image_.offers();
    for (const char* doing : {"checking", "installing"}) {
        image_.say("job", std::string("doing=") + doing + '\n');
        EXPECT_EQ(code(desk_.begin("x", 10)), Code::Busy);
        EXPECT_EQ(code(desk_.install()), Code::Busy);
        EXPECT_EQ(code(desk_.discard()), Code::Busy);
        EXPECT_EQ(code(desk_.restart_machine()), Code::Busy);
    }
    EXPECT_EQ(image_.given("wish"), "");
}

TEST_F(UpdateDeskTest, TheAdministratorsWordIsPassedOn) {
    EXPECT_EQ(code(desk_.install()), Code::Conflict) << "nothing is offered";
    image_.offers();
    image_.runs("no");
    EXPECT_EQ(code(desk_.install()), Code::Conflict) << "what runs is being tried itself";
    EXPECT_EQ(image_.given("wish"), "");
    image_.runs("yes");
    EXPECT_TRUE(desk_.install().ok());
    EXPECT_EQ(image_.take("wish"), "install");
    EXPECT_TRUE(desk_.discard().ok());
    EXPECT_EQ(image_.take("wish"), "discard");
    EXPECT_TRUE(desk_.restart_machine().ok());
    EXPECT_EQ(image_.take("wish"), "restart");
}

TEST_F(UpdateDeskTest, WhatWasHandedOverCountsAsBegun) {
    image_.offers();
    image_.say("job", "doing=refused\ncode=signature\n");
    ASSERT_TRUE(desk_.install().ok());
    EXPECT_EQ(desk_.facts()->job->doing, "installing");
    EXPECT_EQ(desk_.facts()->job->version, "1.1");
    EXPECT_EQ(code(desk_.begin("x", 5)), Code::Busy);
    image_.take("wish");
    EXPECT_EQ(desk_.facts()->job->doing, "refused");
    ASSERT_TRUE(desk_.begin("x", 5).ok());
    ASSERT_TRUE(desk_.add(0, "bytes").ok());
    EXPECT_EQ(desk_.facts()->job->doing, "checking");
    EXPECT_EQ(code(desk_.install()), Code::Busy);
    image_.take("bundle.raucb");
    EXPECT_EQ(desk_.facts()->job->doing, "refused");
}

TEST_F(UpdateDeskTest, CouriersBringWhatTheSettingsAllow) {
    EXPECT_FALSE(desk_.wants("nncp:dale", "waypost-1.1.raucb")) << "nobody was named";
    desk_.settings_are({"nncp:dale"}, 0);
    EXPECT_TRUE(desk_.wants("nncp:dale", "waypost-1.1.raucb"));
    EXPECT_FALSE(desk_.wants("nncp:vale", "waypost-1.1.raucb"));
    EXPECT_FALSE(desk_.wants("nncp:dale", "letter.raucb"));
    EXPECT_FALSE(desk_.wants("nncp:dale", "waypost-1.1.zip"));
    const auto file = image_.folder() / "waypost-1.1.raucb";
    image_.say("waypost-1.1.raucb", std::string(200'000, 'x'));
    ASSERT_TRUE(desk_.bring(file, "nncp:dale").ok());
    EXPECT_EQ(image_.given("bundle.raucb"), std::string(200'000, 'x'));
    EXPECT_EQ(image_.given("from"), "nncp:dale waypost-1.1.raucb\n");
}

TEST_F(UpdateDeskTest, NoLinkIsFollowedAndNobodyIsCutOff) {
    std::filesystem::create_symlink("/etc/passwd", image_.folder() / "waypost-1.raucb");
    EXPECT_EQ(code(desk_.bring(image_.folder() / "waypost-1.raucb", "nncp:dale")), Code::NotFound);
    EXPECT_EQ(code(desk_.bring(image_.folder() / "none", "nncp:dale")), Code::NotFound);
    ASSERT_TRUE(desk_.begin("x", 10).ok());
    image_.say("waypost-2.raucb", "bytes");
    EXPECT_EQ(code(desk_.bring(image_.folder() / "waypost-2.raucb", "nncp:dale")), Code::Busy);
}

TEST(UpdateDeskOfNoImage, RefusesAll) {
    UpdateDesk desk("/no/such/folder");
    EXPECT_FALSE(desk.facts());
    EXPECT_EQ(desk.begin("x", 10).error().code, Code::NotFound);
    EXPECT_EQ(desk.add(0, "x").error().code, Code::Conflict);
    EXPECT_EQ(desk.install().error().code, Code::NotFound);
    EXPECT_EQ(desk.restart_machine().error().code, Code::NotFound);
    EXPECT_EQ(desk.bring("/etc/passwd", "nncp:dale").error().code, Code::NotFound);
}

}  // namespace
}  // namespace waypost
