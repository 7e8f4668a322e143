// SPDX-License-Identifier: Apache-2.0
// What is told live of sticks, by the gateway's courier.
#include "bridges/nncp/stick_feed.h"

#include "bridges/nncp/sticks.h"
#include "two_boxes.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class StickFeedTest : public TwoBoxes {
  protected:
    StickFeedTest() {
        fs::create_directories(root_);
        hill_.options.sticks = {root_};
        courier_ =
            make_courier(hill_.config, *hill_.spool, hill_.options, StickFeed(feed_, "nncp.post"));
    }
    // What was told since the last time, without progress.
    std::vector<std::string> turn() {
        courier_->turn();
        std::vector<std::string> whats;
        for (const LiveEvent& each : feed_.after(seen_, 0ms)) {
            seen_ = each.number;
            EXPECT_EQ(each.kind, "stick");
            last_ = each;
            if (text("what") == "progress")
                ++progress_;
            else
                whats.push_back(text("what"));
        }
        return whats;
    }
    std::string text(const std::string& key) const {
        return std::get<std::string>(last_.details.at(key));
    }
    std::int64_t number(const std::string& key) const {
        return std::get<std::int64_t>(last_.details.at(key));
    }
    using Whats = std::vector<std::string>;

    const fs::path root_ = folder_ / "media", stick_ = root_ / "blue";
    LiveFeed feed_;
    std::unique_ptr<Courier> courier_;
    std::uint64_t seen_ = 0;
    LiveEvent last_;
    int progress_ = 0;
};

TEST_F(StickFeedTest, FromBeingNoticedToBeingGone) {
    exec(hill_, dale_, {"sendmail", "x@y.example"}, "Hello");
    fs::create_directories(stick_ / "nncp");
    EXPECT_EQ(turn(), (Whats{"noticed", "asked"}));
    EXPECT_EQ(text("transport"), "nncp.post");
    EXPECT_EQ(text("name"), "blue");
    EXPECT_EQ(text("id"), "dir:" + fs::canonical(stick_).string());
    EXPECT_NE(text("words").find("waypost usb accept dir:"), std::string::npos);
    ASSERT_TRUE(courier_->accept(text("id")).ok());
    EXPECT_EQ(turn(), (Whats{"began", "safe"}));
    EXPECT_GE(progress_, 1);
    EXPECT_EQ(text("words"), "safe to pull, 0 came, 1 went");
    EXPECT_EQ(number("sent"), 1);
    EXPECT_TRUE(turn().empty());
    fs::remove_all(stick_);
    EXPECT_EQ(turn(), Whats{"gone"});
}

TEST_F(StickFeedTest, AFailureHasItsReason) {
    hill_.options.known_sticks = {"dir:" + (fs::canonical(root_) / "blue").string()};
    courier_ =
        make_courier(hill_.config, *hill_.spool, hill_.options, StickFeed(feed_, "nncp.post"));
    fs::create_directories(stick_ / "nncp");
    fs::create_symlink("/tmp", stick_ / "nncp" / "link");
    EXPECT_EQ(turn(), (Whats{"noticed", "began", "failed"}));
    EXPECT_NE(text("words").find("is a link"), std::string::npos) << text("words");
}

TEST_F(StickFeedTest, ProgressIsToldAFewTimesASecond) {
    StickFeed tell(feed_, "nncp.post");
    CourierEvent event{CourierEvent::Kind::Progress, {}, nullptr};
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 10'000; ++i) {
        event.stick.phase = i < 9'999 ? Phase::Reading : Phase::Writing;
        tell(event);
    }
    const auto took = std::chrono::steady_clock::now() - begun;
    EXPECT_LE(feed_.last(), 3u + static_cast<std::uint64_t>(took / 250ms));
    EXPECT_GE(feed_.last(), 3u) << "noticed, and each phase";
}

}  // namespace
}  // namespace waypost::nncp
