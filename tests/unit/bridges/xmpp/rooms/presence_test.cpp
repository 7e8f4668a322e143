// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/bridges/xmpp/rooms/rooms_fixture.h"

namespace waypost::xmpp {
namespace {

TEST_F(RoomsTest, WhoComesInBecomesAMemberAndSeesWhoIsReachedByRadio) {
    EXPECT_EQ(join(kBob, "Bob"),
              (Lines{"presence ana -> bob@x.org/phone: member/participant xa by radio",
                     "presence ben -> bob@x.org/phone: admin/moderator xa not in the room, but "
                     "gets what is posted",
                     "presence Bob -> bob@x.org/phone: member/participant bob@x.org/phone 110",
                     "message news@chat.hill.example -> bob@x.org/phone: groupchat subject"}));
    EXPECT_TRUE(taken);
    ASSERT_EQ(people.joined.size(), 1u);
    EXPECT_EQ(people.joined[0], std::pair(std::string("news"), Address{"xmpp", "bob@x.org"}));
    EXPECT_EQ(rooms->sessions(), 1u);
}

TEST_F(RoomsTest, AMemberComesInWithoutJoiningAgain) {
    people.group_members["news"].push_back({{"xmpp", "bob@x.org"}, "", false});
    EXPECT_EQ(join(kBob, "Bob").size(), 4u);
    EXPECT_TRUE(people.joined.empty());
}

TEST_F(RoomsTest, APersonOfTheBoxIsCalledByHisHandleAndJoinsAsHimself) {
    people.group_members["news"].clear();
    EXPECT_EQ(join(kAna, "Queen Ana"),
              (Lines{"presence ana -> ana@hill.example/tablet: member/participant "
                     "ana@hill.example/tablet 210 110",
                     "message news@chat.hill.example -> ana@hill.example/tablet: groupchat "
                     "subject"}));
    ASSERT_EQ(people.joined.size(), 1u);
    EXPECT_EQ(people.joined[0].second, person("ana"));
    EXPECT_EQ(presence(kAna, "news@chat.hill.example/queen"),
              Lines{"presence queen -> ana@hill.example/tablet: error not-acceptable"});
}

TEST_F(RoomsTest, TheJidBehindANickIsForModeratorsAndHimself) {
    join(kBob, "Bob");
    join(kBen, "ben");
    EXPECT_EQ(told(out.all)[0],
              "presence Bob -> ben@far.example/home: member/participant "
              "bob@x.org/phone");
    EXPECT_EQ(told(out.all).back(), "presence ben -> bob@x.org/phone: admin/moderator");
    join(kAna, "ana");
    for (const std::string& each : told(out.all))
        EXPECT_EQ(each.find("Bob -> ana@hill.example/tablet: member/participant bob"),
                  std::string::npos);
}

TEST_F(RoomsTest, RefusedMembershipIsAnErrorWithItsSentence) {
    people.refusal = Error{Code::Refused, "this group is full", false};
    EXPECT_EQ(join(kBob, "Bob"),
              Lines{"presence Bob -> bob@x.org/phone: error registration-required"});
    EXPECT_EQ(error_text(out.all[0]), "this group is full");
    EXPECT_EQ(out.all[0].get("id"), "p");
    EXPECT_NE(out.all[0].find("x", kMucSpace), nullptr) << "by which programs know it";
    EXPECT_EQ(rooms->sessions(), 0u);
    people.refusal = Error{Code::Internal, "the store failed", true};
    EXPECT_EQ(join(kBob, "Bob"),
              Lines{"presence Bob -> bob@x.org/phone: error resource-constraint"});
    people.disk_fails = true;
    EXPECT_EQ(join(kBob, "Bob"),
              Lines{"presence Bob -> bob@x.org/phone: error resource-constraint"});
}

TEST_F(RoomsTest, ThereIsNoRoomWithoutAGroup) {
    EXPECT_EQ(presence(kBob, "nosuch@chat.hill.example/Bob",
                       "<x xmlns='http://jabber.org/protocol/muc'/>"),
              Lines{"presence Bob -> bob@x.org/phone: error item-not-found"});
    EXPECT_TRUE(taken);
    EXPECT_EQ(presence(kBob, "ana@chat.hill.example"), Lines{});
    EXPECT_FALSE(taken) << "that is a person";
    EXPECT_EQ(presence(kBob, "news@elsewhere.example/Bob"), Lines{});
    EXPECT_FALSE(taken);
    EXPECT_EQ(presence(kBob, kRoom, "<x xmlns='http://jabber.org/protocol/muc'/>"),
              Lines{"presence news@chat.hill.example -> bob@x.org/phone: error jid-malformed"});
}

TEST_F(RoomsTest, NobodyFromOutsideIsTakenForAPersonOfTheBox) {
    for (const char* nick : {"ana", "ANA", "a-n-a", "\xd0\xb0na", "Ana Mwale", "B\xc3\xa9n"}) {
        const Lines lines = join(kBob, nick);
        ASSERT_EQ(lines.size(), 1u) << nick;
        const bool refused = lines[0].find("error conflict") != std::string::npos ||
                             lines[0].find("error not-acceptable") != std::string::npos;
        EXPECT_TRUE(refused) << lines[0];
    }
    EXPECT_TRUE(people.joined.empty()) << "he is no member of a room that did not let him in";
    EXPECT_EQ(join(kBob, std::string(65, 'x')).front().substr(65 + 9),
              " -> bob@x.org/phone: error not-acceptable");
    EXPECT_EQ(join(kBob, "B  ob").size(), 1u) << "two spaces";
}

TEST_F(RoomsTest, OneNickIsOnePersons) {
    join(kBob, "Bob");
    EXPECT_EQ(join("eve@y.org/1", "Bob"), Lines{"presence Bob -> eve@y.org/1: error conflict"});
    // Another program of his own shares it; nobody else is told.
    EXPECT_EQ(join("bob@x.org/desk", "Bob"),
              (Lines{"presence ana -> bob@x.org/desk: member/participant xa by radio",
                     "presence ben -> bob@x.org/desk: admin/moderator xa not in the room, but "
                     "gets what is posted",
                     "presence Bob -> bob@x.org/desk: member/participant bob@x.org/desk 110",
                     "message news@chat.hill.example -> bob@x.org/desk: groupchat subject"}));
    // The first to go tells only himself, the last everybody.
    join("eve@y.org/1", "Eve");
    EXPECT_EQ(presence(kBob, "news@chat.hill.example/Bob", "", "unavailable"),
              Lines{"presence Bob -> bob@x.org/phone: unavailable member/none bob@x.org/phone "
                    "110"});
    EXPECT_EQ(presence("bob@x.org/desk", "news@chat.hill.example/Bob", "", "unavailable"),
              (Lines{"presence Bob -> bob@x.org/desk: unavailable member/none bob@x.org/desk 110",
                     "presence Bob -> eve@y.org/1: unavailable member/none"}));
    EXPECT_EQ(presence(kBob, "news@chat.hill.example/Bob", "", "unavailable"), Lines{});
}

TEST_F(RoomsTest, ANewNameIsToldAsOne) {
    join(kBob, "Bob");
    join("eve@y.org/1", "Eve");
    EXPECT_EQ(presence(kBob, "news@chat.hill.example/Rob"),
              (Lines{"presence Bob -> bob@x.org/phone: unavailable member/participant "
                     "bob@x.org/phone now Rob 303 110",
                     "presence Bob -> eve@y.org/1: unavailable member/participant now Rob 303",
                     "presence Rob -> bob@x.org/phone: member/participant bob@x.org/phone 110",
                     "presence Rob -> eve@y.org/1: member/participant"}));
    EXPECT_EQ(presence(kBob, "news@chat.hill.example/Eve"),
              Lines{"presence Eve -> bob@x.org/phone: error conflict"});
    EXPECT_EQ(presence(kBob, "news@chat.hill.example/ana"),
              Lines{"presence ana -> bob@x.org/phone: error conflict"});
}

TEST_F(RoomsTest, PresenceIsShownAndCut) {
    join(kBob, "Bob");
    const Lines lines = presence(kBob, "news@chat.hill.example/Bob",
                                 "<show>away</show><status>" + std::string(500, 'z') +
                                     "</status><c xmlns='http://jabber.org/protocol/caps'/>");
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_NE(lines[0].find(" away zzz"), std::string::npos);
    EXPECT_LT(lines[0].size(), 250u);
    EXPECT_EQ(out.all[0].find("c", "http://jabber.org/protocol/caps"), nullptr);
    EXPECT_EQ(presence("eve@y.org/1", "news@chat.hill.example/Eve"),
              Lines{"presence Eve -> eve@y.org/1: error item-not-found"})
        << "who is not in has to join anew";
}

TEST_F(RoomsTest, WhoIsReachedByRadioStaysWhenHisProgramGoes) {
    join(kBob, "Bob");
    EXPECT_EQ(join(kAna, "ana").back(), "presence ana -> bob@x.org/phone: member/participant");
    EXPECT_EQ(presence(kAna, "news@chat.hill.example/ana", "", "unavailable").back(),
              "presence ana -> bob@x.org/phone: member/participant xa by radio");
}

TEST_F(RoomsTest, WhoComesInAgainGetsItAllAgain) {
    const Lines first = join(kBob, "Bob");
    EXPECT_EQ(join(kBob, "Bob"), first);
    EXPECT_EQ(rooms->sessions(), 1u);
}

TEST_F(RoomsTest, AnErrorForADeadSessionPutsItOut) {
    join(kBob, "Bob");
    join("eve@y.org/1", "Eve");
    EXPECT_EQ(presence(kBob, "news@chat.hill.example/Eve",
                       "<error type='cancel'><policy-violation "
                       "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
                       "error"),
              Lines{});
    EXPECT_EQ(rooms->sessions(), 2u) << "that says nothing about his session";
    EXPECT_EQ(presence(kBob, "news@chat.hill.example/Eve",
                       "<error type='cancel'><gone "
                       "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
                       "error"),
              Lines{"presence Bob -> eve@y.org/1: unavailable member/none 307 333"});
    EXPECT_EQ(rooms->sessions(), 1u);
}

TEST_F(RoomsTest, AccountsThatBearTheVillagesNamesMustBeSomebodys) {
    const Names unsaid("hill.example", "chat.hill.example");
    const Gate other{office, people, office.state("xmpp"), unsaid, out, "xmpp"};
    rooms.emplace(other);
    EXPECT_EQ(join(kAna, "anyone"),
              Lines{"presence anyone -> ana@hill.example/tablet: error forbidden"});
    EXPECT_TRUE(people.joined.empty());
    people.addresses[{"xmpp", "ana@hill.example"}] = "ana";
    EXPECT_EQ(join(kAna, "ana").size(), 3u);
}

TEST_F(RoomsTest, WhoGoesWhileHisMembershipIsWrittenIsNotLetIn) {
    std::vector<std::function<void()>> answers;
    people.later = [&](std::function<void()> say) { answers.push_back(std::move(say)); };
    EXPECT_EQ(join(kBob, "Bob"), Lines{});
    presence(kBob, "news@chat.hill.example/Bob", "", "unavailable");
    join("eve@y.org/1", "Eve");
    rooms->stream_down();
    join("joe@z.org/1", "Joe");
    ASSERT_EQ(answers.size(), 3u);
    out.all.clear();
    for (const auto& say : answers) say();
    EXPECT_EQ(rooms->sessions(), 1u);
    EXPECT_EQ(told(out.all)[2], "presence Joe -> joe@z.org/1: member/participant joe@z.org/1 110");
}

TEST_F(RoomsTest, AnAnswerThatComesWhenTheRoomsAreGoneIsNobodys) {
    std::function<void()> answer;
    people.later = [&](std::function<void()> say) { answer = std::move(say); };
    join(kBob, "Bob");
    rooms.reset();
    answer();
    EXPECT_TRUE(out.all.empty());
}

TEST_F(RoomsTest, RoomsAndPeopleHaveBounds) {
    RoomBounds bounds;
    bounds.person_sessions = 2;
    bounds.room_sessions = 3;
    bounds.waiting = 1;
    open(bounds);
    join("bob@x.org/1", "Bob");
    join("bob@x.org/2", "Bob");
    EXPECT_EQ(join("bob@x.org/3", "Bob"),
              Lines{"presence Bob -> bob@x.org/3: error resource-constraint"});
    join("eve@y.org/1", "Eve");
    EXPECT_EQ(join("joe@z.org/1", "Joe"),
              Lines{"presence Joe -> joe@z.org/1: error service-unavailable"});
    EXPECT_EQ(join("bob@x.org/1", "Bob").size(), 5u) << "who is in may come again";
    presence("eve@y.org/1", "news@chat.hill.example/Eve", "", "unavailable");
    people.later = [](const std::function<void()>&) {};
    EXPECT_EQ(join("joe@z.org/1", "Joe"), Lines{});
    EXPECT_EQ(join("jim@z.org/1", "Jim"),
              Lines{"presence Jim -> jim@z.org/1: error resource-constraint"});
}

TEST_F(RoomsTest, AFloodFromOneServerIsThatServersOwn) {
    RoomBounds bounds;
    bounds.joins = {5, 60};
    open(bounds);
    for (int i = 0; i < 5; ++i) join(kBob, "Bob");
    EXPECT_EQ(join(kBob, "Bob"),
              Lines{"presence Bob -> bob@x.org/phone: error resource-constraint"});
    EXPECT_EQ(join("eve@y.org/1", "Eve").size(), 6u);
    office.time().advance(std::chrono::minutes(2));
    EXPECT_GT(join(kBob, "Bob").size(), 1u);
}

TEST_F(RoomsTest, ALargeGroupIsNotShownWhole) {
    for (int i = 0; i < 300; ++i) {
        const std::string handle = "kin" + std::to_string(i);
        people.add(handle).has_radio = true;
        people.group_members["news"].push_back({person(handle), "", false});
    }
    EXPECT_EQ(join(kBob, "Bob").size(), 99u + 2u) << "99 others, himself, the subject";
}

TEST_F(RoomsTest, WhoJoinsOrLeavesByRadioIsShownInTime) {
    join(kBob, "Bob");
    people.add("zoe").has_radio = true;
    people.group_members["news"] = {{person("ben"), "Ben", true}, {person("zoe"), "", false}};
    out.all.clear();
    rooms->tick();
    EXPECT_TRUE(out.all.empty()) << "not with every tick";
    office.time().advance(std::chrono::minutes(6));
    rooms->tick();
    EXPECT_EQ(told(out.take()),
              (Lines{"presence ana -> bob@x.org/phone: unavailable none/none",
                     "presence zoe -> bob@x.org/phone: member/participant xa by radio"}));
    rooms->tick();
    EXPECT_TRUE(out.all.empty());
    rooms->stream_up();
    people.group_members["news"].push_back({{"xmpp", "bob@x.org"}, "", true});
    rooms->tick();
    EXPECT_EQ(told(out.take()),
              Lines{"presence Bob -> bob@x.org/phone: admin/moderator bob@x.org/phone 110"});
}

TEST_F(RoomsTest, WhenTheGroupGoesTheRoomDoes) {
    join(kBob, "Bob");
    people.all_groups.clear();
    out.all.clear();
    rooms->tick();
    EXPECT_EQ(told(out.all), Lines{"presence Bob -> bob@x.org/phone: unavailable none/none 110"});
    EXPECT_NE(out.all[0].find("x", kMucUserSpace)->find("destroy"), nullptr);
    EXPECT_EQ(rooms->sessions(), 0u);
    EXPECT_EQ(say(kBob, "<body>hello?</body>"),
              Lines{"message news@chat.hill.example -> bob@x.org/phone: error item-not-found"});
}

TEST_F(RoomsTest, ARoomIsNoContact) {
    EXPECT_EQ(presence(kBob, kRoom, "", "subscribe"),
              Lines{"presence news@chat.hill.example -> bob@x.org/phone: unsubscribed"});
    EXPECT_EQ(presence(kBob, kRoom, "", "probe"), Lines{});
    EXPECT_TRUE(taken);
}

TEST_F(RoomsTest, InAClosedGroupMembersOnlyRead) {
    people.all_groups["news"].closed = true;
    const Lines lines = join(kBob, "Bob");
    EXPECT_EQ(lines[0], "presence ana -> bob@x.org/phone: member/visitor xa by radio");
    EXPECT_EQ(lines[2], "presence Bob -> bob@x.org/phone: member/visitor bob@x.org/phone 110");
}

TEST_F(RoomsTest, OccupantIdsOutlastARestartAndLeadNowhere) {
    const auto id_of = [&] {
        join(kBob, "Bob");
        const Element* id = out.all[out.all.size() - 2].find("occupant-id", kOccupantIdSpace);
        return id ? std::string(id->get("id")) : std::string();
    };
    const std::string before = id_of();
    EXPECT_EQ(before.size(), 32u);
    open();
    EXPECT_EQ(id_of(), before);
    office.kept().clear();
    open();
    EXPECT_NE(id_of(), before) << "made with a key of this box";
}

TEST_F(RoomsTest, ALostAccountIsOutOfTheRoomsAndStaysOut) {
    join(kAna, "ana");
    join(kBen, "ben");
    EXPECT_EQ(rooms->sessions(), 2u);
    people.suspended.insert({"xmpp", "ana@hill.example"});
    out.all.clear();
    rooms->tick();
    EXPECT_EQ(rooms->sessions(), 1u);
    EXPECT_EQ(told(out.all).at(0),
              "presence ana -> ana@hill.example/tablet: unavailable member/none "
              "ana@hill.example/tablet 321 110");
    EXPECT_EQ(say(kAna, "<body>I am Ana</body>"),
              Lines{"message news@chat.hill.example -> ana@hill.example/tablet: error "
                    "not-acceptable"});
    EXPECT_EQ(join(kAna, "ana"), Lines{"presence ana -> ana@hill.example/tablet: error forbidden"});
    EXPECT_TRUE(office.accepted.empty());
    EXPECT_EQ(rooms->sessions(), 1u);
}

TEST_F(RoomsTest, ALostAccountSaysAndHearsNothingMoreBeforeTheNextLook) {
    join(kAna, "ana");
    people.suspended.insert({"xmpp", "ana@hill.example"});
    EXPECT_TRUE(posts(delivery("ben", "for her"), "ana@x.org").empty());
    EXPECT_EQ(rooms->sessions(), 0u);
    people.suspended.clear();
    join(kAna, "ana");
    people.suspended.insert({"xmpp", "ana@hill.example"});
    say(kAna, "<body>I am Ana</body>");
    EXPECT_TRUE(office.accepted.empty());
    EXPECT_EQ(rooms->sessions(), 0u);
}

}  // namespace
}  // namespace waypost::xmpp
