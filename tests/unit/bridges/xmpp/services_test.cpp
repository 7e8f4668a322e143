// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/avatar.h"
#include "bridges/xmpp/sha1.h"
#include "gateway/base/encoding.h"
#include "tests/unit/bridges/xmpp/services_village.h"

namespace waypost::xmpp {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(ServicesTest, AnAnswerGoesBackUnderItsIdAndAnErrorIsNeverAnswered) {
    const std::string ping = "<ping xmlns='urn:xmpp:ping'/>";
    EXPECT_EQ(get(kAna, "gw.example", ping),
              "<iq type='result' from='gw.example' to='ana@hill.example/phone' id='q1'/>");
    EXPECT_EQ(
        get(kAna, "ben@gw.example/radio", ping),
        "<iq type='result' from='ben@gw.example/radio' to='ana@hill.example/phone' id='q1'/>");
    for (const char* type : {"result", "error"})
        EXPECT_EQ(ask(type, kAna, "gw.example", ping), "") << type;
    EXPECT_EQ(get("ben@gw.example", "gw.example", ping), "") << "a loop";
    EXPECT_EQ(get(kAna, "elsewhere.example", ping), "");
    EXPECT_EQ(get("@", "gw.example", ping), "");
}

TEST_F(ServicesTest, WhatIsNoQuestionIsABadRequest) {
    const std::string ping = "<ping xmlns='urn:xmpp:ping'/>";
    const auto bad = refused("modify", "bad-request");
    EXPECT_THAT(get(kAna, "gw.example", ""), bad);
    EXPECT_THAT(get(kAna, "gw.example", ping + ping), bad);
    EXPECT_THAT(ask("get", kAna, "gw.example", ping, ""), bad);
    EXPECT_THAT(ask("invented", kAna, "gw.example", ping), bad);
}

TEST_F(ServicesTest, WhatIsNotKnownIsNotServed) {
    const auto none = refused("cancel", "service-unavailable");
    EXPECT_THAT(get(kAna, "gw.example", query("urn:invented")), none);
    EXPECT_THAT(get(kAna, "ben@gw.example", query("jabber:iq:register")), none);
    EXPECT_THAT(get(kAna, "ben@gw.example", "<pubsub xmlns='http://jabber.org/protocol/pubsub'/>"),
                none);
    EXPECT_THAT(get(kAna, "gw.example", "<ping xmlns='urn:other'/>"), none);
    EXPECT_THAT(set(kAna, "<vCard xmlns='vcard-temp'/>"), refused("cancel", "not-allowed"));
}

TEST_F(ServicesTest, OfPeopleSomebodyOutsideLearnsNothing) {
    const std::vector<std::string> questions = {
        query(std::string(kDiscoInfo)), query(std::string(kDiscoItems)), query("jabber:iq:last"),
        "<vCard xmlns='vcard-temp'/>", "<ping xmlns='urn:xmpp:ping'/>"};
    for (const std::string& question : questions) {
        const std::string known = get(kBob, "ben@gw.example", question);
        std::string unknown = get(kBob, "zed@gw.example", question);
        EXPECT_THAT(known, refused("cancel", "service-unavailable"));
        unknown.replace(unknown.find("zed"), 3, "ben");
        EXPECT_EQ(known, unknown) << "whether there is one is not to be seen";
        EXPECT_THAT(get(kBob, "eve\\40y.org@gw.example", question),
                    refused("cancel", "service-unavailable"));
        EXPECT_THAT(get(kAna, "zed@gw.example", question), refused("cancel", "item-not-found"));
        EXPECT_THAT(get(kAna, "ben@gw.example", question), HasSubstr("type='result'"));
    }
    befriend("bob@x.org");
    for (const std::string& question : questions)
        EXPECT_THAT(get(kBob, "ben@gw.example", question), HasSubstr("type='result'"));
}

TEST_F(ServicesTest, TheDomainSaysWhatItIs) {
    const std::string info = get(kBob, "gw.example", query(std::string(kDiscoInfo)));
    EXPECT_THAT(info, AllOf(HasSubstr("<identity category='gateway' type='sms' name='hill'/>"),
                            HasSubstr("<identity category='conference' type='text'"),
                            HasSubstr("<feature var='jabber:iq:register'/>"),
                            HasSubstr("<feature var='http://jabber.org/protocol/muc'/>"),
                            HasSubstr("http://jabber.org/network/serverinfo"),
                            HasSubstr("<value>mailto:postmaster@hill.example</value>")));
    EXPECT_THAT(get(kBob, "gw.example", node(kDiscoInfo, "urn:nothing")),
                refused("cancel", "item-not-found"));
}

TEST_F(ServicesTest, GroupsAreShownToAllAndPeopleToResidents) {
    const std::string items = query(std::string(kDiscoItems));
    const std::string room = "<item jid='news@gw.example' name='News of the hill'/>";
    EXPECT_THAT(get(kBob, "gw.example", items),
                AllOf(HasSubstr(room), Not(HasSubstr("ana@gw.example"))));
    EXPECT_THAT(get(kAna, "gw.example", items),
                AllOf(HasSubstr(room), HasSubstr("<item jid='ana@gw.example' name='Ana Mwangi'/>"),
                      HasSubstr("<item jid='ben@gw.example'")));
}

// XEP-0115 5.2.
TEST(Caps, TheVerIsTheOneOfTheStandard) {
    EXPECT_EQ(caps_ver({{"client", "pc", "Exodus 0.9.1"}},
                       {"http://jabber.org/protocol/muc", kCaps, kDiscoItems, kDiscoInfo}),
              "QgayPKawpkPSDYmwT/WM94uAlu0=");
}

// A client makes the hash of what is answered, and compares it with what presence said.
TEST_F(ServicesTest, CapsOfPeopleAreTheHashOfWhatTheyAnswer) {
    contacts.presence(
        stanza("<presence type='probe' from='ana@hill.example/phone' to='ben@gw.example'/>"));
    const Element presence = last();
    const Element* caps = presence.find("c", kCaps);
    ASSERT_NE(caps, nullptr);
    const std::string name = std::string(caps->get("node")) + '#' + std::string(caps->get("ver"));
    services.iq(stanza("<iq type='get' id='1' from='ana@hill.example/phone' to='ben@gw.example'>" +
                       node(kDiscoInfo, name) + "</iq>"));
    const Element answer = last();
    const Element* info = answer.find("query", kDiscoInfo);
    ASSERT_NE(info, nullptr);
    EXPECT_EQ(info->get("node"), name);
    std::vector<Identity> identities;
    Features features;
    for (const Element& each : info->children()) {
        if (each.name() == "identity") {
            identities.push_back({std::string(each.get("category")), std::string(each.get("type")),
                                  std::string(each.get("name"))});
        } else {
            features.push_back(each.get("var"));
        }
    }
    EXPECT_EQ(caps->get("ver"), caps_ver(identities, features));
    EXPECT_THAT(get(kAna, "ben@gw.example", node(kDiscoInfo, "urn:other#x")),
                refused("cancel", "item-not-found"));
}

TEST_F(ServicesTest, SmallQuestionsHaveSmallAnswers) {
    EXPECT_THAT(get(kAna, "gw.example", query("jabber:iq:version")),
                AllOf(HasSubstr("<name>Waypost</name>"), HasSubstr("<version>")));
    EXPECT_THAT(
        get(kAna, "gw.example", "<time xmlns='urn:xmpp:time'/>"),
        AllOf(HasSubstr("<tzo>+00:00</tzo>"), HasSubstr("<utc>2027-01-15T08:00:00Z</utc>")));
    pass(std::chrono::seconds(903));
    EXPECT_THAT(get(kAna, "ben@gw.example", query("jabber:iq:last")), HasSubstr("seconds='903'"));
    EXPECT_THAT(get(kAna, "gw.example", query("jabber:iq:last")), HasSubstr("seconds='903'"));
    EXPECT_THAT(get(kAna, "ana@gw.example", query("jabber:iq:last")),
                refused("cancel", "item-not-found"));
}

TEST_F(ServicesTest, ATimeHereIsSaidWithItsOffset) {
    ASSERT_TRUE(use_timezone("Africa/Nairobi").ok());
    EXPECT_THAT(get(kAna, "gw.example", "<time xmlns='urn:xmpp:time'/>"),
                HasSubstr("<tzo>+03:00</tzo>"));
    ASSERT_TRUE(use_timezone("America/St_Johns").ok());
    EXPECT_THAT(get(kAna, "gw.example", "<time xmlns='urn:xmpp:time'/>"),
                HasSubstr("<tzo>-03:30</tzo>"));
}

TEST_F(ServicesTest, ACardSaysWhoItIsAndWhatToExpect) {
    people.residents["ana"].language = "fr";
    const std::string temp = get(kAna, "ben@gw.example", "<vCard xmlns='vcard-temp'/>");
    EXPECT_THAT(temp, AllOf(HasSubstr("<FN>Ben</FN>"), HasSubstr("<NICKNAME>ben</NICKNAME>"),
                            HasSubstr("<USERID>ben@hill.example</USERID>"),
                            HasSubstr("environ 200 lettres"),
                            HasSubstr("<BINVAL>" + to_base64(avatar_png("ben")) + "</BINVAL>")));
    EXPECT_THAT(
        get(kAna, "ben@gw.example", "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'/>"),
        AllOf(HasSubstr("<fn><text>Ben</text></fn>"), HasSubstr("<uri>xmpp:ben@gw.example</uri>")));
    EXPECT_THAT(get(kAna, "ana@gw.example", "<vCard xmlns='vcard-temp'/>"),
                HasSubstr("pas encore de radio"));
    EXPECT_THAT(get(kAna, "eve\\40y.org@gw.example", "<vCard xmlns='vcard-temp'/>"),
                HasSubstr("<FN>eve@y.org</FN>"));
    EXPECT_THAT(get(kBob, "gw.example", "<vCard xmlns='vcard-temp'/>"),
                HasSubstr("The post office of hill"));
}

TEST(Avatar, IsASmallPictureAndTheSameForAName) {
    const std::string png = avatar_png("ben");
    EXPECT_THAT(png, StartsWith("\x89PNG\r\n\x1A\n"));
    EXPECT_LT(png.size(), 500u);
    EXPECT_EQ(png, avatar_png("ben"));
    EXPECT_NE(png, avatar_png("ana"));
    EXPECT_EQ(avatar_hash("ben"), to_hex(sha1(png)));
    EXPECT_EQ(avatar_hash("ana"), to_hex(sha1(avatar_png("ana"))));
    EXPECT_EQ(avatar_hash("ben"), to_hex(sha1(png))) << "the second time, as it is remembered";
}

TEST_F(ServicesTest, AnAddressBecomesAJid) {
    const auto jid = [&](const std::string& typed) {
        return set(kAna, query("jabber:iq:gateway", "<prompt>" + typed + "</prompt>"));
    };
    EXPECT_THAT(jid("bob@example.org"), HasSubstr("<jid>bob\\40example.org@gw.example</jid>"));
    EXPECT_THAT(jid(" ben "), HasSubstr("<jid>ben@gw.example</jid>"));
    EXPECT_THAT(jid("ben@hill.example"), HasSubstr("<jid>ben@gw.example</jid>"));
    EXPECT_THAT(jid(""), refused("modify", "not-acceptable"));
    EXPECT_THAT(jid("bob@"), refused("modify", "not-acceptable"));
    EXPECT_THAT(jid(std::string(5000, 'a') + "@x.org"), refused("modify", "not-acceptable"));
    EXPECT_THAT(get(kAna, "gw.example", query("jabber:iq:gateway")), HasSubstr("<prompt>"));
    EXPECT_THAT(get(kBob, "gw.example", query("jabber:iq:gateway")), refused("auth", "forbidden"));
}

TEST_F(ServicesTest, WhoAsksWithoutEndIsToldToWaitAndThenNothing) {
    const std::string ping = "<ping xmlns='urn:xmpp:ping'/>";
    int results = 0, refusals = 0, silences = 0;
    for (int i = 0; i < 500; ++i) {
        const std::string answer = get(kBob, "gw.example", ping);
        if (answer.empty()) ++silences;
        if (answer.find("type='result'") != std::string::npos) ++results;
        if (answer.find("<resource-constraint ") != std::string::npos) ++refusals;
    }
    EXPECT_EQ(results, 300);
    EXPECT_EQ(refusals, 60);
    EXPECT_EQ(silences, 140);
    EXPECT_THAT(get("bob@x.org/other", "gw.example", ping), "") << "of all his programs";
    EXPECT_THAT(get(kAna, "gw.example", ping), HasSubstr("type='result'"));
    pass(std::chrono::minutes(1));
    EXPECT_THAT(get(kBob, "gw.example", ping), HasSubstr("type='result'"));
}

TEST_F(ServicesTest, ACrowdOfStrangersDoesNotKeepOurPeopleOut) {
    const std::string ping = "<ping xmlns='urn:xmpp:ping'/>";
    for (int i = 0; i < 1500; ++i)
        (void)get("u" + std::to_string(i) + "@x.org/d", "gw.example", ping);
    EXPECT_THAT(get("u9999@x.org/d", "gw.example", ping), Not(HasSubstr("type='result'")))
        << "those who come last share one measure";
    EXPECT_THAT(get(kAna, "gw.example", ping), HasSubstr("type='result'"));
}

}  // namespace
}  // namespace waypost::xmpp
