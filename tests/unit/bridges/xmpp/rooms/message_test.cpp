// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/spaces.h"
#include "tests/unit/bridges/xmpp/rooms/rooms_fixture.h"

namespace waypost::xmpp {
namespace {

std::string stanza_id(const Element& message) {
    const Element* id = message.find("stanza-id", space::kIds);
    return id && id->get("by") == "news@chat.hill.example" ? std::string(id->get("id"))
                                                           : std::string();
}

Verdict refused(std::string text, Verdict::Reason reason = Verdict::Reason::NotAllowed) {
    return {Verdict::Kind::Refused, reason, std::move(text), 0};
}

std::string failure(const std::string& from, const std::string& to, const std::string& id,
                    const std::string& condition) {
    return "<message type='error' from='" + from + "' to='news@chat.hill.example/" + to + "' id='" +
           id + "'><error type='cancel'><" + condition +
           " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>";
}

TEST_F(RoomsTest, APostIsInCustodyBeforeItsAuthorSeesIt) {
    join(kBob, "Bob");
    join("bob@x.org/desk", "Bob");
    join(kAna, "ana");
    std::function<void()> verdict;
    office.later = [&](std::function<void()> say) { verdict = std::move(say); };
    EXPECT_EQ(say(kBob, "<body>Boat at noon</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"),
              Lines{});
    EXPECT_TRUE(taken);
    ASSERT_EQ(office.accepted.size(), 1u);
    const Message& post = office.accepted[0];
    EXPECT_EQ(post.to, std::vector{mailto("news", "hill.example")});
    EXPECT_EQ(post.from, (Address{"xmpp", "bob@x.org"}));
    EXPECT_EQ(post.text, "Boat at noon");
    EXPECT_EQ(post.network, "xmpp");
    EXPECT_EQ(post.transport, "xmpp");
    EXPECT_EQ(post.from_name, "Bob");
    EXPECT_TRUE(post.verified_sender);
    EXPECT_FALSE(post.trusted);
    EXPECT_FALSE(post.origin_id.empty());
    verdict();
    EXPECT_EQ(told(out.all), (Lines{"message Bob -> bob@x.org/desk: groupchat Boat at noon",
                                    "message Bob -> bob@x.org/phone: groupchat Boat at noon"}))
        << "others get theirs by a delivery each";
    for (const Element& each : out.all) {
        EXPECT_EQ(each.get("id"), "m1");
        EXPECT_EQ(stanza_id(each), post.origin_id);
        EXPECT_NE(each.find("origin-id", space::kIds), nullptr);
        EXPECT_NE(each.find("occupant-id", kOccupantIdSpace), nullptr);
    }
}

TEST_F(RoomsTest, APersonsPostIsHis) {
    join(kAna, "ana");
    say(kAna, "<body>hi</body>");
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_TRUE(office.accepted[0].trusted);
    EXPECT_TRUE(office.accepted[0].submitted);
    EXPECT_EQ(office.accepted[0].from, (Address{"xmpp", "ana@hill.example"}));
}

TEST_F(RoomsTest, WhatARoomSaysOnlyTheRoomSays) {
    join(kBob, "Bob");
    say(kBob,
        "<body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' id='fake' "
        "by='news@chat.hill.example'/><delay xmlns='urn:xmpp:delay' "
        "stamp='2001-01-01T00:00:00Z'/><occupant-id xmlns='urn:xmpp:occupant-id:0' id='x'/>");
    ASSERT_EQ(out.all.size(), 1u);
    EXPECT_EQ(stanza_id(out.all[0]), office.accepted[0].origin_id);
    EXPECT_EQ(out.all[0].find("delay", space::kDelay), nullptr);
    EXPECT_NE(out.all[0].find("occupant-id", kOccupantIdSpace)->get("id"), "x");
}

TEST_F(RoomsTest, ARepeatIsKnownAndTwoAuthorsWithOneIdAreTwo) {
    join(kBob, "Bob");
    join("eve@y.org/1", "Eve");
    const std::string origin = "<body>x</body><origin-id xmlns='urn:xmpp:sid:0' id='same'/>";
    say(kBob, origin, "1");
    say(kBob, origin, "2");
    say("eve@y.org/1", origin, "1");
    ASSERT_EQ(office.accepted.size(), 3u);
    EXPECT_EQ(office.accepted[0].origin_id, office.accepted[1].origin_id);
    EXPECT_NE(office.accepted[0].origin_id, office.accepted[2].origin_id);
    // An id without a promise counts for one stay in the room.
    say(kBob, "<body>x</body>", "5");
    say(kBob, "<body>x</body>", "5");
    EXPECT_EQ(office.accepted[3].origin_id, office.accepted[4].origin_id);
    join(kBob, "Bob");
    say(kBob, "<body>x</body>", "5");
    EXPECT_NE(office.accepted[3].origin_id, office.accepted[5].origin_id);
    say(kBob, "<body>x</body>", "");
    say(kBob, "<body>x</body>", "");
    EXPECT_NE(office.accepted[6].origin_id, office.accepted[7].origin_id);
}

TEST_F(RoomsTest, ACountingProgramsNextPostIsNoRepeat) {
    join(kBob, "Bob");
    say(kBob, "<body>first</body>", "5");
    say(kBob, "<body>second</body>", "5");
    EXPECT_NE(office.accepted[0].origin_id, office.accepted[1].origin_id);
    const auto chat = [&](const std::string& id) {
        message("<message type='chat' from='ana@hill.example/t' to='news@chat.hill.example' id='" +
                id + "'><body>hi</body></message>");
        return office.accepted.back().origin_id;
    };
    const std::string once = chat("3fe1c2d4-aa");
    EXPECT_EQ(chat("3fe1c2d4-aa"), once) << "a server that sent it again";
    const std::string small = chat("7");
    EXPECT_NE(chat("7"), small);
}

TEST_F(RoomsTest, WhatIsNotTakenIsAnErrorWithItsSentence) {
    join(kBob, "Bob");
    office.verdict = [](const Address&) { return refused("only its moderators post in #news"); };
    EXPECT_EQ(say(kBob, "<body>hi</body>"),
              Lines{"message news@chat.hill.example -> bob@x.org/phone: error forbidden"});
    EXPECT_EQ(error_text(out.all[0]), "only its moderators post in #news");
    EXPECT_EQ(out.all[0].get("id"), "m1");
    office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Later, Verdict::Reason::QuotaFull, "limit reached", 0};
    };
    EXPECT_EQ(say(kBob, "<body>hi</body>"),
              Lines{"message news@chat.hill.example -> bob@x.org/phone: error "
                    "resource-constraint"});
}

TEST_F(RoomsTest, OnlyWhoIsInSpeaksToAll) {
    EXPECT_EQ(say(kBob, "<body>hi</body>"),
              Lines{"message news@chat.hill.example -> bob@x.org/phone: error not-acceptable"});
    EXPECT_TRUE(office.accepted.empty());
    join(kBob, "Bob");
    EXPECT_EQ(say("bob@x.org/other", "<body>hi</body>").size(), 1u);
    EXPECT_TRUE(office.accepted.empty()) << "another program of his is not in";
    EXPECT_EQ(message("<message type='groupchat' from='bob@x.org/phone' "
                      "to='news@chat.hill.example/ana' id='g'><body>hi</body></message>"),
              Lines{"message ana -> bob@x.org/phone: error bad-request"});
    EXPECT_EQ(message("<message type='groupchat' from='bob@x.org/phone' "
                      "to='nosuch@chat.hill.example' id='g'><body>hi</body></message>"),
              Lines{"message nosuch@chat.hill.example -> bob@x.org/phone: error item-not-found"});
}

TEST_F(RoomsTest, SubjectsCiphersAndWithdrawalsAreNoPosts) {
    join(kBob, "Bob");
    EXPECT_EQ(say(kBob, "<subject>New title</subject>"),
              Lines{"message news@chat.hill.example -> bob@x.org/phone: error forbidden"});
    EXPECT_EQ(say(kBob,
                  "<body>I sent you an OMEMO message</body><encrypted "
                  "xmlns='eu.siacs.conversations.axolotl'/>"),
              Lines{"message news@chat.hill.example -> bob@x.org/phone: error not-acceptable"});
    EXPECT_EQ(say(kBob, "<retract xmlns='urn:xmpp:message-retract:1' id='s1'/>"),
              Lines{"message news@chat.hill.example -> bob@x.org/phone: error not-acceptable"});
    EXPECT_EQ(say(kBob, "<composing xmlns='http://jabber.org/protocol/chatstates'/>"), Lines{});
    EXPECT_TRUE(taken);
    EXPECT_EQ(message("<message from='bob@x.org/phone' to='news@chat.hill.example'><x "
                      "xmlns='jabber:x:data' type='submit'/></message>"),
              Lines{"message news@chat.hill.example -> bob@x.org/phone: error forbidden"})
        << "a request for voice";
    EXPECT_TRUE(office.accepted.empty());
    say(kBob, "<body>Boat at one</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/>");
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(office.accepted[0].text, "* Boat at one");
}

TEST_F(RoomsTest, WhatTheRoomSaysIsInTheLanguageOfWhoReadsIt) {
    people.all_groups["news"].moderated = true;
    people.residents["ana"].language = "sw";
    EXPECT_EQ(message("<message type='chat' from='ana@hill.example/tablet' "
                      "to='news@chat.hill.example' id='c1'><body>hi</body></message>"),
              Lines{"message news@chat.hill.example -> ana@hill.example: chat " +
                    catalogue("sw").letter("chat_post_waits", {{"group", "news"}})});
    EXPECT_EQ(iq(kAna, kRoom, "<query xmlns='jabber:iq:register'/>")
                  .find("query", "jabber:iq:register")
                  ->child_text("instructions"),
              catalogue("sw").letter("chat_members_get"));
    join(kAna, "ana");
    out.all.clear();
    people.all_groups.clear();
    rooms->tick();
    ASSERT_EQ(out.all.size(), 1u);
    EXPECT_EQ(out.all[0].find("x", kMucUserSpace)->find("destroy")->child_text("reason"),
              catalogue("sw").letter("chat_group_over"));
}

TEST_F(RoomsTest, WhoHasToWaitForAModeratorIsTold) {
    people.all_groups["news"].moderated = true;
    join(kBob, "Bob");
    join(kBen, "ben");
    EXPECT_EQ(say(kBob, "<body>hi</body>"),
              (Lines{"message Bob -> bob@x.org/phone: groupchat hi",
                     "message news@chat.hill.example -> bob@x.org/phone: groupchat Your post "
                     "waits for a moderator of #news."}));
    EXPECT_EQ(say(kBen, "<body>hi</body>"),
              Lines{"message ben -> ben@far.example/home: groupchat hi"});
    // From outside of the room it is told in the same chat.
    EXPECT_EQ(
        message("<message type='chat' from='ana@hill.example/tablet' "
                "to='news@chat.hill.example' id='c1'><body>hi</body></message>"),
        Lines{"message news@chat.hill.example -> ana@hill.example: chat Your post waits for a "
              "moderator of #news."});
}

TEST_F(RoomsTest, AMemberWhoIsNotInPostsByChat) {
    EXPECT_EQ(message("<message type='chat' from='ana@hill.example/tablet' "
                      "to='news@chat.hill.example' id='c1'><body>hi</body></message>"),
              Lines{});
    EXPECT_TRUE(taken);
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(office.accepted[0].to, std::vector{mailto("news", "hill.example")});
    office.verdict = [](const Address&) { return refused("only members post in #news"); };
    EXPECT_EQ(message("<message type='chat' from='eve@y.org/1' to='news@chat.hill.example' "
                      "id='c1'><body>hi</body></message>"),
              Lines{"message news@chat.hill.example -> eve@y.org/1: error forbidden"});
}

TEST_F(RoomsTest, ReceiptsAndMarksAreForWhoKnowsTheLetter) {
    EXPECT_EQ(message("<message type='chat' from='ana@hill.example/tablet' "
                      "to='news@chat.hill.example'><received xmlns='urn:xmpp:receipts' "
                      "id='w1'/></message>"),
              Lines{});
    EXPECT_FALSE(taken);
    message(
        "<message type='chat' from='ana@hill.example/tablet' to='ben@chat.hill.example' "
        "id='c1'><body>hi</body></message>");
    EXPECT_FALSE(taken) << "that is a letter";
}

TEST_F(RoomsTest, APostComesToAllSessionsOfItsMemberFromItsAuthorsPlace) {
    join(kBob, "Bob");
    join("bob@x.org/desk", "Bob");
    join("eve@y.org/1", "Eve");
    const auto all = posts(delivery("ana", "Boat at noon"));
    EXPECT_EQ(told(all), (Lines{"message ana -> bob@x.org/desk: groupchat Boat at noon",
                                "message ana -> bob@x.org/phone: groupchat Boat at noon"}));
    for (const Element& each : all) {
        EXPECT_EQ(each.get("id"), "w1");
        EXPECT_EQ(stanza_id(each), "<1.2@hill.example>");
        EXPECT_EQ(each.find("request", space::kReceipts), nullptr);
    }
    EXPECT_TRUE(posts(delivery("ana", "x"), "joe@z.org").empty()) << "he is not in";
    Delivery letter = delivery("ana", "x");
    letter.list.reset();
    EXPECT_TRUE(posts(letter).empty()) << "that is no post";
    Delivery elsewhere = delivery("ana", "x");
    elsewhere.list->address = mailto("other", "hill.example");
    EXPECT_TRUE(posts(elsewhere).empty());
}

TEST_F(RoomsTest, APersonsSecondAccountCountsAsHim) {
    people.addresses[{"xmpp", "ana@far.example"}] = "ana";
    join(kAna, "ana");
    EXPECT_EQ(told(posts(delivery("ben", "hi"), "ana@far.example")),
              Lines{"message ben -> ana@hill.example/tablet: groupchat hi"});
}

TEST_F(RoomsTest, WhatWaitedSaysSinceWhen) {
    join(kBob, "Bob");
    Delivery late = delivery("ana", "hi");
    office.time().advance(std::chrono::hours(30));
    const auto all = posts(late);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_NE(all[0].find("delay", space::kDelay), nullptr);
}

TEST_F(RoomsTest, OneOccupantsPostLooksTheSameToEverybody) {
    join(kBob, "Bob");
    join("eve@y.org/1", "Eve");
    say(kBob, "<body>hi</body>");
    const Element reflected = out.all.at(0);
    Delivery post = delivery("news", "hi");
    post.author.clear();
    post.from_name = "Bob via news";
    post.list->in_its_name = true;
    post.message_id = office.accepted[0].origin_id;
    const auto all = posts(post, "eve@y.org");
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(told(all[0]), "message Bob -> eve@y.org/1: groupchat hi");
    EXPECT_EQ(stanza_id(all[0]), stanza_id(reflected));
    EXPECT_EQ(*all[0].find("occupant-id", kOccupantIdSpace),
              parsed(to_xml(reflected, kComponentSpace))[0].children().back());
}

TEST_F(RoomsTest, AnAuthorFromOutsideSpeaksUnderNobodyElsesName) {
    join(kBob, "Bob");
    join("eve@y.org/1", "Eve");
    const std::vector<std::pair<std::string, std::string>> shown{
        {"Carla via news", "Carla"},
        {"ana via news", "ana via news"},  // a person of the box
        {"Ana Mwale via news", "Ana Mwale via news"},
        {"Eve via news", "Eve via news"},  // in the room, and did not write it
        {"  via news", "via news"},
    };
    for (const auto& [from_name, nick] : shown) {
        Delivery post = delivery("news", "hi");
        post.author.clear();
        post.from_name = from_name;
        post.list->in_its_name = true;
        const auto all = posts(post);
        ASSERT_EQ(all.size(), 1u);
        EXPECT_EQ(all[0].get("from"), "news@chat.hill.example/" + nick) << from_name;
    }
}

TEST_F(RoomsTest, APostToADeadSessionGoesToHisServerInstead) {
    join(kBob, "Bob");
    join("bob@x.org/desk", "Bob");
    join("eve@y.org/1", "Eve");
    ASSERT_EQ(posts(delivery("ana", "Boat at noon")).size(), 2u);
    EXPECT_EQ(message(failure("bob@x.org/desk", "ana", "w1", "recipient-unavailable")), Lines{})
        << "his phone has it";
    EXPECT_TRUE(taken);
    EXPECT_EQ(message(failure(kBob, "ana", "w1", "service-unavailable")),
              (Lines{"presence Bob -> eve@y.org/1: unavailable member/none 307 333",
                     "message news@chat.hill.example -> bob@x.org: chat ana: Boat at noon"}));
    EXPECT_TRUE(taken);
    EXPECT_EQ(out.all[1].get("id"), "w1") << "under its id, so that a repeat is known";
    EXPECT_EQ(message(failure(kBob, "ana", "w1", "service-unavailable")), Lines{});
    EXPECT_FALSE(taken) << "now the letter itself has failed";
}

TEST_F(RoomsTest, AnErrorThatSpeaksOfThePostIsTheCallers) {
    join(kBob, "Bob");
    posts(delivery("ana", "hi"));
    EXPECT_EQ(message(failure(kBob, "ana", "w1", "policy-violation")), Lines{});
    EXPECT_FALSE(taken);
    EXPECT_EQ(rooms->sessions(), 1u);
    EXPECT_EQ(message(failure("eve@y.org/1", "ana", "w1", "gone")), Lines{});
    EXPECT_FALSE(taken) << "she was never in";
}

TEST_F(RoomsTest, AnAnswerIsKnownByTheIdOfTheRoom) {
    join(kBob, "Bob");
    Delivery post = delivery("ana", "Who is there?");
    posts(post);
    const std::string reply = "<body>I</body><reply xmlns='urn:xmpp:reply:0' id='";
    say(kBob, reply + "&lt;1.2@hill.example&gt;'/>");
    say(kBob, reply + "w1'/>", "m2");
    say(kBob, reply + "unknown'/>", "m3");
    ASSERT_EQ(office.accepted.size(), 3u);
    const std::vector<std::string> known{"<1.2@hill.example>", "w1"};
    EXPECT_EQ(office.accepted[0].references, known);
    EXPECT_EQ(office.accepted[1].references, known);
    EXPECT_EQ(office.accepted[2].references, std::vector<std::string>{"unknown"});
    // And out again: whom it answers, by his place in the room.
    Delivery answer = delivery("ana", "Good");
    answer.message_id = "<3.4@hill.example>";
    answer.references = {office.accepted[0].origin_id};
    const auto all = posts(answer);
    ASSERT_EQ(all.size(), 1u);
    const Element* to = all[0].find("reply", space::kReply);
    ASSERT_NE(to, nullptr);
    EXPECT_EQ(to->get("id"), office.accepted[0].origin_id);
    EXPECT_EQ(to->get("to"), "news@chat.hill.example/Bob");
}

TEST_F(RoomsTest, ReactionsAreForThoseWhoAreInAndNoPosts) {
    RoomBounds bounds;
    bounds.reactions = {1, 1};
    open(bounds);
    join(kBob, "Bob");
    join("eve@y.org/1", "Eve");
    const std::string thumb =
        "<reactions xmlns='urn:xmpp:reactions:0' id='s1'><reaction>\xf0\x9f\x91\x8d</reaction>"
        "</reactions>";
    EXPECT_EQ(say(kBob, thumb), (Lines{"message Bob -> bob@x.org/phone: groupchat",
                                       "message Bob -> eve@y.org/1: groupchat"}));
    EXPECT_EQ(out.all[1].find("reactions", space::kReactions)->get("id"), "s1");
    EXPECT_TRUE(office.accepted.empty());
    EXPECT_EQ(say(kBob, thumb), Lines{"message news@chat.hill.example -> bob@x.org/phone: error "
                                      "resource-constraint"});
}

TEST_F(RoomsTest, APrivateMessageIsALetterToAPersonOfTheBox) {
    join(kBob, "Bob");
    join("eve@y.org/1", "Eve");
    const auto whisper = [&](const std::string& from, const std::string& to) {
        return message("<message type='chat' from='" + from + "' to='news@chat.hill.example/" + to +
                       "' id='long-enough'><body>psst</body><x "
                       "xmlns='http://jabber.org/protocol/muc#user'/></message>");
    };
    EXPECT_EQ(whisper(kBob, "ana"), Lines{});
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(office.accepted[0].to, std::vector{mailto("ana", "hill.example")});
    EXPECT_EQ(office.accepted[0].text, "psst");
    EXPECT_EQ(office.accepted[0].origin_id, "long-enough");
    EXPECT_EQ(whisper(kBob, "Eve"), Lines{"message Eve -> bob@x.org/phone: error not-acceptable"});
    EXPECT_EQ(whisper(kBob, "nobody"),
              Lines{"message nobody -> bob@x.org/phone: error item-not-found"});
    EXPECT_EQ(whisper("joe@z.org/1", "ana"),
              Lines{"message ana -> joe@z.org/1: error not-acceptable"});
    office.verdict = [](const Address&) { return refused("she takes nothing from you"); };
    EXPECT_EQ(whisper(kBob, "ana"), Lines{"message ana -> bob@x.org/phone: error forbidden"});
    EXPECT_EQ(office.accepted.size(), 2u);
}

TEST_F(RoomsTest, AnInvitationIsALetterHereAndAnInvitationElsewhere) {
    const auto invite = [&](const std::string& to) {
        return message(
            "<message from='bob@x.org/phone' to='news@chat.hill.example' id='i'><x "
            "xmlns='http://jabber.org/protocol/muc#user'><invite to='" +
            to + "'><reason>boats</reason></invite></x></message>");
    };
    EXPECT_EQ(invite("ben@chat.hill.example"),
              Lines{"message news@chat.hill.example -> bob@x.org/phone: error not-acceptable"})
        << "who is not in invites nobody";
    join(kBob, "Bob");
    EXPECT_EQ(invite("ben@chat.hill.example"), Lines{});
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(office.accepted[0].to, std::vector{mailto("ben", "hill.example")});
    EXPECT_EQ(office.accepted[0].text, "boats #news? #+news");
    EXPECT_EQ(invite("joe@z.org"), Lines{"message news@chat.hill.example -> joe@z.org:"});
    const Element* x = out.all[0].find("x", kMucUserSpace);
    ASSERT_NE(x, nullptr);
    EXPECT_EQ(x->find("invite")->get("from"), "news@chat.hill.example/Bob")
        << "his address stays his";
    EXPECT_EQ(x->find("invite")->child_text("reason"), "boats");
    EXPECT_EQ(invite("nosuch@chat.hill.example").size(), 1u);
    EXPECT_EQ(invite("@"),
              Lines{"message news@chat.hill.example -> bob@x.org/phone: error jid-malformed"});
    for (int i = 0; i < 20; ++i) invite("joe@z.org");
    EXPECT_EQ(invite("joe@z.org"), Lines{"message news@chat.hill.example -> bob@x.org/phone: error "
                                         "resource-constraint"});
}

TEST_F(RoomsTest, ADirectInvitationToAPersonOfTheBoxIsALetter) {
    const auto invite = [&](const std::string& to, const std::string& room) {
        return message("<message from='bob@x.org/phone' to='" + to +
                       "' id='i'><x xmlns='jabber:x:conference' jid='" + room + "'/></message>");
    };
    EXPECT_EQ(invite("ana@chat.hill.example", "news@chat.hill.example"), Lines{});
    EXPECT_TRUE(taken);
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(office.accepted[0].text, "#news? #+news");
    invite("ana@chat.hill.example", "chess@rooms.example");
    EXPECT_FALSE(taken) << "that room is not ours";
    invite("zed@elsewhere.example", "news@chat.hill.example");
    EXPECT_FALSE(taken) << "and he is not";
    EXPECT_TRUE(out.all.empty()) << "nor is his domain, for which we may not answer";
    invite("zed@chat.hill.example", "news@chat.hill.example");
    EXPECT_EQ(told(out.all),
              Lines{"message zed@chat.hill.example -> bob@x.org/phone: error item-not-found"});
}

TEST_F(RoomsTest, NoMoreIsHandedOverThanTheOfficeKeepsUpWith) {
    RoomBounds bounds;
    bounds.handed = 2;
    open(bounds);
    join(kBob, "Bob");
    std::vector<std::function<void()>> verdicts;
    office.later = [&](std::function<void()> say) { verdicts.push_back(std::move(say)); };
    say(kBob, "<body>1</body>", "1");
    say(kBob, "<body>2</body>", "2");
    EXPECT_EQ(say(kBob, "<body>3</body>", "3"),
              Lines{"message news@chat.hill.example -> bob@x.org/phone: error "
                    "resource-constraint"});
    verdicts[0]();
    EXPECT_EQ(say(kBob, "<body>3</body>", "3"), Lines{});
    rooms.reset();
    out.all.clear();
    for (std::size_t i = 1; i < verdicts.size(); ++i) verdicts[i]();
    EXPECT_TRUE(out.all.empty()) << "the rooms are gone";
    EXPECT_EQ(office.accepted.size(), 3u);
}

TEST(RecentPostsTest, MemoryIsBounded) {
    RecentPosts posts(10, 2000);
    const auto chat = [](std::size_t bytes) {
        std::vector<Element> all;
        all.push_back(Element("message").set("to", "b@x.org").set_text(std::string(bytes, 'x')));
        return all;
    };
    for (int i = 0; i < 100; ++i) {
        const std::string id = std::to_string(i);
        posts.said({"news", id, "Bob", "k"});
        posts.sent("news", id, "w" + id, chat(1));
    }
    EXPECT_EQ(posts.find("news", "89"), nullptr);
    EXPECT_NE(posts.find("news", "90"), nullptr);
    EXPECT_EQ(posts.find("other", "90"), nullptr);
    EXPECT_TRUE(posts.take_chat("w89", "b@x.org").empty());
    EXPECT_TRUE(posts.take_chat("w99", "c@x.org").empty()) << "not his";
    posts.sent("news", "big", "wbig", chat(5000));
    EXPECT_TRUE(posts.take_chat("w99", "b@x.org").empty());
    EXPECT_EQ(posts.take_chat("wbig", "b@x.org").size(), 1u) << "the last is kept";
    EXPECT_TRUE(posts.take_chat("wbig", "b@x.org").empty()) << "once";
    EXPECT_EQ(posts.references("news", "wbig"), (std::vector<std::string>{"big", "wbig"}));
}

}  // namespace
}  // namespace waypost::xmpp
