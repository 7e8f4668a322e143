// SPDX-License-Identifier: Apache-2.0
// What we make of a server's answers; the real server is in tests/interop/mail.
#include "bridges/email/mailbox/imap_client.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scripted_wire.h"

namespace waypost::email {
namespace {

class ImapClientTest : public ::testing::Test {
  protected:
    using Script = std::deque<std::string>;
    ImapClient& client(Script answers,
                       ProviderServer::Security security = ProviderServer::Security::Tls) {
        ProviderServer server;
        server.host = "imap.provider.test";
        server.security = security;
        said_.clear();
        client_ = std::make_unique<ImapClient>(
            std::make_unique<ScriptedWire>(std::move(answers), said_), server);
        return *client_;
    }
    // Logged in, with the inbox open, and these answers to come.
    ImapClient& in_inbox(Script answers, const std::string& capabilities = "IMAP4rev1 IDLE") {
        Script all = {"* OK ready\r\n", "%T OK in\r\n",
                      "* CAPABILITY " + capabilities + "\r\n%T OK done\r\n",
                      "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 12] x\r\n"
                      "%T OK [READ-WRITE] done\r\n"};
        all.insert(all.end(), answers.begin(), answers.end());
        ImapClient& c = client(all);
        EXPECT_TRUE(c.open(login_).ok());
        const auto folder = c.select("INBOX");
        EXPECT_TRUE(folder.ok() && folder->validity == 7 && folder->next == 12);
        return c;
    }
    TestPasswordFile password_{"pw"};
    MailboxLogin login_{"village@provider.test", password_.path(), false};
    std::string said_;
    std::unique_ptr<ImapClient> client_;
};

struct Case {
    const char* name;
    std::deque<std::string> answers;
    Code code;
};

TEST_F(ImapClientTest, EveryNoAtTheDoorIsUnderstood) {
    const std::vector<Case> cases = {
        {"silence", {}, Code::Network},
        {"not IMAP", {"220 mx ESMTP\r\n"}, Code::BadInput},
        {"closed", {"* BYE too many connections, try again later\r\n"}, Code::Busy},
        {"password", {"* OK hi\r\n", "%T NO [AUTHENTICATIONFAILED] no\r\n"}, Code::Refused},
        {"busy", {"* OK hi\r\n", "%T NO [UNAVAILABLE] Temporary failure\r\n"}, Code::Busy},
        {"limit", {"* OK hi\r\n", "%T NO [LIMIT] wait\r\n"}, Code::Busy},
        {"cut", {"* OK hi\r\n", "* BYE going down\r\n"}, Code::Network},
        {"nonsense", {"* OK hi\r\n", "\x01\x02)((\r\n"}, Code::BadInput},
    };
    for (const Case& each : cases) {
        const auto opened = client(each.answers).open(login_);
        ASSERT_FALSE(opened.ok()) << each.name;
        EXPECT_EQ(opened.error().code, each.code) << each.name << ": " << opened.error().text;
    }
}

TEST_F(ImapClientTest, NothingIsSaidInClearThatShouldNotBe) {
    const auto none =
        client({"* OK hi\r\n", "%T BAD unknown\r\n"}, ProviderServer::Security::StartTls)
            .open(login_);
    EXPECT_NE(none.error().text.find("offers no TLS"), std::string::npos) << none.error().text;
    EXPECT_EQ(said_.find("LOGIN"), std::string::npos) << said_;
    const auto injected = client({"* OK hi\r\n", "%T OK go\r\n* OK I am the server\r\n"},
                                 ProviderServer::Security::StartTls)
                              .open(login_);
    EXPECT_EQ(injected.error().code, Code::BadInput) << "spoken before TLS";
    EXPECT_EQ(said_.find("[tls]"), std::string::npos);
    const auto plain = client({"* OK hi\r\n"}, ProviderServer::Security::Plain).open(login_);
    EXPECT_EQ(plain.error().code, Code::Refused) << "not on this machine";
    EXPECT_EQ(said_.find("pw"), std::string::npos);
}

TEST_F(ImapClientTest, APasswordOfAnyBytesGoesAsALiteral) {
    const TestPasswordFile file("gr\xc3\xbc\xc3\x9f \"Gott\"");
    login_.secret_file = file.path();
    login_.user = "a\"b\\c";
    ImapClient& c = client({"* OK hi\r\n", "+ go\r\n", "%T OK in\r\n", "%T OK x\r\n"});
    EXPECT_TRUE(c.open(login_).ok());
    EXPECT_NE(said_.find("A1 LOGIN \"a\\\"b\\\\c\" {13}\r\ngr\xc3\xbc\xc3\x9f \"Gott\"\r\n"),
              std::string::npos)
        << said_;
    EXPECT_FALSE(c.has_idle()) << "an OK without capabilities is none of them";
}

TEST_F(ImapClientTest, XOAuth2GivesTheToken) {
    login_.oauth = true;
    ImapClient& c = client({"* OK hi\r\n", "+ eyJzdGF0dXMiOiI0MDEifQ==\r\n", "%T NO [x] no\r\n"});
    EXPECT_EQ(c.open(login_).error().code, Code::Refused);
    EXPECT_NE(said_.find("AUTHENTICATE XOAUTH2"), std::string::npos) << said_;
}

TEST_F(ImapClientTest, SearchesAndFetches) {
    ImapClient& c =
        in_inbox({"* SEARCH 11 9 10\r\n* 4 EXISTS\r\n%T OK x\r\n", "* SEARCH\r\n%T OK x\r\n",
                  "* 1 FETCH (UID 11 RFC822.SIZE 9000)\r\n%T OK x\r\n",
                  "* 1 FETCH (UID 11 BODY[]<0> {5}\r\nhello)\r\n%T OK x\r\n", "%T OK nothing\r\n",
                  "%T NO cannot\r\n"});
    EXPECT_EQ(c.exists(), 3u);
    EXPECT_EQ(*c.search_after(9), (std::vector<std::uint32_t>{10, 11})) << said_;
    EXPECT_NE(said_.find("UID SEARCH UID 10:*"), std::string::npos) << said_;
    EXPECT_EQ(c.exists(), 4u);
    EXPECT_TRUE(c.search_since(1'800'000'000)->empty());
    EXPECT_NE(said_.find("SINCE 15-Jan-2027"), std::string::npos) << said_;
    EXPECT_EQ(*c.size(11), 9000u);
    EXPECT_EQ(*c.piece(11, 0, 100), "hello");
    EXPECT_NE(said_.find("BODY.PEEK[]<0.100>"), std::string::npos) << said_;
    EXPECT_EQ(c.piece(12, 0, 100).error().code, Code::NotFound);
    EXPECT_EQ(c.piece(13, 0, 100).error().code, Code::Conflict);
}

TEST_F(ImapClientTest, MoreThanWasAskedForIsNotBelieved) {
    ImapClient& c = in_inbox({"* 1 FETCH (UID 11 BODY[]<0> {5}\r\nhello)\r\n%T OK x\r\n"});
    EXPECT_EQ(c.piece(11, 0, 4).error().code, Code::BadInput);
}

TEST_F(ImapClientTest, AnAnswerWithoutEndIsCutOff) {
    std::string endless = "* SEARCH";
    while (endless.size() < 20u << 20) endless += " 1111111111";
    ImapClient& c = in_inbox({endless});
    EXPECT_EQ(c.search_after(1).error().code, Code::BadInput);
}

TEST_F(ImapClientTest, MarksAndErases) {
    ImapClient& c =
        in_inbox({"%T OK x\r\n", "%T OK x\r\n", "%T OK x\r\n", "%T OK x\r\n"}, "IMAP4rev1 UIDPLUS");
    EXPECT_FALSE(c.has_idle());
    EXPECT_TRUE(c.mark(11, "\\Seen").ok());
    EXPECT_TRUE(c.mark(11, "$Waypost").ok());
    EXPECT_TRUE(c.erase(11).ok());
    for (const char* command : {"UID STORE 11 +FLAGS.SILENT (\\Seen)", "+FLAGS.SILENT ($Waypost)",
                                "+FLAGS.SILENT (\\Deleted)", "UID EXPUNGE 11"})
        EXPECT_NE(said_.find(command), std::string::npos) << said_;
}

TEST_F(ImapClientTest, FindsTheFolderForSentMail) {
    const std::string folders =
        "* LIST (\\HasNoChildren) \"/\" Sent\r\n"
        "* LIST (\\HasNoChildren \\Sent) \"/\" \"[Gmail]/Sent Mail\"\r\n%T OK x\r\n";
    EXPECT_EQ(*in_inbox({folders}).sent_folder(), "[Gmail]/Sent Mail");
    EXPECT_EQ(*in_inbox({"* LIST () \".\" INBOX.Sent\r\n%T OK x\r\n"}).sent_folder(), "INBOX.Sent");
    EXPECT_EQ(*in_inbox({"* LIST () \".\" Trash\r\n%T OK x\r\n"}).sent_folder(), "");
}

TEST_F(ImapClientTest, IdleEndsWithDone) {
    Bell bell;
    ImapClient& c = in_inbox({"+ idling\r\n", "* 4 EXISTS\r\n%T OK done\r\n"});
    ASSERT_TRUE(c.has_idle());
    EXPECT_EQ(*c.idle(bell, std::chrono::milliseconds(1)), Bell::Heard::Nothing);
    EXPECT_NE(said_.find("IDLE\r\nDONE\r\n"), std::string::npos) << said_;
    EXPECT_EQ(c.exists(), 4u);
    ImapClient& news = in_inbox({"+ idling\r\n* 4 EXISTS\r\n", "%T OK done\r\n"});
    EXPECT_EQ(*news.idle(bell, std::chrono::milliseconds(1)), Bell::Heard::Socket)
        << "told as it began";
    ImapClient& cut = in_inbox({"+ idling\r\n"});
    EXPECT_EQ(cut.idle(bell, std::chrono::milliseconds(1)).error().code, Code::Network);
}

}  // namespace
}  // namespace waypost::email
