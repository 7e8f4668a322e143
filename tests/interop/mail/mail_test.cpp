// SPDX-License-Identifier: Apache-2.0
// The box between a real Postfix and a real Dovecot.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "peers.h"

namespace waypost::interop {
namespace {

class MailTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        world_ = std::make_unique<World>();
        world_->box.waypost("people add ana --name 'Ana \xc3\x89'");
    }
    static void TearDownTestSuite() { world_.reset(); }

    struct World {
        Folder folder;
        Ports ports;
        Dovecot dovecot{folder, ports};
        Postfix postfix{folder, ports};
        BoxProcess box{folder, toml()};
        std::string toml() const {
            shell("printf pw > " + folder / "password" + " && chmod 600 " + folder / "password");
            return "[email.relay]\nlisten = [\"lmtp:127.0.0.1:" + std::to_string(ports.box_lmtp) +
                   "\"]\nsmarthost = \"smtp:localhost:" + std::to_string(ports.submission) +
                   "\"\nca_file = \"mail.crt\"\n" +
                   "max_message = \"1MiB\"\nuser = \"village@hill.test\"\npassword_file = "
                   "\"password\"\n";
        }
    };
    static std::string swaks(const std::string& options) {
        return shell("swaks --server 127.0.0.1:" + std::to_string(world_->ports.mx) + " " +
                     options + " || true");
    }
    static bool in_log(const std::string& text) {
        return world_->postfix.log().find(text) != std::string::npos;
    }
    static std::unique_ptr<World> world_;
};

std::unique_ptr<MailTest::World> MailTest::world_;

TEST_F(MailTest, OutBySubmissionWithTlsAndPasswordIntoBobsMaildir) {
    const std::string id = shell("printf 'Come to the ford, gr\xc3\xbc\xc3\x9f Gott' | " WAYPOST_BIN
                                 "/waypost --config " +
                                 world_->folder / "waypost.toml" +
                                 " send --from ana --to bob@hill.test --subject 'Car broke down'");
    ASSERT_TRUE(eventually([] { return !world_->dovecot.mails("bob@hill.test").empty(); }))
        << world_->postfix.log();
    const std::string mail = world_->dovecot.mails("bob@hill.test").front();
    EXPECT_NE(mail.find("Subject: Car broke down"), std::string::npos) << mail;
    EXPECT_NE(mail.find("<ana@village.test>"), std::string::npos);
    EXPECT_NE(mail.find("ESMTPSA"), std::string::npos) << "TLS and AUTH: " << mail;
    const std::string trace = world_->box.waypost("trace " + id);
    EXPECT_NE(trace.find("sent [reported] email.relay 250 2.0.0 Ok: queued as"), std::string::npos)
        << trace;
}

TEST_F(MailTest, InByLmtpWithAnAnswerForEachRecipient) {
    swaks(
        "--from bob@hill.test --to ana@village.test,nobody@village.test --header 'Subject: mixed' "
        "--body hello");
    ASSERT_TRUE(eventually(
        [] { return in_log("to=<ana@village.test>") && in_log("to=<nobody@village.test>"); }));
    EXPECT_TRUE(in_log("nobody@village.test>")) << world_->postfix.log();
    EXPECT_TRUE(eventually([] { return in_log("550 5.1.1 nobody here is called nobody"); }))
        << world_->postfix.log();
    EXPECT_TRUE(eventually([] {
        return world_->box.waypost("queue").find("to person:ana") != std::string::npos;
    })) << world_->box.waypost("queue");
    EXPECT_TRUE(eventually([] {  // Postfix tells Bob about nobody, and about nobody else
        const auto mails = world_->dovecot.mails("bob@hill.test");
        return std::any_of(mails.begin(), mails.end(), [](const std::string& m) {
            return m.find("Undelivered Mail") != std::string::npos &&
                   m.find("Final-Recipient: rfc822; nobody@village.test") != std::string::npos &&
                   m.find("Final-Recipient: rfc822; ana@village.test") == std::string::npos;
        });
    }));
}

TEST_F(MailTest, ABoxThatIsAwayGetsItsMailOnceWhenItIsBack) {
    world_->box.kill9();
    swaks(
        "--from bob@hill.test --to ana@village.test --header 'Subject: while you were out' --body "
        "hello");
    ASSERT_TRUE(eventually([] { return in_log("Connection refused"); }));
    world_->box.start();
    const auto count = [] {
        const std::string queue = world_->box.waypost("queue");
        std::size_t found = 0;
        for (std::size_t at = queue.find("to person:ana"); at != std::string::npos;
             at = queue.find("to person:ana", at + 1))
            ++found;
        return found;
    };
    world_->postfix.flush();
    EXPECT_TRUE(eventually([&] { return count() == 2; }, std::chrono::seconds(40)))
        << world_->box.waypost("queue");
}

// gone.test is delivered to somebody who does not take it: our own LMTP.
TEST_F(MailTest, ABounceAfterTheRelayTookItEndsTheSent) {
    const std::string id =
        shell("echo hi | " WAYPOST_BIN "/waypost --config " + world_->folder / "waypost.toml" +
              " send --from ana --to bob@gone.test --subject lost");
    const std::string number = id.substr(0, id.find('\n'));
    EXPECT_TRUE(eventually(
        [&] {
            return world_->box.waypost("trace " + number).find("failed [reported]") !=
                   std::string::npos;
        },
        std::chrono::seconds(30)))
        << number << world_->box.waypost("trace " + number) << world_->postfix.log();
    const std::string trace = world_->box.waypost("trace " + number);
    EXPECT_NE(trace.find("sent [reported]"), std::string::npos)
        << "the relay had taken it" << trace;
    EXPECT_NE(trace.find("5.7.1 refused by the other side"), std::string::npos) << trace;
}

TEST_F(MailTest, AMailThatIsTooLargeIsRefusedAndBobIsTold) {
    shell("head -c 2000000 /dev/zero | base64 -w 76 > " + world_->folder / "big");
    const std::string before = world_->box.waypost("queue");
    swaks("--from bob@hill.test --to ana@village.test --header 'Subject: big' --body @" +
          world_->folder / "big");
    EXPECT_TRUE(eventually([] {
        const auto mails = world_->dovecot.mails("bob@hill.test");
        return std::any_of(mails.begin(), mails.end(), [](const std::string& m) {
            return m.find("Status: 5.3.4") != std::string::npos;
        });
    })) << world_->postfix.log();
    EXPECT_EQ(world_->box.waypost("queue"), before) << "nothing of it is kept";
}

}  // namespace
}  // namespace waypost::interop
