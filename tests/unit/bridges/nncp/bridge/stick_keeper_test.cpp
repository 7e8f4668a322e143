// SPDX-License-Identifier: Apache-2.0
// An operator's word on a stick, by the gateway's desk.
#include "bridges/nncp/stick_keeper.h"

#include "bridges/nncp/sticks.h"
#include "two_boxes.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

class StickKeeperTest : public TwoBoxes {
  protected:
    StickKeeperTest() {
        fs::create_directories(root_);
        hill_.options.sticks = {root_};
        open();
    }
    void open() {
        stay_.reset();
        courier_ = make_courier(hill_.config, *hill_.spool, hill_.options, {});
        stay_.emplace(desk_, *courier_, hill_.options);
    }
    CourierStick only() const {
        const auto all = desk_.sticks();
        EXPECT_EQ(all.size(), 1u);
        return all.empty() ? CourierStick() : all.front();
    }
    void plug() {
        fs::create_directories(stick_ / "nncp");
        courier_->turn();
    }

    const fs::path root_ = folder_ / "media", stick_ = root_ / "blue";
    CourierDesk desk_;
    std::unique_ptr<Courier> courier_;
    std::optional<CourierStay> stay_;
};

TEST_F(StickKeeperTest, AnUnknownStickIsUsedOnceItIsAccepted) {
    exec(hill_, dale_, {"sendmail", "x@y.example"}, "Hello");
    EXPECT_TRUE(desk_.enabled());
    EXPECT_TRUE(desk_.sticks().empty());
    plug();
    EXPECT_EQ(only().label, "blue");
    EXPECT_EQ(only().state, "asking");
    EXPECT_EQ(only().text, "is this stick to be used?");
    EXPECT_FALSE(only().safe);
    EXPECT_FALSE(only().free) << "it was not touched";
    ASSERT_TRUE(desk_.decide(only().id, true).ok());
    courier_->turn();
    EXPECT_EQ(only().state, "safe");
    EXPECT_EQ(only().text, "safe to pull, 0 came, 1 went");
    EXPECT_TRUE(only().safe);
    EXPECT_EQ(only().out, 1u);
    EXPECT_GT(only().bytes, 0u);
    EXPECT_GT(only().free.value_or(0), 0u);
    EXPECT_GT(only().at_ms, 0);
}

TEST_F(StickKeeperTest, ARefusedOneIsLeftAtOnceAndMayBeAcceptedLater) {
    plug();
    ASSERT_TRUE(desk_.decide(only().id, false).ok());
    EXPECT_EQ(only().state, "refused");
    EXPECT_EQ(only().text, "it is not to be used");
    courier_->turn();
    EXPECT_EQ(only().state, "refused");
    EXPECT_TRUE(fs::is_empty(stick_ / "nncp"));
    ASSERT_TRUE(desk_.decide(only().id, true).ok());
    courier_->turn();
    EXPECT_EQ(only().state, "safe");
}

TEST_F(StickKeeperTest, WhatIsNotHereOrOfTheSettingsIsNotDecided) {
    EXPECT_EQ(desk_.decide("5A3C-11F0", true).error().code, Code::NotFound);
    hill_.options.folders = {(folder_ / "shared").string()};
    fs::create_directories(folder_ / "shared");
    plug();
    hill_.options.known_sticks = {only().id};
    open();
    courier_->turn();
    int conflicts = 0;
    for (const CourierStick& each : desk_.sticks()) {
        const auto done = desk_.decide(each.id, false);
        ASSERT_FALSE(done.ok()) << each.id;
        conflicts += done.error().code == Code::Conflict ? 1 : 0;
    }
    EXPECT_EQ(conflicts, 2) << "a folder, and a stick that is known";
    stay_.reset();
    EXPECT_FALSE(desk_.enabled());
}

}  // namespace
}  // namespace waypost::nncp
