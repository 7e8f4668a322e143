// SPDX-License-Identifier: Apache-2.0
// A whole village behind the servers that people run: radios on the mesh, phones with accounts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/interop/xmpp/server_test.h"
#include "tests/interop/xmpp/talk_village.h"

namespace waypost::interop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kReceipt = kWantsReceipt;

// Each test has a village of its own, and people whose accounts no other test uses.
class VillageTest : public ServerTest {
  protected:
    std::unique_ptr<ChatClient> villager(const std::string& user) {
        server().add_user(user);
        return village.villager(user);
    }
    std::unique_ptr<ChatClient> stranger(const std::string& user) {
        server().add_user(user);
        return village.client(user);
    }
    std::string at_box(const std::string& name) { return village.at_box(name); }

    TalkVillage village{server()};
};

INSTANTIATE_TEST_SUITE_P(On, VillageTest, each_server(), server_name);

// What is no different between servers is looked at on one.
class VillageOnProsodyTest : public VillageTest {};
INSTANTIATE_TEST_SUITE_P(On, VillageOnProsodyTest, testing::Values(ServerKind::Prosody),
                         server_name);

TEST_P(VillageTest, APhoneAndARadioTalk) {
    const auto alice = villager("alice");
    alice->say(at_box("ana"), "letter-0001", "<body>come to the ford</body>" + kReceipt);
    EXPECT_TRUE(village.shows("ana", "1 alice: come to the ford")) << village.seen();
    EXPECT_TRUE(alice->sees("receipt " + at_box("ana") + " letter-0001"));
    village.radio("ana", "@alice I am there");
    EXPECT_TRUE(village.shows("ana", "2 kept")) << village.seen();
    ASSERT_TRUE(eventually([&] { return !texts_from(*alice, at_box("ana")).empty(); }));
    EXPECT_THAT(texts_from(*alice, at_box("ana")), ElementsAre("I am there"));

    alice->say(at_box("zoe"), "nobody-0002", "<body>hello?</body>");
    EXPECT_TRUE(alice->sees("error " + at_box("zoe") + " nobody-0002 item-not-found"));
}

// What programs do beside plain words, as 200 bytes show it.
TEST_P(VillageOnProsodyTest, ARadioShowsCorrectionsReactionsAnswersAndLongLetters) {
    const auto alice = villager("amira");
    const std::string ana = at_box("ana");
    alice->say(ana, "letter-0001", "<body>come to the ford</body>");
    ASSERT_TRUE(village.shows("ana", "1 amira: come to the ford")) << village.seen();
    alice->say(ana, "letter-0002",
               "<body>come to the bridge</body>"
               "<replace xmlns='urn:xmpp:message-correct:0' id='letter-0001'/>");
    EXPECT_TRUE(village.shows("ana", "2 amira: * come to the bridge")) << village.seen();
    alice->say(ana, "letter-0003",
               "<reactions xmlns='urn:xmpp:reactions:0' id='letter-0001'><reaction>\U0001F44D"
               "</reaction></reactions>");
    EXPECT_TRUE(village.shows("ana", "3 amira: \U0001F44D")) << village.seen();
    // The words that it repeats of the letter before (XEP-0428) are no radio's to carry.
    alice->say(ana, "letter-0004",
               "<body>&gt; I am there&#10;and the boat?</body>"
               "<reply xmlns='urn:xmpp:reply:0' id='letter-0001' to='" +
                   ana +
                   "'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>"
                   "<body start='0' end='13'/></fallback>");
    EXPECT_TRUE(village.shows("ana", "4 amira: and the boat?")) << village.seen();
    std::string words;
    for (int i = 0; i < 12; ++i) words += "All the words of a long letter. ";
    alice->say(ana, "letter-0005", "<body>" + words + "</body>" + kReceipt);
    ASSERT_TRUE(village.shows_some("ana", "5 amira: All the words")) << village.seen();
    EXPECT_LE(village.screen("ana").back().size(), 200u);
    EXPECT_THAT(village.screen("ana").back(), testing::ContainsRegex(" \\+[0-9]+$"));
    village.radio("ana", "+");
    EXPECT_TRUE(village.shows_some("ana", "long letter. All the words")) << village.seen();
    village.radio("ana", "+");
    EXPECT_TRUE(village.shows("ana", "long letter.")) << village.seen();
}

TEST_P(VillageTest, SomebodyOutsideWaitsUntilAnaSaysYes) {
    const auto bob = stranger("bob");
    bob->say(at_box("ana"), "letter-0001", "<body>hello from outside</body>" + kReceipt);
    const std::string held =
        "Mail held from bob@" + server().domain() + ". @+1 takes it, @-1 blocks";
    ASSERT_TRUE(village.shows("ana", held)) << village.seen();
    // He is told in words; a receipt would say that Ana's radio has it.
    EXPECT_TRUE(eventually([&] { return !bob->lines("message ").empty(); }));
    EXPECT_THAT(bob->lines("receipt"), ElementsAre());
    village.radio("ana", "@+1");
    EXPECT_TRUE(village.shows_some("ana", "1 bob: hello from outside")) << village.seen();
    EXPECT_TRUE(bob->sees("receipt " + at_box("ana") + " letter-0001"));
    bob->say(at_box("ana"), "letter-0002", "<body>thank you</body>" + kReceipt);
    EXPECT_TRUE(village.shows("ana", "2 bob: thank you")) << village.seen();
    EXPECT_TRUE(bob->sees("receipt " + at_box("ana") + " letter-0002"));
    village.radio("ana", "*2 welcome");
    ASSERT_TRUE(eventually([&] { return !texts_from(*bob, at_box("ana")).empty(); }))
        << village.seen();
    // With a line about radios, the first time.
    EXPECT_THAT(texts_from(*bob, at_box("ana")), ElementsAre(StartsWith("welcome")));
}

TEST_P(VillageTest, AGroupIsARoomAndARadioSitsInIt) {
    village.waypost("groups add news");
    const auto cora = villager("cora");
    const std::string news = at_box("news");
    cora->say_stanza("<presence to='" + news +
                     "/cora'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
    ASSERT_TRUE(eventually([&] { return !cora->lines("presence " + news + "/cora").empty(); }));
    village.radio("ana", "#+news");
    ASSERT_TRUE(village.shows_some("ana", "You are in #news")) << village.seen();
    village.radio("ana", "#news water is on");
    ASSERT_TRUE(eventually([&] { return !cora->lines("post " + news + "/ana").empty(); }))
        << village.seen();
    EXPECT_THAT(cora->lines("post " + news + "/ana")[0], HasSubstr("water is on"));
    cora->say_stanza("<message type='groupchat' id='post-0001' to='" + news +
                     "'><body>here too</body></message>");
    EXPECT_TRUE(cora->sees("post " + news + "/cora post-0001 here too"));
    EXPECT_TRUE(village.shows_some("ana", "", "#news cora: here too")) << village.seen();
}

// A program says that it showed a message (XEP-0333): of a letter by its id, of a post in a room
// too.
TEST_P(VillageOnProsodyTest, WhatAProgramShowedIsReadInTheTrace) {
    village.waypost("groups add news");
    const auto hana = villager("hana");
    const std::string ana = at_box("ana"), news = at_box("news");
    const auto shown = [&](const std::string& line, const std::string& to, const char* type) {
        std::istringstream in(line);
        std::string kind, from, id;
        in >> kind >> from >> id;
        hana->say_stanza("<message type='" + std::string(type) + "' to='" + to + "' id='mark-" +
                         type + "'><displayed xmlns='urn:xmpp:chat-markers:0' id='" + id +
                         "'/></message>");
    };
    const auto reads = [&] {
        const std::string all = village.traces();
        int found = 0;
        for (std::size_t at = 0; (at = all.find(" read [reported]", at)) != std::string::npos; ++at)
            ++found;
        return found;
    };
    village.radio("ana", "@hana come to the ford");
    ASSERT_TRUE(eventually([&] { return !hana->lines("message " + ana).empty(); }));
    shown(hana->lines("message " + ana)[0], ana, "chat");
    EXPECT_TRUE(eventually([&] { return reads() == 1; })) << village.seen();

    hana->say_stanza("<presence to='" + news +
                     "/hana'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
    ASSERT_TRUE(eventually([&] { return !hana->lines("presence " + news + "/hana").empty(); }));
    village.radio("ana", "#+news");
    ASSERT_TRUE(village.shows_some("ana", "You are in #news")) << village.seen();
    village.radio("ana", "#news water is on");
    const std::string post = "post " + news + "/ana";
    ASSERT_TRUE(eventually([&] { return !hana->lines(post).empty(); })) << village.seen();
    shown(hana->lines(post)[0], news, "groupchat");
    EXPECT_TRUE(eventually([&] { return reads() == 2; })) << village.seen();
}

TEST_P(VillageOnProsodyTest, PresenceSaysWhenARadioWasLastHeard) {
    const auto dora = villager("dora");
    village.radio("ana", "?");
    ASSERT_TRUE(village.shows_some("ana", "bob@x.org")) << village.seen();
    for (const char* name : {"ana", "ben"})
        dora->say_stanza("<presence type='subscribe' to='" + at_box(name) + "'/>");
    EXPECT_TRUE(dora->sees("subscribed " + at_box("ana")));
    const auto told = [&](const std::string& name, const std::string& text) {
        return eventually([&] {
            const auto lines = dora->lines("presence " + at_box(name));
            return !lines.empty() && lines.back().find(text) != std::string::npos;
        });
    };
    EXPECT_TRUE(told("ana", "available heard ")) << village.seen();
    EXPECT_TRUE(told("ben", "xa not heard yet")) << testing::PrintToString(dora->lines());
}

TEST_P(VillageOnProsodyTest, ThereIsNoReceiptBeforeTheRadioHasIt) {
    const auto emil = villager("emil");
    village.off("ana");
    emil->say(at_box("ana"), "letter-0001", "<body>are you there</body>" + kReceipt);
    ASSERT_TRUE(village.status_says("1 sending on meshtastic")) << village.seen();
    // Whatever it would have been told of that letter comes before this.
    emil->say(server().component(), "line-0002", "<body>*</body>" + kReceipt);
    ASSERT_TRUE(emil->sees("receipt " + server().component() + " line-0002"));
    EXPECT_THAT(emil->lines("receipt " + at_box("ana")), ElementsAre());
    village.radio("ben", "@emil and Ben is here");
    EXPECT_TRUE(eventually([&] { return !texts_from(*emil, at_box("ben")).empty(); }));
    EXPECT_THAT(emil->lines("receipt " + at_box("ana")), ElementsAre());
}

// What was written, and not said to be: the server answered, and the box was killed before that was
// on record.
TEST_P(VillageOnProsodyTest, WhatIsSentAgainAfterAKillHasItsOldId) {
    const auto fred = villager("fred");
    const std::string from_ana = at_box("ana");
    const auto send = [&](const std::string& text) {
        return shell("echo '" + text + "' | " + village.box().command() +
                     " send --from ana --to fred; true");
    };
    send("first");
    ASSERT_TRUE(eventually([&] { return texts_from(*fred, from_ana).size() == 1; }));
    ASSERT_TRUE(village.status_says("waiting: 0"));
    village.box().kill9();
    village.box().start("outcome-known");
    send("second");
    ASSERT_TRUE(eventually([&] { return village.box().died(); })) << village.box().log();
    village.box().start();
    send("third");
    ASSERT_TRUE(eventually([&] { return texts_from(*fred, from_ana).size() == 3; }))
        << village.seen();
    EXPECT_THAT(texts_from(*fred, from_ana), ElementsAre("first", "second", "third"));
    EXPECT_EQ(repeats_from(*fred, from_ana), 1);
    EXPECT_EQ(village.counted("repeats"), 1) << village.seen();
}

TEST_P(VillageTest, AServerThatWasAwayGetsWhatWaitedInOrder) {
    auto gina = villager("gina");
    gina.reset();
    server().stop();
    ASSERT_TRUE(village.status_says("xmpp.home: DOWN")) << village.seen();
    std::vector<std::string> wanted;
    for (int i = 1; i <= 5; ++i) {
        wanted.push_back("letter " + std::to_string(i));
        village.radio("ana", "@gina " + wanted.back());
        EXPECT_TRUE(village.shows_some("ana", std::to_string(i) + " kept")) << village.seen();
    }
    const long sent = village.counted("sent");
    server().start();
    ASSERT_TRUE(
        eventually([&] { return village.counted("sent") == sent + 5; }, std::chrono::seconds(90)))
        << village.seen();
    // She was away: her server kept them.
    gina = village.client("gina");
    ASSERT_TRUE(eventually([&] { return texts_from(*gina, at_box("ana")).size() == 5; }))
        << village.seen();
    EXPECT_EQ(texts_from(*gina, at_box("ana")), wanted);
    EXPECT_THAT(gina->lines("message " + at_box("ana")), ElementsAre()) << "all are late";
}

}  // namespace

TEST(WrongSecret, IsSaidInStatusAndLog) {
    Prosody server;
    Folder folder;
    BoxProcess box(folder, xmpp_settings(folder, server, {"a guess"}));
    const auto says = [](const std::string& text) {
        return text.find("secret") != std::string::npos;
    };
    EXPECT_TRUE(eventually([&] { return says(box.waypost("status")); })) << box.waypost("status");
    EXPECT_TRUE(eventually([&] { return says(box.log()); })) << box.log();
}

}  // namespace waypost::interop
