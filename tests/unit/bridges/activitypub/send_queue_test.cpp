// SPDX-License-Identifier: Apache-2.0
// Days of a server that is down, in no time: the queue has one thread, and a letter to another host
// that it sends afterwards says that it is done with what was due.
#include "bridges/activitypub/send_queue.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>

#include "tests/fakes/fake_clock.h"
#include "tests/fakes/locked_state.h"

namespace waypost::activitypub {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const char kDale[] = "https://dale.example/inbox";
const char kProbe[] = "https://probe.example/inbox";  // behind all others in their order

Posted answered(int status) {
    Posted posted;
    posted.status = status;
    return posted;
}

class SendQueueTest : public ::testing::Test {
  protected:
    ~SendQueueTest() override { queue.reset(); }

    void start() {
        accepted = 0;
        queue.emplace(
            state, clock, 1, [this](const Parcel& parcel) { return post(parcel); },
            [this](const Parcel& parcel) { gone.push_back(parcel.inbox); });
        queue->start();
    }
    void add(const std::string& json, const std::string& inbox = kDale) {
        queue->add({inbox, "ana", json});
    }
    // Whatever was due has been tried.
    void settle() {
        for (int i = 0; i < 2; ++i) {  // after the first one, all others come before the second
            std::promise<void> done;
            probed = &done;
            add("probe", kProbe);
            done.get_future().wait();
        }
        while (queue->counters().sent != accepted) std::this_thread::yield();
    }
    void pass(milliseconds time) {
        clock.advance(time);
        queue->tick();
        settle();
    }
    std::size_t rows(const char* kind) const { return state.with_prefix(kind).size(); }

    FakeClock clock;
    LockedState state;
    // What dale says; of others: taken. `tries` and `taken` only after settle().
    Posted dale = answered(202);
    std::vector<std::string> tries, taken, gone;
    std::optional<SendQueue> queue;

  private:
    Posted post(const Parcel& parcel) {
        if (parcel.inbox == kProbe) {
            ++accepted;
            probed->set_value();
            return answered(202);
        }
        tries.push_back(parcel.json);
        const Posted posted = parcel.inbox == kDale ? dale : answered(202);
        if (!posted.taken()) return posted;
        ++accepted;
        taken.push_back(parcel.json);
        return posted;
    }
    std::promise<void>* probed = nullptr;
    std::atomic<std::uint64_t> accepted{0};  // by all, since start
};

TEST_F(SendQueueTest, AServerThatIsDownIsAskedLessAndLessAndGivenUpAfterAWeek) {
    dale = answered(0);
    start();
    add("a post");
    settle();
    std::size_t tried = 1;
    EXPECT_THAT(tries, SizeIs(tried));
    std::vector<minutes> waits = {minutes(1), minutes(5), minutes(30), hours(2), hours(12)};
    for (int day = 0; day < 7; ++day) waits.emplace_back(hours(24));
    for (const minutes wait : waits) {
        EXPECT_THAT(gone, IsEmpty());
        pass(wait - seconds(1));
        EXPECT_THAT(tries, SizeIs(tried)) << "too early, of " << wait.count() << " minutes";
        pass(seconds(1));
        EXPECT_THAT(tries, SizeIs(++tried)) << wait.count() << " minutes";
    }
    EXPECT_THAT(gone, ElementsAre(kDale));
    EXPECT_EQ(queue->counters().given_up, 1u);
    EXPECT_EQ(queue->counters().waiting, 0u);
    for (const char* kind : {"send/", "body/", "failing/"}) EXPECT_EQ(rows(kind), 0u) << kind;
    add("another");
    settle();
    EXPECT_THAT(gone, SizeIs(1)) << "it has a week again";
    EXPECT_EQ(queue->counters().waiting, 1u);
}

TEST_F(SendQueueTest, WhoIsGoneIsForgottenAtOnce) {
    dale = answered(410);
    start();
    add("a post");
    settle();
    EXPECT_THAT(gone, ElementsAre(kDale));
    EXPECT_EQ(queue->counters().refused, 1u);
    EXPECT_EQ(rows("send/"), 0u);
    dale = answered(403);
    add("another");
    settle();
    EXPECT_THAT(gone, SizeIs(1)) << "who refuses one is not gone";
    EXPECT_EQ(queue->counters().refused, 2u);
}

TEST_F(SendQueueTest, AfterAKillAndADayEachArrivesOnceInOrder) {
    dale = answered(502);
    start();
    const std::vector<std::string> all = {"one", "two", "three"};
    for (const std::string& each : all) add(each);
    settle();
    EXPECT_THAT(tries, ElementsAre("one")) << "the others wait behind it";
    queue.reset();
    clock.advance(hours(24));
    dale = answered(202);
    start();
    settle();
    EXPECT_EQ(taken, all);
    EXPECT_EQ(queue->counters().sent, 5u) << "with two probes";
    EXPECT_EQ(rows("send/") + rows("body/") + rows("failing/"), 0u);
}

TEST_F(SendQueueTest, ABoxThatIsSwitchedOffEachNightGivesUpAfterAWeekToo) {
    dale = answered(0);
    for (int day = 0; day < 8; ++day) {
        start();
        if (day == 0) add("a post");
        settle();
        EXPECT_THAT(gone, SizeIs(day < 7 ? 0 : 1)) << "day " << day;
        queue.reset();
        clock.advance(hours(24));
    }
    EXPECT_THAT(tries, SizeIs(8));
}

// A box without a battery clock learns the date after it began to send.
TEST_F(SendQueueTest, AClockThatIsSetGivesNobodyUp) {
    dale = answered(0);
    start();
    add("a post");
    settle();
    clock.jump_wall(hours(50 * 365 * 24));
    pass(minutes(1));
    EXPECT_THAT(tries, SizeIs(2));
    EXPECT_THAT(gone, IsEmpty());
    dale = answered(202);
    pass(minutes(5));
    EXPECT_THAT(taken, ElementsAre("a post"));
}

TEST_F(SendQueueTest, OneThatIsDownHoldsUpNobodyElse) {
    dale = answered(0);
    start();
    for (int i = 0; i < 3; ++i) {
        add("to dale");
        add("to oak", "https://oak.example/inbox");
    }
    settle();
    EXPECT_THAT(taken, SizeIs(3));
    EXPECT_THAT(tries, SizeIs(4));
    EXPECT_EQ(queue->counters().waiting, 3u);
}

TEST_F(SendQueueTest, WhoSaysWhenToComeAgainIsAskedThenAndWithinADay) {
    dale = answered(429);
    dale.retry_after = seconds(hours(3));
    start();
    add("a post");
    settle();
    pass(hours(3) - seconds(1));
    EXPECT_THAT(tries, SizeIs(1));
    dale.retry_after = seconds::max();
    pass(seconds(1));
    EXPECT_THAT(tries, SizeIs(2));
    dale = answered(202);
    pass(hours(24));
    EXPECT_THAT(taken, ElementsAre("a post"));
}

TEST_F(SendQueueTest, WhatIsForManyIsKeptOnceUntilTheLastHasIt) {
    start();
    dale = answered(503);
    queue->add_for_all({kDale, "https://oak.example/inbox"}, "ana", "note", "for all");
    settle();
    EXPECT_THAT(taken, ElementsAre("for all"));
    EXPECT_EQ(rows("body/"), 1u);
    dale = answered(202);
    pass(minutes(1));
    EXPECT_THAT(taken, ElementsAre("for all", "for all"));
    EXPECT_EQ(rows("body/"), 0u);
}

}  // namespace
}  // namespace waypost::activitypub
