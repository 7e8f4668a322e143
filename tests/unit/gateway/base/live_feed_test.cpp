// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/live_feed.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace waypost {
namespace {

using namespace std::chrono_literals;

TEST(LiveFeed, KeepsTheLastEventsByNumber) {
    LiveFeed feed;
    EXPECT_EQ(feed.last(), 0u);
    EXPECT_TRUE(feed.after(0, 0ms).empty());
    for (std::int64_t i = 1; i <= 300; ++i) feed.tell({"n", {{"i", i}}, 0});
    EXPECT_EQ(feed.last(), 300u);
    const auto all = feed.after(0, 0ms);
    ASSERT_EQ(all.size(), 256u);
    EXPECT_EQ(all.front().number, 45u);
    EXPECT_EQ(std::get<std::int64_t>(all.back().details.at("i")), 300);
    EXPECT_EQ(feed.after(298, 0ms).size(), 2u);
    EXPECT_TRUE(feed.after(300, 0ms).empty());
}

TEST(LiveFeed, WakesWhoWaits) {
    LiveFeed feed;
    std::thread teller([&] { feed.tell({"n", {}, 0}); });
    EXPECT_EQ(feed.after(0, 10s).size(), 1u);
    teller.join();
    std::thread closer([&] { feed.close(); });
    EXPECT_TRUE(feed.after(1, 60s).empty());
    EXPECT_TRUE(feed.closed());
    closer.join();
}

TEST(LiveFeed, FewWatchAtOnce) {
    LiveFeed feed;
    EXPECT_FALSE(feed.watched());
    std::vector<std::unique_ptr<LiveFeed::Watcher>> watchers;
    for (int i = 0; i < LiveFeed::kMostOnTheBox; ++i) {
        watchers.push_back(std::make_unique<LiveFeed::Watcher>(feed, LiveFeed::Place::Box));
        EXPECT_TRUE(watchers.back()->admitted());
    }
    EXPECT_TRUE(feed.watched());
    EXPECT_FALSE(LiveFeed::Watcher(feed, LiveFeed::Place::Box).admitted());
    watchers.pop_back();
    EXPECT_TRUE(LiveFeed::Watcher(feed, LiveFeed::Place::Box).admitted());
    watchers.clear();
    EXPECT_FALSE(feed.watched());
}

}  // namespace
}  // namespace waypost
