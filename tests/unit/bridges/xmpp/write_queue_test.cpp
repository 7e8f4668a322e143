// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/component/write_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace waypost::xmpp {
namespace {

using testing::ElementsAre;

class WriteQueueTest : public testing::Test {
  protected:
    Sent send(const std::string& xml) { return queue_.send(xml, first_); }
    Sent barrier(int name) {
        return queue_.barrier([this, name](bool taken) { told_.emplace_back(name, taken); },
                              first_);
    }
    std::string take() {
        std::string out;
        last_ping_ = queue_.take(out);
        return out;
    }
    void answered(std::uint64_t number) {
        for (auto& done : queue_.answered(number)) done(true);
    }
    std::string ping(std::uint64_t number) {
        std::string out;
        pings_.write(out, number);
        return out;
    }

    Pings pings_{"gw.example", "m-"};
    WriteQueue queue_{100};
    bool first_ = false;
    std::uint64_t last_ping_ = 0;
    std::vector<std::pair<int, bool>> told_;
};

TEST_F(WriteQueueTest, TakesNothingWithoutAStream) {
    EXPECT_EQ(send("a"), Sent::Down);
    EXPECT_EQ(barrier(1), Sent::Down);
    queue_.begin(pings_);
    EXPECT_EQ(send("a"), Sent::Queued);
    queue_.end();
    EXPECT_EQ(send("b"), Sent::Down);
    queue_.begin(pings_);
    EXPECT_EQ(take(), "");  // of the stream before
}

TEST_F(WriteQueueTest, KeepsTheOrderAndSaysWhenTheWriterMayBeAsleep) {
    queue_.begin(pings_);
    send("a");
    EXPECT_TRUE(first_);
    send("b");
    EXPECT_FALSE(first_);
    barrier(1);
    send("c");
    EXPECT_EQ(take(), "ab" + ping(1) + "c");
    EXPECT_EQ(last_ping_, 1u);
    barrier(2);
    EXPECT_TRUE(first_);
    EXPECT_EQ(take(), ping(2));
}

TEST_F(WriteQueueTest, IsFullUntilHalfIsWritten) {
    queue_.begin(pings_);
    EXPECT_EQ(send(std::string(150, 'x')), Sent::Queued);  // alone it may be as long as it is
    EXPECT_EQ(send("y"), Sent::Full);
    EXPECT_EQ(barrier(1), Sent::Queued);
    EXPECT_FALSE(queue_.has_room());
    const std::size_t size = take().size();
    EXPECT_EQ(send("y"), Sent::Full);  // taken is not written
    queue_.written(size - 51);
    EXPECT_FALSE(queue_.has_room());
    queue_.written(1);
    EXPECT_TRUE(queue_.has_room());
    EXPECT_FALSE(queue_.has_room());
    EXPECT_EQ(send("y"), Sent::Queued);
    EXPECT_EQ(queue_.bytes(), 51u);
}

TEST_F(WriteQueueTest, BarriersAreToldOnceAndInOrder) {
    queue_.begin(pings_);
    barrier(1);
    barrier(2);  // nothing between: the same ping
    send("a");
    barrier(3);
    EXPECT_EQ(take(), ping(1) + "a" + ping(2));
    barrier(4);  // its ping must come after what was taken
    EXPECT_EQ(take(), ping(3));
    EXPECT_EQ(queue_.barriers(), 3u);
    answered(1);
    EXPECT_THAT(told_, ElementsAre(std::pair(1, true), std::pair(2, true)));
    answered(1);
    EXPECT_EQ(told_.size(), 2u);
    answered(2);
    for (auto& done : queue_.end()) done(false);
    EXPECT_THAT(told_, ElementsAre(std::pair(1, true), std::pair(2, true), std::pair(3, true),
                                   std::pair(4, false)));
}

TEST_F(WriteQueueTest, NumbersBeginAnewWithEachStream) {
    queue_.begin(pings_);
    barrier(1);
    queue_.end();
    queue_.begin(Pings("gw.example", "n-"));
    barrier(2);
    EXPECT_THAT(take(), testing::HasSubstr("id='n-1'"));
}

}  // namespace
}  // namespace waypost::xmpp
