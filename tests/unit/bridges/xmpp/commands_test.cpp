// SPDX-License-Identifier: Apache-2.0
// Registration and ad-hoc commands.
#include <algorithm>

#include "tests/unit/bridges/xmpp/services_village.h"

namespace waypost::xmpp {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

TEST_F(RegistrationTest, TheFormAsksForANameAndACode) {
    EXPECT_THAT(
        get(kBob, "gw.example", query("jabber:iq:register")),
        AllOf(HasSubstr("Type code on your radio"), HasSubstr("<username/><password/>"),
              HasSubstr("var='name'"), HasSubstr("var='code'"), Not(HasSubstr("<registered/>"))));
    EXPECT_THAT(get(kAna, "gw.example", query("jabber:iq:register")),
                AllOf(HasSubstr("<registered/>"), HasSubstr("<username>ana</username>")));
}

TEST_F(RegistrationTest, ARightCodeMakesTheAccountHers) {
    people.addresses[outside("bob@x.org")] = "ben";  // as the gateway would by that line
    EXPECT_THAT(set(kBob, form("Ben", "12345678")), StartsWith("<iq type='result'"));
    ASSERT_THAT(office.accepted, SizeIs(1));
    EXPECT_EQ(office.accepted.front().network, "xmpp");
    EXPECT_TRUE(office.accepted.front().verified_sender);
    EXPECT_THAT(lines(), ElementsAre("bob@x.org: name ben 12345678"));
}

TEST_F(RegistrationTest, AWrongCodeIsNotAuthorized) {
    EXPECT_THAT(set(kBob, form("ben", "12345678")), refused("auth", "not-authorized"));
    EXPECT_THAT(set(kBob, query("jabber:iq:register",
                                "<username>ben</username><password>87654321</password>")),
                refused("auth", "not-authorized"));
    EXPECT_THAT(lines(),
                ElementsAre("bob@x.org: name ben 12345678", "bob@x.org: name ben 87654321"));
}

TEST_F(RegistrationTest, NoOtherLineCanBeSaidByIt) {
    const std::vector<std::pair<std::string, std::string>> bad = {
        {"", "12345678"},       {"ben", ""},
        {"ben", "1234567"},     {"ben", "12345678 9"},
        {"ben", "abcdefgh"},    {"SOS help", "12345678"},
        {"b\nSOS", "12345678"}, {std::string(300, 'b'), "12345678"},
        {"*", "12345678"}};
    for (const auto& [name, code] : bad)
        EXPECT_THAT(set(kBob, form(name, code)), refused("modify", "not-acceptable")) << name;
    EXPECT_THAT(set(kBob, query("jabber:iq:register")), refused("modify", "not-acceptable"));
    EXPECT_THAT(set(kBob, query("jabber:iq:register", "<remove/>")),
                refused("cancel", "not-allowed"));
    EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(RegistrationTest, TriesOfADomainAreCounted) {
    for (int i = 0; i < 10; ++i) {
        EXPECT_THAT(set("u" + std::to_string(i) + "@x.org", form("ben", "12345678")),
                    refused("auth", "not-authorized"));
    }
    EXPECT_THAT(set("u10@x.org", form("ben", "12345678")), refused("wait", "resource-constraint"));
    EXPECT_THAT(lines(), SizeIs(10));
}

TEST_F(RegistrationTest, AnAnswerThatComesTooLateIsNobodys) {
    std::function<void()> answer;
    office.later = [&](std::function<void()> say) { answer = std::move(say); };
    {
        Services gone(gate, contacts);
        gone.iq(stanza("<iq type='set' id='1' from='bob@x.org/d' to='gw.example'>" +
                       form("ben", "12345678") + "</iq>"));
    }
    answer();
    EXPECT_THAT(said(), IsEmpty());
}

TEST_F(RegistrationTest, WhereTheGatewayTakesNothingItSaysSo) {
    office.line_verdict = Verdict{Verdict::Kind::Later, Verdict::Reason::StorageFull, "no room", 0};
    EXPECT_THAT(set(kBob, form("ben", "12345678")), refused("wait", "resource-constraint"));
    office.later = [&](std::function<void()>) {};
    EXPECT_EQ(set(kBob, form("ben", "12345678")), "") << "not before it is on disk";
}

class CommandsTest : public RegistrationTest {
  protected:
    static std::string command(const std::string& node, const std::string& more = {},
                               const std::string& inside = {}) {
        return "<command xmlns='http://jabber.org/protocol/commands' node='" + node + "' " + more +
               ">" + inside + "</command>";
    }
    static std::string filled(const std::string& var, const std::string& value) {
        return "<x xmlns='jabber:x:data' type='submit'><field var='" + var + "'><value>" + value +
               "</value></field></x>";
    }
    // Begins a command that asks something; the id of its session.
    std::string begin(const std::string& node, const std::string& who = kAna) {
        services.iq(stanza("<iq type='set' id='1' from='" + who + "' to='gw.example'>" +
                           command(node, "action='execute'") + "</iq>"));
        const Element answer = last();
        const Element* step = answer.find("command", kCommands);
        if (step == nullptr) return {};
        EXPECT_EQ(step->get("status"), "executing");
        EXPECT_NE(step->find("x", kDataForm), nullptr);
        return std::string(step->get("sessionid"));
    }
    std::string finish(const std::string& node, const std::string& session,
                       const std::string& inside, const std::string& who = kAna) {
        return set(who, command(node, "action='complete' sessionid='" + session + "'", inside));
    }
};

TEST_F(CommandsTest, EachSeesWhatHeMayUse) {
    const std::string items = node(kDiscoItems, kCommands);
    EXPECT_THAT(get(kBob, "gw.example", items),
                AllOf(HasSubstr("node='link'"), Not(HasSubstr("node='list'"))));
    EXPECT_THAT(
        get(kAna, "gw.example", items),
        AllOf(HasSubstr("node='list'"), HasSubstr("node='join'"), Not(HasSubstr("node='box'"))));
    EXPECT_THAT(get("ben@hill.example", "gw.example", items),
                AllOf(HasSubstr("node='box'"), HasSubstr("#get-registered-users-list")));
    EXPECT_THAT(get(kAna, "gw.example", node(kDiscoInfo, kCommands)), HasSubstr("command-list"));
    EXPECT_THAT(get(kAna, "gw.example", node(kDiscoInfo, "list")),
                AllOf(HasSubstr("command-node"), HasSubstr("name='My messages'")));
    EXPECT_THAT(get(kAna, "gw.example", node(kDiscoInfo, "box")),
                refused("cancel", "item-not-found"));
}

TEST_F(CommandsTest, WhatIsNotForHimIsForbidden) {
    for (const char* name :
         {"help", "list", "where", "language", "pause", "resume", "groups", "join", "leave", "box"})
        EXPECT_THAT(set(kBob, command(name)), refused("auth", "forbidden")) << name;
    EXPECT_THAT(set(kAna, command("box")), refused("auth", "forbidden"));
    EXPECT_THAT(set(kAna, command("http://jabber.org/protocol/admin#get-registered-users-list")),
                refused("auth", "forbidden"));
    EXPECT_THAT(set(kAna, command("invented")), refused("cancel", "item-not-found"));
    EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(CommandsTest, WhatAsksNothingIsDoneAtOnceByTheLineOfARadio) {
    const std::vector<std::pair<std::string, std::string>> each = {
        {"help", "?"}, {"list", "*"}, {"pause", "stop"}, {"resume", "start"}};
    for (const auto& [name, line] : each) {
        EXPECT_THAT(set(kAna, command(name)),
                    AllOf(HasSubstr("status='completed'"),
                          HasSubstr("<note type='info'>Passed on. The answer comes as a message "
                                    "from gw.example.</note>")));
        EXPECT_THAT(lines(), ElementsAre("ana@hill.example: " + line));
    }
}

TEST_F(CommandsTest, AFormIsFilledInAndSaid) {
    const std::vector<std::vector<std::string>> each = {{"language", "language", "sw", "lang sw"},
                                                        {"where", "number", "7", "?7"},
                                                        {"join", "group", "news", "#+news"},
                                                        {"leave", "group", "news", "#-news"}};
    for (const auto& one : each) {
        const std::string session = begin(one[0]);
        ASSERT_NE(session, "");
        EXPECT_THAT(finish(one[0], session, filled(one[1], one[2])),
                    AllOf(HasSubstr("status='completed'"), HasSubstr("<note type='info'>")));
        EXPECT_THAT(lines(), ElementsAre("ana@hill.example: " + one[3]));
        EXPECT_THAT(finish(one[0], session, filled(one[1], one[2])),
                    AllOf(refused("cancel", "not-allowed"), HasSubstr("<session-expired ")))
            << "once";
    }
    EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(CommandsTest, SomebodyOutsideCanLinkHisAccount) {
    const std::string session = begin("link", kBob);
    const std::string both =
        "<x xmlns='jabber:x:data' type='submit'>"
        "<field var='name'><value>ben</value></field>"
        "<field var='code'><value>12345678</value></field></x>";
    EXPECT_THAT(finish("link", session, both, kBob), HasSubstr("status='completed'"));
    EXPECT_THAT(lines(), ElementsAre("bob@x.org: name ben 12345678"));
}

TEST_F(CommandsTest, TriesAreCountedWhicheverWayTheyAreMade) {
    const std::string both =
        "<x xmlns='jabber:x:data' type='submit'><field var='name'><value>ben</value></field>"
        "<field var='code'><value>12345678</value></field></x>";
    for (int i = 0; i < 5; ++i) {
        EXPECT_THAT(finish("link", begin("link", kBob), both, kBob), HasSubstr("completed"));
        EXPECT_THAT(set("eve@x.org", form("ben", "12345678")), refused("auth", "not-authorized"));
    }
    EXPECT_THAT(finish("link", begin("link", kBob), both, kBob),
                refused("wait", "resource-constraint"));
    EXPECT_THAT(set("eve@x.org", form("ben", "12345678")), refused("wait", "resource-constraint"));
    EXPECT_THAT(lines(), SizeIs(10));
    for (int i = 0; i < 100; ++i)
        (void)set("u@y" + std::to_string(i) + ".org", form("ben", "12345678"));
    EXPECT_THAT(lines(), SizeIs(50)) << "of all strangers together";
}

TEST_F(CommandsTest, AFormThatIsWrongCanBeMended) {
    const std::string session = begin("where");
    const auto bad = AllOf(refused("modify", "bad-request"), HasSubstr("<bad-payload "));
    EXPECT_THAT(finish("where", session, ""), bad);
    EXPECT_THAT(finish("where", session, filled("number", "7 SOS")), bad);
    EXPECT_THAT(finish("where", session, filled("number", "12345678901")), bad);
    EXPECT_THAT(finish("where", session, filled("other", "7")), bad);
    EXPECT_THAT(lines(), IsEmpty());
    EXPECT_THAT(finish("where", session, filled("number", "7")), HasSubstr("status='completed'"));

    const std::string language = begin("language");
    EXPECT_THAT(finish("language", language, filled("language", "tlh")), bad);
    const std::string join = begin("join");
    EXPECT_THAT(finish("join", join, filled("group", "news\nSOS")), bad);
    EXPECT_THAT(lines(), SizeIs(1));
}

TEST_F(CommandsTest, ASessionIsItsOwnersAndEnds) {
    const std::string session = begin("where");
    const auto over = AllOf(refused("cancel", "not-allowed"), HasSubstr("<session-expired "));
    EXPECT_THAT(finish("where", session, filled("number", "7"), "ben@hill.example/x"), over);
    EXPECT_THAT(finish("join", session, filled("group", "news")), over);
    EXPECT_THAT(finish("where", "invented", filled("number", "7")), over);
    EXPECT_THAT(set(kAna, command("where", "action='prev' sessionid='" + session + "'")),
                AllOf(refused("modify", "bad-request"), HasSubstr("<bad-action ")));
    EXPECT_THAT(set(kAna, command("where", "action='cancel' sessionid='" + session + "'")),
                HasSubstr("status='canceled'"));
    EXPECT_THAT(finish("where", session, filled("number", "7")), over);
    const std::string late = begin("where");
    pass(std::chrono::minutes(10));
    EXPECT_THAT(finish("where", late, filled("number", "7")), over);
    EXPECT_THAT(set(kAna, command("where", "action='complete'")),
                AllOf(refused("modify", "bad-request"), HasSubstr("<bad-action ")));
    EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(CommandsTest, FewFormsAreOpenAtOnce) {
    for (int i = 0; i < 3; ++i) EXPECT_NE(begin("where"), "");
    EXPECT_THAT(set(kAna, command("where")), refused("wait", "resource-constraint"));
    EXPECT_NE(begin("where", "ben@hill.example/x"), "") << "of others";
    pass(std::chrono::minutes(10));
    EXPECT_NE(begin("where"), "") << "the old ones are over";
    int outside = 0;
    for (int i = 0; i < 300; ++i)
        outside += begin("link", "u" + std::to_string(i) + "@x.org/d").empty() ? 0 : 1;
    EXPECT_EQ(outside, 50) << "of all strangers";
    EXPECT_NE(begin("where"), "") << "who take nobody's place here";
}

TEST_F(CommandsTest, ALineThatIsRefusedSaysWhy) {
    office.line_verdict = Verdict{Verdict::Kind::Refused, Verdict::Reason::NotAllowed, "not so", 0};
    EXPECT_THAT(set(kAna, command("list")), AllOf(HasSubstr("status='completed'"),
                                                  HasSubstr("<note type='error'>not so</note>")));
}

TEST_F(CommandsTest, NothingIsAnsweredBeforeTheLineIsInCustody) {
    std::function<void()> answer;
    office.later = [&](std::function<void()> say) { answer = std::move(say); };
    EXPECT_EQ(set(kAna, command("list")), "");
    answer();
    EXPECT_THAT(said(), ElementsAre(HasSubstr("status='completed'")));
}

TEST_F(CommandsTest, GroupsAndTheBoxAreShown) {
    EXPECT_THAT(set(kAna, command("groups")), AllOf(HasSubstr("<value>News of the hill</value>"),
                                                    HasSubstr("<value>news@gw.example</value>")));
    befriend("bob@x.org");
    const std::string box = set("ben@hill.example", command("box"));
    EXPECT_THAT(box, AllOf(HasSubstr("2027-01-15T08:00:00Z"), HasSubstr("var='people'"),
                           HasSubstr("label='XMPP contacts'><value>1</value>")));
    EXPECT_THAT(set("ben@hill.example",
                    command("http://jabber.org/protocol/admin#get-registered-users-list")),
                AllOf(HasSubstr("<value>ana@gw.example</value>"),
                      HasSubstr("<value>ben@gw.example</value>")));
    EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(RegistrationTest, ALostAccountIsNoPersonsAndNoOperatorsButTakesACode) {
    people.suspended.insert(outside("ana@hill.example"));
    people.operator_ = "ana";
    EXPECT_THAT(get(kAna, "gw.example", query("jabber:iq:register")),
                Not(HasSubstr("<registered/>")));
    const std::string list =
        node("http://jabber.org/protocol/disco#items", "http://jabber.org/protocol/commands");
    const auto tags = [&](const char* who) {
        const std::string answer = get(who, "gw.example", list);
        return std::count(answer.begin(), answer.end(), '<');
    };
    EXPECT_EQ(tags(kAna), tags(kBob)) << "as to any stranger";
    set(kAna, form("ana", "12345678"));
    ASSERT_THAT(office.accepted, SizeIs(1));
    EXPECT_TRUE(office.accepted.front().verified_sender);
    EXPECT_FALSE(office.accepted.front().trusted);
}

}  // namespace
}  // namespace waypost::xmpp
