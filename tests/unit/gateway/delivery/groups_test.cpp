// SPDX-License-Identifier: Apache-2.0
// Groups among radios: joining, posts, moderators, each radio's share, digests.
#include "gateway/conversation/line.h"
#include "group_village.h"

namespace waypost {
namespace {

using store::GroupMode;
using Lines = std::vector<std::string>;

constexpr std::chrono::hours kHour{1};

class GroupTest : public GroupVillage {};

TEST_F(GroupTest, ARadioJoinsReadsWritesAndLeaves) {
    EXPECT_EQ(dm1(kAna, "#"), "No groups on this box yet");
    ASSERT_TRUE(add("news").ok());
    ASSERT_TRUE(add("water").ok());
    EXPECT_EQ(dm1(kAna, "#nwes"), "No group nwes. Groups: news water");
    EXPECT_EQ(dm1(kAna, "#+news"), "You are in #news. #news text writes, #-news leaves");
    EXPECT_EQ(dm1(kAna, "#+news"), "You are in #news already");
    EXPECT_EQ(dm1(kAna, "#"), "Groups: news* water. #+name joins, * = you are in");
    EXPECT_EQ(dm1(kBen, "#news hello"), "NOT kept: only members write to #news. #+news joins");
    dm(kBen, "#+news");
    dm(kCarl, "#+news");

    EXPECT_EQ(dm1(kAna, "#news Water is on"), "1 in #news");
    EXPECT_EQ(last(kBen), "1 #news ana: Water is on");
    EXPECT_EQ(last(kCarl), "1 #news ana: Water is on");
    EXPECT_EQ(dm(kBen, "?news"), Lines{"1 ana: Water is on"});
    EXPECT_EQ(dm1(kBen, "*1 at last"), "2 in #news") << "an answer to a post goes to its group";
    EXPECT_EQ(last(kAna), "2 #news ben: at last");
    EXPECT_EQ(dm1(kAna, "#news"), "2 ben: at last\n1 ana: Water is on");
    EXPECT_EQ(dm1(kAna, "*"), "2 #news ben: at last");
    EXPECT_EQ(dm1(kBen, "#-news"), "You left #news");
    EXPECT_EQ(dm1(kBen, "#-news"), "You are not in #news");
    const auto before = all_shown(kBen).size();
    dm(kAna, "#news and off again");
    EXPECT_EQ(all_shown(kBen).size(), before);
    EXPECT_EQ(dm1(kBen, "#water"), "Nothing in #water yet. #water text writes");
}

TEST_F(GroupTest, ANamelessRadioIsToldHowToTakeAName) {
    ASSERT_TRUE(add("news").ok());
    const std::string told = "Groups need a name of yours. name ana takes one";
    EXPECT_EQ(dm(kNobody, "#+news").at(0).rfind(told, 0), 0u);
    EXPECT_EQ(dm1(kNobody, "#news hello"), told);
    EXPECT_EQ(dm1(kNobody, "?news"), told);
    EXPECT_TRUE(members("news").empty());
}

TEST_F(GroupTest, NamesOfPeopleAndGroupsAreOneSpace) {
    EXPECT_FALSE(add("ana").ok());
    ASSERT_TRUE(add("news").ok());
    ASSERT_TRUE(add("water").ok());
    EXPECT_FALSE(add("news").ok());
    EXPECT_FALSE(ask([](Desk& d) { return d.put_person("water", "", "", ""); }).ok());
    EXPECT_EQ(dm(kNobody, "name water").at(0).rfind("water is taken. Another?", 0), 0u);
    for (const char* bad : {"", "a", "public", "postmaster", "all", "no way", "-x", "UPPER!",
                            "x--y", "a1b2c3d4", "abcdefghijklmnopqrstu", "n\xc3\xa9ws", "#news"}) {
        EXPECT_FALSE(add(bad).ok()) << bad;
    }
    EXPECT_FALSE(add("sport", of_mode(GroupMode::Open, {"nobody"})).ok());
    settings_.groups.most = 3;
    close();
    open();
    EXPECT_TRUE(add("third").ok());
    EXPECT_FALSE(add("fourth").ok());
}

TEST_F(GroupTest, AFloodOfJoinsAndAFullGroupHaveAnEnd) {
    settings_.groups.most_members = 2;
    close();
    open();
    ASSERT_TRUE(add("news").ok());
    for (int i = 0; i < 10; ++i) {
        dm(kAna, "#+news");
        EXPECT_EQ(dm1(kAna, "#-news"), "You left #news");
    }
    EXPECT_EQ(dm1(kAna, "#+news"), "20 joins and leaves a day is the limit. Tomorrow again");
    EXPECT_FALSE(is_in("news", "person:ana"));
    pass(24 * kHour);
    EXPECT_EQ(dm1(kAna, "#+news").rfind("You are in", 0), 0u);
    ASSERT_TRUE(put_in("news", "bob@example.org").ok());
    EXPECT_EQ(dm1(kBen, "#+news"), "#news is full");
    EXPECT_FALSE(put_in("news", "ben").ok());
    EXPECT_FALSE(put_in("news", "nobody").ok());
    EXPECT_FALSE(put_in("news", "news@hill.example").ok()) << "a group is no member of one here";
}

TEST_F(GroupTest, AModeratedPostWaitsForTheFirstWord) {
    ASSERT_TRUE(add("news", of_mode(GroupMode::Moderated, {"ben", "carl"})).ok());
    dm(kAna, "#+news");
    EXPECT_EQ(dm1(kAna, "#news The bridge is out"), "1 waits for a moderator of #news");
    const std::string asked = "1 #news ana: The bridge is out. @+1 passes, @-1 drops";
    EXPECT_EQ(last(kBen), asked);
    EXPECT_EQ(last(kCarl), asked);
    EXPECT_EQ(dm1(kAna, "@+1"), "Only moderators of #news decide");
    EXPECT_EQ(dm1(kBen, "#news"), "Nothing in #news yet. #news text writes");

    EXPECT_EQ(dm(kCarl, "@+1").front(), "1 passed to #news");
    EXPECT_EQ(last(kAna), "1 in #news");
    EXPECT_EQ(last(kBen), "1 #news ana: The bridge is out");
    EXPECT_EQ(dm1(kBen, "@-1"), "1 is decided already");

    dm(kAna, "#news Buy my boots");
    EXPECT_EQ(dm1(kBen, "@-2"), "2 dropped");
    EXPECT_EQ(last(kAna), "2 FAIL not passed in #news");
    EXPECT_EQ(dm1(kCarl, "#news I say so").find(" in #news"), 1u) << "moderators wait for nobody";
}

TEST_F(GroupTest, AnAuthorMayTakeBackWhatWaits) {
    ASSERT_TRUE(add("news", of_mode(GroupMode::Moderated)).ok());
    dm(kAna, "#+news");
    dm(kAna, "#news nonsense");
    EXPECT_EQ(dm1(kAna, "?1"), "1 waits for a moderator of #news");
    EXPECT_EQ(dm1(kAna, "-1"), "1 cancelled");
    EXPECT_EQ(dm1(kCarl, "@+1"), "1 is decided already");
    EXPECT_EQ(dm1(kAna, "#news"), "Nothing in #news yet. #news text writes");
    dm(kAna, "#news sense");
    dm(kCarl, "@+2");
    EXPECT_EQ(dm1(kAna, "?2"), "2 in #news") << "and not who got it";
    EXPECT_EQ(dm1(kAna, "-2"), "2 is on its way, too late");
}

TEST_F(GroupTest, InAClosedGroupOnlyModeratorsWrite) {
    ASSERT_TRUE(add("news", of_mode(GroupMode::Closed)).ok());
    dm(kAna, "#+news");
    EXPECT_EQ(dm1(kAna, "#news hello"), "NOT kept: only moderators write to #news");
    EXPECT_EQ(dm1(kCarl, "#news School is shut"), "1 in #news");
    EXPECT_EQ(last(kAna), "1 #news carl: School is shut");
}

TEST_F(GroupTest, WhatNoModeratorLooksAtIsDroppedInTheEnd) {
    ASSERT_TRUE(add("news", of_mode(GroupMode::Moderated)).ok());
    dm(kAna, "#+news");
    dm(kAna, "#news anybody?");
    pass(29 * 24 * kHour);
    EXPECT_NE(last(kAna), "1 FAIL not passed in #news");
    pass(2 * 24 * kHour);
    settle();
    EXPECT_EQ(last(kAna), "1 FAIL not passed in #news");
}

// The figure that issue and operator care about: however busy a group, a radio has its share.
TEST_F(GroupTest, ABusyGroupCostsARadioItsShareAndNoMore) {
    settings_.person_mails_per_day = 1000;
    close();
    open();
    ASSERT_TRUE(add("news").ok());
    dm(kAna, "#+news");
    dm(kBen, "#+news");
    const auto joined = all_shown(kBen).size();
    for (int i = 1; i <= 200; ++i) {
        dm(kAna, "#news post " + std::to_string(i));
        pass(std::chrono::seconds(17));
    }
    auto lines = all_shown(kBen);
    lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(joined));
    EXPECT_EQ(lines, (Lines{"1 #news ana: post 1", "2 #news ana: post 2", "3 #news ana: post 3",
                            "4 #news ana: post 4"}));
    pass(2 * kHour);
    lines = all_shown(kBen);
    EXPECT_EQ(lines.size(), joined + 5);
    EXPECT_EQ(lines.back(),
              "#news 196 new: ana: post 5 | ana: post 6 | ana: post 7 | ana: post 8 | ana: post 9. "
              "#news reads");
    EXPECT_LE(lines.back().size(), kAnswerBytes);
    pass(4 * kHour);
    EXPECT_EQ(all_shown(kBen).size(), joined + 5) << "told once";
}

TEST_F(GroupTest, TheShareIsForAllGroupsTogetherAndOutlivesARestart) {
    ASSERT_TRUE(add("news").ok());
    ASSERT_TRUE(add("water").ok());
    for (const char* group : {"#+news", "#+water"}) {
        dm(kAna, group);
        dm(kBen, group);
    }
    for (const char* text : {"#news 1", "#news 2", "#water 3"}) dm(kAna, text);
    close();
    open();
    const auto before = all_shown(kBen).size();
    for (const char* text : {"#water 4", "#news 5", "#water 6"}) dm(kAna, text);
    EXPECT_EQ(all_shown(kBen).size(), before + 1);
    pass(kHour);
    dm(kAna, "#news 7");
    EXPECT_EQ(last(kBen).substr(2), "#news ana: 7");
    pass(kHour);
    const auto lines = all_shown(kBen);
    EXPECT_EQ(lines[lines.size() - 2], "#news 1 new: ana: 5. #news reads");
    EXPECT_EQ(lines.back(), "#water 1 new: ana: 6. #water reads");
}

TEST_F(GroupTest, WhoWantsDigestsGetsNothingElse) {
    ASSERT_TRUE(add("news").ok());
    dm(kAna, "#+news");
    EXPECT_EQ(dm1(kBen, "#+news digest"), "You are in #news, digests only. #-news leaves");
    const auto joined = all_shown(kBen).size();
    dm(kAna, "#news one");
    pass(kHour);
    dm(kAna, "#news two");
    EXPECT_EQ(all_shown(kBen).size(), joined);
    pass(kHour);
    EXPECT_EQ(last(kBen), "#news 2 new: ana: one | ana: two. #news reads");
    dm(kAna, "#news three");
    EXPECT_EQ(dm1(kBen, "#news"), "1 ana: three\n2 ana: two\n3 ana: one");
    pass(3 * kHour);
    EXPECT_EQ(last(kBen), "1 ana: three\n2 ana: two\n3 ana: one") << "he has read it";
    EXPECT_EQ(dm1(kBen, "#+news"), "You are in #news. #news text writes, #-news leaves");
    dm(kAna, "#news four");
    EXPECT_EQ(last(kBen), "4 #news ana: four");
}

TEST_F(GroupTest, WhoHasPausedGetsNothingUntilHeStarts) {
    ASSERT_TRUE(add("news").ok());
    dm(kAna, "#+news");
    dm(kBen, "#+news");
    dm(kBen, "stop");
    dm(kBen, "1");
    const auto paused = all_shown(kBen).size();
    dm(kAna, "#news one");
    pass(3 * kHour);
    EXPECT_EQ(all_shown(kBen).size(), paused);
    dm(kBen, "start");
    pass(std::chrono::minutes(1));
    EXPECT_EQ(last(kBen), "#news 1 new: ana: one. #news reads");
}

TEST_F(GroupTest, LettersDoNotWaitForPosts) {
    ASSERT_TRUE(add("news").ok());
    dm(kAna, "#+news");
    dm(kBen, "#+news");
    radio_->up = false;
    dm(kAna, "#news a post");
    dm(kCarl, "@ben a letter");
    radio_->up = true;
    radio_->sent.clear();
    looked_ = 0;
    settle();
    const auto lines = all_shown(kBen);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0], "2 carl: a letter");
    EXPECT_EQ(lines[1], "1 #news ana: a post");
}

TEST_F(GroupTest, WhatGroupsCostARadioGoesOnItsOwnersAccount) {
    ASSERT_TRUE(add("news").ok());
    dm(kAna, "#+news");
    dm(kBen, "#+news");
    dm(kCarl, "#+news digest");
    dm(kAna, "#news a post");
    pass(2 * kHour);
    const auto rows = *store_->read([](store::Tables& t) {
        std::vector<store::DeliveryRow> all;
        for (const auto& row : t.deliveries.list({}, 0, 200)) {
            if (row.priority == Priority::Bulk) all.push_back(row);
        }
        return all;
    });
    ASSERT_EQ(rows.size(), 2u) << "a post to Ben and a digest to Carl";
    for (const auto& row : rows) EXPECT_EQ(row.turn, row.owner);
    EXPECT_EQ(rows[0].turn, "ben");
    EXPECT_EQ(rows[1].turn, "carl");
}

TEST_F(GroupTest, ReceiptsDoNotTellWhoGotAPost) {
    settings_.later_states = true;
    close();
    open();
    ASSERT_TRUE(add("news").ok());
    dm(kAna, "#+news");
    dm(kBen, "#+news");
    EXPECT_EQ(dm1(kAna, "#news a post"), "1 in #news");
    EXPECT_EQ(all_shown(kBen).back(), "1 #news ana: a post");
    EXPECT_EQ(dm1(kAna, "bob@example.org a letter"), "2 kept");
    EXPECT_EQ(dm1(kAna, "bob@example.org another"), "3 kept. 2 sent");
}

TEST_F(GroupTest, ALongPostIsReadByPages) {
    ASSERT_TRUE(add("news").ok());
    dm(kAna, "#+news");
    dm(kBen, "#+news");
    std::string text;
    for (int i = 0; i < 60; ++i) text += "word" + std::to_string(i) + ' ';
    dm(kAna, "#news " + text);
    const std::string first = last(kBen);
    EXPECT_EQ(first.rfind("1 #news ana: word0 word1", 0), 0u);
    EXPECT_NE(first.find(" +"), std::string::npos);
    EXPECT_LE(first.size(), 200u);
    EXPECT_NE(dm1(kBen, "+").find("word30"), std::string::npos);
}

TEST_F(GroupTest, WhoLeavesTheVillageLeavesItsGroups) {
    ASSERT_TRUE(add("news").ok());
    dm(kAna, "#+news");
    dm(kBen, "#+news digest");
    dm(kAna, "#news one");
    dm(kBen, "forget me");
    dm(kBen, "1");
    EXPECT_EQ(members("news"), Lines{"person:ana"});
    name("ben", kBen);
    const auto before = all_shown(kBen).size();
    pass(3 * kHour);
    EXPECT_EQ(all_shown(kBen).size(), before) << "who bears the name after him is somebody else";
    ASSERT_TRUE(ask([](Desk& d) { return d.remove_person("ana"); }).ok());
    EXPECT_TRUE(members("news").empty());
}

TEST_F(GroupTest, TheOperatorKeepsAndEndsGroups) {
    ASSERT_TRUE(add("news", of_mode(GroupMode::Moderated)).ok());
    GroupWish wish;
    wish.title = "News\nof \xe2\x80\xaehill" + std::string(100, 'x');
    wish.moderators = std::vector<std::string>{"ben"};
    ASSERT_TRUE(ask([&](Desk& d) { return d.groups().set("news", wish); }).ok());
    EXPECT_FALSE(ask([&](Desk& d) { return d.groups().set("nothing", wish); }).ok());
    std::vector<GroupReport> all;
    std::vector<WaitingPost> waiting;
    dm(kCarl, "#news one");
    dm(kCarl, "#news two");
    ASSERT_TRUE(ask([&](Desk& d) -> Result<void> {
                    all = *d.groups().list();
                    waiting = *d.groups().waiting("news");
                    return {};
                }).ok());
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].row.title.rfind("News of hillxx", 0), 0u);
    EXPECT_LE(all[0].row.title.size(), 60u);
    EXPECT_EQ(all[0].moderators, Lines{"ben"});
    EXPECT_EQ(all[0].members, 2);
    ASSERT_EQ(waiting.size(), 2u);
    EXPECT_EQ(waiting[1].text, "one");
    const MessageId one = waiting[1].message;
    EXPECT_TRUE(ask([&](Desk& d) { return d.groups().decide("news", one, true); }).ok());
    EXPECT_FALSE(ask([&](Desk& d) { return d.groups().decide("news", one, false); }).ok());
    EXPECT_FALSE(ask([&](Desk& d) { return d.groups().decide("news", 9999, true); }).ok());
    EXPECT_EQ(last(kBen).substr(2), "#news carl: one");
    ASSERT_TRUE(ask([](Desk& d) { return d.groups().remove("news"); }).ok());
    EXPECT_EQ(last(kCarl), "2 FAIL not passed in #news");
    EXPECT_EQ(dm1(kBen, "#news"), "No groups on this box yet");
    ASSERT_TRUE(add("news").ok());
    EXPECT_EQ(dm1(kBen, "#news"), "Nothing in #news yet. #news text writes");
}

}  // namespace
}  // namespace waypost
