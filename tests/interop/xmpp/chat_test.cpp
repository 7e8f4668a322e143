// SPDX-License-Identifier: Apache-2.0
// The whole box behind the servers that people run: villagers with accounts chat through it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <set>
#include <sstream>

#include "tests/interop/xmpp/chat_client.h"
#include "tests/interop/xmpp/server_test.h"

namespace waypost::interop {
namespace {

using testing::HasSubstr;

class ChatTest : public testing::TestWithParam<ServerKind> {
  protected:
    ChatTest() {
        for (const char* name : {"alice", "bob", "eve"}) server().add_user(name);
        box = std::make_unique<BoxProcess>(folder, toml());
        for (const char* name : {"alice", "bob"}) box->waypost(std::string("people add ") + name);
        EXPECT_TRUE(eventually([&] { return box->log().find("xmpp up") != std::string::npos; }))
            << box->log();
    }
    XmppServer& server() const { return *server_; }
    std::string toml() {
        const std::string secret = folder / "secret";
        std::ofstream(secret) << server().secret() << '\n';
        ::chmod(secret.c_str(), 0600);
        return "[xmpp.home]\nserver = \"127.0.0.1:" + std::to_string(server().component_port()) +
               "\"\nsecret = \"" + secret + "\"\ndomain = \"" + server().component() +
               "\"\naccounts = \"" + server().domain() + "\"\n";
    }
    std::string at_box(const std::string& name) const { return name + '@' + server().component(); }
    std::unique_ptr<ChatClient> client(const std::string& user) {
        return std::make_unique<ChatClient>(folder, server(), user);
    }
    // Signed in, and known to the box as his.
    std::unique_ptr<ChatClient> villager(const std::string& user) {
        auto one = client(user);
        one->say(server().component(), "hello-" + user,
                 "<body>help</body><request xmlns='urn:xmpp:receipts'/>");
        EXPECT_TRUE(one->sees("receipt " + server().component() + " hello-" + user)) << box->log();
        return one;
    }
    // Under which id each text came, in order; a text that comes again under its id counts once.
    static std::vector<std::string> texts(const ChatClient& client, const std::string& from) {
        std::vector<std::string> all;
        std::set<std::string> ids;
        for (const std::string& line : client.lines()) {
            std::istringstream in(line);
            std::string kind, who, id, text;
            in >> kind >> who >> id;
            std::getline(in >> std::ws, text);
            if ((kind == "message" || kind == "late") && who == from && ids.insert(id).second)
                all.push_back(text);
        }
        return all;
    }

    Folder folder;
    const std::unique_ptr<XmppServer> server_ = make_server(GetParam());
    std::unique_ptr<BoxProcess> box;
};

TEST_P(ChatTest, TwoVillagersChatAndHearWhatBecameOfIt) {
    const auto alice = villager("alice");
    const auto bob = villager("bob");
    alice->say(at_box("bob"), "letter-0001",
               "<body>come to the ford</body><request xmlns='urn:xmpp:receipts'/>");
    ASSERT_TRUE(eventually([&] { return !texts(*bob, at_box("alice")).empty(); })) << box->log();
    EXPECT_EQ(texts(*bob, at_box("alice")).at(0), "come to the ford");
    // Bob's program has it: that is what her receipt says.
    EXPECT_TRUE(alice->sees("receipt " + at_box("bob") + " letter-0001")) << box->log();
    alice->say(at_box("zoe"), "letter-0002", "<body>hello?</body>");
    EXPECT_TRUE(alice->sees("error " + at_box("zoe") + " letter-0002 item-not-found"));
}

TEST_P(ChatTest, WhatIsEncryptedOrTypedGoesNowhere) {
    const auto alice = villager("alice");
    const auto bob = villager("bob");
    alice->say(at_box("bob"), "typing-0001",
               "<composing xmlns='http://jabber.org/protocol/chatstates'/>");
    for (const char* id : {"sealed-0001", "sealed-0002"}) {
        alice->say(at_box("bob"), id,
                   "<encrypted xmlns='eu.siacs.conversations.axolotl'><payload>x</payload>"
                   "</encrypted><body>I sent you an OMEMO message</body>");
        EXPECT_TRUE(alice->sees("error " + at_box("bob") + ' ' + id + " not-acceptable"))
            << testing::PrintToString(alice->lines()) << box->log();
    }
    alice->say(at_box("bob"), "letter-0001", "<body>in clear</body>");
    ASSERT_TRUE(eventually([&] { return !texts(*bob, at_box("alice")).empty(); }));
    EXPECT_EQ(texts(*bob, at_box("alice")), std::vector<std::string>{"in clear"});
    ASSERT_EQ(alice->lines("message " + at_box("bob")).size(), 1u);
    EXPECT_THAT(alice->lines("message " + at_box("bob"))[0], HasSubstr("encryption ends"));
}

// While the server is gone, and while it dies again and again: nothing is lost, nothing is out of
// order, and what comes twice comes under its id.
TEST_P(ChatTest, AServerThatDiesLosesNothing) {
    constexpr int kLetters = 60;
    auto bob = villager("bob");
    bob.reset();
    server().kill9();
    std::vector<std::string> wanted;
    for (int i = 1; i <= kLetters; ++i) {
        const std::string text = "letter " + std::to_string(i);
        shell("echo '" + text + "' | " + box->command() + " send --from alice --to bob");
        wanted.push_back(text);
        if (i % 20 == 0) {
            server().start();
            eventually([&] { return box->log().rfind("xmpp up") > box->log().rfind("xmpp down"); });
            if (i < kLetters) server().kill9();
        }
    }
    // What comes while his program signs in ejabberd shows before what waited.
    ASSERT_TRUE(eventually(
        [&] { return box->waypost("status").find("nothing waits") != std::string::npos; },
        std::chrono::seconds(90)))
        << box->log();
    bob = client("bob");
    ASSERT_TRUE(eventually([&] { return texts(*bob, at_box("alice")).size() >= kLetters; }))
        << texts(*bob, at_box("alice")).size() << box->log() << box->waypost("status");
    EXPECT_EQ(texts(*bob, at_box("alice")), wanted);
}

TEST_P(ChatTest, ABoxThatIsKilledLosesNothing) {
    constexpr int kLetters = 40;
    const auto bob = villager("bob");
    std::vector<std::string> wanted;
    for (int i = 1; i <= kLetters; ++i) {
        const std::string text = "letter " + std::to_string(i);
        const std::string sent =
            shell("echo '" + text + "' | " + box->command() + " send --from alice --to bob; true");
        if (i == 1) {
            // Nothing is on its way but what comes next.
            const std::string id = sent.substr(0, sent.find('\n'));
            ASSERT_TRUE(eventually([&] {
                return box->waypost("trace " + id).find("delivered") != std::string::npos;
            })) << sent;
            box->kill9();
            box->start("attempt-begun");
        } else if (i == 2) {  // on record, and not a byte has left
            ASSERT_TRUE(eventually([&] { return box->died(); }));
            box->start();
        } else if (i == kLetters / 2) {
            box->kill9();
            box->start();
        }
        wanted.push_back(text);
    }
    ASSERT_TRUE(eventually([&] { return texts(*bob, at_box("alice")).size() >= kLetters; },
                           std::chrono::seconds(90)))
        << texts(*bob, at_box("alice")).size() << box->log();
    EXPECT_EQ(texts(*bob, at_box("alice")), wanted);
}

INSTANTIATE_TEST_SUITE_P(On, ChatTest, each_server(), server_name);

}  // namespace
}  // namespace waypost::interop
