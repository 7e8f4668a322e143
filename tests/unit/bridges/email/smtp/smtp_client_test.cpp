// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp/smtp_client.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deque>
#include <fstream>
#include <thread>

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

TEST_F(SmtpClientTest, TheOutcomeSaysHowTheHopWasProtected) {
    using Security = RelayTarget::Security;
    const auto label = [&](Security security, bool offers_tls, std::optional<Privacy> of_mail) {
        script_ = {"220 mx", "250-mx", offers_tls ? "250 STARTTLS" : "250 SIZE 100"};
        if (offers_tls)
            for (const char* line : {"220 go", "250-mx", "250 SIZE 100"}) script_.push_back(line);
        for (const char* line : {"250 ok", "250 ok", "354 go", "250 2.0.0 queued as 1"})
            script_.push_back(line);
        SmtpClient c = client(security);
        EXPECT_TRUE(c.open().ok());
        MailToSend mail{"ana@hill.example", "bob@x.org", "Subject: a\r\n\r\nhi\r\n"};
        mail.privacy = of_mail;
        return c.send(mail).privacy;
    };
    EXPECT_EQ(label(Security::Plain, false, {}), Privacy::InClear);
    EXPECT_EQ(label(Security::Opportunistic, false, {}), Privacy::InClear);
    EXPECT_EQ(label(Security::Opportunistic, true, {}), Privacy::Tls);
    EXPECT_EQ(label(Security::StartTls, true, {}), Privacy::TlsVerified);
    EXPECT_EQ(label(Security::Tls, false, {}), Privacy::TlsVerified);
    EXPECT_EQ(label(Security::Plain, false, Privacy::ToRecipient), Privacy::ToRecipient);
    target_.last = true;
    EXPECT_EQ(label(Security::Plain, false, {}), Privacy::Here);
    target_.last = false;
    EXPECT_EQ(send({"550 5.1.1 no", "503 no", "503 no"}).privacy, std::nullopt) << "it did not go";
}

TEST_F(SmtpClientTest, AsksToBeToldOnlyWhereThePeerCan) {
    for (const bool can : {true, false}) {
        script_ = {"220 mx", "250-mx", can ? "250-DSN" : "250-DSNX", "250 PIPELINING", "250 ok",
                   "250 ok", "354 go", "250 2.0.0 queued as 1"};
        said_.clear();
        SmtpClient c = client();
        ASSERT_TRUE(c.open().ok());
        MailToSend mail{"ana@hill.example", "ben@dale.example", "Subject: a\r\n\r\nhi\r\n"};
        mail.wish = Wish{true, true, true, "rfc822;ben@dale.example"};
        mail.envelope_id = "k3.f9@hill.example";
        const Outcome outcome = c.send(mail);
        EXPECT_EQ(outcome.kind, Outcome::Kind::Sent);
        EXPECT_EQ(outcome.wish_taken, can);
        const std::string said = said_.substr(said_.find("MAIL"));
        EXPECT_EQ(said.substr(0, said.find("DATA")),
                  can ? "MAIL FROM:<ana@hill.example> RET=HDRS ENVID=k3.f9@hill.example\r\n"
                        "RCPT TO:<ben@dale.example> NOTIFY=SUCCESS,FAILURE,DELAY "
                        "ORCPT=rfc822;ben@dale.example\r\n"
                      : "MAIL FROM:<ana@hill.example>\r\nRCPT TO:<ben@dale.example>\r\n");
    }
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

// Each line takes 50 s of a clock that is ours.
struct SlowWire final : SmtpWire {
    SlowWire(std::chrono::steady_clock::time_point& clock, std::vector<std::chrono::seconds>& times)
        : now(clock), granted(times) {}
    Result<void> write(std::string_view) override { return {}; }
    Result<std::string> read_line(std::chrono::milliseconds timeout) override {
        granted.push_back(std::chrono::duration_cast<std::chrono::seconds>(timeout));
        now += std::chrono::seconds(50);
        return std::string("220-wait");
    }
    Result<void> start_tls() override { return {}; }
    void cut() noexcept override {}
    std::chrono::steady_clock::time_point& now;
    std::vector<std::chrono::seconds>& granted;
};

TEST_F(SmtpClientTest, AReplyOfManySlowLinesHasOneDeadline) {
    using std::chrono::seconds;
    std::chrono::steady_clock::time_point now;
    std::vector<seconds> granted;
    SmtpClient c(std::make_unique<SlowWire>(now, granted), target_, "hill.example", login_,
                 [&] { return now; });
    const auto opened = c.open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, Code::Timeout);
    EXPECT_EQ(granted, (std::vector<seconds>{seconds(120), seconds(70), seconds(20)}));
}

TEST_F(SmtpClientTest, AReplyWithoutEndIsCut) {
    script_.assign(1000, "220-on and on");
    const auto opened = client().open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().text, "the relay's reply does not end");
    EXPECT_EQ(script_.size(), 900u);
}

// Somebody on loopback who is connected to.
class SmtpWireTest : public ::testing::Test {
  protected:
    SmtpWireTest() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const raw = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(listener_, raw, size), 0);
        EXPECT_EQ(::listen(listener_, 1), 0);
        EXPECT_EQ(::getsockname(listener_, raw, &size), 0);
        RelayTarget target;
        target.host = "127.0.0.1";
        target.port = ntohs(address.sin_port);
        auto wire = connect(target);
        EXPECT_TRUE(wire.ok());
        wire_ = std::move(*wire);
        peer_ = ::accept(listener_, nullptr, nullptr);
    }
    ~SmtpWireTest() override {
        ::close(peer_);
        ::close(listener_);
    }
    void say(const std::string& bytes) const {
        ::send(peer_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    const int listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    int peer_ = -1;
    std::unique_ptr<SmtpWire> wire_;
};

TEST_F(SmtpWireTest, ALineInPiecesIsWholeAndAClosedOneIsSaid) {
    say("220 h");
    EXPECT_EQ(wire_->read_line(std::chrono::milliseconds(1)).error().code, Code::Timeout);
    say("i\r\n250 next\r\n");
    EXPECT_EQ(*wire_->read_line(std::chrono::minutes(1)), "220 hi");
    EXPECT_EQ(*wire_->read_line(std::chrono::minutes(1)), "250 next");
    ::shutdown(peer_, SHUT_WR);
    EXPECT_EQ(wire_->read_line(std::chrono::minutes(1)).error().code, Code::Network);
}

// Byte after byte, each much sooner than the time-out, until the wire gives up.
TEST_F(SmtpWireTest, ALineThatTricklesHasOneDeadline) {
    std::thread trickle([this] {
        pollfd end{peer_, POLLIN, 0};  // nothing comes from the wire until it is cut
        for (int i = 0; i < 2000 && ::poll(&end, 1, 5) == 0; ++i) say("2");
    });
    const auto line = wire_->read_line(std::chrono::milliseconds(100));
    wire_->cut();
    trickle.join();
    ASSERT_FALSE(line.ok());
    EXPECT_EQ(line.error().code, Code::Timeout);
}

// More than the kernel keeps, to somebody who begins to read later.
TEST_F(SmtpWireTest, WhatIsWrittenWaitsForAReaderAndComesWhole) {
    std::string bytes(8 << 20, 'x');
    for (std::size_t i = 0; i < bytes.size(); i += 997) bytes[i] = static_cast<char>('a' + i % 26);
    std::string read;
    std::thread reader([&] {
        std::vector<char> room(1 << 16);
        while (read.size() < bytes.size()) {
            const ssize_t n = ::recv(peer_, room.data(), room.size(), 0);
            if (n <= 0) break;
            read.append(room.data(), static_cast<std::size_t>(n));
        }
    });
    EXPECT_TRUE(wire_->write(bytes).ok());
    wire_->cut();
    reader.join();
    EXPECT_TRUE(read == bytes);
}

TEST_F(SmtpWireTest, WhoWritesToSomebodyWhoDoesNotReadIsCut) {
    std::thread writer([this] { EXPECT_FALSE(wire_->write(std::string(64 << 20, 'x')).ok()); });
    std::string some(4096, 0);
    EXPECT_GT(::recv(peer_, some.data(), some.size(), 0), 0);
    wire_->cut();
    writer.join();
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
