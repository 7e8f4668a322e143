// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "bridges/xmpp/message/spaces.h"
#include "bridges/xmpp/services/caps.h"
#include "tests/unit/bridges/xmpp/rooms/rooms_fixture.h"

namespace waypost::xmpp {
namespace {

constexpr char kPing[] = "<ping xmlns='urn:xmpp:ping'/>";
constexpr char kInfo[] = "<query xmlns='http://jabber.org/protocol/disco#info'/>";

std::vector<std::string> features(const Element& answer) {
    std::vector<std::string> all;
    const Element* query = answer.find("query", kDiscoInfo);
    if (query == nullptr) return all;
    for (const Element& each : query->children())
        if (each.name() == "feature") all.emplace_back(each.get("var"));
    return all;
}

bool has(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

std::string field(const Element& answer, const std::string& var) {
    const Element* query = answer.find("query", kDiscoInfo);
    const Element* form = query ? query->find("x", kDataForm) : nullptr;
    if (form == nullptr) return {};
    for (const Element& each : form->children())
        if (each.get("var") == var) return std::string(each.child_text("value"));
    return {};
}

TEST_F(RoomsTest, ASelfPingSaysWhetherOneIsIn) {
    const std::string himself = "news@chat.hill.example/Bob";
    EXPECT_EQ(told(iq(kBob, himself, kPing)), "iq Bob -> bob@x.org/phone: error not-acceptable");
    join(kBob, "Bob");
    EXPECT_EQ(told(iq(kBob, himself, kPing)), "iq Bob -> bob@x.org/phone: result");
    EXPECT_EQ(out.all[0].get("id"), "q");
    EXPECT_EQ(told(iq("bob@x.org/desk", himself, kPing)),
              "iq Bob -> bob@x.org/desk: error not-acceptable")
        << "another program of his";
    EXPECT_EQ(told(iq(kBob, "news@chat.hill.example/nobody", kPing)),
              "iq nobody -> bob@x.org/phone: error item-not-found");
    EXPECT_EQ(told(iq(kBob, "news@chat.hill.example/ana", kPing)),
              "iq ana -> bob@x.org/phone: error service-unavailable");
    presence(kBob, himself, "", "unavailable");
    EXPECT_EQ(told(iq(kBob, himself, kPing)), "iq Bob -> bob@x.org/phone: error not-acceptable");
}

TEST_F(RoomsTest, ARoomSaysWhatItIs) {
    join(kBob, "Bob");
    const Element info = iq("eve@y.org/1", kRoom, kInfo);
    const Element* identity = info.find("query", kDiscoInfo)->find("identity");
    ASSERT_NE(identity, nullptr);
    EXPECT_EQ(identity->get("category"), "conference");
    EXPECT_EQ(identity->get("name"), "News of the hill");
    const auto all = features(info);
    for (const char* each : {"http://jabber.org/protocol/muc", "muc_open", "muc_persistent",
                             "muc_semianonymous", "muc_unmoderated", "urn:xmpp:occupant-id:0",
                             "http://jabber.org/protocol/muc#self-ping-optimization"})
        EXPECT_TRUE(has(all, each)) << each;
    EXPECT_FALSE(has(all, "urn:xmpp:mam:2")) << "there is no archive";
    EXPECT_EQ(field(info, "muc#roominfo_occupants"), "3") << "two of them by radio or mail";
    EXPECT_EQ(field(info, "muc#maxhistoryfetch"), "0");
    people.all_groups["news"].closed = true;
    EXPECT_TRUE(has(features(iq(kBob, kRoom, kInfo)), "muc_moderated"));
    EXPECT_EQ(told(iq(kBob, kRoom,
                      "<query xmlns='http://jabber.org/protocol/disco#info' node='other'/>")),
              "iq news@chat.hill.example -> bob@x.org/phone: error item-not-found");
    EXPECT_EQ(iq(kBob, kRoom, "<vCard xmlns='vcard-temp'/>")
                  .find("vCard", "vcard-temp")
                  ->child_text("FN"),
              "News of the hill");
    EXPECT_EQ(told(iq(kBob, kRoom, kPing)), "iq news@chat.hill.example -> bob@x.org/phone: result");
}

TEST_F(RoomsTest, APersonsNickIsReserved) {
    const std::string node =
        "<query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/>";
    const Element answer = iq(kAna, kRoom, node);
    ASSERT_NE(answer.find("query", kDiscoInfo)->find("identity"), nullptr);
    EXPECT_EQ(answer.find("query", kDiscoInfo)->find("identity")->get("name"), "ana");
    EXPECT_TRUE(iq(kBob, kRoom, node).find("query", kDiscoInfo)->children().empty());
}

TEST_F(RoomsTest, WhoIsInIsSaidOnlyToThoseWhoAre) {
    const std::string items = "<query xmlns='http://jabber.org/protocol/disco#items'/>";
    join(kBob, "Bob");
    EXPECT_TRUE(iq("eve@y.org/1", kRoom, items).find("query", kDiscoItems)->children().empty());
    const Element answer = iq(kBob, kRoom, items);
    const auto& all = answer.find("query", kDiscoItems)->children();
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].get("jid"), "news@chat.hill.example/Bob");
}

TEST_F(RoomsTest, GroupsAreManagedOnTheConsole) {
    const std::string owner = "<query xmlns='http://jabber.org/protocol/muc#owner'/>";
    EXPECT_EQ(told(iq(kBen, kRoom, owner)),
              "iq news@chat.hill.example -> ben@far.example/home: error forbidden");
    EXPECT_NE(error_text(out.all[0]).find("console"), std::string::npos);
    const std::string kick =
        "<query xmlns='http://jabber.org/protocol/muc#admin'><item nick='Bob' "
        "role='none'/></query>";
    EXPECT_EQ(told(iq(kBen, kRoom, kick, "set")),
              "iq news@chat.hill.example -> ben@far.example/home: error forbidden");
    EXPECT_EQ(told(iq(kBob, kRoom, "<query xmlns='urn:xmpp:mam:2'/>", "set")),
              "iq news@chat.hill.example -> bob@x.org/phone: error service-unavailable");
    EXPECT_EQ(told(iq(kBob, kRoom, "")),
              "iq news@chat.hill.example -> bob@x.org/phone: error bad-request");
}

TEST_F(RoomsTest, ModeratorsSeeTheMembers) {
    people.group_members["news"].push_back({{"xmpp", "bob@x.org"}, "", false});
    people.group_members["news"].push_back({mailto("carla", "mail.example"), "Carla", false});
    const std::string members =
        "<query xmlns='http://jabber.org/protocol/muc#admin'><item "
        "affiliation='member'/></query>";
    EXPECT_EQ(told(iq(kBob, kRoom, members)),
              "iq news@chat.hill.example -> bob@x.org/phone: error forbidden");
    const Element answer = iq(kBen, kRoom, members);
    const auto& all = answer.find("query", kMucAdminSpace)->children();
    ASSERT_EQ(all.size(), 2u) << "a member by mail has no JID";
    EXPECT_EQ(all[0].get("jid"), "ana@chat.hill.example");
    EXPECT_EQ(all[1].get("jid"), "bob@x.org");
    join(kBob, "Bob");
    const Element here = iq(kBen, kRoom,
                            "<query xmlns='http://jabber.org/protocol/muc#admin'><item "
                            "role='participant'/></query>");
    ASSERT_EQ(here.find("query", kMucAdminSpace)->children().size(), 1u);
    EXPECT_EQ(here.find("query", kMucAdminSpace)->children()[0].get("jid"), kBob);
    people.disk_fails = true;
    EXPECT_EQ(told(iq(kBen, kRoom, members)),
              "iq news@chat.hill.example -> ben@far.example/home: error resource-constraint");
}

TEST_F(RoomsTest, MembershipIsTakenAndGivenUpByRegistration) {
    const std::string ask = "<query xmlns='jabber:iq:register'/>";
    const std::string space = "jabber:iq:register";
    EXPECT_EQ(iq(kBob, kRoom, ask).find("query", space)->find("registered"), nullptr);
    EXPECT_NE(iq(kAna, kRoom, ask).find("query", space)->find("registered"), nullptr);
    EXPECT_EQ(told(iq(kBob, kRoom, ask, "set")),
              "iq news@chat.hill.example -> bob@x.org/phone: result");
    EXPECT_EQ(people.joined.size(), 1u);
    join(kBob, "Bob");
    join(kAna, "ana");
    one("<iq type='set' from='ana@hill.example/tablet' to='news@chat.hill.example' id='q'><query "
        "xmlns='jabber:iq:register'><remove/></query></iq>",
        [&](const Element& s) { return rooms->iq(s); });
    EXPECT_EQ(told(out.all),
              (Lines{"iq news@chat.hill.example -> ana@hill.example/tablet: result",
                     "presence ana -> ana@hill.example/tablet: unavailable member/none "
                     "ana@hill.example/tablet 321 110",
                     "presence ana -> bob@x.org/phone: unavailable member/none 321"}));
    ASSERT_EQ(people.left.size(), 1u);
    EXPECT_EQ(people.left[0].second, person("ana"));
    people.refusal = Error{Code::Refused, "that was often enough for today", false};
    EXPECT_EQ(told(iq(kBob, kRoom, ask, "set")),
              "iq news@chat.hill.example -> bob@x.org/phone: error forbidden");
}

TEST_F(RoomsTest, AnswersAreNotAnswered) {
    join(kBob, "Bob");
    one("<iq type='result' from='bob@x.org/phone' to='news@chat.hill.example/ana' id='q'/>",
        [&](const Element& s) { return rooms->iq(s); });
    EXPECT_TRUE(taken);
    EXPECT_TRUE(out.all.empty());
    one("<iq type='get' from='bob@x.org/phone' to='ana@chat.hill.example' id='q'>" +
            std::string(kPing) + "</iq>",
        [&](const Element& s) { return rooms->iq(s); });
    EXPECT_FALSE(taken) << "she is no room";
    one("<iq type='get' from='bob@x.org/phone' to='chat.hill.example' id='q'>" +
            std::string(kPing) + "</iq>",
        [&](const Element& s) { return rooms->iq(s); });
    EXPECT_FALSE(taken);
}

}  // namespace
}  // namespace waypost::xmpp
