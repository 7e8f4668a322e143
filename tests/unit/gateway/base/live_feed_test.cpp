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

LiveEvent delivery(std::int64_t id, const std::string& state, std::vector<std::string> owners) {
    LiveEvent event{"delivery", {{"id", id}, {"state", state}}, 0};
    event.subject = std::to_string(id);
    event.owners = std::move(owners);
    return event;
}

TEST(LiveFeed, ABatchIsOneForAllWhoAreAsFar) {
    LiveFeed feed;
    feed.tell(delivery(7, "ready", {}));
    feed.tell(delivery(8, "ready", {}));
    feed.tell(delivery(7, "sent", {}));
    const auto first = feed.batch({}, 0, 0ms);
    ASSERT_TRUE(first);
    EXPECT_EQ(feed.batch({}, 0, 0ms), first);
    EXPECT_EQ(first->last(), 3u);
    EXPECT_FALSE(first->missed());
    ASSERT_EQ(first->events().size(), 2u) << "of one subject the newest";
    EXPECT_EQ(first->events()[0]->number, 2u);
    EXPECT_EQ(first->events()[1]->number, 3u);
    int written = 0;
    const auto write = [&](const LiveBatch&) { return std::to_string(++written); };
    EXPECT_EQ(first->text(write), "1");
    EXPECT_EQ(&first->text(write), &first->text(write));
    EXPECT_EQ(written, 1);
    EXPECT_FALSE(feed.batch({}, 3, 0ms)) << "nothing came since";
}

TEST(LiveFeed, BatchesAreFourASecondAtTheMost) {
    LiveFeed feed;
    feed.tell({"n", {}, 0});
    const auto start = std::chrono::steady_clock::now();
    std::uint64_t after = feed.batch({}, 0, 0ms)->last();
    for (std::uint64_t i = 2; i <= 3; ++i) {
        feed.tell({"n", {}, 0});
        after = feed.batch({}, after, 10s)->last();
        EXPECT_EQ(after, i);
    }
    EXPECT_GE(std::chrono::steady_clock::now() - start, 2 * LiveFeed::kBatchEvery);
}

TEST(LiveFeed, ABatchOfOnesOwnHasNothingOfOthers) {
    LiveFeed feed;
    feed.tell(delivery(7, "ready", {"ana", "ben"}));
    feed.tell(delivery(8, "ready", {"ben"}));
    feed.tell({"stick", {}, 0});
    const auto anas = feed.batch("ana", 0, 0ms);
    ASSERT_EQ(anas->events().size(), 1u);
    EXPECT_EQ(anas->events()[0]->number, 1u);
    EXPECT_EQ(anas->last(), 3u);
    EXPECT_EQ(feed.batch("ben", 0, 0ms)->events().size(), 2u);
    EXPECT_TRUE(feed.batch("an", 0, 0ms)->events().empty());
    EXPECT_EQ(feed.batch({}, 0, 0ms)->events().size(), 3u);
}

TEST(LiveFeed, SaysWhatIsNotKept) {
    LiveFeed feed;
    for (int i = 0; i < 257; ++i) feed.tell({"n", {}, 0});
    EXPECT_TRUE(feed.batch({}, 0, 0ms)->missed());
    EXPECT_FALSE(feed.batch({}, 1, 0ms)->missed()) << "all behind the first are kept";
    LiveFeed quiet;
    quiet.pass_over();
    EXPECT_TRUE(quiet.batch({}, 0, 0ms)->missed());
    EXPECT_EQ(quiet.last(), 1u);
    const auto restarted = quiet.batch({}, 99, 0ms);
    ASSERT_TRUE(restarted) << "a number of before the box started anew";
    EXPECT_TRUE(restarted->missed());
    EXPECT_EQ(restarted->last(), 1u);
}

TEST(LiveFeed, VillagersLeavePlacesForOperators) {
    using Place = LiveFeed::Place;
    LiveFeed feed;
    std::vector<std::unique_ptr<LiveFeed::Watcher>> watchers;
    const auto comes = [&](Place place) {
        watchers.push_back(std::make_unique<LiveFeed::Watcher>(feed, place));
        return watchers.back()->admitted();
    };
    for (int i = 0; i < LiveFeed::kMostVillagers; ++i) EXPECT_TRUE(comes(Place::Villager));
    EXPECT_FALSE(comes(Place::Villager));
    for (int i = LiveFeed::kMostVillagers; i < LiveFeed::kMostConsoles; ++i)
        EXPECT_TRUE(comes(Place::Console));
    EXPECT_FALSE(comes(Place::Console));
    EXPECT_TRUE(comes(Place::Box));
    watchers.erase(watchers.begin());
    EXPECT_TRUE(comes(Place::Villager));
}

}  // namespace
}  // namespace waypost
