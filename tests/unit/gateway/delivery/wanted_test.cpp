// SPDX-License-Identifier: Apache-2.0
// An instance that is down hears of what waits for it, so that a link asks for its neighbour more
// often than one that nobody misses.
#include "village.h"

namespace waypost {
namespace {

using std::chrono::seconds;

class Wanted : public Village {
  protected:
    Wanted() { relay_->up = false; }
    // The dispatcher looks round every few seconds where nobody wakes it.
    void look_round(seconds time) {
        for (seconds each{0}; each < time; each += seconds(5)) {
            pass(seconds(5));
            office_->wake(relay_->id());
            settle();
        }
    }
    void write_from_many(int persons) {
        for (int i = 0; i < persons; ++i) {
            const std::string number = std::to_string(10 + i);
            name("p" + number, "!000001" + number);
            dm("!000001" + number, "nobody@example.org Hello");
        }
    }
};

TEST_F(Wanted, IsWhoIsDownWhileSomethingWaits) {
    name("ana", kAna);
    look_round(seconds(20));
    EXPECT_EQ(relay_->was_wanted, 0);
    dm(kAna, "bob@example.org Hello");
    look_round(seconds(10));
    const int before = relay_->was_wanted;
    EXPECT_GT(before, 0);
    look_round(seconds(10));
    EXPECT_GT(relay_->was_wanted, before);
    EXPECT_LE(relay_->was_wanted, 6) << "once in a while, not at every look";

    relay_->up = true;
    look_round(seconds(10));
    const int served = relay_->was_wanted;
    ASSERT_EQ(relay_->sent.size(), 1u);
    relay_->up = false;
    look_round(seconds(60));
    EXPECT_EQ(relay_->was_wanted, served) << "nothing waits";
}

TEST_F(Wanted, IsNobodyForWhatHeDoesNotCarry) {
    name("ana", kAna);
    relay_->unreachable = "bob@example.org";
    dm(kAna, "bob@example.org Hello");
    look_round(seconds(60));
    EXPECT_EQ(relay_->was_wanted, 0);
}

TEST_F(Wanted, AlsoForTheLastOfMany) {
    relay_->unreachable = "nobody@example.org";
    write_from_many(40);
    look_round(seconds(60));
    ASSERT_EQ(relay_->was_wanted, 0);
    name("zoe", kAna);
    dm(kAna, "bob@example.org Hello");
    look_round(seconds(30));
    EXPECT_GT(relay_->was_wanted, 0);
}

}  // namespace
}  // namespace waypost
