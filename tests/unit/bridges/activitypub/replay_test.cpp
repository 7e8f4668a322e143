// SPDX-License-Identifier: Apache-2.0
// What comes twice, and clocks that differ.
#include <gtest/gtest.h>

#include "inbox_village.h"

namespace waypost::activitypub {
namespace {

using std::chrono::hours;

// In the order in which they go to the disk.
struct RecordedState final : MemoryState {
    void put(const std::string& key, std::string value) override {
        puts.emplace_back(key, value);
        MemoryState::put(key, std::move(value));
    }
    std::vector<std::pair<std::string, std::string>> puts;
};

// What takes a follow, as it starts with what is on this disk.
struct Started {
    Started(InboxVillage& village, TransportState& disk)
        : followers(disk),
          queue(disk, village.office.clock(), 0, {}, {}),
          gate{village.office,    village.people, disk,         village.site,
               village.transport, village.policy, village.keys, village.remote,
               followers,         village.posts,  queue} {}

    Followers followers;
    SendQueue queue;
    Gate gate;
    Follows follows{gate};
    Inbox inbox{gate, follows};
};

class Replay : public ::testing::Test, protected InboxVillage {
  protected:
    Replay() {
        people.add_group("news");
        people.group_members["news"] = {{public_address("hill.example"), {}, false}};
    }
    Request asks_to_follow() const {
        return by_bob(R"("type":"Follow","id":")" + server.url("/f/1") +
                      R"(","object":"https://hill.example/ap/news")");
    }
    Request ends_it() const {
        return by_bob(R"("type":"Undo","id":")" + server.url("/f/1#undo") +
                      R"(","object":{"type":"Follow","id":")" + server.url("/f/1") +
                      R"(","actor":")" + server.bob() +
                      R"(","object":"https://hill.example/ap/news"})");
    }
    Request writes(const std::string& id) const {
        return by_bob(R"("type":"Create","id":")" + server.url(id) + R"(#create","object":)" +
                      note(server.url(id)));
    }
};

TEST_F(Replay, TheSameRequestAgainIsTakenOnceAndSaidYesTo) {
    const Request letter = writes("/notes/1");
    EXPECT_EQ(inbox.post(letter).status, 202);
    EXPECT_EQ(inbox.post(letter).status, 202);
    EXPECT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(inbox.counters().taken, 1u);
}

TEST_F(Replay, WhatWasUndoneDoesNotComeBack) {
    const Request follow = asks_to_follow(), undo = ends_it();
    EXPECT_EQ(inbox.post(follow).status, 202);
    EXPECT_EQ(followers.count("news"), 1u);
    office.time().advance(std::chrono::seconds(1));
    EXPECT_EQ(inbox.post(undo).status, 202);
    EXPECT_EQ(followers.count("news"), 0u);
    EXPECT_EQ(inbox.post(follow).status, 202) << "somebody listened to it";
    EXPECT_EQ(followers.count("news"), 0u);
    // He himself may change his mind again.
    EXPECT_EQ(inbox.post(asks_to_follow()).status, 202);
    EXPECT_EQ(followers.count("news"), 1u);
    EXPECT_EQ(inbox.post(undo).status, 202);
    EXPECT_EQ(followers.count("news"), 1u);
}

TEST_F(Replay, ThatWhichWasNotTakenMayComeAgain) {
    office.disk().full = true;
    const Request follow = asks_to_follow();
    EXPECT_EQ(inbox.post(follow).status, 503);
    office.disk().full = false;
    EXPECT_EQ(inbox.post(follow).status, 202);
    EXPECT_EQ(followers.count("news"), 1u);
}

// Signed anew, by another server perhaps, or after a restart that forgot the signatures.
TEST_F(Replay, ALetterIsKnownByItsIdHoweverItIsSigned) {
    EXPECT_EQ(inbox.post(writes("/notes/1")).status, 202);
    office.time().advance(hours(1));
    Inbox after{gate, follows};
    EXPECT_EQ(after.post(writes("/notes/1")).status, 202);
    EXPECT_EQ(office.accepted.size(), 1u);
}

TEST_F(Replay, BeyondTwelveHoursNothingCountsEitherWay) {
    office.time().synchronise(true);
    const Request old = writes("/notes/1");
    office.time().advance(hours(12));
    EXPECT_EQ(inbox.post(old).status, 202);
    const Request later = writes("/notes/2");
    office.time().jump_wall(hours(-13));
    const Answer refused = inbox.post(later);
    EXPECT_EQ(refused.status, 401);
    EXPECT_NE(refused.body.find("the date is too far from here"), std::string::npos);
    office.time().jump_wall(hours(26));
    EXPECT_EQ(inbox.post(later).status, 401);
    EXPECT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(inbox.counters().forged, 0u);
}

// A box without a battery clock has just come up in 1970, or in the year of its image.
TEST_F(Replay, WhoDoesNotKnowTheTimeRefusesNobodyForIt) {
    office.time().synchronise(false);
    const Request letter = writes("/notes/1");
    office.time().jump_wall(hours(-24 * 365 * 20));
    EXPECT_EQ(inbox.post(letter).status, 202);
    EXPECT_EQ(inbox.post(letter).status, 202);
    EXPECT_EQ(office.accepted.size(), 1u) << "a repeat is known all the same";
    Request forged = letter;
    forged.body += ' ';
    EXPECT_EQ(inbox.post(forged).status, 401) << "all else is looked at";
    office.time().synchronise(true);
    EXPECT_EQ(inbox.post(writes("/notes/2")).status, 202);
}

TEST_F(Replay, WhatWasUndoneDoesNotComeBackAfterARestart) {
    const Request follow = asks_to_follow(), undo = ends_it();
    EXPECT_EQ(inbox.post(follow).status, 202);
    office.time().advance(std::chrono::seconds(1));
    EXPECT_EQ(inbox.post(undo).status, 202);
    Inbox after{gate, follows};
    EXPECT_EQ(after.post(follow).status, 202) << "somebody listened to it";
    EXPECT_EQ(followers.count("news"), 0u);
    office.time().advance(std::chrono::seconds(1));
    EXPECT_EQ(after.post(asks_to_follow()).status, 202);
    EXPECT_EQ(followers.count("news"), 1u);
    Inbox last{gate, follows};
    EXPECT_EQ(last.post(undo).status, 202);
    EXPECT_EQ(followers.count("news"), 1u);
}

// The effect is on disk before the signature is: whoever got no yes says it again, and it counts.
TEST_F(Replay, WhatGotNoAnswerBeforeARestartIsTakenAgain) {
    office.disk().full = true;
    const Request letter = writes("/notes/1");
    EXPECT_EQ(inbox.post(letter).status, 503);
    office.disk().full = false;
    Inbox after{gate, follows};
    EXPECT_EQ(after.post(letter).status, 202);

    RecordedState disk;
    const Request follow = asks_to_follow();
    EXPECT_EQ(Started(*this, disk).inbox.post(follow).status, 202);
    ASSERT_FALSE(disk.puts.empty());
    EXPECT_EQ(disk.puts.back().first.rfind("seen/", 0), 0u);
    for (std::size_t rows = 0; rows <= disk.puts.size(); ++rows) {
        MemoryState left;
        for (std::size_t i = 0; i < rows; ++i) left.put(disk.puts[i].first, disk.puts[i].second);
        Started again(*this, left);
        EXPECT_EQ(again.inbox.post(follow).status, 202);
        EXPECT_EQ(again.followers.count("news"), 1u) << rows << " rows were on disk";
    }
}

TEST_F(Replay, SignaturesAreKeptAsLongAsTheirDateIsTakenAndNotBeyondTheRoom) {
    EXPECT_EQ(inbox.post(asks_to_follow()).status, 202);
    EXPECT_EQ(inbox.post(writes("/notes/1")).status, 202);
    EXPECT_EQ(state.with_prefix("seen/").size(), 1u) << "a letter is known by its id";
    office.time().advance(hours(24));
    inbox.forget_old();
    EXPECT_EQ(state.with_prefix("seen/").size(), 1u);
    office.time().advance(hours(2));
    inbox.forget_old();
    EXPECT_EQ(state.with_prefix("seen/").size(), 0u);

    SeenRequests seen(state);
    for (std::size_t i = 0; i < SeenRequests::kMost + 10; ++i) {
        const std::string signature = std::to_string(i);
        seen.keep(signature, now() + static_cast<std::int64_t>(i));
        seen.note(signature, true);
    }
    EXPECT_EQ(state.with_prefix("seen/").size(), SeenRequests::kMost);
    SeenRequests again(state);
    EXPECT_FALSE(again.has("9"));
    EXPECT_TRUE(again.has("10"));
    EXPECT_TRUE(again.has(std::to_string(SeenRequests::kMost + 9)));
}

TEST_F(Replay, OtherRequestsPushOutNoneThatMayBeUndone) {
    SeenRequests seen(state);
    seen.keep("a follow", now());
    seen.note("a follow", true);
    for (std::size_t i = 0; i <= SeenRequests::kMost; ++i) seen.note(std::to_string(i), false);
    EXPECT_TRUE(seen.has("a follow"));
    EXPECT_FALSE(seen.has("0"));
    EXPECT_TRUE(seen.has("1"));
    SeenRequests again(state);
    EXPECT_TRUE(again.has("a follow"));
    EXPECT_FALSE(again.has("1"));
}

TEST_F(Replay, AnOldFollowAfterARestartChangesNothingThatStands) {
    EXPECT_EQ(inbox.post(asks_to_follow()).status, 202);
    Inbox after{gate, follows};
    EXPECT_EQ(after.post(asks_to_follow()).status, 202);
    EXPECT_EQ(followers.count("news"), 1u);
}

TEST_F(Replay, AComplaintGoesToTheOperatorOnce) {
    const auto complains = [this] {
        return by_bob(R"("type":"Flag","id":")" + server.url("/flags/1") +
                      R"(","content":"insults","object":["https://hill.example/ap/ana",)"
                      R"("https://hill.example/ap/ana/notes/1"])");
    };
    EXPECT_EQ(inbox.post(complains()).status, 202);
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(office.accepted[0].to.at(0).value, "postmaster@hill.example");
    EXPECT_EQ(office.accepted[0].subject, "A complaint about ana");
    EXPECT_EQ(office.accepted[0].text,
              "insults\n\nhttps://hill.example/ap/ana\n"
              "https://hill.example/ap/ana/notes/1");
    office.time().advance(std::chrono::seconds(1));
    EXPECT_EQ(inbox.post(complains()).status, 202);
    EXPECT_EQ(office.accepted.size(), 1u);
}

}  // namespace
}  // namespace waypost::activitypub
