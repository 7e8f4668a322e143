// SPDX-License-Identifier: Apache-2.0
// What the core tells whoever looks on.
#include "gateway/delivery/live_news.h"

#include "tests/unit/gateway/delivery/village.h"

namespace waypost {
namespace {

using namespace std::chrono_literals;

std::string text(const LiveEvent& event, const std::string& key) {
    const auto found = event.details.find(key);
    return found == event.details.end() ? "" : std::get<std::string>(found->second);
}

class TransportWatchTest : public testing::Test {
  protected:
    TransportWatchTest() {
        transports_.add(radio_);
        look();
    }
    // "transport what words" of each, since the last look.
    std::vector<std::string> look() {
        const std::uint64_t before = feed_.last();
        watch_.look();
        std::vector<std::string> told;
        for (const LiveEvent& each : feed_.after(before, 0ms)) {
            EXPECT_EQ(each.kind, "transport");
            EXPECT_EQ(text(each, "network"), "meshtastic");
            told.push_back(text(each, "transport") + ' ' + text(each, "what"));
        }
        return told;
    }
    static std::shared_ptr<FakeTransport> radio(const std::string& id) {
        return std::make_shared<FakeTransport>(id, "meshtastic", "meshtastic", Limits{});
    }
    using Told = std::vector<std::string>;

    LiveFeed feed_;
    Transports transports_;
    std::shared_ptr<FakeTransport> radio_ = radio("meshtastic.roof");
    TransportWatch watch_{transports_, feed_};
};

TEST_F(TransportWatchTest, TellsOnceWhatHasChanged) {
    EXPECT_EQ(look(), Told{});
    radio_->up = false;
    EXPECT_EQ(look(), Told{"meshtastic.roof down"});
    EXPECT_EQ(look(), Told{});
    radio_->up = true;
    EXPECT_EQ(look(), Told{"meshtastic.roof up"});
    EXPECT_EQ(look(), Told{});
}

TEST_F(TransportWatchTest, TellsWhatComesAndGoes) {
    transports_.add(radio("meshtastic.usb"));
    EXPECT_EQ(look(), Told{"meshtastic.usb up"});
    transports_.remove("meshtastic.roof");
    EXPECT_EQ(look(), Told{"meshtastic.roof gone"});
    EXPECT_EQ(look(), Told{});
}

TEST(LiveNews, DeliveriesAreToldWhileSomebodyLooksOn) {
    LiveFeed feed;
    const std::vector<Moved> moved{{3, 7, "email", State::Ready, "ana", "ben"},
                                   {4, 8, "email", State::Sent, "ana", "ana"}};
    tell_moved(feed, moved);
    EXPECT_TRUE(feed.after(0, 0ms).empty());
    EXPECT_TRUE(feed.batch({}, 0, 0ms)->missed()) << "who asked before knows that he missed it";
    const LiveFeed::Watcher watcher(feed, LiveFeed::Place::Console);
    tell_moved(feed, moved);
    const auto told = feed.after(0, 0ms);
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0].owners, (std::vector<std::string>{"ana", "ben"}));
    EXPECT_EQ(told[0].subject, "7");
    EXPECT_EQ(std::get<std::int64_t>(told[1].details.at("message")), 4);
    EXPECT_EQ(text(told[1], "state"), "sent");
}

class LastHeardTest : public Village {};

TEST_F(LastHeardTest, IsWhenAnythingLastCameIn) {
    DeskTools tools;
    tools.live = std::make_shared<LiveFeed>();
    Desk desk(*office_, tools);
    const auto heard = [&](const TransportId& id) {
        for (const TransportReport& each : desk.status().transports)
            if (each.id == id) return each.heard_ms;
        return std::int64_t{-1};
    };
    EXPECT_EQ(heard(radio_->id()), 0);
    EXPECT_EQ(heard(relay_->id()), 0);
    const std::int64_t at = box_->wall_ms();
    hear(kAna);
    EXPECT_EQ(heard(radio_->id()), at);
    EXPECT_EQ(heard(relay_->id()), 0);
    clock_.advance(1min);
    mail("bob@example.org", "ana@hill.example", "hello", "1");
    EXPECT_EQ(heard(relay_->id()), at + 60'000);
    EXPECT_EQ(heard(radio_->id()), at);
    tools.live->packets().note({0, at + 90'000, radio_->id(), true, 9, "of ours", {}, {}});
    EXPECT_EQ(heard(radio_->id()), at) << "what was sent was not heard";
    tools.live->packets().note({0, at + 90'000, radio_->id(), false, 9, "of others", {}, {}});
    EXPECT_EQ(heard(radio_->id()), at + 90'000);
}

}  // namespace
}  // namespace waypost
