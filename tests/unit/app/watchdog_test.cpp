// SPDX-License-Identifier: Apache-2.0
// On a clock of its own, beside a real socket and a real store.
#include "app/watchdog.h"

#include <gtest/gtest.h>

#include "gateway/store/store.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/notify_socket.h"
#include "tests/unit/gateway/store/engine.h"

namespace waypost {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// The service manager waits two minutes, so a part may stand still for one.
class WatchdogTest : public ::testing::Test {
  protected:
    void SetUp() override { watch(); }

    void watch() {
        watchdog_.watch([this](std::function<void()> answered) {
            ++asked_;
            store_.writer().submit([](store::Tables&) {}, [answered = std::move(answered)](
                                                              const Result<void>&) { answered(); });
        });
    }
    // What is told when `time` has passed.
    std::string look_after(milliseconds time) {
        clock_.advance(time);
        watchdog_.look();
        return socket_.next();
    }

    NotifySocket socket_;
    ServiceManager manager_{socket_.name(), minutes(2)};
    FakeClock clock_;
    store::TempFolder folder_;
    std::unique_ptr<Random> random_ = system_random();
    store::Store store_{store::open_sqlite(folder_ / "waypost.db"),
                        {folder_ / "waypost.db.bodies", true},
                        *random_};
    int asked_ = 0;
    Watchdog watchdog_{manager_, clock_};
};

TEST_F(WatchdogTest, TellsWhileMainThreadAndWriterMove) {
    for (int round = 1; round <= 5; ++round) {
        watchdog_.main_moves();
        EXPECT_EQ(look_after(seconds(30)), "WATCHDOG=1");
        EXPECT_EQ(asked_, round);
        EXPECT_EQ(store_.writer().step(), 1u);
    }
}

TEST_F(WatchdogTest, FallsSilentWhenTheMainThreadStandsStill) {
    store_.writer().start();
    EXPECT_EQ(look_after(seconds(60)), "WATCHDOG=1");
    EXPECT_EQ(look_after(seconds(1)), "STATUS=stands still: the main thread");
    EXPECT_EQ(look_after(seconds(30)), "");
    watchdog_.main_moves();
    EXPECT_EQ(look_after(seconds(1)), "WATCHDOG=1");
    store_.writer().stop();
}

TEST_F(WatchdogTest, FallsSilentWhenTheWriterDoesNotAnswer) {
    EXPECT_EQ(look_after(seconds(0)), "WATCHDOG=1");
    const auto later = [this](milliseconds time) {
        watchdog_.main_moves();
        clock_.advance(time);
        watchdog_.main_moves();
        watchdog_.look();
        return socket_.next();
    };
    EXPECT_EQ(later(seconds(60)), "WATCHDOG=1");
    EXPECT_EQ(later(seconds(1)), "STATUS=stands still: the store's writer");
    EXPECT_EQ(later(minutes(10)), "");
    EXPECT_EQ(asked_, 1);  // a writer that stands still is given no more
    store_.writer().step();
    EXPECT_EQ(later(seconds(1)), "WATCHDOG=1");
    EXPECT_EQ(asked_, 2);
}

TEST_F(WatchdogTest, AWriterThatFailsHasAnswered) {
    watchdog_.watch([this](std::function<void()> answered) {
        ++asked_;
        store_.writer().submit([](store::Tables&) { throw std::runtime_error("full"); },
                               [answered = std::move(answered)](const Result<void>& stored) {
                                   EXPECT_FALSE(stored.ok());
                                   answered();
                               });
    });
    EXPECT_EQ(look_after(seconds(0)), "WATCHDOG=1");
    store_.writer().step();
    watchdog_.main_moves();
    EXPECT_EQ(look_after(seconds(60)), "WATCHDOG=1");
    EXPECT_EQ(asked_, 2);
}

TEST_F(WatchdogTest, BetweenTwoGatewaysItWaitsAsLongAsItWasTold) {
    watchdog_.leave(minutes(15));
    EXPECT_EQ(look_after(minutes(14)), "WATCHDOG=1");
    EXPECT_EQ(asked_, 0);
    EXPECT_EQ(look_after(minutes(1)), "STATUS=stands still: the main thread");
    watch();
    EXPECT_EQ(look_after(seconds(1)), "WATCHDOG=1");
    EXPECT_EQ(asked_, 1);
}

TEST(Watchdog, GivesTheMainThreadItsRoundHoweverLittleTheServiceManagerWaits) {
    const NotifySocket socket;
    const ServiceManager manager(socket.name(), seconds(2));
    FakeClock clock;
    Watchdog watchdog(manager, clock);
    clock.advance(seconds(10));
    watchdog.look();
    EXPECT_EQ(socket.next(), "WATCHDOG=1");
    clock.advance(seconds(1));
    watchdog.look();
    EXPECT_EQ(socket.next(), "STATUS=stands still: the main thread");
}

TEST(Watchdog, HasNoThreadWhereNobodyWantsToHear) {
    const NotifySocket socket;
    const ServiceManager manager(socket.name());
    const FakeClock clock;
    Watchdog watchdog(manager, clock);
    watchdog.start();
    EXPECT_EQ(socket.next(), "");
}

}  // namespace
}  // namespace waypost
