// SPDX-License-Identifier: Apache-2.0
// -7 for what has left: where its network can ask for a deletion, that is asked, once.
#include "readers_village.h"

namespace waypost {
namespace {

using Lines = std::vector<std::string>;

class TakeBackTest : public ReadersVillage {};

TEST_F(TakeBackTest, ALetterThatHasLeftIsAskedFor) {
    dm(kAna, "@bob@social.example I was angry");
    ASSERT_EQ(world_->sent.size(), 1u);
    next(Outcome::Kind::Sent, "1");
    EXPECT_EQ(dm1(kAna, "-1"),
              "1 taken back: 1 server is asked to delete it. What they show is theirs");
    ASSERT_EQ(wishes().size(), 1u);
    const Delivery wish = wishes()[0];
    EXPECT_EQ(wish.takes_back, world_->wire_ids[0]);
    EXPECT_EQ(wish.to.uri(), "acct:bob@social.example");
    EXPECT_TRUE(wish.text.empty());
    EXPECT_EQ(dm1(kAna, "-1"),
              "1 taken back: 1 server is asked to delete it. What they show is theirs");
    EXPECT_EQ(dm1(kAna, "?1"),
              "1 taken back: 1 server is asked to delete it. What they show is theirs");
    EXPECT_EQ(wishes().size(), 1u) << "once";
}

TEST_F(TakeBackTest, APostForAllIsAskedForAtAllThatHaveIt) {
    dm(kAna, "#public Eggs to give");
    dm(kAna, "1");
    next(Outcome::Kind::Sent, "23");
    EXPECT_EQ(dm1(kAna, "-1"),
              "1 taken back: 23 servers are asked to delete it. What they show is theirs");
    dm(kAna, "#public Bread too");
    next(Outcome::Kind::Sent, "0");
    EXPECT_EQ(dm1(kAna, "-2"), "2 taken back. No other server had been sent it");
}

TEST_F(TakeBackTest, OfSeveralThereIsOneAnswer) {
    dm(kAna, "acct:bob@social.example,acct:eve@other.example Come at six");
    ASSERT_EQ(world_->sent.size(), 2u);
    next(Outcome::Kind::Sent, "1");
    next(Outcome::Kind::Sent, "1");
    EXPECT_EQ(dm(kAna, "-1"),
              Lines{"1 taken back: 2 servers are asked to delete it. What they show is theirs"});
}

TEST_F(TakeBackTest, APublishedPostOfAGroupIsAskedFor) {
    ASSERT_TRUE(add("news").ok());
    ASSERT_TRUE(put_in("news", "acct:public@hill.example").ok());
    dm(kAna, "#+news");
    dm(kAna, "#news Water is on");
    const std::size_t before = world_->sent.size();
    next(Outcome::Kind::Sent, "3");
    const int item = store_->read([](store::Tables& t) { return t.items.newest("ana", 1, false); })
                         ->front()
                         .number;
    const std::string number = std::to_string(item);
    EXPECT_EQ(dm1(kAna, '-' + number),
              number + " taken back: 3 servers are asked to delete it. What they show is theirs");
    EXPECT_EQ(world_->sent.size(), before + 1);
}

TEST_F(TakeBackTest, WhatWaitsIsCancelledAsEver) {
    world_->up = false;
    dm(kAna, "@bob@social.example Later");
    EXPECT_EQ(dm1(kAna, "-1"), "1 cancelled");
    EXPECT_TRUE(wishes().empty());
}

TEST_F(TakeBackTest, WhereNobodyCanBeAskedItIsTooLate) {
    dm(kAna, "bob@x.org I was angry");
    EXPECT_EQ(dm1(kAna, "-1"), "1 is on its way, too late");
    world_->takes_back = false;
    begin_again();
    dm(kAna, "@bob@social.example I was angry");
    EXPECT_EQ(dm1(kAna, "-2"), "2 is on its way, too late");
    EXPECT_TRUE(wishes().empty());
}

TEST_F(TakeBackTest, WhatItsNetworkKnowsNoMoreIsTooLate) {
    dm(kAna, "@bob@social.example I was angry");
    next(Outcome::Kind::Failed, "unknown");
    EXPECT_EQ(dm1(kAna, "-1"), "1 is on its way, too late");
    EXPECT_NE(dm1(kAna, "?1").find("sent"), std::string::npos);
}

TEST_F(TakeBackTest, AWishThatAnOperatorCancelsIsAnsweredToo) {
    dm(kAna, "@bob@social.example I was angry");
    world_->up = false;
    EXPECT_EQ(dm(kAna, "-1"), Lines{});
    auto rows = *Desk(*office_).queue({}, 0, 50);
    std::erase_if(rows, [](const auto& row) {
        return row.recipient.scheme != "acct" || is_final(row.state);
    });
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_TRUE(ask([&](Desk& d) { return d.act(QueueAct::Cancel, rows[0].id); }).ok());
    EXPECT_EQ(last(kAna), "1 is on its way, too late");
}

TEST_F(TakeBackTest, AnothersIsNotHers) {
    dm(kAna, "@bob@social.example Hi");
    hand(note("bob@social.example", person("ana"), "Hello"));
    EXPECT_EQ(dm1(kAna, "-2"), "2 came to you: nothing to cancel");
    EXPECT_EQ(dm1(kBen, "-1"), "No item 1. * lists yours");
    EXPECT_TRUE(wishes().empty());
}

// Killed with the wish on record: it goes again under its id, and is answered then.
TEST_F(TakeBackTest, AKillBehindTheLineLosesNothing) {
    dm(kAna, "@bob@social.example I was angry");
    world_->answer_by_itself = false;
    EXPECT_EQ(dm(kAna, "-1"), Lines{}) << "no answer before nothing can stop it";
    ASSERT_EQ(wishes().size(), 1u);
    begin_again();
    world_->answer_by_itself = true;
    next(Outcome::Kind::Sent, "1");
    settle();
    ASSERT_EQ(wishes().size(), 2u);
    EXPECT_TRUE(wishes()[1].wire_id);
    EXPECT_EQ(last(kAna), "1 taken back: 1 server is asked to delete it. What they show is theirs");
}

TEST_F(TakeBackTest, AnotherInstanceIsNotAsked) {
    auto own = std::make_shared<FakeTransport>("fediverse_account.ana", "activitypub", "acct",
                                               Limits{0, 1, false});
    dm(kAna, "@bob@social.example Hi");
    own->start(*office_);
    office_->transports().add(own);
    world_->up = false;
    dm(kAna, "-1");
    EXPECT_TRUE(own->sent.empty());
    world_->up = true;
    office_->wake("activitypub.main");
    settle();
    EXPECT_EQ(wishes().size(), 1u);
}

}  // namespace
}  // namespace waypost
