// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp/smtp_client.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deque>
#include <fstream>

namespace waypost::email {
namespace {

// Answers with scripted lines; an empty script is a lost connection.
struct FakeWire final : SmtpWire {
    explicit FakeWire(std::deque<std::string>& script, std::string& said)
        : lines(script), written(said) {}
    Result<void> write(std::string_view bytes) override {
        written.append(bytes);
        return {};
    }
    Result<std::string> read_line(std::chrono::milliseconds) override {
        if (lines.empty()) return Error{Code::Network, "the relay closed the connection", true};
        std::string line = lines.front();
        lines.pop_front();
        return line;
    }
    Result<void> start_tls() override {
        written += "[tls]";
        return {};
    }
    void cut() noexcept override {}
    std::deque<std::string>& lines;
    std::string& written;
};

class SmtpClientTest : public ::testing::Test {
  protected:
    SmtpClient client(RelayTarget::Security security = RelayTarget::Security::Plain) {
        target_.host = "127.0.0.1";
        target_.security = security;
        return {std::make_unique<FakeWire>(script_, said_), target_, "hill.example", login_};
    }
    Outcome send(std::deque<std::string> answers, bool pipelining = true) {
        script_ = {"220 mx", "250-mx", pipelining ? "250-PIPELINING" : "250-X", "250 SIZE 100"};
        for (auto& each : answers) script_.push_back(each);
        SmtpClient c = client();
        EXPECT_TRUE(c.open().ok());
        const Outcome outcome =
            c.send({"ana@hill.example", "bob@x.org", "Subject: a\r\n\r\n.dot\r\n"});
        healthy_ = c.healthy();
        return outcome;
    }
    std::deque<std::string> script_;
    std::string said_;
    RelayTarget target_;
    Login login_;
    bool healthy_ = false;
};

TEST_F(SmtpClientTest, SendsAndStuffsDots) {
    const Outcome outcome = send({"250 ok", "250 ok", "354 go", "250 2.0.0 queued as 1"});
    EXPECT_EQ(outcome.kind, Outcome::Kind::Sent);
    EXPECT_EQ(outcome.detail, "2.0.0 queued as 1");
    EXPECT_NE(said_.find("\r\n..dot\r\n.\r\n"), std::string::npos) << said_;
    EXPECT_TRUE(healthy_);
}

TEST_F(SmtpClientTest, ATokenIsReadForEachLoginAndSaidAsXOAuth2) {
    const std::string path = ::testing::TempDir() + "waypost-token";
    std::ofstream(path) << "ya29\n";
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    login_.user = "a@b";
    login_.secret_file = path;
    login_.oauth = true;
    script_ = {"220 mx", "250-mx", "250 AUTH PLAIN XOAUTH2", "334 eyJ9", "535 5.7.8 no"};
    EXPECT_FALSE(client().open().ok());
    // user=a@b ^A auth=Bearer ya29 ^A ^A, then an empty line to hear the no.
    EXPECT_NE(said_.find("AUTH XOAUTH2 dXNlcj1hQGIBYXV0aD1CZWFyZXIgeWEyOQEB\r\n\r\n"),
              std::string::npos)
        << said_;
    ASSERT_EQ(::unlink(path.c_str()), 0);
    script_ = {"220 mx", "250-mx", "250 AUTH PLAIN XOAUTH2"};
    EXPECT_FALSE(client().open().ok()) << "no file, no login";
}

struct Case {
    const char* name;
    std::deque<std::string> answers;
    Outcome::Kind kind;
    const char* code;
    const char* detail;
    bool healthy;
};

TEST_F(SmtpClientTest, EveryNoIsUnderstoodAtEveryStep) {
    using Kind = Outcome::Kind;
    const std::vector<Case> cases = {
        {"sender refused",
         {"550 5.7.1 no", "503 x", "503 x", "250 reset"},
         Kind::Failed,
         "550 5.7.1",
         "refused by the other side",
         true},
        {"no such address",
         {"250 ok", "550 5.1.1 User unknown", "554 no valid", "250 reset"},
         Kind::Failed,
         "550 5.1.1",
         "no such address",
         true},
        {"no such address, DATA taken all the same",
         {"250 ok", "550 5.1.1 x", "354 go", "554 none", "250 reset"},
         Kind::Failed,
         "550 5.1.1",
         "no such address",
         true},
        {"mailbox full for now",
         {"250 ok", "452 4.2.2 full", "554 x", "250 reset"},
         Kind::Retry,
         "452 4.2.2",
         "4.2.2 full",
         true},
        {"greylisted",
         {"250 ok", "450 4.7.1 come back", "503 x", "250 reset"},
         Kind::Retry,
         "450 4.7.1",
         "4.7.1 come back",
         true},
        {"refused after the dot",
         {"250 ok", "250 ok", "354 go", "554 5.6.0 spam"},
         Kind::Failed,
         "554 5.6.0",
         "5.6.0 spam",
         true},
        {"later after the dot",
         {"250 ok", "250 ok", "354 go", "451 4.3.0 hm"},
         Kind::Retry,
         "451 4.3.0",
         "4.3.0 hm",
         true},
        {"shutting down",
         {"421 4.3.2 bye", "421 x", "421 x"},
         Kind::Retry,
         "421 4.3.2",
         "4.3.2 bye",
         false},
        {"lost before the dot",
         {"250 ok", "250 ok"},
         Kind::NotTried,
         "connection",
         "the relay closed the connection",
         false},
        {"lost after the dot",
         {"250 ok", "250 ok", "354 go"},
         Kind::Retry,
         "ambiguous",
         "the relay closed the connection",
         false},
        {"rubbish",
         {"hello"},
         Kind::NotTried,
         "connection",
         "the relay does not speak SMTP",
         false},
    };
    for (const Case& each : cases) {
        const Outcome outcome = send(each.answers);
        EXPECT_EQ(outcome.kind, each.kind) << each.name;
        EXPECT_EQ(outcome.code, each.code) << each.name;
        EXPECT_EQ(outcome.detail, each.detail) << each.name;
        EXPECT_EQ(healthy_, each.healthy) << each.name;
    }
    EXPECT_EQ(send({"250 ok", "250 ok", "354 go", "250 ok"}, false).kind, Kind::Sent)
        << "without pipelining";
}

TEST_F(SmtpClientTest, TlsComesBeforeThePasswordOrNoPassword) {
    login_.user = "hill";
    login_.password = Secret("secret");
    script_ = {"220 mx", "250 STARTTLS", "220 go", "250-mx", "250 AUTH PLAIN LOGIN", "235 ok"};
    SmtpClient c = client(RelayTarget::Security::StartTls);
    EXPECT_TRUE(c.open().ok());
    EXPECT_LT(said_.find("[tls]"), said_.find("AUTH PLAIN AGhpbGwAc2VjcmV0"));

    script_ = {"220 mx", "250 AUTH PLAIN"};
    said_.clear();
    EXPECT_FALSE(client(RelayTarget::Security::StartTls).open().ok()) << "TLS is missing";
    EXPECT_EQ(said_.find("AUTH"), std::string::npos);

    script_ = {"220 mx", "250 AUTH LOGIN", "334 x", "334 y", "535 5.7.8 no"};
    EXPECT_FALSE(client().open().ok());
    script_ = {"554 closed"};
    EXPECT_FALSE(client().open().ok());
}

TEST_F(SmtpClientTest, WhoDoesNotKnowEhloIsGreetedTheOldWay) {
    script_ = {"220 mx", "502 what", "250 mx", "250 ok", "250 ok", "354 go", "250 taken"};
    SmtpClient c = client();
    ASSERT_TRUE(c.open().ok());
    EXPECT_NE(said_.find("HELO hill.example\r\n"), std::string::npos) << said_;
    EXPECT_EQ(c.send({"a@b.c", "d@e.f", "x\r\n"}).kind, Outcome::Kind::Sent);
}

TEST_F(SmtpClientTest, OpportunisticTakesTlsWhereItIsOfferedAndSaysWhatItGot) {
    const auto kOpportunistic = RelayTarget::Security::Opportunistic;
    script_ = {"220 mx", "250 STARTTLS", "220 go", "250 mx"};
    SmtpClient offered = client(kOpportunistic);
    ASSERT_TRUE(offered.open().ok());
    EXPECT_TRUE(offered.in_tls());
    script_ = {"220 mx", "250 SIZE"};
    SmtpClient bare = client(kOpportunistic);
    ASSERT_TRUE(bare.open().ok());
    EXPECT_FALSE(bare.in_tls());
    script_ = {"220 mx", "250 STARTTLS", "454 not now"};
    SmtpClient refused = client(kOpportunistic);
    ASSERT_TRUE(refused.open().ok());
    EXPECT_FALSE(refused.in_tls());
}

TEST_F(SmtpClientTest, WhoInsistsOnTlsHearsThatItWasForWantOfIt) {
    for (const std::deque<std::string>& answers :
         {std::deque<std::string>{"220 mx", "250 SIZE"}, {"220 mx", "250 STARTTLS", "454 no"}}) {
        script_ = answers;
        SmtpClient c = client(RelayTarget::Security::StartTls);
        EXPECT_FALSE(c.open().ok());
        EXPECT_TRUE(c.tls_failed());
    }
    script_ = {"554 closed"};
    SmtpClient c = client(RelayTarget::Security::StartTls);
    EXPECT_FALSE(c.open().ok());
    EXPECT_FALSE(c.tls_failed());
}

TEST_F(SmtpClientTest, TheWayStandsBehindThePeersWords) {
    script_ = {"220 mx", "250 mx", "250 ok", "250 ok", "354 go", "250 2.0.0 queued as 1"};
    SmtpClient c = client();
    ASSERT_TRUE(c.open().ok());
    c.set_way("mx.test, in clear");
    EXPECT_EQ(c.send({"a@b.c", "d@e.f", "x\r\n"}).detail, "2.0.0 queued as 1 (mx.test, in clear)");
}

TEST(ParseRelay, SaysWhatARelayLooksLike) {
    EXPECT_EQ(parse_relay("smtp:mx.example.org:587")->port, 587);
    EXPECT_TRUE(parse_relay("lmtp:127.0.0.1:24")->lmtp);
    EXPECT_EQ(parse_relay("smtps:m:465")->security, RelayTarget::Security::Tls);
    for (const char* bad :
         {"", "smtp", "smtp:host", "http:host:1", "smtp:host:x", "smtp:host:99999", "smtp::25"}) {
        EXPECT_FALSE(parse_relay(bad).ok()) << bad;
    }
}

}  // namespace
}  // namespace waypost::email
