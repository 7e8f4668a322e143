// SPDX-License-Identifier: Apache-2.0
// The box tells its operator that a radio of its own is gone: over a simulated mesh and by a real
// mail server, once, whatever kills it meanwhile.
#include <gtest/gtest.h>

#include <memory>

#include "tests/interop/mail/ask.h"
#include "tests/interop/mail/peers.h"
#include "tests/interop/mesh/mesh_peer.h"

namespace waypost::interop {
namespace {

constexpr char kGone[] = "Box: meshtastic.hut does not work";
constexpr char kOver[] = ": meshtastic.hut does not work";

class Alerts : public ::testing::Test {
  protected:
    Alerts() {
        box_.waypost("people add carl --radio meshtastic:!0000000a");
        box_.waypost("people add carl --radio mailto:carl@hill.test");
    }

    std::string toml() {
        shell("printf pw > " + folder_ / "password" + " && chmod 600 " + folder_ / "password");
        return "[alerts]\nto = [\"carl\"]\nway_down = \"12s\"\n" + api_at(socket_) +
               "[meshtastic.roof]\nport = \"" + roof_.port() + "\"\n[meshtastic.hut]\nport = \"" +
               hut_port_ + "\"\n[email.relay]\nsmarthost = \"smtp:localhost:" +
               std::to_string(ports_.submission) +
               "\"\nca_file = \"mail.crt\"\nuser = \"village@hill.test\"\n"
               "password_file = \"password\"\n";
    }
    std::string api(const std::string& path) { return ask(socket_, "GET", path); }

    // The hut's radio is there from now on.
    void plug_in() {
        simulator::Village village = fast_village({"nobody"});
        village.nodes.front().number = 2;
        village.nodes.front().ports = {hut_port_};
        village.nodes.back().number = 0xb;  // carl is not there
        hut_ = std::make_unique<MeshPeer>(village);
    }
    int on_screen(const std::string& text, const std::string& and_this = {}) {
        for (const OnScreen& each : roof_.look()) screen_.push_back(each.text);
        int found = 0;
        for (const std::string& line : screen_)
            if (line.find(text) != std::string::npos && line.find(and_this) != std::string::npos)
                ++found;
        return found;
    }
    int in_mails(const std::string& text) {
        int found = 0;
        for (const std::string& mail : dovecot_.mails("carl@hill.test"))
            if (mail.find(text) != std::string::npos) ++found;
        return found;
    }

    const Folder folder_;
    const std::string socket_ = folder_ / "api";
    const std::string hut_port_ = "tcp:127.0.0.1:" + std::to_string(free_port());
    Ports ports_;
    Dovecot dovecot_{folder_, ports_};
    Postfix postfix_{folder_, ports_};
    MeshPeer roof_{fast_village({"carl"})};
    std::unique_ptr<MeshPeer> hut_;
    std::vector<std::string> screen_;
    BoxProcess box_{folder_, toml()};
};

TEST_F(Alerts, OnceWhenItBeginsAndOnceWhenItIsOverThroughKills) {
    using std::chrono::seconds;
    ASSERT_TRUE(eventually([&] { return on_screen(kGone) == 1; }, seconds(60))) << box_.log();
    ASSERT_TRUE(eventually([&] { return in_mails("Subject: village: meshtastic.hut") == 1; }))
        << postfix_.log();
    const std::string mail = dovecot_.mails("carl@hill.test").front();
    EXPECT_NE(mail.find(kGone), std::string::npos) << mail;
    EXPECT_NE(mail.find("Auto-Submitted: auto-"), std::string::npos) << mail;
    EXPECT_NE(mail.find("under Health"), std::string::npos) << mail;
    EXPECT_EQ(api("/health"), "{\"health\":\"degraded\"}\n");
    EXPECT_NE(box_.waypost("health").find("meshtastic.hut does not work"), std::string::npos);
    EXPECT_THROW(box_.waypost("health --strict"), std::runtime_error);

    box_.kill9();
    box_.start();
    EXPECT_TRUE(eventually([&] {
        return api("/health/matters").find("\"kind\":\"way\"") != std::string::npos;
    })) << box_.log();

    // It is over; and the box dies when the first byte of that is about to leave.
    box_.kill9();
    plug_in();
    box_.start("attempt-begun");
    ASSERT_TRUE(eventually([&] { return box_.died(); }, seconds(60))) << box_.log();
    box_.start();
    ASSERT_TRUE(eventually([&] { return in_mails("Subject: village: over: meshtastic.hut") == 1; },
                           seconds(60)))
        << box_.log();
    ASSERT_TRUE(eventually([&] { return on_screen("Box: over", kOver) > 0; }, seconds(60)))
        << box_.traces(8) << box_.log();
    EXPECT_TRUE(eventually([&] { return api("/health") == "{\"health\":\"ok\"}\n"; }));
    EXPECT_EQ(in_mails("Subject: village: meshtastic.hut"), 1);
    EXPECT_EQ(in_mails("Subject: village: over: meshtastic.hut"), 1);
    EXPECT_EQ(on_screen(kGone), 1);
    EXPECT_EQ(on_screen("Box: over", kOver), 1) << "under its own packet id also the second time";
}

}  // namespace
}  // namespace waypost::interop
