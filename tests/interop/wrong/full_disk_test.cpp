// SPDX-License-Identifier: Apache-2.0
// A disk that is really full: the store lies on a file system of a few MiB, and writes fail in the
// middle of a body, of the WAL and of a commit. Root is needed to mount it.
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <algorithm>
#include <regex>

#include "bad_relay.h"
#include "mail_line.h"
#include "tests/interop/mail/ask.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

class SmallDisk {
  public:
    explicit SmallDisk(std::string at) : at_(std::move(at)) {
        shell("mkdir " + at_ + " && mount -t tmpfs -o size=6m waypost-test " + at_);
    }
    ~SmallDisk() { ::umount2(at_.c_str(), MNT_DETACH); }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    void fill(const std::string& room = "0") {
        shell("dd if=/dev/zero of=" + at_ + "/ballast bs=4k 2>/dev/null || true");
        if (room != "0") shell("truncate -s -" + room + ' ' + at_ + "/ballast");
    }
    void make_room() { shell("rm -f " + at_ + "/ballast"); }

  private:
    std::string at_;
};

class FullDisk : public ::testing::Test {
  protected:
    void start(const std::string& keep_free) {
        box_ = std::make_unique<BoxProcess>(
            folder_, "[store]\npath = \"disk/waypost.db\"\nkeep_free = \"" + keep_free +
                         "\"\n[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(port_) +
                         "\"]\nsecurity = \"plain\"\nsmarthost = \"smtp:127.0.0.1:" +
                         std::to_string(relay_.port()) + "\"\n");
        box_->waypost("people add ana");
    }
    std::string post(std::size_t bytes = 10) {
        MailLine line(port_);
        line.ask("EHLO x.test");
        line.ask("MAIL FROM:<bob@x.test>");
        const std::string taken = line.ask("RCPT TO:<ana@village.test>");
        if (taken[0] != '2') return taken;
        line.ask("DATA");
        line.send("Message-ID: <" + std::to_string(++mails_) + "@x.test>\r\n\r\n");
        const std::string piece(1022, 'x');
        for (std::size_t sent = 0; sent < bytes; sent += 1024) line.send(piece + "\r\n");
        return line.end_mail();
    }
    std::size_t kept() {
        const std::string queue = box_->waypost("queue");
        std::size_t found = 0;
        for (std::size_t at = queue.find("person:ana"); at != std::string::npos;
             at = queue.find("person:ana", at + 1))
            ++found;
        return found;
    }
    bool status_says(const std::string& text) { return box_->status_says(text); }

    Folder folder_;
    SmallDisk disk_{folder_ / "disk"};
    BadRelay relay_;
    int port_ = free_port();
    std::unique_ptr<BoxProcess> box_;
    int mails_ = 0;
};

TEST_F(FullDisk, BelowKeepFreeNothingNewIsTakenAndItIsSaid) {
    start("2MiB");
    ASSERT_EQ(post().substr(0, 3), "250");
    disk_.fill("1M");
    std::size_t yes = 1;
    EXPECT_TRUE(eventually([&] {  // the box looks at its disk once a second
        const std::string reply = post();
        yes += reply[0] == '2' ? 1 : 0;
        return reply == "452 4.3.1 no room on this box";
    }));
    EXPECT_TRUE(status_says("DISK FULL")) << box_->waypost("status");
    EXPECT_NE(box_->log().find("disk-full"), std::string::npos);
    EXPECT_EQ(kept(), yes);
    disk_.make_room();
    EXPECT_TRUE(eventually([&] { return post().substr(0, 3) == "250"; }));
    EXPECT_EQ(box_->waypost("status").find("DISK FULL"), std::string::npos);
    EXPECT_NE(box_->log().find("disk-has-room"), std::string::npos);
}

// keep_free is 0 here, so that nothing but the disk itself says no.
TEST_F(FullDisk, WritesThatFailLoseNothingInCustodyAndItGoesOnByItself) {
    start("0");
    std::size_t yes = 0;
    for (int i = 0; i < 10; ++i) yes += post()[0] == '2' ? 1 : 0;
    ASSERT_EQ(yes, 10u);
    EXPECT_EQ(post(8 << 20).substr(0, 9), "452 4.3.1") << "a body larger than the disk";
    disk_.fill();
    std::size_t no = 0;
    for (int i = 0; i < 60; ++i) {  // until the WAL cannot grow
        const std::string reply = post(30'000);
        (reply[0] == '2' ? yes : no) += 1;
        if (reply[0] != '2') {
            EXPECT_EQ(reply.substr(0, 4), "452 ") << reply;
        }
    }
    EXPECT_GT(no, 10u);
    EXPECT_TRUE(status_says("CANNOT WRITE")) << box_->waypost("status");
    EXPECT_EQ(kept(), yes) << "every yes is there, every no is not";
    box_->kill9();
    disk_.make_room();
    box_->start();
    EXPECT_EQ(kept(), yes) << "after a kill on the full disk too";
    EXPECT_EQ(post().substr(0, 3), "250");
}

// The settings' folder is a link to the small disk.
TEST_F(FullDisk, SettingsThatCannotBeSavedAreAsTheyWereAndLettersAreRefused) {
    shell("mkdir " + (folder_ / "disk/settings") + " && ln -s disk/settings " +
          (folder_ / "waypost.toml.d"));
    start("1MiB");
    const std::string socket = folder_ / "waypost.sock";
    const auto set_village = [&](const std::string& name) {
        std::smatch found;
        const std::string all = ask(socket, "GET", "/settings");
        std::regex_search(all, found, std::regex(R"re("version":"([^"]+)")re"));
        return ask(socket, "PATCH", "/settings", "\n\n\n",
                   R"({"version": ")" + found[1].str() +
                       R"(", "changes": [{"section": "box", "key": "village", "value": ")" + name +
                       "\"}]}");
    };
    const auto write = [&] {
        return ask(socket, "POST", "/messages", "\n\n\n",
                   R"({"from": "ana", "to": ["bob@x.test"], "text": "hello"})");
    };
    ASSERT_NE(set_village("before").find("waits"), std::string::npos);
    ASSERT_NE(write().find("accepted"), std::string::npos);
    disk_.fill();
    const std::string refused = set_village("later");
    EXPECT_NE(refused.find("the settings are as they were"), std::string::npos) << refused;
    EXPECT_NE(refused.find("\"full\""), std::string::npos) << refused;
    EXPECT_TRUE(eventually([&] {
        return write().find("no room on this box") != std::string::npos;
    })) << write();
    EXPECT_NE(ask(socket, "GET", "/status").find("\"disk_full\":true"), std::string::npos);
    box_->kill9();
    disk_.make_room();
    box_->start();
    EXPECT_NE(ask(socket, "GET", "/settings").find("\"before\""), std::string::npos);
    EXPECT_NE(ask(socket, "GET", "/messages").find("\"owner\":\"ana\""), std::string::npos);
    EXPECT_NE(write().find("accepted"), std::string::npos);
}

TEST_F(FullDisk, AnOutcomeThatCouldNotBeWrittenIsWrittenLater) {
    start("0");
    relay_.feels(BadRelay::Mood::Stuck);
    const std::string send = "printf x | " WAYPOST_BIN "/waypost --config " +
                             folder_ / "waypost.toml" + " send --from ana --to bob@far.test";
    shell(send);
    ASSERT_TRUE(eventually([&] { return relay_.mails().size() == 1; }));
    disk_.fill();
    for (int i = 0; i < 60; ++i) post(30'000);
    relay_.feels(BadRelay::Mood::Good);
    relay_.say_yes_to_the_stuck();
    EXPECT_TRUE(status_says("CANNOT WRITE"));
    EXPECT_EQ(box_->waypost("trace 1").find("sent [reported]"), std::string::npos)
        << "the yes came while nothing could be written";
    disk_.make_room();
    EXPECT_TRUE(eventually(
        [&] { return box_->waypost("trace 1").find("sent [reported]") != std::string::npos; },
        std::chrono::seconds(60)))
        << box_->waypost("trace 1");
    EXPECT_EQ(relay_.mails().size(), 1u) << "and not sent a second time";
    EXPECT_EQ(post().substr(0, 3), "250") << "no restart needed";
    EXPECT_EQ(box_->waypost("status").find("CANNOT WRITE"), std::string::npos);
}

}  // namespace
}  // namespace waypost::interop
