// SPDX-License-Identifier: Apache-2.0
// Who is let in, who waits, who is refused.
#include "tests/unit/bridges/xmpp/contacts_village.h"

namespace waypost::xmpp {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST_F(ContactsTest, AResidentSeesAPersonAtOnceAndIsAskedBack) {
    presence("subscribe", "ana@hill.example/phone", "ben@gw.example");
    EXPECT_THAT(
        said(),
        ElementsAre(simple("subscribed", "ben@gw.example", "ana@hill.example"),
                    AllOf(HasSubstr("<presence from='ben@gw.example' to='ana@hill.example'>"),
                          HasSubstr("<status>heard 08:00</status>")),
                    simple("subscribe", "ben@gw.example", "ana@hill.example")));
    EXPECT_THAT(record(), ElementsAre("roster/ben/ana@hill.example"));
    EXPECT_THAT(office.accepted, IsEmpty());
}

TEST_F(ContactsTest, OnlyOneContactAsksForTheAvailabilityOfAnAccount) {
    people.add("cho");
    presence("subscribe", "ana@hill.example", "ben@gw.example");
    said();
    presence("subscribe", "ana@hill.example", "cho@gw.example");
    EXPECT_THAT(said(), Not(testing::Contains(HasSubstr("type='subscribe'"))));
    presence("unsubscribed", "ana@hill.example", "ben@gw.example");
    presence("subscribe", "ana@hill.example", "ben@gw.example");
    EXPECT_THAT(said(), Not(testing::Contains(HasSubstr("type='subscribe'")))) << "it said no";
}

TEST_F(ContactsTest, AnAccountThatIsAResidentsByRecordIsOneOfOurs) {
    people.addresses[outside("bob@x.org")] = "ana";
    presence("subscribe", "bob@x.org/desk", "ben@gw.example");
    EXPECT_THAT(said(), SizeIs(3));
}

TEST_F(ContactsTest, WithConsentSomebodyOutsideSeesHer) {
    consent("ben", "bob@x.org", Consent::Given);
    presence("subscribe", "bob@x.org/desk", "ben@gw.example");
    EXPECT_THAT(said(), ElementsAre(simple("subscribed", "ben@gw.example", "bob@x.org"),
                                    HasSubstr("<status>heard 08:00</status>")));
    EXPECT_THAT(office.accepted, IsEmpty());
}

TEST_F(ContactsTest, WhoMayNotIsRefused) {
    consent("ben", "bob@x.org", Consent::Refused);
    people.add("kid").minor = true;
    consent("kid", "bob@x.org", Consent::Given);
    const std::string mixed =
        "b\xD0\xBE"
        "b@x.org";  // the o is Cyrillic
    consent("ben", mixed, Consent::Given);
    const std::vector<std::pair<std::string, std::string>> pairs = {
        {"bob@x.org", "ben@gw.example"},    {"bob@x.org", "kid@gw.example"},
        {"bob@x.org", "nobody@gw.example"}, {"ana@hill.example", "nobody@gw.example"},
        {"bob@x.org", "gw.example"},        {"bob@x.org", "eve\\40y.org@gw.example"},
        {mixed, "ben@gw.example"}};
    for (const auto& [from, to] : pairs) {
        presence("subscribe", from, to);
        EXPECT_THAT(said(), ElementsAre(simple("unsubscribed", to, from))) << from << ' ' << to;
    }
    EXPECT_THAT(record(), IsEmpty());
    EXPECT_THAT(office.accepted, IsEmpty());
}

TEST_F(ContactsTest, AChildHasNoContactOutside) {
    people.residents["ana"].minor = true;
    presence("subscribe", "ana@hill.example", "eve\\40y.org@gw.example");
    EXPECT_THAT(said(),
                ElementsAre(simple("unsubscribed", "eve\\40y.org@gw.example", "ana@hill.example")));
}

TEST_F(ContactsTest, AnAddressOfAnotherNetworkIsAContactOfWhichNothingIsKnown) {
    presence("subscribe", "ana@hill.example", "eve\\40y.org@gw.example");
    EXPECT_THAT(said(),
                ElementsAre(simple("subscribed", "eve\\40y.org@gw.example", "ana@hill.example")));
    presence("probe", "ana@hill.example/phone", "eve\\40y.org@gw.example");
    EXPECT_THAT(said(), ElementsAre(simple("unavailable", "eve\\40y.org@gw.example",
                                           "ana@hill.example/phone")));
    EXPECT_THAT(record(), IsEmpty());
}

TEST_F(ContactsTest, APersonIsAskedOnceByALetterThatWaitsForHer) {
    people.residents["ben"].language = "sw";
    presence("subscribe", "bob@x.org/desk", "ben@gw.example");
    presence("subscribe", "bob@x.org/desk", "ben@gw.example");
    round();
    EXPECT_THAT(said(), IsEmpty());
    ASSERT_THAT(office.accepted, SizeIs(1));
    const Message& letter = office.accepted.front();
    EXPECT_EQ(letter.from, outside("bob@x.org"));
    EXPECT_THAT(letter.to, ElementsAre(mailto("ben", "hill.example")));
    EXPECT_EQ(letter.text, catalogue("sw").say("chat_asks"));
    EXPECT_TRUE(letter.return_path.empty());
    EXPECT_TRUE(letter.wishes.front().silence());
    EXPECT_TRUE(letter.verified_sender);
    EXPECT_FALSE(letter.trusted);
    EXPECT_FALSE(letter.submitted);

    consent("ben", "bob@x.org", Consent::Pending);
    round();
    EXPECT_THAT(said(), IsEmpty());
    consent("ben", "bob@x.org", Consent::Given);
    round();
    EXPECT_THAT(said(), ElementsAre(simple("subscribed", "ben@gw.example", "bob@x.org"),
                                    HasSubstr("to='bob@x.org'")));
    EXPECT_EQ(contacts->counts().waiting, 0u);
    EXPECT_THAT(office.accepted, SizeIs(1));
}

TEST_F(ContactsTest, WhoWaitsIsToldNo) {
    presence("subscribe", "bob@x.org", "ben@gw.example");
    consent("ben", "bob@x.org", Consent::Refused);
    round();
    EXPECT_THAT(said(), ElementsAre(simple("unsubscribed", "ben@gw.example", "bob@x.org")));
    EXPECT_THAT(record(), IsEmpty());
}

TEST_F(ContactsTest, WhoWaitsForAQuarterIsGivenUp) {
    presence("subscribe", "bob@x.org", "ben@gw.example");
    pass(hours(24 * 89));
    round();
    EXPECT_THAT(said(), IsEmpty());
    pass(hours(24));
    round();
    EXPECT_THAT(said(), ElementsAre(simple("unsubscribed", "ben@gw.example", "bob@x.org")));
}

TEST_F(ContactsTest, ALetterThatIsRefusedIsANo) {
    office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::QuotaFull, "too many", 0};
    };
    presence("subscribe", "bob@x.org", "ben@gw.example");
    EXPECT_THAT(said(), IsEmpty());
    round();
    EXPECT_THAT(said(), ElementsAre(simple("unsubscribed", "ben@gw.example", "bob@x.org")));
}

TEST_F(ContactsTest, ALetterThatWasNotTakenIsHandedOverAgainUnderItsId) {
    office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Later, Verdict::Reason::StorageFull, "no room", 0};
    };
    presence("subscribe", "bob@x.org", "ben@gw.example");
    round();
    EXPECT_THAT(office.accepted, SizeIs(1));
    office.verdict = nullptr;
    pass(minutes(10));
    round();
    ASSERT_THAT(office.accepted, SizeIs(2));
    EXPECT_EQ(office.accepted[0].origin_id, office.accepted[1].origin_id);
    pass(hours(1));
    round();
    EXPECT_THAT(office.accepted, SizeIs(2));
}

TEST_F(ContactsTest, AfterARestartItIsAskedAgainOnlyIfTheLetterMayBeLost) {
    std::function<void()> answer;
    office.later = [&](std::function<void()> say) { answer = std::move(say); };
    presence("subscribe", "bob@x.org", "ben@gw.example");
    start();
    office.later = nullptr;
    round();
    ASSERT_THAT(office.accepted, SizeIs(2));
    EXPECT_EQ(office.accepted[0].origin_id, office.accepted[1].origin_id);
    answer();  // to the one that is gone
    start();
    round();
    EXPECT_THAT(office.accepted, SizeIs(2));
    EXPECT_EQ(contacts->counts().waiting, 1u);
}

TEST_F(ContactsTest, AFloodOfSubscriptionsIsKeptSmall) {
    people.add("cho");
    RosterLimits limits;
    limits.waiting = 6;
    limits.waiting_for_person = 4;
    limits.waiting_of_domain = 3;
    start(limits);
    const auto ask = [&](const std::string& from, const std::string& to) {
        presence("subscribe", from, to, "id='s'");
        return said();
    };
    for (const char* name : {"a", "b", "c"})
        EXPECT_THAT(ask(std::string(name) + "@x.org", "ben@gw.example"), IsEmpty());
    const auto refused =
        ElementsAre(AllOf(HasSubstr("type='error'"), HasSubstr("id='s'"),
                          HasSubstr("<error type='wait'>"), HasSubstr("<resource-constraint ")));
    EXPECT_THAT(ask("d@x.org", "ben@gw.example"), refused) << "of the domain";
    EXPECT_THAT(ask("a@y.org", "ben@gw.example"), IsEmpty());
    EXPECT_THAT(ask("b@y.org", "ben@gw.example"), refused) << "for the person";
    EXPECT_THAT(ask("b@y.org", "cho@gw.example"), IsEmpty());
    EXPECT_THAT(ask("a@z.org", "cho@gw.example"), IsEmpty());
    EXPECT_THAT(ask("a@w.org", "cho@gw.example"), refused) << "in all";
    EXPECT_THAT(record(), SizeIs(6));
    EXPECT_THAT(office.accepted, SizeIs(6));
    // Those whom she knows are not kept out by it.
    consent("cho", "eve@v.org", Consent::Given);
    EXPECT_THAT(ask("eve@v.org", "cho@gw.example"), SizeIs(2));
}

TEST_F(ContactsTest, ADomainMayAskForSoManyADay) {
    RosterLimits limits;
    limits.new_a_day_of_domain = 2;
    limits.new_a_day = 3;
    start(limits);
    const auto taken = [&](const std::string& from) {
        presence("subscribe", from, "ben@gw.example");
        presence("unsubscribe", from, "ben@gw.example");
        return said().empty();
    };
    EXPECT_TRUE(taken("a@x.org"));
    EXPECT_TRUE(taken("b@x.org"));
    EXPECT_FALSE(taken("c@x.org"));
    EXPECT_TRUE(taken("a@y.org"));
    EXPECT_FALSE(taken("a@z.org")) << "of all domains";
    pass(hours(24));
    EXPECT_TRUE(taken("c@x.org"));
    EXPECT_THAT(record(), IsEmpty());
}

TEST_F(ContactsTest, ADomainThatAsksWithoutEndIsNotAnswered) {
    std::size_t answers = 0;
    for (int i = 0; i < 2000; ++i) {
        presence("subscribe", "u" + std::to_string(i) + "@x.org", "nobody@gw.example");
        answers += said().size();
    }
    EXPECT_EQ(answers, 300u);
    presence("subscribe", "a@y.org", "nobody@gw.example");
    EXPECT_THAT(said(), SizeIs(1)) << "others are";
}

TEST_F(ContactsTest, ALostAccountSeesNobodyAnyMore) {
    people.addresses[outside("ana@hill.example")] = "ana";
    presence("subscribe", "ana@hill.example/phone", "ben@gw.example");
    said();
    people.addresses.clear();
    people.suspended.insert(outside("ana@hill.example"));
    round();
    EXPECT_THAT(said(),
                testing::Contains(simple("unsubscribed", "ben@gw.example", "ana@hill.example")));
    heard.clear();
    presence("", "ana@hill.example/phone", "ben@gw.example");
    EXPECT_THAT(heard, IsEmpty());
    EXPECT_THAT(people.attached, IsEmpty());
    presence("probe", "ana@hill.example/phone", "ben@gw.example");
    EXPECT_THAT(said(), Not(testing::Contains(HasSubstr("<status>"))));
}

}  // namespace
}  // namespace waypost::xmpp
