// SPDX-License-Identifier: Apache-2.0
// Notes that wait for their pictures. The threads are the queue's own, so what a test wants to know
// it waits for.
#include "bridges/activitypub/pictures/waiting_notes.h"

#include <gtest/gtest.h>

#include <future>

#include "tests/fakes/fake_clock.h"
#include "tests/fakes/locked_state.h"

namespace waypost::activitypub {
namespace {

WaitingNote note(const std::string& id, bool pictures = true,
                 const std::string& from = "bob@x.org") {
    WaitingNote one;
    one.message.from = {"acct", from};
    one.message.to = {{"acct", "ana@hill.example"}};
    one.message.origin_id = id;
    one.message.text = "text of " + id;
    if (pictures) one.pictures.push_back({"https://x.org/1.png", "image/png", {}});
    return one;
}

// Hands over when the test lets it fetch, and tells what came.
class WaitingNotesTest : public ::testing::Test {
  protected:
    void open(int workers = 1) {
        waiting.emplace(
            state, clock, "activitypub.home",
            [this](Message& message, const WaitingNote&) {
                std::unique_lock lock(mutex);
                ++fetched;
                changed.notify_all();
                changed.wait(lock, [this] { return may_fetch; });
                message.text += " with picture";
            },
            WaitingLimits{workers, 5, 3});
    }
    void start() {
        waiting->start([this](Message message) {
            const std::lock_guard lock(mutex);
            handed.push_back(std::move(message));
            changed.notify_all();
            return takes;
        });
    }
    void fetch(bool may) {
        const std::lock_guard lock(mutex);
        may_fetch = may;
        changed.notify_all();
    }
    void wait_until(const std::function<bool()>& is_so) {
        std::unique_lock lock(mutex);
        ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), is_so));
    }
    void TearDown() override {
        fetch(true);
        if (waiting) waiting->stop();
    }
    std::size_t kept() const { return state.with_prefix("wait/").size(); }

    LockedState state;
    FakeClock clock;
    std::mutex mutex;
    std::condition_variable changed;
    bool may_fetch = true, takes = true;
    int fetched = 0;
    std::vector<Message> handed;
    std::optional<WaitingNotes> waiting;
};

TEST_F(WaitingNotesTest, WhatItsAuthorSaysMeanwhileComesAfterIt) {
    open();
    fetch(false);
    start();
    ASSERT_TRUE(waiting->take(note("https://x.org/1")));
    ASSERT_TRUE(waiting->take(note("https://x.org/2", false)));
    EXPECT_TRUE(waiting->holds({"acct", "bob@x.org"}));
    EXPECT_FALSE(waiting->holds({"acct", "eve@x.org"}));
    EXPECT_TRUE(waiting->has("https://x.org/2"));
    EXPECT_EQ(kept(), 2u) << "on disk until they are handed over";
    fetch(true);
    wait_until([this] { return handed.size() == 2; });
    EXPECT_EQ(handed[0].text, "text of https://x.org/1 with picture");
    EXPECT_EQ(handed[1].text, "text of https://x.org/2");
    waiting->stop();
    EXPECT_EQ(kept(), 0u);
}

TEST_F(WaitingNotesTest, ARestartFetchesAgain) {
    open();
    ASSERT_TRUE(waiting->take(note("https://x.org/1")));
    waiting.reset();
    state.put("wait/0000000000000009", "{broken");
    open();
    EXPECT_EQ(waiting->waiting(), 1u) << "what cannot be read is let go";
    ASSERT_TRUE(waiting->take(note("https://x.org/2", false)));
    EXPECT_EQ(kept(), 2u) << "under a key of its own";
    start();
    wait_until([this] { return handed.size() == 2; });
    EXPECT_EQ(handed[0].origin_id, "https://x.org/1");
    EXPECT_EQ(handed[0].network, "activitypub");
    EXPECT_EQ(handed[0].transport, "activitypub.home");
    EXPECT_TRUE(handed[0].verified_sender);
}

TEST_F(WaitingNotesTest, WhatWasCutIsNotHandedOver) {
    open();
    fetch(false);
    start();
    ASSERT_TRUE(waiting->take(note("https://x.org/1")));
    wait_until([this] { return fetched == 1; });
    waiting->stop([this] { fetch(true); });
    EXPECT_TRUE(handed.empty());
    EXPECT_EQ(kept(), 1u);
}

TEST_F(WaitingNotesTest, WhatIsTakenBackGoesNowhere) {
    open();
    fetch(false);
    start();
    ASSERT_TRUE(waiting->take(note("https://x.org/1")));
    ASSERT_TRUE(waiting->take(note("https://x.org/10", false)));
    wait_until([this] { return fetched == 1; });
    EXPECT_TRUE(waiting->drop("https://x.org/1"));
    EXPECT_FALSE(waiting->has("https://x.org/1"));
    EXPECT_FALSE(waiting->drop("https://x.org/1")) << "once";
    fetch(true);
    wait_until([this] { return handed.size() == 1; });
    EXPECT_EQ(handed[0].origin_id, "https://x.org/10");
    waiting->stop();
    EXPECT_EQ(kept(), 0u);
    EXPECT_FALSE(waiting->drop("https://x.org/10")) << "it has gone on";
}

TEST_F(WaitingNotesTest, WhatIsNotTakenNowIsOfferedAgainLater) {
    open();
    takes = false;
    start();
    ASSERT_TRUE(waiting->take(note("https://x.org/1", false)));
    wait_until([this] { return handed.size() == 1; });
    {
        const std::lock_guard lock(mutex);
        takes = true;
    }
    EXPECT_EQ(kept(), 1u);
    clock.advance(std::chrono::minutes(6));
    wait_until([this] {
        waiting->tick();
        return handed.size() == 2;
    });
}

TEST_F(WaitingNotesTest, NobodyFillsIt) {
    open();
    for (const char* id : {"1", "2", "3"}) EXPECT_TRUE(waiting->take(note(id)));
    EXPECT_FALSE(waiting->take(note("4"))) << "of one author";
    EXPECT_TRUE(waiting->take(note("5", true, "eve@x.org")));
    EXPECT_TRUE(waiting->take(note("6", true, "dan@x.org")));
    EXPECT_FALSE(waiting->take(note("7", true, "zoe@x.org"))) << "in all";
    EXPECT_EQ(waiting->waiting(), 5u);
}

}  // namespace
}  // namespace waypost::activitypub
