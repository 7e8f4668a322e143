// SPDX-License-Identifier: Apache-2.0
// Mail programs in the village: the real Postfix and Dovecot from the files that the box wrote, a
// simulated village of radios, and a mail server of the world outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <thread>

#include "app/demo/stage.h"
#include "village_servers.h"

namespace waypost::interop {
namespace {

constexpr char kPassword[] = "correct-horse";

class VillageTest : public ::testing::Test {
  protected:
    struct World {
        VillagePorts ports;
        demo::Stage stage{options(ports)};
        std::unique_ptr<VillageServers> servers;
        MailProgram ana{ports, "ana@hill.example", kPassword};
        MailProgram ben{ports, "ben", kPassword};
        MailProgram nobody{ports, "", ""};
        std::string heard;  // what the radios of the village printed

        World() {
            if (!stage.until_up()) throw std::runtime_error(stage.log_tail(20));
            const std::string folder = std::filesystem::path(stage.config()).parent_path();
            servers = std::make_unique<VillageServers>(folder + "/ms", stage.config(), ports);
            for (const char* name : {"ana", "ben"}) {
                const std::size_t place = name[0] == 'a' ? 0 : 1;
                run("people add " + std::string(name) +
                    " --radio meshtastic:" + demo::radio_of(place));
                run("people password " + std::string(name) + " < " + password_file(folder));
            }
        }
        static demo::StageOptions options(const VillagePorts& ports) {
            demo::StageOptions options;
            options.bin = WAYPOST_BIN;
            options.speed = 30;
            options.loss = 0;
            options.radio_toml = "gap = \"120ms\"\nshare = 100\n" + ports.toml();
            return options;
        }
        static std::string password_file(const std::string& folder) {
            std::ofstream(folder + "/typed") << kPassword << '\n';
            return folder + "/typed";
        }
        std::string run(const std::string& arguments) const {
            const auto ran = stage.run(arguments);
            if (!ran.good) throw std::runtime_error(ran.output + stage.log_tail(20));
            return ran.output;
        }
        // A radio of the village shows these words.
        bool shows(const std::string& words) {
            return eventually([&] {
                for (;;) {
                    const std::string line = stage.village().line(std::chrono::milliseconds(20));
                    if (line.empty()) break;
                    heard += line + '\n';
                }
                return heard.find(words) != std::string::npos;
            });
        }
    };
    static void SetUpTestSuite() { world_ = std::make_unique<World>(); }
    static void TearDownTestSuite() { world_.reset(); }
    World& w() { return *world_; }
    static std::unique_ptr<World> world_;
};

std::unique_ptr<VillageTest::World> VillageTest::world_;

TEST_F(VillageTest, AMailFromAPhoneComesToARadioAndItsAnswerBack) {
    const Said sent =
        w().ana.send("ana@hill.example", "ben@hill.example", "bring dry wood", {"Subject=Wood"});
    ASSERT_TRUE(sent.good) << sent.text << w().servers->log();
    ASSERT_TRUE(w().shows("1 ana: Wood // bring dry wood")) << w().heard << w().servers->log();
    EXPECT_EQ(w().ben.count("bring dry wood"), 1) << "his mailbox has it as well";
    w().stage.village().say("ben: *1 coming at six");
    ASSERT_TRUE(eventually([&] { return w().ana.count("coming at six") > 0; }))
        << w().heard << w().servers->log();
    const std::string mail = w().ana.read_by_starttls().text;
    EXPECT_NE(mail.find("In-Reply-To: " + sent.text), std::string::npos) << mail;
    EXPECT_NE(mail.find("From: ben@hill.example"), std::string::npos) << mail;
    EXPECT_EQ(mail.find("\nReply-To: "), std::string::npos)
        << "a villager may always answer: " << mail;
    EXPECT_TRUE(w().shows("coming at six")) << "her radio shows it too";
    // And on, from the phone to the radio, in the same thread.
    const std::size_t id = mail.find("Message-ID: <");
    ASSERT_NE(id, std::string::npos) << mail;
    const std::string bens = mail.substr(id + 12, mail.find('\n', id) - id - 12);
    ASSERT_TRUE(w().ana
                    .send("ana@hill.example", "ben@hill.example", "good, thanks",
                          {"Subject=Re: Wood", "In-Reply-To=" + bens})
                    .good);
    EXPECT_TRUE(w().shows("ana: good, thanks")) << w().heard;
}

TEST_F(VillageTest, AMailFromAPhoneGoesToTheOutside) {
    const std::size_t before = w().stage.mail().mailbox().size();
    const Said sent = w().ana.send_by_tls("ana@hill.example", "bob@example.org", "hello outside");
    ASSERT_TRUE(sent.good) << sent.text;
    ASSERT_TRUE(w().stage.mail().wait_for_more(before, std::chrono::seconds(30)));
    const auto mail = w().stage.mail().mailbox().back();
    EXPECT_EQ(mail.to.front(), "bob@example.org");
    EXPECT_EQ(mail.mail.from.value, "ana@hill.example");
    EXPECT_NE(mail.mail.text.find("hello outside"), std::string::npos);
}

TEST_F(VillageTest, AStrangersPhotoIsWholeInTheMailboxAndHeldOnTheRadio) {
    shell("head -c 200000 /dev/urandom > " + w().stage.config() + ".jpg");
    shell("swaks --server 127.0.0.1:" + std::to_string(w().ports.outside) +
          " --from eve@else.example --to ana@hill.example --header 'Subject: the ford'"
          " --body 'see this' --attach-type image/jpeg --attach-name ford.jpg --attach @" +
          w().stage.config() + ".jpg");
    ASSERT_TRUE(eventually([&] { return w().ana.count("ford.jpg") > 0; })) << w().servers->log();
    const std::string base64 = shell("base64 -w 76 " + w().stage.config() + ".jpg");
    EXPECT_EQ(w().ana.count(base64), 1) << "byte for byte";
    EXPECT_TRUE(w().shows("Mail held from eve@else.example")) << w().heard;
    const std::string queue = w().run("queue list all");
    EXPECT_NE(queue.find("to mailbox:ana"), std::string::npos) << queue;
    EXPECT_NE(queue.find("held"), std::string::npos) << queue;
}

TEST_F(VillageTest, NobodyWritesAsAnother) {
    const Said envelope = w().ana.send("ben@hill.example", "ben@hill.example", "forged");
    EXPECT_NE(envelope.text.find("not owned by user ana"), std::string::npos) << envelope.text;
    const Said outside = w().ana.send("ana@elsewhere.example", "bob@example.org", "forged");
    EXPECT_NE(outside.text.find("this server is for name@hill.example"), std::string::npos)
        << outside.text;
    EXPECT_FALSE(w().ana.send("", "bob@example.org", "forged").good) << "the null sender";
    // The envelope is hers, From is not: the box refuses it, and she is told.
    ASSERT_TRUE(w().ana
                    .send("ana@hill.example", "bob@example.org", "forged From",
                          {"From=Ben <ben@hill.example>"})
                    .good);
    EXPECT_TRUE(eventually([&] { return w().ana.count("From names\n    somebody else") > 0; }))
        << w().ana.read().text;
    for (const auto& mail : w().stage.mail().mailbox())
        EXPECT_EQ(mail.mail.text.find("forged"), std::string::npos);
    EXPECT_EQ(w().ben.count("forged"), 0);
}

TEST_F(VillageTest, NoOpenRelay) {
    const auto refused = [&](int port, const char* security, const char* from, const char* to,
                             const char* why) {
        const Said said = w().nobody.send(port, security, from, to, "spam", {});
        EXPECT_FALSE(said.good);
        EXPECT_NE(said.text.find(why), std::string::npos) << said.text;
    };
    const VillagePorts& p = w().ports;
    refused(p.submission, "starttls", "ana@hill.example", "bob@example.org", "Access denied");
    refused(p.submission, "starttls", "ana@hill.example", "ben@hill.example", "Access denied");
    refused(p.submissions, "tls", "x@evil.example", "ben@hill.example", "Access denied");
    refused(p.submission, "plain", "x@evil.example", "bob@example.org", "STARTTLS");
    refused(p.outside, "plain", "x@evil.example", "bob@example.org", "Relay access denied");
    refused(p.outside, "plain", "ana@hill.example", "ben@hill.example", "signs in to write");
    refused(p.outside, "plain", "x@evil.example", "nobody@hill.example",
            "nobody here is called nobody");
    const Said clear = w().ana.send(p.submission, "plain", "ana@hill.example", "ben@hill.example",
                                    "my password in clear", {});
    EXPECT_NE(clear.text.find("AUTH"), std::string::npos) << "not offered: " << clear.text;
}

TEST_F(VillageTest, TheWrongPasswordAndThoseWhoLeftDoNotSignIn) {
    // A server takes its time over each no, and more over the next to the same address: so all at
    // once, from addresses of their own.
    const auto who = [&](const char* name, const std::string& password, const char* source) {
        return MailProgram(w().ports, name, password, source);
    };
    const auto sends = [&](const char* name, const std::string& password, const char* source) {
        return std::async(std::launch::async, [=] {
            return who(name, password, source)
                .send(std::string(name) + "@hill.example", "ben@hill.example", "may I?")
                .text;
        });
    };
    const auto reads = [&](const char* name, const std::string& password, const char* source) {
        return std::async(std::launch::async,
                          [=] { return who(name, password, source).read().text; });
    };
    auto wrong_by_smtp = sends("ana", "wrong-horse", "127.0.0.2");
    auto wrong_by_imap = reads("ana", "wrong-horse", "127.0.0.3");
    w().run("people add eve");
    std::string made = w().run("people password eve --make");
    made.pop_back();
    Said before;
    // Dovecot looks at the file once a second.
    ASSERT_TRUE(eventually([&] {
        before = who("eve", made, "127.0.0.4").read();
        return before.good;
    })) << made
        << before.text;
    w().run("people remove eve");
    std::this_thread::sleep_for(std::chrono::seconds(2));
    auto left_by_smtp = sends("eve", made, "127.0.0.5");
    auto left_by_imap = reads("eve", made, "127.0.0.4");
    EXPECT_THAT(wrong_by_smtp.get(), ::testing::HasSubstr("authentication failed"));
    EXPECT_THAT(wrong_by_imap.get(), ::testing::HasSubstr("AUTHENTICATIONFAILED"));
    EXPECT_THAT(left_by_smtp.get(), ::testing::HasSubstr("authentication failed"));
    EXPECT_THAT(left_by_imap.get(), ::testing::HasSubstr("AUTHENTICATIONFAILED"))
        << w().servers->log();
    EXPECT_TRUE(w().ana.read().good);
}

TEST_F(VillageTest, TheFilesAreThoseOfTheSettingsAndHoldNoSecret) {
    const std::string folder = std::filesystem::path(w().stage.config()).parent_path();
    EXPECT_NE(w().run("mail-server write --check " + folder + "/ms").find("as the settings say"),
              std::string::npos);
    EXPECT_NE(w().servers->written().find("fingerprint"), std::string::npos);
    EXPECT_NE(shell("openssl x509 -in " + folder + "/ms/certificate.pem -noout -ext subjectAltName")
                  .find("DNS:mail.hill.example"),
              std::string::npos);
    EXPECT_EQ(shell("grep -r " + std::string(kPassword) + " " + folder + "/ms " + folder +
                    "/mailserver/passwords || true"),
              "");
    EXPECT_EQ(shell("stat -c '%a %G' " + folder + "/mailserver/passwords"), "640 dovecot\n");
    EXPECT_EQ(shell("postfix -c " + folder + "/ms/postfix check 2>&1; postconf -c " + folder +
                    "/ms/postfix -n 2>&1 >/dev/null; doveconf -c " + folder +
                    "/ms/dovecot/dovecot.conf -n 2>&1 >/dev/null"),
              "")
        << "neither of the two finds fault with them";
    const std::string ours = contents(folder + "/ms/postfix/main.cf");
    std::ofstream(folder + "/ms/postfix/main.cf") << "# of somebody else\n";
    EXPECT_FALSE(w().stage.run("mail-server write " + folder + "/ms").good);
    EXPECT_FALSE(w().stage.run("mail-server write --check " + folder + "/ms").good);
    std::ofstream(folder + "/ms/postfix/main.cf") << ours;  // or nothing could stop Postfix
}

// Postfix hands over what the box was killed over again and again: each mail is there once.
TEST(VillageKilled, AMailHandedOverIsThereOnce) {
    constexpr int kLetters = 3;
    const Folder folder;
    const VillagePorts ports;
    BoxProcess box(folder, ports.toml());
    const VillageServers servers(folder / "ms", folder / "waypost.toml", ports);
    for (const char* name : {"ana", "ben"}) {
        box.waypost("people add " + std::string(name));
        std::ofstream(folder / "typed") << kPassword << '\n';
        box.waypost("people password " + std::string(name) + " < " + folder / "typed");
    }
    box.kill9();
    const MailProgram ana(ports, "ana", kPassword);
    const MailProgram ben(ports, "ben", kPassword);
    for (int i = 0; i < kLetters; ++i) {
        const Said sent =
            ana.send("ana@village.test", "ben@village.test", "letter number " + std::to_string(i));
        ASSERT_TRUE(sent.good) << "the box is away, Postfix keeps it: " << sent.text;
    }
    // A mailbox that is away keeps this about the hand-over alone.
    servers.stop_dovecot();
    int killed = 0;
    for (const char* point : {"handed:1", "committed:1", "committed:2", "committed:3", "told:3"}) {
        box.start(point);
        servers.flush();
        if (eventually([&] { return box.died(); }, std::chrono::seconds(2))) ++killed;
        box.kill9();
    }
    EXPECT_GE(killed, 3) << "at the points, not after";
    servers.start_dovecot();
    box.start();
    servers.flush();
    for (int i = 0; i < kLetters; ++i) {
        const std::string words = "letter number " + std::to_string(i);
        EXPECT_TRUE(eventually([&] { return ben.count(words) > 0; }, std::chrono::seconds(60)))
            << words << box.waypost("queue") << servers.log();
    }
    EXPECT_EQ(box.waypost("queue").find("ben"), std::string::npos) << box.waypost("queue");
    EXPECT_EQ(ben.count("letter number"), kLetters) << box.waypost("queue list all");
}

}  // namespace
}  // namespace waypost::interop
