// SPDX-License-Identifier: Apache-2.0
// What contacts are told, and what they tell.
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

TEST_F(ContactsTest, TheRecordOutlivesARestartAndIsToldAnew) {
    consent("ben", "bob@x.org", Consent::Given);
    presence("subscribe", "bob@x.org", "ben@gw.example");
    office.kept()["roster/ben"] = "2 0 1";
    office.kept()["roster/ben/eve@x.org"] = "rubbish";
    said();
    start();
    EXPECT_THAT(record(), ElementsAre("roster/ben/bob@x.org"));
    round();
    EXPECT_THAT(said(), ElementsAre(HasSubstr("<status>heard 08:00</status>")));
    contacts->stream_down();
    pass(hours(1));
    round();
    EXPECT_THAT(said(), IsEmpty());
    contacts->stream_up();
    round();
    EXPECT_THAT(said(), ElementsAre(HasSubstr("<show>away</show>")));
}

TEST_F(ContactsTest, PresenceSaysWhenARadioWasHeard) {
    const auto seen = [&] {
        presence("probe", "ana@hill.example/phone", "ben@gw.example");
        return said().front();
    };
    EXPECT_THAT(seen(), AllOf(Not(HasSubstr("<show>")), HasSubstr("<status>heard 08:00</status>"),
                              HasSubstr("<idle xmlns='urn:xmpp:idle:1' "
                                        "since='2027-01-15T08:00:00Z'/>"),
                              HasSubstr("<c xmlns='http://jabber.org/protocol/caps' "),
                              HasSubstr("<x xmlns='vcard-temp:x:update'><photo>")));
    pass(minutes(30));
    EXPECT_THAT(seen(), HasSubstr("<show>away</show>"));
    pass(hours(24));
    EXPECT_THAT(seen(), AllOf(HasSubstr("<show>xa</show>"),
                              HasSubstr("<status>heard 2027-01-15 08:00</status>")));
    people.residents["ana"].language = "sw";
    EXPECT_THAT(seen(), HasSubstr("imesikika"));
    people.residents["ben"].heard_at = 0;
    people.residents["ana"].language = "";
    EXPECT_THAT(seen(), AllOf(HasSubstr("<show>xa</show>"),
                              HasSubstr("<status>not heard yet</status>"), Not(HasSubstr("idle"))));
    people.residents["ben"].has_radio = false;
    EXPECT_EQ(seen(), simple("unavailable", "ben@gw.example", "ana@hill.example/phone"));
    people.residents["ben"].heard_at = now_s() + 3600;  // the clock was put back
    people.residents["ben"].has_radio = true;
    EXPECT_THAT(seen(), Not(HasSubstr("<show>")));
}

TEST_F(ContactsTest, NewsAreToldSeldomAndSelderAbroad) {
    consent("ben", "bob@x.org", Consent::Given);
    presence("subscribe", "bob@x.org", "ben@gw.example", "xml:lang='es-MX'");
    presence("subscribe", "ana@hill.example", "ben@gw.example");
    said();
    const auto heard_again = [&](milliseconds after) {
        pass(after);
        people.residents["ben"].heard_at = now_s();
        round();
        return said();
    };
    EXPECT_THAT(heard_again(minutes(4)), IsEmpty());
    EXPECT_THAT(heard_again(minutes(1)), ElementsAre(HasSubstr("to='ana@hill.example'")));
    EXPECT_THAT(heard_again(minutes(1)), IsEmpty());
    pass(minutes(24));
    EXPECT_THAT(heard_again({}), SizeIs(2));
    pass(minutes(31));
    round();
    EXPECT_THAT(said(),
                ElementsAre(HasSubstr("<show>away</show>"), HasSubstr("<show>away</show>")));
    EXPECT_THAT(heard_again(minutes(5)),
                ElementsAre(HasSubstr("heard"), HasSubstr("<status>se oyó")))
        << "that a radio is back is told abroad as soon";
}

TEST_F(ContactsTest, ATickTellsAFewOnly) {
    for (int i = 0; i < 100; ++i) {
        const std::string who = "p" + std::to_string(i);
        people.add(who).has_radio = true;
        presence("subscribe", "ana@hill.example", who + "@gw.example");
    }
    said();
    pass(minutes(6));
    for (auto& [handle, one] : people.residents) one.heard_at = now_s();
    contacts->tick();
    EXPECT_THAT(said(), SizeIs(20));
    for (int i = 0; i < 12; ++i) contacts->tick();
    EXPECT_THAT(said(), SizeIs(80));
}

TEST_F(ContactsTest, APersonWhoLeftIsTakenFromTheListsOfAll) {
    consent("ben", "bob@x.org", Consent::Given);
    presence("subscribe", "bob@x.org", "ben@gw.example");
    presence("subscribe", "ana@hill.example", "ben@gw.example");
    said();
    people.residents.erase("ben");
    round();
    EXPECT_THAT(said(), ElementsAre(simple("unsubscribe", "ben@gw.example", "ana@hill.example"),
                                    simple("unsubscribed", "ben@gw.example", "ana@hill.example"),
                                    simple("unsubscribed", "ben@gw.example", "bob@x.org")));
    EXPECT_THAT(record(), IsEmpty());
}

TEST_F(ContactsTest, ConsentThatIsTakenBackEndsIt) {
    consent("ben", "bob@x.org", Consent::Given);
    presence("subscribe", "bob@x.org", "ben@gw.example");
    said();
    people.disk_fails = true;
    round();
    EXPECT_THAT(said(), IsEmpty());
    people.disk_fails = false;
    consent("ben", "bob@x.org", Consent::Refused);
    round();
    EXPECT_THAT(said(), ElementsAre(simple("unsubscribed", "ben@gw.example", "bob@x.org")));
}

TEST_F(ContactsTest, WhereConsentCannotBeReadHeIsToWait) {
    people.disk_fails = true;
    presence("subscribe", "bob@x.org", "ben@gw.example");
    EXPECT_THAT(said(), ElementsAre(HasSubstr("<error type='wait'>")));
    EXPECT_THAT(record(), IsEmpty());
    EXPECT_THAT(office.accepted, IsEmpty());
}

TEST_F(ContactsTest, AProbeOfWhoMayNotSeeIsRefused) {
    presence("probe", "bob@x.org/desk", "ben@gw.example");
    EXPECT_THAT(said(), ElementsAre(simple("unsubscribed", "ben@gw.example", "bob@x.org")));
    presence("subscribe", "bob@x.org", "ben@gw.example");
    presence("probe", "bob@x.org/desk", "ben@gw.example");
    EXPECT_THAT(said(), IsEmpty()) << "he waits, and must not be told that it is over";
    presence("probe", "ana@hill.example/phone", "nobody@gw.example");
    EXPECT_THAT(said(), SizeIs(1));
}

TEST_F(ContactsTest, AProbeMakesALostRecordAnew) {
    presence("probe", "ana@hill.example/phone", "ben@gw.example");
    EXPECT_THAT(said(), ElementsAre(HasSubstr("to='ana@hill.example/phone'")));
    EXPECT_THAT(record(), ElementsAre("roster/ben/ana@hill.example"));
}

TEST_F(ContactsTest, TheGatewayItselfIsAContactOfResidents) {
    presence("subscribe", "ana@hill.example", "gw.example");
    EXPECT_THAT(said(), ElementsAre(simple("subscribed", "gw.example", "ana@hill.example"),
                                    AllOf(HasSubstr("from='gw.example'"), Not(HasSubstr("type="))),
                                    simple("subscribe", "gw.example", "ana@hill.example")));
    start();
    round();
    EXPECT_THAT(said(), SizeIs(1));
}

TEST_F(ContactsTest, WhoLeavesIsShownNothingAnyMore) {
    presence("subscribe", "ana@hill.example", "ben@gw.example");
    said();
    presence("unsubscribe", "ana@hill.example", "ben@gw.example");
    EXPECT_THAT(said(), ElementsAre(simple("unavailable", "ben@gw.example", "ana@hill.example"),
                                    simple("unsubscribe", "ben@gw.example", "ana@hill.example")));
    EXPECT_THAT(record(), IsEmpty());
    presence("unsubscribe", "ana@hill.example", "ben@gw.example");
    EXPECT_THAT(said(), IsEmpty());
}

TEST_F(ContactsTest, AnAccountThatIsGoneIsForgotten) {
    presence("subscribe", "ana@hill.example", "ben@gw.example");
    said();
    const auto fail = [&](const std::string& condition) {
        contacts->presence(
            stanza("<presence type='error' from='ana@hill.example' "
                   "to='ben@gw.example'><error type='cancel'><" +
                   condition +
                   " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
                   "</presence>"));
    };
    fail("remote-server-timeout");
    EXPECT_THAT(record(), SizeIs(1));
    fail("gone");
    EXPECT_THAT(record(), IsEmpty());
    EXPECT_THAT(said(), IsEmpty()) << "an error is never answered";
}

TEST_F(ContactsTest, AnAccountOfOursBecomesHersOnceAndIsHeard) {
    presence("", "ana@hill.example/phone", "ben@gw.example");
    presence("", "ana@hill.example/phone", "ben@gw.example");
    EXPECT_THAT(people.attached, ElementsAre(testing::Pair("ana", outside("ana@hill.example"))));
    EXPECT_THAT(heard, ElementsAre("xmpp:ana@hill.example"));
    pass(minutes(1));
    presence("", "ana@hill.example/phone", "ben@gw.example");
    EXPECT_THAT(heard, SizeIs(2));
    presence("unavailable", "ana@hill.example/phone", "ben@gw.example");
    presence("", "bob@x.org/desk", "ben@gw.example");
    presence("", "nobody@hill.example/desk", "ben@gw.example");
    EXPECT_THAT(heard, SizeIs(2));
    EXPECT_THAT(people.attached, SizeIs(1));
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_THAT(office.accepted, IsEmpty());
}

TEST_F(ContactsTest, AnAccountThatIsAttachedLaterIsHeardThen) {
    std::function<void()> answer;
    people.later = [&](std::function<void()> say) { answer = std::move(say); };
    presence("subscribe", "ana@hill.example/phone", "ben@gw.example");
    people.addresses.clear();
    contacts->tick();
    EXPECT_THAT(heard, IsEmpty());
    people.addresses[outside("ana@hill.example")] = "ana";
    answer();
    contacts->tick();
    contacts->tick();
    EXPECT_THAT(heard, ElementsAre("xmpp:ana@hill.example"));
}

TEST_F(ContactsTest, ASuspendedAccountIsNotHeard) {
    people.refusal = Error{Code::Refused, "suspended", false};
    presence("", "ana@hill.example/phone", "ben@gw.example");
    presence("", "ana@hill.example/phone", "ben@gw.example");
    EXPECT_THAT(heard, IsEmpty());
    EXPECT_THAT(people.attached, SizeIs(1)) << "not tried again at once";
    pass(minutes(10));
    presence("", "ana@hill.example/phone", "ben@gw.example");
    EXPECT_THAT(people.attached, SizeIs(2));
}

TEST_F(ContactsTest, WhatIsNotForUsIsPassedOver) {
    presence("subscribe", "ana@gw.example", "ben@gw.example");
    presence("subscribe", "ana@hill.example", "ben@elsewhere.example");
    presence("subscribe", "@hill.example", "ben@gw.example");
    presence("subscribe", "x.org", "ben@gw.example");
    presence("invented", "ana@hill.example", "ben@gw.example");
    contacts->presence(stanza("<presence type='subscribe'/>"));
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_THAT(record(), IsEmpty());
}

}  // namespace
}  // namespace waypost::xmpp
