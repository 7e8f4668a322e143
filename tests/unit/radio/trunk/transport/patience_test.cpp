// SPDX-License-Identifier: Apache-2.0
// What waits for a neighbour that is not heard goes another way, unless it may be there.
#include "tests/unit/radio/trunk/transport/two_posts.h"

namespace waypost::trunk {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = Outcome::Kind;

class Patient : public TwoPosts {
  protected:
    Patient() {
        hill_->give_back_after = hours(12);
        hill_->open(now_);
        run(minutes(1));
    }
    // Ten are enough for one of them to be waiting yet while others are under way.
    void write_many() {
        for (int i = 1; i <= 10; ++i)
            hill_->post().deliver(letter("ben@dale.example", std::string(300, 'x'), i));
    }
};

TEST_F(Patient, WhatWasNeverSentIsGivenBackAndWhatWasBegunStays) {
    dale_->close();
    write_many();
    run(hours(11));
    EXPECT_THAT(outcomes(), IsEmpty());
    EXPECT_TRUE(hill_->post().up());
    run(hours(2));
    const auto given = outcomes();
    ASSERT_GT(given.size(), 0u);
    EXPECT_THAT(given, ::testing::Each(Kind::Retry));
    EXPECT_EQ(hill_->office.reports[0].second.code, "connection");
    EXPECT_EQ(hill_->office.reports[0].second.detail, "dale does not answer");
    EXPECT_FALSE(hill_->post().up());
    EXPECT_EQ(hill_->post().why_down(), "dale does not answer");
    EXPECT_EQ(given.size() + hill_->post().waiting(), 10u);
    EXPECT_GT(hill_->post().waiting(), 0u) << "some may be there";
    hill_->post().deliver(letter("ben@dale.example", "One more", 11));
    run(minutes(1));
    EXPECT_EQ(outcomes().back(), Kind::NotTried) << "another way is to be used at once";
    const std::size_t before = outcomes().size();
    dale_->open(now_);
    run(hours(2));
    EXPECT_TRUE(hill_->post().up());
    EXPECT_EQ(dale_->office.accepted.size() + given.size(), 10u) << "none twice, none lost";
    EXPECT_EQ(outcomes().size(), before + dale_->office.accepted.size());
    EXPECT_EQ(hill_->post().waiting(), 0u);
}

TEST_F(Patient, RestartsDoNotBeginItAnew) {
    dale_->close();
    write_many();
    for (int night = 0; night < 3; ++night) {
        run(hours(5));
        hill_->open(now_);
    }
    run(minutes(1));
    EXPECT_THAT(outcomes(), ::testing::Contains(Kind::Retry));
}

TEST_F(Patient, ALinkWithoutAnythingToSayIsNotSilent) {
    dale_->close();
    run(hours(48));
    EXPECT_TRUE(hill_->post().up());
    dale_->open(now_);
    hill_->post().deliver(letter("ben@dale.example", "Hello"));
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Sent));
}

TEST_F(Patient, WithoutALimitItWaits) {
    hill_->give_back_after = milliseconds(0);
    hill_->open(now_);
    run(minutes(1));
    dale_->close();
    write_many();
    run(hours(24 * 10));
    EXPECT_THAT(outcomes(), IsEmpty());
    dale_->open(now_);
    run();
    EXPECT_THAT(outcomes(), SizeIs(10));
}

}  // namespace
}  // namespace waypost::trunk
