// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/link_feed.h"

#include <gmock/gmock.h>

namespace waypost::trunk {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct LinkFeedTest : ::testing::Test {
    // What is told when the link is looked at now.
    std::vector<std::string> look(bool up, const std::string& why = {}) {
        const std::uint64_t before = feed.last();
        link.look(up, why, health, now);
        std::vector<std::string> told;
        for (const LiveEvent& each : feed.after(before, milliseconds(0))) {
            EXPECT_EQ(each.kind, "link");
            EXPECT_EQ(std::get<std::string>(each.details.at("transport")), "trunk.dale");
            EXPECT_EQ(std::get<std::string>(each.details.at("neighbour")), "dale.example");
            told.push_back(std::get<std::string>(each.details.at("what")));
        }
        return told;
    }
    LiveFeed feed;
    LinkFeed link{feed, "trunk.dale", "dale.example"};
    LinkHealth health;
    BoxTime now{};
};

TEST_F(LinkFeedTest, UpAndDownAreToldOnceEach) {
    EXPECT_THAT(look(false, "no answer from dale yet"), ElementsAre("down"));
    EXPECT_THAT(look(false, "no answer from dale yet"), IsEmpty());
    EXPECT_THAT(look(false, "the other box is moor.example"), ElementsAre("down"));
    EXPECT_THAT(look(true), ElementsAre("up"));
    EXPECT_THAT(look(true), IsEmpty());
    EXPECT_THAT(look(false, "gone"), ElementsAre("down"));
}

TEST_F(LinkFeedTest, LossIsToldWhenItIsHighAndWhenItIsLowAgain) {
    look(true);
    health.loss = 0.5;
    EXPECT_THAT(look(true), IsEmpty()) << "a guess";
    health.sent = 100;
    EXPECT_THAT(look(true), ElementsAre("lossy"));
    EXPECT_EQ(std::get<std::int64_t>(feed.after(1, milliseconds(0))[0].details["loss_percent"]),
              50);
    health.loss = 0.25;
    EXPECT_THAT(look(true), IsEmpty());
    health.loss = 0.4;
    EXPECT_THAT(look(true), IsEmpty()) << "not to and fro";
    health.loss = 0.1;
    EXPECT_THAT(look(true), ElementsAre("clear"));
}

TEST_F(LinkFeedTest, TheSignalIsToldWhereItChangedMuchAndOnceAMinute) {
    look(true);
    health.their_snr_db = 5.0F;
    EXPECT_THAT(look(true), ElementsAre("signal"));
    now += std::chrono::minutes(1);
    health.their_snr_db = 3.0F;
    EXPECT_THAT(look(true), IsEmpty());
    health.their_snr_db = -1.0F;
    EXPECT_THAT(look(true), ElementsAre("signal"));
    health.our_snr_db = -9.0F;
    now += std::chrono::seconds(30);
    EXPECT_THAT(look(true), IsEmpty());
    now += std::chrono::seconds(30);
    EXPECT_THAT(look(true), ElementsAre("signal"));
}

}  // namespace
}  // namespace waypost::trunk
