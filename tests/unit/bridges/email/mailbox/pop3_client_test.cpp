// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/pop3_client.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scripted_wire.h"

namespace waypost::email {
namespace {

class Pop3ClientTest : public ::testing::Test {
  protected:
    using Script = std::deque<std::string>;
    Pop3Client& client(Script answers,
                       ProviderServer::Security security = ProviderServer::Security::Tls) {
        ProviderServer server;
        server.kind = ProviderServer::Kind::Pop3;
        server.host = "pop.provider.test";
        server.security = security;
        said_.clear();
        client_ = std::make_unique<Pop3Client>(
            std::make_unique<ScriptedWire>(std::move(answers), said_), server);
        return *client_;
    }
    Pop3Client& in(Script answers) {
        Script all = {"+OK hi\r\n", "+OK\r\n", "+OK in\r\n"};
        all.insert(all.end(), answers.begin(), answers.end());
        Pop3Client& c = client(all);
        EXPECT_TRUE(c.open(login_).ok());
        return c;
    }
    TestPasswordFile password_{"pw"};
    MailboxLogin login_{"village", password_.path(), false};
    std::string said_;
    std::unique_ptr<Pop3Client> client_;
};

struct Case {
    const char* name;
    std::deque<std::string> answers;
    Code code;
};

TEST_F(Pop3ClientTest, EveryNoAtTheDoorIsUnderstood) {
    const std::vector<Case> cases = {
        {"silence", {}, Code::Network},
        {"not POP3", {"* OK imap\r\n"}, Code::BadInput},
        {"password", {"+OK\r\n", "+OK\r\n", "-ERR [AUTH] no\r\n"}, Code::Refused},
        {"in use", {"+OK\r\n", "+OK\r\n", "-ERR [IN-USE] locked\r\n"}, Code::Busy},
        {"at once", {"-ERR too many connections\r\n"}, Code::Busy},
    };
    for (const Case& each : cases) {
        const auto opened = client(each.answers).open(login_);
        ASSERT_FALSE(opened.ok()) << each.name;
        EXPECT_EQ(opened.error().code, each.code) << each.name << ": " << opened.error().text;
    }
}

TEST_F(Pop3ClientTest, NothingIsSaidInClearThatShouldNotBe) {
    EXPECT_FALSE(
        client({"+OK\r\n", "-ERR what\r\n"}, ProviderServer::Security::StartTls).open(login_).ok());
    EXPECT_EQ(said_, "STLS\r\n");
    EXPECT_EQ(
        client({"+OK\r\n", "+OK\r\n+OK I am the server\r\n"}, ProviderServer::Security::StartTls)
            .open(login_)
            .error()
            .code,
        Code::BadInput);
    EXPECT_EQ(said_, "STLS\r\n");
    EXPECT_FALSE(client({"+OK\r\n"}, ProviderServer::Security::Plain).open(login_).ok());
    EXPECT_EQ(said_, "");
}

TEST_F(Pop3ClientTest, XOAuth2GivesTheToken) {
    login_.oauth = true;
    EXPECT_TRUE(client({"+OK\r\n", "+ \r\n", "+OK in\r\n"}).open(login_).ok());
    EXPECT_EQ(said_.rfind("AUTH XOAUTH2\r\ndXNlcj12aWxsYWdl", 0), 0u) << said_;
    EXPECT_EQ(client({"+OK\r\n", "+ \r\n", "+ eyJ9\r\n", "-ERR no\r\n"}).open(login_).error().code,
              Code::Refused);
}

TEST_F(Pop3ClientTest, ListsReadsAndErases) {
    Pop3Client& c = in({"+OK\r\n1 aa\r\n2 bb\r\n.\r\n", "+OK\r\n1 100\r\n2 200 x\r\n.\r\n",
                        "+OK\r\nSubject: a\r\n\r\n..dot\r\n.", ".\r\n.\r\n", "+OK\r\n", "+OK\r\n"});
    const auto listed = c.list();
    ASSERT_TRUE(listed.ok());
    ASSERT_EQ(listed->size(), 2u);
    EXPECT_EQ((*listed)[1].uidl, "bb");
    EXPECT_EQ((*listed)[1].bytes, 200u);
    ASSERT_TRUE(c.retrieve(2).ok());
    EXPECT_EQ(*c.more(), "Subject: a\r\n\r\n.dot\r\n.\r\n") << "dots unstuffed, over two reads";
    EXPECT_EQ(*c.more(), "");
    EXPECT_TRUE(c.erase(2).ok());
    EXPECT_TRUE(c.quit().ok());
    EXPECT_NE(said_.find("DELE 2\r\nQUIT\r\n"), std::string::npos) << said_;
}

TEST_F(Pop3ClientTest, WhatIsNoListIsNotBelieved) {
    for (const char* bad : {"+OK\r\nx y\r\n.\r\n", "+OK\r\n1\r\n.\r\n", "+OK\r\n-1 a\r\n.\r\n",
                            "+OK\r\n1 \r\n.\r\n"}) {
        EXPECT_EQ(in({bad, "+OK\r\n.\r\n"}).list().error().code, Code::BadInput) << bad;
    }
    EXPECT_NE(in({"-ERR what\r\n"}).list().error().text.find("no UIDL"), std::string::npos);
    EXPECT_EQ(in({"+OK\r\n1 a\r\n"}).list().error().code, Code::Network);
}

TEST_F(Pop3ClientTest, ALineWithoutEndComesInPieces) {
    const std::string line(300'000, 'x');
    Pop3Client& c = in({"+OK\r\n" + line + "\r\n.\r\n"});
    ASSERT_TRUE(c.retrieve(1).ok());
    std::size_t bytes = 0;
    for (;;) {
        const auto piece = c.more();
        ASSERT_TRUE(piece.ok());
        if (piece->empty()) break;
        EXPECT_LE(piece->size(), 200'000u);
        bytes += piece->size();
    }
    EXPECT_GE(bytes, line.size());
}

}  // namespace
}  // namespace waypost::email
