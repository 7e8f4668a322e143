// SPDX-License-Identifier: Apache-2.0
// An account whose provider or line is not as it should be.
#include <gtest/gtest.h>

#include "mailbox_world.h"

namespace waypost::interop {
namespace {

using std::chrono::seconds;

int for_ana(const BoxProcess& box) { return count(box.waypost("queue list all"), "to person:ana"); }

bool idles(const BoxProcess& box) {
    return eventually([&] { return box.waypost("status").find("IDLE") != std::string::npos; });
}

TEST(MailboxLines, AnEndOfTheServersProcessIsSeenAtOnce) {
    const Provider provider;
    const BoxProcess box(provider.folder, provider.account("separator = \"+\"\n"));
    box.waypost("people add ana");
    ASSERT_TRUE(idles(box)) << box.waypost("status");
    shell("kill -9 $(pgrep -x imap -P $(cat " + provider.folder / "dcrun/master.pid" + "))");
    provider.lay_down("village+ana@hill.test", "after the end");
    EXPECT_TRUE(eventually([&] { return for_ana(box) == 1; }, seconds(10)))
        << box.waypost("status") << box.log();
}

TEST(MailboxLines, ALineThatWasCutSilentlyIsNoticed) {
    const Provider provider;
    SilentProxy proxy(provider.ports.imaps);
    const BoxProcess box(provider.folder,
                         provider.account("separator = \"+\"\nidle_renew = \"2s\"\ntimeout = "
                                          "\"2s\"\nserver = \"imaps:localhost:" +
                                          std::to_string(proxy.port()) + "\"\n"));
    box.waypost("people add ana");
    ASSERT_TRUE(idles(box)) << box.waypost("status");
    proxy.go_silent();
    provider.lay_down("village+ana@hill.test", "through the silence");
    EXPECT_TRUE(eventually([&] { return for_ana(box) == 1; }, seconds(15)))
        << box.waypost("status") << box.log();
    EXPECT_NE(box.log().find("did not answer in time"), std::string::npos) << box.log();
    EXPECT_GE(proxy.connections(), 2);
}

TEST(MailboxLines, AServerWithoutIdleIsAskedFromTimeToTime) {
    const Provider provider("imap_capability = IMAP4rev1 UIDPLUS\n");
    const BoxProcess box(provider.folder, provider.account("separator = \"+\"\npoll = \"1s\"\n"));
    box.waypost("people add ana");
    ASSERT_TRUE(eventually([&] {
        return box.waypost("status").find("has no IDLE") != std::string::npos;
    })) << box.waypost("status");
    provider.lay_down("village+ana@hill.test", "asked for");
    EXPECT_TRUE(eventually([&] { return for_ana(box) == 1; }, seconds(10)))
        << box.waypost("status") << box.log();
}

TEST(MailboxLines, AWrongPasswordIsSaidAndNotHammered) {
    const Provider provider("auth_verbose = yes\nauth_failure_delay = 0\n");
    shell("printf wrong > " + provider.folder / "password");
    const BoxProcess box(provider.folder, provider.account(""));
    ASSERT_TRUE(eventually([&] {
        return box.waypost("status").find("refused the password") != std::string::npos;
    })) << box.waypost("status")
        << provider.log();
    EXPECT_NE(box.waypost("status --json").find("tries again 10m"), std::string::npos)
        << box.waypost("status --json");
    EXPECT_FALSE(
        eventually([&] { return count(provider.log(), "password mismatch") > 1; }, seconds(4)))
        << provider.log();
    EXPECT_EQ(count(provider.log(), "auth failed, 1 attempts"), 1) << provider.log();
}

TEST(MailboxLines, AProviderThatThrottlesIsLeftAlone) {
    const Provider provider("protocol imap {\n  mail_max_userip_connections = 1\n}\n");
    SilentProxy door(provider.ports.imaps, false);
    std::string second = provider.account(
        "separator = \"+\"\nserver = \"imaps:localhost:" + std::to_string(door.port()) + "\"\n");
    second.replace(0, second.find('\n'), "[mailbox.second]");
    const BoxProcess box(provider.folder, provider.account("separator = \"+\"\n") + second);
    box.waypost("people add ana");
    // Dovecot looks at the number at the login and counts when the session begins: of two that come
    // at once it lets both in.
    ASSERT_TRUE(eventually([&] {
        return shell("doveadm -c " + provider.conf() + " who").find("village") != std::string::npos;
    })) << box.waypost("status");
    door.open();
    ASSERT_TRUE(eventually([&] {
        const std::string status = box.waypost("status");
        return status.find("wants to be left alone") != std::string::npos &&
               status.find("IDLE") != std::string::npos;
    })) << box.waypost("status");
    EXPECT_NE(box.waypost("status").find("Maximum number of connections"), std::string::npos)
        << "in its own words";
    EXPECT_FALSE(eventually([&] { return count(box.log(), "mailbox pause") > 1; }, seconds(4)))
        << box.log();
    EXPECT_LE(count(provider.log(), "Maximum number of connections"), 1) << provider.log();
    provider.lay_down("village+ana@hill.test", "whichever was let in");
    EXPECT_TRUE(eventually([&] { return for_ana(box) == 1; }, seconds(5))) << box.waypost("status");
}

TEST(MailboxLines, StartTlsIsVerifiedToo) {
    const Provider provider;
    const BoxProcess box(provider.folder,
                         provider.account("separator = \"+\"\nserver = \"imap:localhost:" +
                                          std::to_string(provider.ports.imap) + "\"\n"));
    box.waypost("people add ana");
    provider.lay_down("village+ana@hill.test", "in a tunnel");
    EXPECT_TRUE(eventually([&] { return for_ana(box) == 1; })) << box.waypost("status");
    EXPECT_TRUE(eventually([&] { return count(provider.log(), "TLS") > 0; })) << provider.log();
}

TEST(MailboxLines, ACertificateThatNobodyVouchesForGetsNoPassword) {
    const Provider provider("auth_verbose = yes\n");
    const BoxProcess box(provider.folder,
                         "[mailbox.post]\naddress = \"village@hill.test\"\npassword_file = "
                         "\"password\"\nserver = \"imaps:localhost:" +
                             std::to_string(provider.ports.imaps) + "\"\n");
    EXPECT_TRUE(eventually([&] {
        return box.waypost("status").find("ertificate") != std::string::npos;
    })) << box.waypost("status");
    EXPECT_EQ(provider.log().find("Login: user="), std::string::npos) << provider.log();
}

TEST(MailboxLines, AProviderThatIsAwayIsFoundWhenItIsBack) {
    const Provider provider;
    const BoxProcess box(provider.folder, provider.account("separator = \"+\"\n"));
    box.waypost("people add ana");
    ASSERT_TRUE(idles(box));
    shell("doveadm -c " + provider.conf() + " stop");
    ASSERT_TRUE(eventually([&] {
        return box.waypost("status").find("mailbox: ") != std::string::npos;
    })) << box.waypost("status");
    shell("dovecot -c " + provider.conf() + " > /dev/null 2>&1");
    provider.lay_down("village+ana@hill.test", "back");
    EXPECT_TRUE(eventually([&] { return for_ana(box) == 1; })) << box.waypost("status");
    EXPECT_TRUE(eventually([&] { return box.log().find("works-again") != std::string::npos; }));
}

}  // namespace
}  // namespace waypost::interop
