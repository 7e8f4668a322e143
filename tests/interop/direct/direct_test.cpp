// SPDX-License-Identifier: Apache-2.0
// A box without a smarthost, against NSD, Postfix, Exim and a web server.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "bridges/email/dkim_signer.h"
#include "bridges/email/smtp/smtp_client.h"
#include "tests/interop/direct/world.h"

namespace waypost::interop {
namespace {

class DirectTest : public ::testing::Test {
  protected:
    struct Village {
        // The certificate of false.test's host is for another name.
        World world{
            "false MX 10 mx.false\nmx.false A 127.0.0.1\n_mta-sts.false TXT \"v=STSv1; id=1;\"\n"
            "mta-sts.false A 127.0.0.1\nxn--bcher-kva MX 10 mx.hill\n"};
        BoxProcess box{world.folder, world.toml()};
    };
    static void SetUpTestSuite() {
        village_ = std::make_unique<Village>();
        village_->box.waypost("people add ana");
    }
    static void TearDownTestSuite() { village_.reset(); }
    static World& world() { return village_->world; }
    static BoxProcess& box() { return village_->box; }
    static bool has(const std::string& text, const std::string& word) {
        return text.find(word) != std::string::npos;
    }
    static std::unique_ptr<Village> village_;
};

std::unique_ptr<DirectTest::Village> DirectTest::village_;

TEST_F(DirectTest, TheNextHostTakesItWhenThePreferredOneIsAway) {
    const std::string id = send(box(), "bob@hill.test", "first");
    const std::string mail = mail_with(world().dovecot, "bob@hill.test", "Subject: first");
    ASSERT_FALSE(mail.empty()) << box().waypost("trace " + id) << box().log();
    EXPECT_TRUE(has(mail, "from village.test")) << mail;
    const std::string trace = trace_with(box(), id, "sent [reported]");
    EXPECT_TRUE(has(trace, "(mx.hill.test, TLS, not verified)")) << trace;
}

TEST_F(DirectTest, ALargeMailGoesThroughTlsWhole) {
    email::RelayTarget target;
    target.host = "127.0.0.1";
    target.port = world().ports.mx;
    target.security = email::RelayTarget::Security::Opportunistic;
    auto wire = email::connect(target);
    ASSERT_TRUE(wire.ok()) << wire.error().text;
    const email::Login nobody;
    email::SmtpClient client(std::move(*wire), target, "village.test", nobody);
    ASSERT_TRUE(client.open().ok());
    ASSERT_TRUE(client.in_tls());
    std::string body;
    for (int i = 0; i < 300'000; ++i) body += std::to_string(i) + "\r\n";
    const auto outcome =
        client.send({"ana@village.test", "large@hill.test", "Subject: large\r\n\r\n" + body});
    EXPECT_EQ(outcome.kind, Outcome::Kind::Sent) << outcome.detail;
    std::string mail = mail_with(world().dovecot, "large@hill.test", "Subject: large");
    std::erase(mail, '\r');
    std::erase(body, '\r');
    EXPECT_TRUE(mail.ends_with("\n\n" + body));
}

TEST_F(DirectTest, ADomainMayHaveAnyLetters) {
    const std::string id = send(box(),
                                "bob@b\xc3\xbc"
                                "cher.test",
                                "letters");
    EXPECT_FALSE(mail_with(world().dovecot, "bob@xn--bcher-kva.test", "Subject: letters").empty())
        << box().waypost("trace " + id) << world().postfix.log();
}

TEST_F(DirectTest, TheSignatureHoldsForSomebodyElsesCode) {
    send(box(), "bob@hill.test", "signed");
    const std::string mail = mail_with(world().dovecot, "bob@hill.test", "Subject: signed");
    ASSERT_FALSE(mail.empty()) << box().log();
    EXPECT_EQ(dkim_verdict(world(), mail), "pass\n") << mail;
    std::string changed = mail;
    changed.replace(changed.find("ford"), 4, "fork");
    EXPECT_EQ(dkim_verdict(world(), changed), "fail\n");
    std::string second = mail;
    second.insert(second.find("Subject:"), "From: eve@evil.test\n");
    EXPECT_EQ(dkim_verdict(world(), second), "fail\n") << "a second From cannot be added";
}

// What OpenDKIM said in the newest field of its own: "pass", "fail", "none".
std::string opendkim_said(const std::string& mail) {
    static const std::regex kSaid("Authentication-Results: verifier\\.test;\\s+dkim=(\\w+)");
    std::smatch found;
    return std::regex_search(mail, found, kSaid) ? found[1].str() : "nothing in " + mail;
}

TEST_F(DirectTest, TheSignatureHoldsForOpenDkimToo) {
    const std::string id = send(box(), "bob@hill.test", "milter");
    const std::string mail = mail_with(world().dovecot, "bob@hill.test", "Subject: milter");
    ASSERT_FALSE(mail.empty()) << box().waypost("trace " + id) << world().postfix.log();
    EXPECT_EQ(opendkim_said(mail), "pass");
    const auto passed_on = [&](const std::string& to, const std::string& from,
                               const std::string& with) {
        std::string changed = mail;
        changed.replace(changed.find(from), from.size(), with);
        std::ofstream(world().folder / "changed.eml", std::ios::binary) << changed;
        shell("swaks --server 127.0.0.1:" + std::to_string(world().ports.mx) +
              " --from a@x.test --to " + to + " --data @" + world().folder / "changed.eml");
        return opendkim_said(mail_with(world().dovecot, to, "Subject: "));
    };
    EXPECT_EQ(passed_on("same@hill.test", "ford", "ford"), "pass") << "the way changes nothing";
    EXPECT_EQ(passed_on("text@hill.test", "ford", "fork"), "fail");
    EXPECT_EQ(passed_on("field@hill.test", "Subject: milter", "Subject: filter"), "fail");
    EXPECT_EQ(passed_on("bare@hill.test", "DKIM-Signature:", "X-Signature:"), "none");
}

TEST_F(DirectTest, SoDoesOneOfEd25519) {
    std::ifstream file(world().folder / "ed25519.pem");
    const email::DkimSigner signer("village.test", "v2",
                                   Secret(std::string(std::istreambuf_iterator<char>(file), {})));
    const std::string mail = "From: Ana <ana@village.test>\r\nTo: bob@hill.test\r\n\r\nhello\r\n";
    const auto field = signer.signature(mail);
    ASSERT_TRUE(field.ok()) << field.error().text;
    EXPECT_EQ(dkim_verdict(world(), *field + mail), "pass\n") << *field;
    EXPECT_EQ(dkim_verdict(world(), *field + "To: eve@evil.test\r\n" + mail), "fail\n");
}

TEST_F(DirectTest, WhatCanNeverArriveFailsAtOnceInWords) {
    const auto ends = [&](const std::string& to, const std::string& words) {
        const std::string id = send(box(), to, "never");
        const std::string trace = trace_with(box(), id, "failed [");
        EXPECT_TRUE(has(trace, words)) << trace;
    };
    ends("bob@nowhere.test", "5.1.2 no such mail domain");
    ends("bob@none.test", "5.1.10 none.test takes no mail");
    ends("bob@self.test", "5.4.6 mail for self.test leads back to this box");
}

TEST_F(DirectTest, ADnsThatFailsIsAskedAgainLater) {
    const std::string id = send(box(), "bob@broken", "later");
    const std::string trace = trace_with(box(), id, "the DNS does not answer for broken");
    EXPECT_TRUE(has(trace, "the DNS does not answer for broken")) << trace;
    EXPECT_FALSE(has(trace, "failed [")) << trace;
    const std::string id2 = send(box(), "bob@hill.test", "not held up");
    EXPECT_FALSE(mail_with(world().dovecot, "bob@hill.test", "Subject: not held up").empty())
        << "each domain waits for itself";
}

TEST_F(DirectTest, AnEnforcedPolicyIsMetByACertificateOfThatName) {
    const std::string id = send(box(), "bob@safe.test", "safe");
    EXPECT_FALSE(mail_with(world().dovecot, "bob@safe.test", "Subject: safe").empty())
        << box().waypost("trace " + id) << box().log();
    const std::string trace = trace_with(box(), id, "sent [reported]");
    EXPECT_TRUE(has(trace, "(mx.safe.test, TLS verified by MTA-STS)")) << trace;
}

TEST_F(DirectTest, AnEnforcedPolicyHoldsBackWhatACertificateOfAnotherNameWouldGet) {
    world().policies.publish("mta-sts.false.test",
                             "version: STSv1\nmode: enforce\nmx: mx.false.test\nmax_age: 86400\n");
    const std::string id = send(box(), "bob@false.test", "held back");
    const std::string trace = trace_with(box(), id, "mx.false.test:");
    EXPECT_TRUE(has(trace, "connection mx.false.test:")) << trace;
    EXPECT_FALSE(has(trace, "sent [")) << trace;
    EXPECT_TRUE(world().dovecot.mails("bob@false.test").empty());
}

TEST_F(DirectTest, EximTakesItAndItsLaterReportEndsTheSent) {
    const std::string id = send(box(), "lost@far.test", "to exim");
    const std::string trace = trace_with(box(), id, "failed [reported]");
    EXPECT_TRUE(has(trace, "sent [reported]")) << trace << world().exim.log() << box().log();
    EXPECT_TRUE(has(trace, "(mx.far.test, in clear)")) << "it offers no TLS: " << trace;
    EXPECT_TRUE(has(trace, "failed [reported]")) << trace << world().exim.log();
}

TEST_F(DirectTest, EximRefusesAndTheSenderHearsWhy) {
    const std::string id = send(box(), "refused@far.test", "refused");
    const std::string trace = trace_with(box(), id, "failed [");
    EXPECT_TRUE(has(trace, "550 5.1.1 no such address")) << trace << world().exim.log();
    send(box(), "ben@far.test", "kept");
    EXPECT_TRUE(eventually([&] { return has(world().exim.mails(), "Subject: kept"); }))
        << world().exim.log();
}

// Last, because the policy's server goes: what was seen holds, also for a box that starts anew.
TEST_F(DirectTest, APolicyOutlivesARestartAndItsServer) {
    world().policies.stop();
    box().kill9();
    box().start();
    const std::string id = send(box(), "bob@safe.test", "still safe");
    EXPECT_FALSE(mail_with(world().dovecot, "bob@safe.test", "Subject: still safe").empty());
    EXPECT_TRUE(has(trace_with(box(), id, "sent [reported]"), "TLS verified by MTA-STS"))
        << box().waypost("trace " + id);
}

}  // namespace
}  // namespace waypost::interop
