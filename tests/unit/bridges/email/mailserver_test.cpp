// SPDX-License-Identifier: Apache-2.0
// The files for Postfix and Dovecot: what may be written, where, and what stands in them. That the
// real programs take them is tested in tests/interop/mail/village_test.cpp.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "bridges/email/mailserver/certificate.h"
#include "bridges/email/mailserver/mail_server.h"
#include "bridges/email/mailserver/password_file.h"
#include "gateway/base/random.h"

namespace waypost::email {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
  protected:
    Files() : folder_(fs::temp_directory_path() / ("waypost-village-" + system_random()->hex(6))) {
        fs::create_directory(folder_);
    }
    ~Files() override { fs::remove_all(folder_); }
    std::string at(const std::string& name) const { return (folder_ / name).string(); }
    static unsigned mode(const std::string& path) {
        struct stat info {};
        return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777u : 0;
    }
    fs::path folder_;
};

MailServer server() {
    MailServer s;
    s.domain = "hill.example";
    s.host = "mail.hill.example";
    s.folder = "/srv/mail";
    s.submitted_to = "smtp:[127.0.0.1]:2525";
    s.incoming_to = "lmtp:inet:127.0.0.1:2424";
    s.passwords = "/srv/passwords";
    s.mail = "/srv/boxes";
    s.mail_user = "vmail";
    s.certificate = "/srv/c.pem";
    s.private_key = "/srv/k.pem";
    return s;
}

std::string named(const std::vector<DurableFile>& files, const std::string& path) {
    for (const DurableFile& file : files) {
        if (file.path == path) return file.text;
    }
    return {};
}

TEST_F(Files, OfOthersAreLeftAlone) {
    std::ofstream(at("main.cf")) << "# of the system\n";
    EXPECT_EQ(write_own_file({at("main.cf"), "ours", 0644, {}}).error().code, Code::Conflict);
    EXPECT_EQ(*read_file(at("main.cf")), "# of the system\n");
    ASSERT_EQ(::symlink(at("main.cf").c_str(), at("link").c_str()), 0);
    EXPECT_FALSE(write_own_file({at("link"), "ours", 0644, {}}).ok());
    fs::create_directory(at("dir"));
    EXPECT_FALSE(may_write(at("dir")).ok());
}

TEST_F(Files, OfOursAreReplacedWhole) {
    const std::string first = origin_of_file() + "a\n";
    ASSERT_TRUE(write_own_file({at("f"), first, 0640, {}}).ok());
    EXPECT_EQ(mode(at("f")), 0640u);
    std::ofstream(at("f.new")) << "half of a run that was cut off";
    ASSERT_TRUE(write_own_file({at("f"), origin_of_file() + "b\n", 0600, {}}).ok());
    EXPECT_EQ(*read_file(at("f")), origin_of_file() + "b\n");
    EXPECT_EQ(mode(at("f")), 0600u);
    EXPECT_FALSE(fs::exists(at("f.new")));
}

TEST_F(Files, ThePasswordsFileIsWrittenWhenItChanges) {
    std::vector<PasswordLine> lines{{"ana", "ana-1f", "$argon2id$x"}};
    const auto now = [&]() -> Result<std::vector<PasswordLine>> { return lines; };
    PasswordFile file(at("sub/passwords"), "root", "/srv/boxes");
    ASSERT_TRUE(file.update(now).ok());
    const std::string text = *read_file(at("sub/passwords"));
    EXPECT_NE(text.find("\nana:{ARGON2ID}$argon2id$x::::/srv/boxes/ana-1f\n"), std::string::npos);
    EXPECT_EQ(mode(at("sub/passwords")), 0640u);
    fs::remove(at("sub/passwords"));
    ASSERT_TRUE(file.update(now).ok());
    EXPECT_FALSE(fs::exists(at("sub/passwords"))) << "nothing changed: no write";
    lines.clear();
    ASSERT_TRUE(file.update(now).ok());
    EXPECT_EQ(read_file(at("sub/passwords"))->find("ana"), std::string::npos);
    PasswordFile nobody(at("other"), "no-such-group-here", "/srv/boxes");
    EXPECT_EQ(nobody.update(now).error().code, Code::NotFound);
}

TEST_F(Files, ACertificateOfItsOwnNamesTheHost) {
    ASSERT_TRUE(make_certificate({"mail.hill.example", "hill.example"}, {"192.168.4.1"},
                                 at("c.pem"), at("k.pem"))
                    .ok());
    EXPECT_EQ(mode(at("k.pem")), 0600u);
    const auto info = look_at_certificate(at("c.pem"));
    ASSERT_TRUE(info.ok()) << info.error().text;
    EXPECT_EQ(info->fingerprint.size(), 32u * 3 - 1);
    EXPECT_GT(info->days_left, 800);
    EXPECT_LE(info->days_left, 825);
    EXPECT_FALSE(make_certificate({"bad,IP:1.2.3.4.5"}, {}, at("c2.pem"), at("k2.pem")).ok());
    std::ofstream(at("k3.pem")) << "a key of others";
    EXPECT_FALSE(make_certificate({"a.example"}, {}, at("c3.pem"), at("k3.pem")).ok());
    EXPECT_FALSE(look_at_certificate(at("k3.pem")).ok());
}

TEST(MailServerFiles, TakeNoNameOrPathThatMeansSomethingToThePrograms) {
    EXPECT_TRUE(check(server()).ok());
    const auto bad = [](const std::function<void(MailServer&)>& change) {
        MailServer s = server();
        change(s);
        return !check(s).ok();
    };
    EXPECT_TRUE(bad([](MailServer& s) { s.domain = "hill.example\nmynetworks = 0.0.0.0/0"; }));
    EXPECT_TRUE(bad([](MailServer& s) { s.domain = ""; }));
    EXPECT_TRUE(bad([](MailServer& s) { s.host = "-x"; }));
    EXPECT_TRUE(bad([](MailServer& s) { s.folder = "relative"; }));
    EXPECT_TRUE(bad([](MailServer& s) { s.folder = "/srv/$HOME"; }));
    EXPECT_TRUE(bad([](MailServer& s) { s.folder = '/' + std::string(64, 'x'); }));
    EXPECT_TRUE(bad([](MailServer& s) { s.mail = "/srv/my mail"; }));
    EXPECT_TRUE(bad([](MailServer& s) { s.mail_user = "root }"; }));
    EXPECT_TRUE(bad([](MailServer& s) { s.listen = "everywhere"; }));
}

TEST(MailServerFiles, AreClosedToTheOutsideUnlessAsked) {
    MailServer s = server();
    const std::string master = named(postfix_files(s), "/srv/mail/postfix/master.cf");
    EXPECT_NE(master.find("\n587 inet"), std::string::npos);
    EXPECT_EQ(master.find("postfix/outside"), std::string::npos);
    s.outside_port = 25;
    s.listen = "192.168.4.1";
    const std::string open = named(postfix_files(s), "/srv/mail/postfix/master.cf");
    EXPECT_NE(open.find("\n192.168.4.1:25 inet"), std::string::npos);
    EXPECT_NE(open.find("smtpd_relay_restrictions=reject_unauth_destination"), std::string::npos);
    for (const DurableFile& file : postfix_files(s)) {
        EXPECT_EQ(file.text.find("permit_mynetworks"), std::string::npos) << file.path;
        EXPECT_NE(file.text.substr(0, file.text.find('\n')).find(kOursMark), std::string::npos);
    }
    const std::string logins = named(postfix_files(s), "/srv/mail/postfix/logins");
    EXPECT_NE(logins.find("@hill\\.example$/ ${1}"), std::string::npos) << logins;
    const std::string dovecot = named(dovecot_files(s), "/srv/mail/dovecot/dovecot.conf");
    EXPECT_NE(dovecot.find("\nlisten = 192.168.4.1\n"), std::string::npos);
    EXPECT_NE(dovecot.find("disable_plaintext_auth = yes"), std::string::npos);
}

}  // namespace
}  // namespace waypost::email
