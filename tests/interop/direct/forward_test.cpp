// SPDX-License-Identifier: Apache-2.0
// Forwarded mail: senders as Debian's postsrsd rewrites them, and a bounce's way back.
#include <gtest/gtest.h>

#include <chrono>

#include "bridges/email/srs.h"
#include "tests/interop/direct/world.h"

namespace waypost::interop {
namespace {

bool has(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

void make_secret(const Folder& folder) {
    shell("printf 'the secret of the village' > " + folder / "srs && chmod 600 " + folder / "srs");
}

TEST(Postsrsd, AndWeReverseEachOther) {
    const Folder folder;
    make_secret(folder);
    const Postsrsd theirs(folder, "village.test", folder / "srs");
    const email::Srs ours(Secret("the secret of the village"), "village.test");
    const WallTime now =
        std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
    for (const std::string sender :
         {"ann@origin.test", "Ann.Lee+tag@Sub.Origin.test", "bounces-1=x=y@lists.test",
          "SRS0=abcd=ef=first.test=ann@second.test",
          "SRS1=abcd=first.test==efgh=ij=k.test=l@third.test",
          "srs0+abcd=ef=first.test=ann@second.test"}) {
        const Address address = *parse_address("mailto:" + sender);
        const auto made = ours.forward(address, now);
        ASSERT_TRUE(made.ok()) << sender;
        EXPECT_EQ(theirs.forward(address.value), "200 " + made->value) << sender;
        const std::string reversed = theirs.reverse(made->value);
        const auto back = ours.reverse(*made, now);
        ASSERT_TRUE(back.ok()) << sender << ' ' << back.error().text;
        EXPECT_EQ(reversed, "200 " + back->value) << sender;
    }
    EXPECT_TRUE(has(theirs.reverse("SRS0=AAAA=AA=origin.test=ann@village.test"), "500"));
}

class ForwardTest : public ::testing::Test {
  protected:
    ForwardTest() { box_.waypost("people add ana"); }
    std::string toml() const {
        make_secret(world_.folder);
        return world_.toml("srs_secret = \"srs\"\ntrusted = [\"127.0.0.1/32\"]\n");
    }
    std::string swaks(const std::string& options) const {
        return shell("swaks --server 127.0.0.1:" + std::to_string(world_.box_smtp) + " " + options +
                     " 2>&1 || true");
    }
    // The envelope sender that Exim wrote over the newest mail.
    std::string return_path() const {
        const std::string mails = world_.exim.mails();
        const std::size_t at = mails.rfind("Return-path: <");
        return at == std::string::npos ? "" : mails.substr(at + 14, mails.find('>', at) - at - 14);
    }
    World world_;
    BoxProcess box_{world_.folder, toml()};
};

TEST_F(ForwardTest, ABounceFindsTheSenderOfAForwardedMail) {
    swaks("--from joe@hill.test --to ben@far.test --header 'Subject: passed on' --body hello");
    ASSERT_TRUE(eventually([&] { return has(world_.exim.mails(), "Subject: passed on"); }))
        << box_.log() << box_.waypost("queue");
    const std::string rewritten = return_path();
    EXPECT_EQ(rewritten.rfind("SRS0=", 0), 0u) << world_.exim.mails();
    EXPECT_TRUE(has(rewritten, "=hill.test=joe@village.test")) << rewritten;
    EXPECT_FALSE(has(world_.exim.mails(), "DKIM-Signature")) << "his From is not ours to sign";

    // Exim takes one more and then reports that it could not be delivered.
    swaks(
        "--from list-7@hill.test --to lost@far.test --header 'From: joe@hill.test' --header "
        "'Subject: lost' --body hello");
    const std::string report =
        mail_with(world_.dovecot, "list-7@hill.test", "no such user any more");
    ASSERT_FALSE(report.empty()) << world_.exim.log() << box_.log() << box_.waypost("queue");
    EXPECT_TRUE(has(report, "Return-Path: <MAILER-DAEMON>") || has(report, "Return-Path: <>"))
        << "a report of a report cannot come: " << report;
    EXPECT_TRUE(has(report, "Final-Recipient: rfc822;lost@far.test")) << report;
}

TEST_F(ForwardTest, WhatAnaSendsByHerOwnProgramIsSignedAsItArrives) {
    shell("head -c 100000 /dev/urandom > " + world_.folder / "ford.jpg");
    swaks("--from ana@village.test --to bob@hill.test --header 'Subject: a photo' --attach @" +
          world_.folder / "ford.jpg");
    const std::string mail = mail_with(world_.dovecot, "bob@hill.test", "Subject: a photo");
    ASSERT_FALSE(mail.empty()) << box_.log() << box_.waypost("queue");
    EXPECT_EQ(dkim_verdict(world_, mail), "pass\n") << mail.substr(0, 3000);
    EXPECT_FALSE(has(mail, "SRS0=")) << "she is one of ours";
}

TEST_F(ForwardTest, OnlyGenuineBouncesGoBack) {
    EXPECT_TRUE(
        has(swaks("--from '<>' --to SRS0=AAAA=AA=hill.test=joe@village.test"), "550 5.1.1"));
    const email::Srs ours(Secret("the secret of the village"), "village.test");
    const auto now = std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
    const auto joe = *parse_address("mailto:joe@hill.test");
    const std::string good = ours.forward(joe, now)->value;
    const std::string old = ours.forward(joe, now - std::chrono::days(30))->value;
    EXPECT_TRUE(has(swaks("--quit-after RCPT --from '<>' --to " + good), "250 2.1.5"));
    EXPECT_TRUE(has(swaks("--quit-after RCPT --from '<>' --to " + old), "550 5.1.1"));
    EXPECT_TRUE(has(swaks("--quit-after RCPT --from eve@evil.test --to " + good), "550 5.7.1"))
        << "no relay for whoever saw such an address";
}

}  // namespace
}  // namespace waypost::interop
