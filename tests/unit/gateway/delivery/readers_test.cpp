// SPDX-License-Identifier: Apache-2.0
// A network with readers: posts for all the world, accounts that are followed, words taken back.
#include "readers_village.h"

namespace waypost {
namespace {

constexpr char kBob[] = "bob@social.example";

class ReadersTest : public ReadersVillage {
  protected:
    Message note(const Address& to, const std::string& text, const std::string& id) {
        Message message = ReadersVillage::note(kBob, to, text);
        message.origin_id = id;
        return message;
    }
    std::vector<Address> feeds() { return office_->people()->feeds(); }
};

TEST_F(ReadersTest, APublicPostIsAskedAboutOnce) {
    EXPECT_EQ(dm1(kAna, "#public The road is open"),
              "All the world can read it, by ana@hill.example. 1 = yes");
    EXPECT_TRUE(world_->sent.empty());
    EXPECT_EQ(dm1(kAna, "1"), "1 kept > #public");
    ASSERT_EQ(world_->sent.size(), 1u);
    EXPECT_EQ(world_->sent[0].to.uri(), "acct:public@hill.example");
    EXPECT_EQ(world_->sent[0].author, "ana");
    EXPECT_EQ(world_->sent[0].text, "The road is open");
    EXPECT_EQ(dm1(kAna, "#public And dry"), "2 kept > #public");
    EXPECT_EQ(world_->sent.size(), 2u);
    EXPECT_EQ(dm1(kBen, "#public me too"),
              "All the world can read it, by ben@hill.example. 1 = yes");
    EXPECT_EQ(dm1(kBen, "0"), "OK, nothing done");
    EXPECT_EQ(world_->sent.size(), 2u);
}

TEST_F(ReadersTest, WhoIsForgottenIsAskedAgain) {
    dm(kAna, "#public one");
    dm(kAna, "1");
    ASSERT_TRUE(ask([](Desk& d) { return d.remove_person("ana"); }).ok());
    name("ana", kDora);
    EXPECT_EQ(dm1(kDora, "#public two"), "All the world can read it, by ana@hill.example. 1 = yes");
}

TEST_F(ReadersTest, OnlyPeopleOfTheVillagePost) {
    const Address all{"acct", "public@hill.example"};
    EXPECT_EQ(hand(note(all, "spam for your readers", "https://x/1")).reason,
              Verdict::Reason::NotAllowed);
    Message trusted = note(all, "from a relay", "https://x/2");
    trusted.trusted = true;
    EXPECT_EQ(hand(trusted).reason, Verdict::Reason::NotAllowed);
    EXPECT_EQ(hand(letter("bob@x.org", "public@hill.example", "by mail")).reason,
              Verdict::Reason::UnknownRecipient);
    EXPECT_EQ(dm(kNobody, "#public hello").at(0).rfind("Groups need a name", 0), 0u);
    ASSERT_TRUE(ask([](Desk& d) { return d.put_person("ana", "", "", "", true); }).ok());
    EXPECT_EQ(dm1(kAna, "#public hello"), "Not for you yet: ask your operator");
    EXPECT_TRUE(world_->sent.empty());
}

TEST_F(ReadersTest, AGroupIsPublishedWhereTheOperatorPutsTheWorldIn) {
    ASSERT_TRUE(add("news").ok());
    ASSERT_TRUE(put_in("news", "acct:public@hill.example").ok());
    dm(kAna, "#+news");
    dm(kAna, "#news Water is on");
    ASSERT_EQ(world_->sent.size(), 1u);
    ASSERT_TRUE(world_->sent[0].list);
    EXPECT_EQ(world_->sent[0].list->address.value, "news@hill.example");
    EXPECT_EQ(world_->sent[0].to.uri(), "acct:public@hill.example");
}

TEST_F(ReadersTest, AFollowedAccountIsReadLikeAGroup) {
    EXPECT_TRUE(feeds().empty());
    EXPECT_EQ(dm1(kAna, "#+@bob@social.example"),
              "You are in #bob@social.example. #bob@social.example text writes, "
              "#-bob@social.example leaves");
    ASSERT_EQ(feeds().size(), 1u);
    EXPECT_EQ(feeds()[0].uri(), "acct:bob@social.example");
    EXPECT_EQ(hand(note(group(kBob), "Snow tonight", "https://x/1")).kind, Verdict::Kind::Accepted);
    EXPECT_EQ(last(kAna), "1 #bob@social.example bob: Snow tonight");
    EXPECT_EQ(hand(note(group(kBob), "Snow tonight", "https://x/1")).kind,
              Verdict::Kind::Duplicate);
    EXPECT_EQ(dm1(kAna, "#bob"), "1 bob: Snow tonight");
    EXPECT_EQ(dm1(kBen, "#"), "No groups on this box yet") << "whom others follow is theirs";
    EXPECT_TRUE(office_->people()->groups().empty());
    EXPECT_FALSE(office_->people()->group(kBob));
    Message other = note(group(kBob), "not his words", "https://x/2");
    other.from = *parse_address("acct:eve@social.example");
    EXPECT_FALSE(hand(other).kept());
    EXPECT_EQ(dm1(kAna, "#-bob"), "You left #bob@social.example");
    EXPECT_TRUE(feeds().empty());
    EXPECT_FALSE(hand(note(group(kBob), "later", "https://x/3")).kept());
}

TEST_F(ReadersTest, WhomNobodyFollowsAnyMoreTakesNoPlace) {
    dm(kAna, "#+@bob@social.example");
    ASSERT_EQ(feeds().size(), 1u);
    ASSERT_TRUE(ask([](Desk& d) { return d.remove_person("ana"); }).ok());
    EXPECT_TRUE(feeds().empty());
    dm(kBen, "#+@eve@social.example");
    ASSERT_EQ(feeds().size(), 1u);
    const auto left = store_->read([](store::Tables& t) { return t.groups.find(kBob); });
    EXPECT_FALSE(left->has_value());
}

TEST_F(ReadersTest, WhatPeopleFollowTakesNoPlaceOfGroups) {
    settings_.groups.most = 1;
    close();
    open();
    join_world();
    dm(kAna, "#+@bob@social.example");
    ASSERT_EQ(feeds().size(), 1u);
    EXPECT_TRUE(add("news").ok());
    EXPECT_EQ(add("water").error().code, Code::Conflict);
}

TEST_F(ReadersTest, WhatIsTakenBackBeforeItWentGoesNowhere) {
    dm(kAna, "@bob@social.example Hi");
    radio_->up = false;
    const Verdict kept = hand(note(person("ana"), "I was angry", "https://x/9"));
    ASSERT_EQ(kept.kind, Verdict::Kind::Accepted);
    office_->retract("activitypub.other", kept.message, {});
    settle();
    EXPECT_NE(state_of(kept.message), State::Cancelled) << "another transport's";
    bool on_disk = false;
    office_->retract("activitypub.main", kept.message, [&](bool is) { on_disk = is; });
    settle();
    EXPECT_TRUE(on_disk);
    EXPECT_EQ(state_of(kept.message), State::Cancelled);
    const auto row = store_->read([&](store::Tables& t) { return t.messages.find(kept.message); });
    EXPECT_EQ((*row)->message.text, "[took back what was said]");
    radio_->up = true;
    office_->wake("meshtastic.roof");
    settle();
    for (const std::string& line : all_shown(kAna))
        EXPECT_EQ(line.find("angry"), std::string::npos) << line;
}

}  // namespace
}  // namespace waypost
