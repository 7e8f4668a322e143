// SPDX-License-Identifier: Apache-2.0
// An account elsewhere has another address: what people here had with it goes on there.
#include "readers_village.h"

namespace waypost {
namespace {

using Lines = std::vector<std::string>;

const Address kOld{"acct", "bob@old.example"};
const Address kNew{"acct", "bob@new.example"};

class MovedAccountTest : public ReadersVillage {
  protected:
    Result<void> move(const Address& from = kOld, const Address& to = kNew) {
        Result<void> answer = Error{};
        office_->people()->moved(from, to, [&](Result<void> done) { answer = std::move(done); });
        settle();
        return answer;
    }
    Consent consent(const std::string& who, const Address& account) {
        return *office_->people()->consent(who, account);
    }
    Lines told_by_move() {
        return news(kAna, [&] { EXPECT_TRUE(move().ok()); });
    }
};

TEST_F(MovedAccountTest, AContactKeepsItsNickname) {
    dm(kAna, "@bo=acct:bob@old.example");
    EXPECT_EQ(told_by_move(), Lines{"bo has moved. New address: bob@new.example"});
    EXPECT_EQ(dm1(kAna, "@"), "bo=bob@new.example");
    EXPECT_EQ(consent("ana", kNew), Consent::Given);
    dm(kAna, "@bo Hi");
    ASSERT_EQ(world_->sent.size(), 1u);
    EXPECT_EQ(world_->sent[0].to, kNew);
    EXPECT_EQ(told_by_move(), Lines{}) << "a repeat is no news";
    EXPECT_EQ(dm1(kAna, "@"), "bo=bob@new.example");
}

TEST_F(MovedAccountTest, WhatWaitedForHerYesComes) {
    dm(kAna, "@bob@old.example Hi");
    hand(note(kNew.value, person("ana"), "It is me"));
    EXPECT_EQ(consent("ana", kNew), Consent::Pending);
    const Lines seen = told_by_move();
    EXPECT_EQ(consent("ana", kNew), Consent::Given);
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_NE((seen[0] + seen[1]).find(": It is me"), std::string::npos) << seen[0] << seen[1];
}

TEST_F(MovedAccountTest, ABlockGoesOn) {
    hand(note(kOld.value, person("ana"), "Buy this"));
    dm(kAna, "@-1");
    EXPECT_EQ(told_by_move(), Lines{});
    EXPECT_EQ(consent("ana", kNew), Consent::Refused);
    EXPECT_FALSE(hand(note(kNew.value, person("ana"), "Buy that")).kept());
}

TEST_F(MovedAccountTest, WhatSheDecidedAboutTheNewOneStays) {
    dm(kAna, "@bo=acct:bob@old.example");
    hand(note(kNew.value, person("ana"), "Buy this"));
    dm(kAna, "@-1");
    EXPECT_EQ(told_by_move(), Lines{});
    EXPECT_EQ(consent("ana", kNew), Consent::Refused);
    EXPECT_EQ(dm1(kAna, "@"), "bo=bob@old.example");
}

TEST_F(MovedAccountTest, ANameThatTheNewOneHasStays) {
    dm(kAna, "@bo=acct:bob@old.example");
    dm(kAna, "@bobby=acct:bob@new.example");
    EXPECT_EQ(told_by_move(), Lines{});
    EXPECT_EQ(dm1(kAna, "@"), "bo=bob@old.example\nbobby=bob@new.example");
}

TEST_F(MovedAccountTest, WhoFollowsItFollowsTheNewOneAsBefore) {
    dm(kAna, "#+@bob@old.example digest");
    dm(kBen, "#+@bob@old.example");
    hand(note(kOld.value, group(kOld.value), "Snow tonight"));
    EXPECT_EQ(told_by_move().size(), 1u);
    const auto feeds = office_->people()->feeds();
    ASSERT_EQ(feeds.size(), 1u);
    EXPECT_EQ(feeds[0], kNew);
    const auto member = [&](const std::string& who) {
        return store_
            ->read([&](store::Tables& t) { return t.groups.member(kNew.value, person(who)); })
            .value();
    };
    ASSERT_TRUE(member("ana"));
    EXPECT_TRUE(member("ana")->digest);
    ASSERT_TRUE(member("ben"));
    EXPECT_FALSE(member("ben")->digest);
    EXPECT_FALSE(hand(note(kOld.value, group(kOld.value), "Still here")).kept());
    EXPECT_EQ(hand(note(kNew.value, group(kNew.value), "Here now")).kind, Verdict::Kind::Accepted);
    EXPECT_NE(last(kBen).find("Here now"), std::string::npos) << last(kBen);
    const Lines seen = news(kAna, [&] { pass(std::chrono::hours(3)); });
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_NE(seen[0].find("Snow tonight"), std::string::npos) << "it waited for her digest";
    EXPECT_EQ(told_by_move(), Lines{});
}

TEST_F(MovedAccountTest, WhoFollowsItAndKnowsItIsToldOnce) {
    dm(kAna, "@bo=acct:bob@old.example");
    dm(kAna, "#+@bob@old.example");
    EXPECT_EQ(told_by_move(), Lines{"bo has moved. New address: bob@new.example"});
}

TEST_F(MovedAccountTest, WhoHasStoppedIsNotToldAndStillKnowsIt) {
    dm(kAna, "@bo=acct:bob@old.example");
    dm(kAna, "stop");
    dm(kAna, "1");
    EXPECT_EQ(told_by_move(), Lines{});
    EXPECT_EQ(consent("ana", kNew), Consent::Given);
}

TEST_F(MovedAccountTest, WhoKnowsNothingOfItHearsNothing) {
    EXPECT_EQ(told_by_move(), Lines{});
    EXPECT_EQ(consent("ana", kNew), Consent::NotAsked);
    EXPECT_TRUE(office_->people()->feeds().empty());
}

}  // namespace
}  // namespace waypost
