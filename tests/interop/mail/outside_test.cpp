// SPDX-License-Identifier: Apache-2.0
// What Bob, whose server is a real Postfix, is told; and what comes back to a box by the address
// on its envelopes.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "peers.h"

namespace waypost::interop {
namespace {

struct World {
    Folder folder;
    Ports ports;
    Dovecot dovecot{folder, ports};
    Postfix postfix{folder, ports};
    BoxProcess box{folder,
                   "[email.relay]\nlisten = [\"lmtp:127.0.0.1:" + std::to_string(ports.box_lmtp) +
                       "\"]\nsmarthost = \"smtp:127.0.0.1:" + std::to_string(ports.mx) +
                       "\"\nsecurity = \"plain\"\n"};

    std::string swaks(const std::string& options) const {
        return shell("swaks --server 127.0.0.1:" + std::to_string(ports.mx) + ' ' + options +
                     " || true");
    }
    // Bob's first mail that has this in it, or nothing.
    std::string mail_with(const std::string& text) const {
        std::string found;
        eventually([&] {
            const auto mails = dovecot.mails("bob@hill.test");
            const auto it = std::find_if(mails.begin(), mails.end(), [&](const auto& mail) {
                return mail.find(text) != std::string::npos;
            });
            if (it != mails.end()) found = *it;
            return !found.empty();
        });
        return found;
    }
};

std::string field(const std::string& mail, const std::string& name) {
    const std::size_t at = mail.find('\n' + name + ": ") + 1;
    const std::size_t from = at == 0 && mail.rfind(name, 0) != 0 ? mail.size() : at;
    const std::size_t value = std::min(from + name.size() + 2, mail.size());
    std::string line = mail.substr(value, mail.find('\n', value) - value);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

TEST(PeopleOutside, BobIsToldThatHisMailIsHeldAndThenThatAnaIsGone) {
    const World world;
    world.box.waypost("people add ana");
    world.swaks(
        "--from bob@hill.test --to ana@village.test --header 'Subject: the well'"
        " --header 'Message-Id: <w1@hill.test>' --body hello");
    const std::string held = world.mail_with("is kept, and not shown yet");
    ASSERT_FALSE(held.empty()) << world.box.waypost("queue") << world.postfix.log();
    EXPECT_EQ(field(held, "Return-Path"), "<>") << held;
    EXPECT_EQ(field(held, "In-Reply-To"), "<w1@hill.test>") << held;
    EXPECT_EQ(field(held, "Auto-Submitted"), "auto-replied") << held;
    EXPECT_EQ(field(held, "Subject"), "Re: the well") << held;
    world.box.waypost("people remove ana");
    const std::string gone = world.mail_with("multipart/report");
    ASSERT_FALSE(gone.empty()) << world.box.waypost("queue") << world.postfix.log();
    std::ofstream(world.folder / "report.eml") << gone;
    // Somebody else's reader of bounces understands it as it was meant.
    EXPECT_EQ(
        shell("/usr/bin/python3 -c 'import email, sys; from flufl.bounce import all_failures; "
              "t, p = all_failures(email.message_from_file(open(sys.argv[1]))); "
              "print(sorted(t), sorted(p))' " +
              world.folder / "report.eml"),
        "[] [b'ana@village.test']\n")
        << gone;
    EXPECT_NE(gone.find("Message-Id: <w1@hill.test>"), std::string::npos) << gone;
}

TEST(PeopleOutside, WhatComesBackByTheEnvelopeFindsItsMail) {
    const World world;
    world.box.waypost("people add ana");
    shell("echo 'are you there?' | " WAYPOST_BIN "/waypost --config " +
          world.folder / "waypost.toml" + " send --from ana --to bob@hill.test --subject well");
    const std::string mail = world.mail_with("are you there?");
    std::string way_back = field(mail, "Return-Path");
    ASSERT_EQ(way_back.rfind("<bounce+1-", 0), 0u) << mail;
    way_back = way_back.substr(1, way_back.size() - 2);
    const std::string direct = "--server 127.0.0.1:" + std::to_string(world.ports.box_lmtp) +
                               " --protocol LMTP --from '<>' ";
    const auto lmtp = [&](const std::string& rest) {
        return shell("swaks " + direct + rest + " || true");
    };
    const std::string holiday =
        lmtp("--to " + way_back +
             " --header 'Subject: I am away' --header 'Auto-Submitted: auto-replied' --body later");
    EXPECT_NE(holiday.find("250 2.1.5"), std::string::npos) << holiday;
    EXPECT_NE(world.box.waypost("trace 1").find("answered by a program"), std::string::npos)
        << world.box.waypost("trace 1");
    std::string forged = way_back;
    forged[12] = forged[12] == 'a' ? 'b' : 'a';
    EXPECT_NE(lmtp("--to " + forged + " --body no").find("550 5.1.1"), std::string::npos);
    EXPECT_EQ(world.box.waypost("trace 1").find("failed"), std::string::npos);
    // The id of the mail is nowhere in it.
    std::ofstream(world.folder / "bounce.eml")
        << "From: MAILER-DAEMON@hill.test\nSubject: failure\nMIME-Version: 1.0\n"
           "Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n"
           "--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; hill.test\n\n"
           "Final-Recipient: rfc822; bob@hill.test\nAction: failed\nStatus: 5.1.1\n\n--B--\n";
    for (int time = 0; time < 3; ++time) {
        lmtp("--to " + way_back + " --data @" + world.folder / "bounce.eml");
    }
    const std::string trace = world.box.waypost("trace 1");
    EXPECT_NE(trace.find("failed [reported]"), std::string::npos) << trace;
    EXPECT_EQ(trace.find("failed [reported]"), trace.rfind("failed [reported]")) << trace;
}

// Each believes the other to be the way to lost.test.
TEST(PeopleOutside, AMailThatTwoBoxesSendToEachOtherEndsAndItsSenderIsTold) {
    const Folder folder;
    const Ports ports;
    const Dovecot dovecot(folder, ports);
    const Folder second;
    const int here = free_port();
    const int there = free_port();
    const auto toml = [&](int own, int other) {
        return "[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(own) +
               "\"]\ntrusted = [\"127.0.0.1/32\"]\nrelay = [\"lost.test=smtp:127.0.0.1:" +
               std::to_string(other) +
               "\", \"hill.test=lmtp:127.0.0.1:" + std::to_string(ports.mailbox) + "\"]\n";
    };
    const BoxProcess a(folder, toml(here, there));
    const BoxProcess b(second, toml(there, here), "dale.test");
    shell("swaks --server 127.0.0.1:" + std::to_string(here) +
          " --from bob@hill.test --to eve@lost.test --header 'Subject: round' --body round");
    ASSERT_TRUE(eventually([&] { return !dovecot.mails("bob@hill.test").empty(); }))
        << a.waypost("queue list all") << b.waypost("queue list all");
    const std::string told = dovecot.mails("bob@hill.test").front();
    EXPECT_NE(told.find("Status: 5.4.6"), std::string::npos) << told;
    EXPECT_EQ(dovecot.mails("bob@hill.test").size(), 1u);
}

}  // namespace
}  // namespace waypost::interop
