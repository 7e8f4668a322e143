// SPDX-License-Identifier: Apache-2.0
// Who wants to be forgotten is forgotten at neighbours too, and theirs here.
#include <algorithm>

#include "gateway/custody/met_neighbours.h"
#include "gateway/groups/members.h"
#include "neighbour_village.h"

namespace waypost {
namespace {

class ForgetAcross : public NeighbourTest {
  protected:
    Message to_forget(const std::string& lines, const std::string& peer = kDale) {
        Message message = from("postmaster@dale.example", "forget@hill.example", lines, peer);
        message.return_path = {};
        message.automatic = true;
        return message;
    }
    void ask_to_be_forgotten(const std::string& radio) {
        dm(radio, "forget me");
        dm(radio, "1");
    }
    std::size_t contacts_of(const std::string& who) {
        return *store_->read([&](store::Tables& t) { return t.people.contacts(who).size(); });
    }
};

TEST_F(ForgetAcross, WhoDealtWithItsPeopleIsForgottenThereToo) {
    dm(kAna, "@ben.dale Hello");
    left();
    ask_to_be_forgotten(kAna);
    const auto mails = left();
    ASSERT_EQ(mails.size(), 1u);
    EXPECT_EQ(mails[0].to, mailto("forget", "dale.example"));
    EXPECT_EQ(mails[0].from, mailto("postmaster", "hill.example"));
    EXPECT_TRUE(mails[0].return_path.empty());
    EXPECT_EQ(mails[0].text, "ana@hill.example\n");
    const auto row =
        store_->read([&](store::Tables& t) { return t.messages.find(mails[0].message); });
    EXPECT_EQ((*row)->message.text, "") << "once told, nothing here names her";
    EXPECT_TRUE(store_->read([](store::Tables& t) { return t.forgotten.all(); })->at(0).passed_on);
}

TEST_F(ForgetAcross, SoIsWhoOnlyGotMailFromThere) {
    hand(from_ben("Hello"));
    ask_to_be_forgotten(kAna);
    ASSERT_EQ(left().size(), 1u);
    ask_to_be_forgotten(kCarl);
    EXPECT_TRUE(left().empty()) << "nobody there knows him";
}

TEST_F(ForgetAcross, SoIsTheNumberThatHisRadioWroteUnder) {
    dm(kDora, "@ben.dale Hello");
    dm(kDora, "name dora");
    dm(kDora, "1");
    dm(kDora, "@ben.dale Hello again");
    left();
    ask_to_be_forgotten(kDora);
    const auto mails = left();
    ASSERT_EQ(mails.size(), 1u);
    EXPECT_EQ(mails[0].text, "dora@hill.example\n0000000d@hill.example\n");
}

// A store of before: nobody noted whom he met.
TEST_F(ForgetAcross, SoIsWhoMetItsPeopleBeforeThatWasNoted) {
    dm(kAna, "@ben.dale Hello");
    hand(from("ben@dale.example", "carl@hill.example", "Hello"));
    left();
    change([](store::Tables& t) {
        for (const char* owner : {"ana", "carl"}) {
            forget_met(t, owner);
            t.people.remove_contact(owner, "mailto:ben@dale.example");
        }
    });
    for (const char* radio : {kAna, kCarl}) {
        ask_to_be_forgotten(radio);
        EXPECT_EQ(left().size(), 1u) << radio;
    }
}

TEST_F(ForgetAcross, ABoxThatIsNoWaypostIsToldNothing) {
    Neighbour other = dale();
    other.tell_forget = false;
    link(other);
    dm(kAna, "@ben.dale Hello");
    left();
    ask_to_be_forgotten(kAna);
    EXPECT_TRUE(left().empty());
    EXPECT_FALSE(store_->read([](store::Tables& t) { return t.forgotten.all(); })->at(0).passed_on);
}

TEST_F(ForgetAcross, ANeighbourThatDoesNotTakeItIsOnRecord) {
    dm(kAna, "@ben.dale Hello");
    left();
    relay_->outcomes.push_back(
        {Outcome::Kind::Failed, ProofClass::Reported, "550 5.1.1", "unknown", {}, {}});
    ask_to_be_forgotten(kAna);
    EXPECT_EQ(report().problem, "did not take the word to forget somebody: 550 5.1.1");
    const auto row =
        store_->read([&](store::Tables& t) { return t.messages.find(left()[0].message); });
    EXPECT_EQ((*row)->message.text, "");
}

TEST_F(ForgetAcross, ItsWordTakesItsPersonOutOfAllThatNamesHim) {
    dm(kAna, "@bb=ben@dale.example");
    dm(kAna, "@bb Hello");
    dm(kAna, "check 12h @bb");
    dm(kCarl, "@ben.dale");
    ASSERT_EQ(contacts_of("ana"), 1u);
    Message word = to_forget("ben@dale.example\n");
    EXPECT_EQ(hand(word).kind, Verdict::Kind::Accepted);
    EXPECT_EQ(contacts_of("ana"), 0u);
    EXPECT_EQ(dm1(kAna, "@bb Hi"), "Who is bb? Save: @bb=address");
    EXPECT_EQ(dm1(kCarl, "Are you there?").substr(0, 8), "Not sent") << "no talk is open with him";
    const auto check = store_->read([](store::Tables& t) { return t.check_ins.find("ana"); });
    EXPECT_TRUE((*check)->contacts.empty()) << "her responders are told instead";
    EXPECT_EQ(hand(word).kind, Verdict::Kind::Accepted) << "twice is harmless";
    EXPECT_EQ(hand(to_forget("zoe@dale.example\n\nno address\n")).kind, Verdict::Kind::Accepted);
}

TEST_F(ForgetAcross, HeldMailOfHisGoesUnreadAndWhatWasReadStays) {
    hand(from_ben("Read before"));
    ASSERT_TRUE(ask([](Desk& desk) {
                    return desk.put_contact("ana", "neighbour:dale", "",
                                            store::ContactState::Blocked);
                }).ok());
    const Verdict held = hand(from_ben("Never to be read"));
    ASSERT_EQ(state_of(held.message), State::Held);
    hand(to_forget("ben@dale.example"));
    EXPECT_EQ(state_of(held.message), State::Cancelled);
    const auto text = store_->read([&](store::Tables& t) { return t.messages.find(held.message); });
    EXPECT_EQ((*text)->message.text, "");
    EXPECT_EQ(dm1(kAna, "1"), "1 ben.dale: Read before");
}

TEST_F(ForgetAcross, OneMailDropsSoManyAndEndsNoLimit) {
    Neighbour large = dale();
    large.messages_per_day = 2000;
    link(large);
    std::vector<MessageId> held;
    for (const char* who : {"ana", "carl"}) {
        ASSERT_TRUE(ask([&](Desk& desk) {
                        return desk.put_contact(who, "neighbour:dale", "",
                                                store::ContactState::Blocked);
                    }).ok());
        for (int i = 0; i < 300; ++i) {
            held.push_back(hand(from("ben@dale.example", std::string(who) + "@hill.example",
                                     std::to_string(i)))
                               .message);
        }
    }
    change([&](store::Tables& t) { t.state.use("mailto:ben@dale.example", box_->day(), "posts"); });
    hand(to_forget("ben@dale.example\nBEN@dale.example\nben@dale.example\n"));
    const auto waiting = std::count_if(
        held.begin(), held.end(), [&](MessageId each) { return state_of(each) == State::Held; });
    EXPECT_EQ(waiting, 100) << "of 600, one mail drops 500";
    EXPECT_EQ(*store_->read([&](store::Tables& t) {
        return t.state.used("mailto:ben@dale.example", box_->day(), "posts");
    }),
              1);
    hand(to_forget("ben@dale.example"));
    EXPECT_TRUE(std::all_of(held.begin(), held.end(),
                            [&](MessageId each) { return state_of(each) == State::Cancelled; }));
}

TEST_F(ForgetAcross, WhoIsBlockedStaysSo) {
    hand(from_ben("Hello"));
    dm(kAna, "@-1");
    hand(to_forget("ben@dale.example"));
    EXPECT_EQ(hand(from_ben("Me again")).reason, Verdict::Reason::NotAllowed);
}

TEST_F(ForgetAcross, OfItsOwnPeopleOnlyAndFromNobodyElse) {
    dm(kAna, "@bob=bob@x.org");
    dm(kAna, "@bb=ben@dale.example");
    hand(to_forget("bob@x.org\ncarl@hill.example\n"));
    EXPECT_EQ(contacts_of("ana"), 2u);
    EXPECT_NE(box_->directory.get()->find("carl"), nullptr);
    const Verdict forged = hand(to_forget("ben@dale.example", kElsewhere));
    EXPECT_EQ(forged.reason, Verdict::Reason::NotAllowed);
    const Verdict eve = hand(from("eve@x.org", "forget@hill.example", "ben@dale.example"));
    EXPECT_EQ(eve.reason, Verdict::Reason::NotAllowed);
    EXPECT_EQ(contacts_of("ana"), 2u);
    const Address forget = mailto("forget", "hill.example");
    EXPECT_TRUE(office_->check({}, forget, 0).kept()) << "what comes without a return path";
    EXPECT_FALSE(office_->check({mailto("eve", "x.org"), false}, forget, 0).kept());
    EXPECT_EQ(dm1("!000000ff", "name forget").substr(0, 11), "A name has ") << "it is reserved";
}

TEST_F(ForgetAcross, OnlyTheBoxItselfSaysIt) {
    dm(kAna, "@bb=ben@dale.example");
    Message by_ben = to_forget("ben@dale.example");
    by_ben.from = mailto("cleo", "dale.example");
    EXPECT_EQ(hand(by_ben).reason, Verdict::Reason::NotAllowed);
    Message by_hand = to_forget("ben@dale.example");
    by_hand.automatic = false;
    EXPECT_EQ(hand(by_hand).reason, Verdict::Reason::NotAllowed);
    EXPECT_EQ(contacts_of("ana"), 1u);
    EXPECT_EQ(report().problem, "");
}

TEST_F(ForgetAcross, NobodyHereSpeaksToANeighboursBox) {
    constexpr char kNo[] = "NOT kept: not allowed here";
    EXPECT_EQ(dm1(kAna, "@forget.dale carl@hill.example"), kNo);
    EXPECT_EQ(dm1(kAna, "@alarm.dale fire"), kNo);
    EXPECT_EQ(dm1(kAna, "Alarm+1@dale.example fire"), kNo);
    dm(kAna, "@a=alarm@dale.example");
    EXPECT_EQ(dm1(kAna, "@a fire"), kNo);
    EXPECT_NE(dm1(kAna, "check 12h @a").find("address"), std::string::npos);
    Message mail = from("ana@hill.example", "forget@dale.example", "carl@hill.example", "");
    mail.submitted = mail.trusted = true;
    const Verdict refused = hand(mail);
    EXPECT_EQ(refused.reason, Verdict::Reason::NotAllowed);
    EXPECT_EQ(refused.text, "only the gateways write there");
    EXPECT_FALSE(
        office_->check({mailto("ana", "hill.example"), true}, mailto("alarm", "dale.example"), 0)
            .kept());
    EXPECT_FALSE(member_address(*box_, "forget@dale.example").ok());
    EXPECT_TRUE(left().empty());
}

TEST_F(ForgetAcross, SoManyADay) {
    Neighbour small = dale();
    small.messages_per_day = 2;
    link(small);
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(hand(to_forget("x@dale.example")).kept());
    EXPECT_EQ(hand(to_forget("ben@dale.example")).kind, Verdict::Kind::Later);
    EXPECT_EQ(report().problem, "dale has brought its 2 words to forget somebody of today");
    EXPECT_EQ(report().messages_today, 0);
}

}  // namespace
}  // namespace waypost
