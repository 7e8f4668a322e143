// SPDX-License-Identifier: Apache-2.0
// Prosody's files: what may be written, and what stands in them. That the real Prosody takes them
// is tested in tests/interop/chat_server.
#include "bridges/xmpp/chatserver/chat_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost::xmpp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

ChatServer server() {
    ChatServer s;
    s.domain = "hill.example";
    s.component = "chat.hill.example";
    s.folder = "/srv/chat";
    s.host = "192.168.4.1";
    s.listen = "192.168.4.1";
    s.certificate = "/srv/c.pem";
    s.private_key = "/srv/k.pem";
    s.sign_in = "/srv/sign-in";
    s.own_certificate = true;
    return s;
}

std::string config(const ChatServer& s, const std::string& secret = "s3cret") {
    return prosody_files(s, Secret(secret), {}).front().text;
}

std::string fault(ChatServer s, void (*change)(ChatServer&)) {
    change(s);
    const auto checked = check(s);
    return checked.ok() ? "" : checked.error().text;
}

TEST(ChatServerFiles, WhatCannotBeWrittenIsSaid) {
    EXPECT_TRUE(check(server()).ok());
    EXPECT_THAT(fault(server(), [](ChatServer& s) { s.domain = "hill example"; }),
                HasSubstr("no name of a host"));
    EXPECT_THAT(fault(server(), [](ChatServer& s) { s.component = s.domain; }),
                HasSubstr("a domain each"));
    EXPECT_THAT(fault(server(), [](ChatServer& s) { s.folder = "/srv/a b"; }),
                HasSubstr("absolute paths"));
    EXPECT_THAT(fault(server(), [](ChatServer& s) { s.private_key = "/k\";os.exit()--"; }),
                HasSubstr("absolute paths"));
    EXPECT_THAT(fault(server(), [](ChatServer& s) { s.sign_in = '/' + std::string(90, 'a'); }),
                HasSubstr("90 letters"));
    EXPECT_THAT(fault(server(), [](ChatServer& s) { s.listen = "wlan0"; }),
                HasSubstr("192.168.4.1"));
    EXPECT_THAT(fault(server(), [](ChatServer& s) { s.admins = {"ana@hill.example"}; }),
                HasSubstr("[\"ana\"]"));
    EXPECT_THAT(fault(server(), [](ChatServer& s) { s.outside = true; }), HasSubstr("made itself"));
}

TEST(ChatServerFiles, NoServerOfOthersUnlessToldSo) {
    EXPECT_THAT(config(server()), HasSubstr("modules_disabled = { \"s2s\" }"));
    EXPECT_THAT(config(server()), HasSubstr("allow_registration = false"));
    ChatServer open = server();
    open.outside = true;
    open.own_certificate = false;
    EXPECT_TRUE(check(open).ok());
    EXPECT_THAT(config(open), Not(HasSubstr("modules_disabled")));
    EXPECT_THAT(config(open), HasSubstr("s2s_secure_auth = true"));
}

TEST(ChatServerFiles, PasswordsAreDovecotsOrItsOwn) {
    EXPECT_THAT(config(server()), HasSubstr("waypost_sign_in = \"/srv/sign-in/auth\""));
    ChatServer alone = server();
    alone.sign_in.clear();
    EXPECT_TRUE(check(alone).ok());
    EXPECT_THAT(config(alone), HasSubstr("authentication = \"internal_hashed\""));
    EXPECT_THAT(config(alone), Not(HasSubstr("waypost_sign_in")));
}

TEST(ChatServerFiles, TheSecretIsForProsodysGroupAndCannotEndItsString) {
    const auto files = prosody_files(server(), Secret("a\"b\\c\nd"), 7);
    EXPECT_THAT(files.front().text, HasSubstr(R"(component_secret = "a\"b\\c\010d")"));
    EXPECT_EQ(files.front().mode, 0640u);
    EXPECT_EQ(files.front().group, 7u);
    for (const DurableFile& each : files)
        EXPECT_THAT(each.text, StartsWith(std::string("-- ") + kOursMark + ": "));
}

TEST(ChatServerFiles, TheCertificateIsForEveryNameAPhoneUses) {
    EXPECT_THAT(certificate_names(server()),
                ElementsAre("hill.example", "upload.hill.example", "chat.hill.example"));
    EXPECT_THAT(certificate_addresses(server()), ElementsAre("192.168.4.1"));
    EXPECT_EQ(upload_host(server()), "192.168.4.1:5281");
    ChatServer named = server();
    named.host = "post.hill.example";
    EXPECT_THAT(certificate_names(named), ::testing::Contains("post.hill.example"));
}

}  // namespace
}  // namespace waypost::xmpp
