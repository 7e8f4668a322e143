// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/courier.h"

#include <condition_variable>

#include "tests/unit/bridges/nncp/courier/failing_folder.h"
#include "tests/unit/bridges/nncp/courier/plugs.h"
#include "tests/unit/bridges/nncp/courier/stick.h"

namespace waypost::nncp {
namespace {

using State = StickStatus::State;
using Kind = CourierEvent::Kind;

class CourierTest : public StickTest {
  protected:
    CourierTest() {
        fs::create_directories(root_);
        fs::create_directories(light_);
        fs::remove(stick_);
        options_.places.roots = {root_};
        options_.places.mountinfo = (folder_ / "mountinfo").string();
        options_.exchange = options();
        options_.led = light_;
    }
    Courier& courier() {
        if (!courier_) {
            CourierParts parts;
            parts.devices = std::make_unique<FakeDevices>(plugs_);
            auto mounter = std::make_unique<FakeMounter>(stick_);
            mounter_ = mounter.get();
            parts.mounter = std::move(mounter);
            parts.clock = &clock_;
            courier_ = std::make_unique<Courier>(
                village_.config, village_.spool, options_,
                [this](const CourierEvent& event) {
                    if (event.kind != Kind::Progress) told_.push_back(event.kind);
                    if (event.kind == Kind::Began && on_began_) on_began_();
                },
                std::move(parts));
        }
        return *courier_;
    }
    void turn(std::vector<Kind> expected) {
        courier().turn();
        EXPECT_EQ(std::exchange(told_, {}), expected);
    }
    // As if mounted by the desktop.
    void plug(const std::string& name, const std::string& id) {
        const fs::path at = root_ / name;
        fs::create_directories(at);
        plugs_.present.push_back({"/dev/" + name, id, "vfat", name});
        std::ofstream(options_.places.mountinfo, std::ios::app)
            << "1 1 8:1 / " << fs::canonical(at).string() << " rw - vfat /dev/" << name << " rw\n";
    }
    void pull() {
        plugs_.present.clear();
        std::ofstream(options_.places.mountinfo) << "";
        for (const auto& each : fs::directory_iterator(root_)) fs::remove_all(each.path());
    }
    StickStatus only() {
        const auto all = courier().status();
        EXPECT_EQ(all.size(), 1u);
        return all.empty() ? StickStatus() : all.front();
    }
    std::string light() const {
        return text_of(light_ / "trigger") + text_of(light_ / "brightness");
    }

    const fs::path root_ = folder_ / "media", light_ = folder_ / "light";
    CourierOptions options_;
    Plugs plugs_;
    FakeMounter* mounter_ = nullptr;
    std::vector<Kind> told_;
    std::function<void()> on_began_;
    std::unique_ptr<Courier> courier_;
};

TEST_F(CourierTest, AStickThatIsNotKnownIsAskedAboutAndNotTouched) {
    village_.queue("relay", "text");
    turn({});
    plug("blue", "5A3C-11F0");
    turn({Kind::Ask});
    turn({});
    EXPECT_EQ(only().state, State::Asking);
    EXPECT_EQ(only().name, "blue");
    EXPECT_TRUE(fs::is_empty(root_ / "blue"));
    EXPECT_EQ(text_of(light_ / "delay_on"), "1000");
    ASSERT_TRUE(courier().accept("5A3C-11F0").ok());
    turn({Kind::Began, Kind::Ended});
    EXPECT_EQ(only().state, State::Safe);
    EXPECT_EQ(only().sent, 1u);
    EXPECT_EQ(light(), "none1");
    turn({});
}

TEST_F(CourierTest, AKnownOneIsServedOnceEachTimeItComes) {
    options_.known = {"5A3C-11F0"};
    plug("blue", "5A3C-11F0");
    turn({Kind::Began, Kind::Ended});
    village_.queue("relay", "text");
    turn({});
    pull();
    turn({Kind::Gone});
    EXPECT_EQ(light(), "none0");
    EXPECT_TRUE(courier().status().empty());
    plug("blue", "5A3C-11F0");
    turn({Kind::Began, Kind::Ended});
    EXPECT_EQ(only().sent, 1u);
}

TEST_F(CourierTest, ARefusedOneIsLeft) {
    ASSERT_TRUE(courier().refuse("5A3C-11F0").ok());
    plug("blue", "5A3C-11F0");
    turn({});
    EXPECT_EQ(only().state, State::Refused);
    EXPECT_TRUE(fs::is_empty(root_ / "blue"));
}

TEST_F(CourierTest, AFolderThatAppearsCountsTheSame) {
    fs::create_directory(root_ / "old");
    turn({});
    fs::create_directory(root_ / "new");
    turn({Kind::Ask});
    EXPECT_EQ(only().id, "dir:" + fs::canonical(root_ / "new").string());
    fs::create_directories(root_ / "old" / "nncp");
    turn({Kind::Ask});
}

TEST_F(CourierTest, WhatNobodyMountedIsMountedAndUnmounted) {
    options_.places.mount_folder = folder_ / "mounts";
    options_.known = {"5A3C-11F0", "BAD"};
    fs::create_directory(stick_);
    village_.queue("relay", "text");
    plugs_.present = {{"/dev/blue", "5A3C-11F0", "vfat", "BLUE"}};
    turn({Kind::Began, Kind::Ended});
    EXPECT_EQ(only().state, State::Safe);
    EXPECT_TRUE(only().path.empty());
    EXPECT_EQ(mounter_->mounted, 0);
    EXPECT_TRUE(fs::exists(stick_ / "nncp"));
    turn({});
    plugs_.present = {{"/dev/red", "BAD", "ntfs", "RED"}};
    turn({Kind::Gone, Kind::Began, Kind::Ended});
    EXPECT_EQ(only().state, State::Failed);
    EXPECT_EQ(only().why, "not FAT");
    EXPECT_EQ(text_of(light_ / "delay_on"), "50");
}

TEST_F(CourierTest, AStickThatIsNotMountedAnyMoreIsNotWrittenTo) {
    options_.known = {"5A3C-11F0"};
    plug("blue", "5A3C-11F0");
    on_began_ = [this] { std::ofstream(options_.places.mountinfo) << ""; };
    turn({Kind::Began, Kind::Ended});
    EXPECT_EQ(only().state, State::Failed);
    EXPECT_TRUE(fs::is_empty(root_ / "blue"));
    turn({Kind::Gone});
}

TEST_F(CourierTest, DirectoriesAreVisitedOnChangeAndFromTimeToTime) {
    const fs::path share = folder_ / "share";
    options_.places.directories = {share};
    turn({});
    fs::create_directory(share);
    turn({});  // nothing to do there, and nothing is told
    EXPECT_EQ(only().state, State::Safe);
    EXPECT_TRUE(only().directory);
    turn({});
    village_.queue("relay", "text");
    clock_.advance(options_.every);
    turn({Kind::Began, Kind::Ended});
    EXPECT_EQ(only().sent, 1u);
    // The other box, whose changes arrive by themselves.
    relay_.queue("village", "back");
    const Place there{"x", "x", share, {}, false, false};
    ASSERT_TRUE(exchange_with(relay_.config, relay_.spool, *CourierBook::open(relay_.spool), there,
                              options(), clock_)
                    .ok());
    turn({Kind::Began, Kind::Ended});
    EXPECT_EQ(only().received, 1u);
    village_.queue("relay", "more");
    courier().look();
    turn({Kind::Began, Kind::Ended});
}

TEST_F(CourierTest, ABusyStickIsTriedAgain) {
    options_.known = {"5A3C-11F0"};
    plug("blue", "5A3C-11F0");
    {
        const auto lock = CourierBook::open(village_.spool)->lock("5A3C-11F0");
        turn({Kind::Began, Kind::Ended});
        EXPECT_EQ(only().state, State::Failed);
        turn({});
    }
    clock_.advance(std::chrono::seconds(5));
    turn({Kind::Began, Kind::Ended});
    EXPECT_EQ(only().state, State::Safe);
}

TEST_F(CourierTest, ACallThatGoesOnIsWaitedForButNotForEver) {
    options_.known = {"5A3C-11F0"};
    village_.queue("relay", "text");
    plug("blue", "5A3C-11F0");
    auto lock = std::make_optional(
        village_.spool.lock(village_.config.find("relay")->id, SpoolLock::Kind::Tx));
    turn({Kind::Began});
    EXPECT_EQ(only().state, State::Working);
    turn({});
    for (int i = 1; i < 12; ++i) {
        clock_.advance(std::chrono::seconds(5));
        turn({Kind::Began});
    }
    clock_.advance(std::chrono::seconds(5));
    turn({Kind::Began, Kind::Ended});
    EXPECT_EQ(only().state, State::Safe);
    EXPECT_EQ(only().left, 1u);
    pull();
    turn({Kind::Gone});
    plug("blue", "5A3C-11F0");
    turn({Kind::Began});
    lock.reset();
    clock_.advance(std::chrono::seconds(5));
    turn({Kind::Began, Kind::Ended});
    EXPECT_EQ(only().sent, 1u);
}

TEST_F(CourierTest, OneExchangeOnDemandAcceptsTheStick) {
    fs::create_directory(stick_);
    village_.queue("relay", "text");
    const auto done = courier().exchange(stick_ / "nncp");
    ASSERT_FALSE(done.ok()) << "there is none yet";
    const auto again = courier().exchange(stick_);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->state, State::Safe);
    EXPECT_EQ(again->sent, 1u);
    EXPECT_EQ(courier().exchange(stick_ / "nncp")->id, again->id);
    EXPECT_EQ(CourierBook::open(village_.spool)->find(again->id)->state,
              StickRecord::State::Accepted);
}

TEST_F(CourierTest, ARootThatCannotBeReadHoldsNothing) {
    fs::create_directory(root_ / "old");
    turn({});
    for (int entries = 0; entries <= 3; ++entries) {
        const FailingFolder failing(root_, entries);
        turn({});
    }
}

TEST_F(CourierTest, WhatAVisitThrowsIsTheTroubleOfThatStickAlone) {
    options_.known = {"5A3C-11F0", "77AA-0001"};
    plug("blue", "5A3C-11F0");
    plug("red", "77AA-0001");
    on_began_ = [this] {
        on_began_ = nullptr;
        throw std::runtime_error("the medium went");
    };
    turn({Kind::Began, Kind::Began, Kind::Ended});
    const auto sticks = courier().status();
    ASSERT_EQ(sticks.size(), 2u);
    EXPECT_EQ(sticks[0].state, State::Failed);
    EXPECT_EQ(sticks[0].why, "the medium went");
    EXPECT_EQ(sticks[1].state, State::Safe);
}

TEST_F(CourierTest, ItsThreadNoticesWhatAppearsAndWhatIsAccepted) {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Kind> told;
    const auto wait_for = [&](Kind kind) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds(30), [&] {
            return std::find(told.begin(), told.end(), kind) != told.end();
        });
    };
    CourierParts parts;
    parts.devices = std::make_unique<FakeDevices>(plugs_);
    Courier courier(
        village_.config, village_.spool, options_,
        [&](const CourierEvent& event) {
            const std::lock_guard lock(mutex);
            told.push_back(event.kind);
            changed.notify_all();
        },
        std::move(parts));
    ASSERT_TRUE(courier.start().ok());
    fs::create_directory(root_ / "blue");
    ASSERT_TRUE(wait_for(Kind::Ask));
    // By another program.
    const auto book = CourierBook::open(village_.spool);
    ASSERT_TRUE(book->set_state(courier.status().front().id, StickRecord::State::Accepted).ok());
    ASSERT_TRUE(wait_for(Kind::Ended));
    fs::remove_all(root_ / "blue");
    ASSERT_TRUE(wait_for(Kind::Gone));
    courier.stop();
}

}  // namespace
}  // namespace waypost::nncp
