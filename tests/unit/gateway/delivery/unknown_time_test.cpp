// SPDX-License-Identifier: Apache-2.0
// A box without a clock of its own is switched on: what waits for the time, and what does not.
#include "tests/unit/gateway/delivery/village.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr hours kYear{24 * 365};

class UnknownTime : public Village {
  protected:
    // The box was off for `off`, and shows `shown` when it is on again.
    void switch_off_and_on(milliseconds shown) {
        close();
        clock_.jump_wall(shown);
        clock_kept_ = false;
        open();
        settle();
    }
    void letter_that_waits() {
        name("ana", kAna);
        relay_->up = false;
        dm(kAna, "bob@example.org hi");
        pass(minutes(1));
    }
    // How long the letter may still wait.
    milliseconds left() {
        return milliseconds(
            store_
                ->read([](store::Tables& t) { return t.deliveries.of_message(1).at(0).expires_ms; })
                .value() -
            to_ms(clock_.wall()));
    }
};

TEST_F(UnknownTime, ItIsSaidFromTheStartAndNothingExpiresUntilItIsTold) {
    letter_that_waits();
    switch_off_and_on(minutes(2));
    EXPECT_EQ(office_->time_doubt(), "nobody has told the time since the box was switched on");
    pass(hours(24 * 40));
    EXPECT_NE(state_of(1), State::Expired) << "longer than it may wait, by a clock nobody knows";
    clock_.synchronise(true);
    pass(minutes(1));
    EXPECT_EQ(office_->time_doubt(), "");
    pass(minutes(1));
    EXPECT_EQ(state_of(1), State::Expired);
}

// The clock begins in 1970, as boards without a saved one do; then a radio tells the year 2027.
TEST_F(UnknownTime, AClockThatBeginsIn1970MovesWhatIsOnRecordThereAndBack) {
    letter_that_waits();
    const milliseconds before = left();
    switch_off_and_on(-milliseconds(to_ms(clock_.wall())) + minutes(1));
    EXPECT_NE(office_->time_doubt(), "");
    pass(minutes(1));
    EXPECT_LT(std::abs((left() - before).count()), 300'000);
    clock_.jump_wall(kYear * 57);
    clock_.synchronise(true);
    pass(minutes(1));
    EXPECT_EQ(office_->time_doubt(), "");
    EXPECT_LT(std::abs((left() - before).count()), 300'000);
    pass(hours(24 * 29));
    EXPECT_NE(state_of(1), State::Expired);
    pass(hours(24 * 2));
    EXPECT_EQ(state_of(1), State::Expired);
}

TEST_F(UnknownTime, WhatIsTriedAgainIsSoByTimeThatPasses) {
    letter_that_waits();
    switch_off_and_on(-kYear * 40);
    relay_->up = true;
    for (int i = 0; i < 30 && state_of(1) != State::Sent; ++i) pass(minutes(1));
    EXPECT_EQ(state_of(1), State::Sent);
}

TEST_F(UnknownTime, TheOperatorsWordIsEnough) {
    switch_off_and_on(hours(3));
    EXPECT_NE(office_->time_doubt(), "");
    office_->confirm_time();
    EXPECT_EQ(office_->time_doubt(), "");
    pass(hours(1));
    EXPECT_EQ(office_->time_doubt(), "");
}

}  // namespace
}  // namespace waypost
