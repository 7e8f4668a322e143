// SPDX-License-Identifier: Apache-2.0
// Settings of the radio and of the relay are changed while lines of villagers go out as mails: the
// transport of that section starts anew, all else runs on, nothing is lost and nothing comes twice.
#include <Poco/Net/ServerSocket.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "app/demo/mail_peer.h"
#include "tests/crash/villagers.h"
#include "tests/interop/mail/ask.h"
#include "tests/interop/mail/peers.h"
#include "tests/interop/mesh/mesh_peer.h"

namespace waypost::interop {
namespace {

using std::chrono::seconds;

constexpr int kLines = 48;
constexpr int kChanges = 8;
const std::vector<std::string> kNames{"ana", "ben", "carl", "dora"};

class Renewal : public ::testing::Test {
  protected:
    Renewal() : mesh_(fast_village(kNames)), villagers_(mesh_, kNames, "eve@out.test") {
        char id = 'a';
        for (const std::string& name : kNames)
            box_.waypost("people add " + name + " --radio 'meshtastic:!0000000" + id++ + "'");
    }
    std::string toml() const {
        return api_at(socket_) + "[limits]\nradio_lines_per_minute = 0\n[email.relay]\n" +
               "security = \"plain\"\nsmarthost = \"smtp:127.0.0.1:" +
               std::to_string(relay_.port()) + "\"\n[meshtastic.roof]\nport = \"" + mesh_.port() +
               "\"\ngap = \"270ms\"\n";
    }
    std::string get(const std::string& path) const { return ask(socket_, "GET", path); }
    std::string field(const std::string& path, const std::string& name) const {
        std::smatch found;
        const std::string all = get(path);
        std::regex_search(all, found, std::regex('"' + name + R"re(":"?([^",}]+))re"));
        return found[1];
    }
    std::string set(const std::string& section, const std::string& key, const std::string& value) {
        return ask(socket_, "PATCH", "/settings", "\n\n\n",
                   R"({"version": ")" + field("/settings", "version") +
                       R"(", "changes": [{"section": ")" + section + R"(", "key": ")" + key +
                       R"(", "value": ")" + value + "\"}]}");
    }
    int times(const std::string& event) const {
        const std::string log = box_.log();
        int found = 0;
        for (std::size_t at = 0; (at = log.find(event, at)) != std::string::npos; ++at) ++found;
        return found;
    }
    static const std::string& name_of(int line) {
        return kNames[static_cast<std::size_t>(line) % kNames.size()];
    }
    // What the mails say that a line became, by line: one for each time it was written.
    std::map<int, std::vector<std::string>> arrived() const {
        std::map<int, std::vector<std::string>> all;
        for (const auto& each : relay_.mailbox()) {
            const std::string& text = each.mail.text;
            for (int line = 0; line < kLines; ++line) {
                if (text.rfind(Villagers::writing(name_of(line), line, ""), 0) == 0)
                    all[line].push_back(text.substr(0, text.find('\n')));
            }
        }
        return all;
    }

    const Folder folder_;
    const std::string socket_ = folder_ / "api";
    demo::MailPeer relay_;
    MeshPeer mesh_;
    Villagers villagers_;
    BoxProcess box_{folder_, toml()};
};

TEST_F(Renewal, OneTransportStartsAnewWhileLettersFlow) {
    const std::string started = field("/box", "started_ms");
    int given = 0;
    for (int change = 0; change < kChanges; ++change) {
        for (; given < kLines * (change + 1) / kChanges; ++given)
            villagers_.give(name_of(given), given);
        // Some are under way: what is changed then is in the middle of them.
        const std::size_t before = relay_.mailbox().size();
        eventually([&] {
            villagers_.step();
            return relay_.mailbox().size() > before;
        });
        const bool radio = change % 2 == 0;
        const std::string section = radio ? "meshtastic.roof" : "email.relay";
        const int renewed = times(" gateway started transport=" + section);
        const std::string said = radio
                                     ? set(section, "gap", std::to_string(271 + change) + "ms")
                                     : set(section, "connections", std::to_string(1 + change % 4));
        ASSERT_NE(said.find("\"renewed\":[\"" + section + "\"]"), std::string::npos) << said;
        EXPECT_NE(said.find("\"waits\":false"), std::string::npos) << said;
        EXPECT_TRUE(eventually([&] {
            villagers_.step();
            return times(" gateway started transport=" + section) > renewed;
        })) << box_.log();
    }
    // As many mails as writings were kept: a line whose `kept` was late is written again with
    // another mark, and is another.
    const auto kept = [&] {
        std::size_t all = 0;
        for (const std::string& name : kNames) all += villagers_.kept(name).size();
        return all;
    };
    const auto mails = [&] {
        std::size_t all = 0;
        for (const auto& [line, texts] : arrived()) all += texts.size();
        return all;
    };
    const bool all = eventually(
        [&] {
            villagers_.step();
            return !villagers_.waiting() && arrived().size() == kLines && kept() == mails();
        },
        seconds(90));
    ASSERT_TRUE(all) << arrived().size() << " of " << kLines << " lines, " << kept() << " kept, "
                     << mails() << " mails\n"
                     << box_.waypost("queue") << box_.log();
    for (const auto& [line, texts] : arrived()) {
        const std::set<std::string> different(texts.begin(), texts.end());
        EXPECT_EQ(different.size(), texts.size()) << texts.front() << " came twice as a mail";
    }
    for (const auto& [text, packets] : villagers_.screens())
        EXPECT_EQ(packets.size(), 1u) << text << " was shown twice";
    EXPECT_EQ(field("/box", "started_ms"), started) << "the gateway ran on";
    EXPECT_EQ(field("/settings", "waits"), "false");
}

TEST_F(Renewal, WhatCannotStartLeavesTheTransportAsItWas) {
    Poco::Net::ServerSocket there;
    there.bind(Poco::Net::SocketAddress("127.0.0.1:0"), false, false);  // nobody else may have it
    there.listen();
    const std::string taken = there.address().toString();
    const std::string said =
        ask(socket_, "PATCH", "/settings", "\n\n\n",
            R"({"version": ")" + field("/settings", "version") +
                R"(", "changes": [{"section": "email.relay", "key": "listen", "values": ["smtp:)" +
                taken + R"("]}]})");
    ASSERT_NE(said.find("\"renewed\":[\"email.relay\"]"), std::string::npos) << said;
    EXPECT_TRUE(eventually([&] {
        return get("/settings").find("\"problems\":[{") != std::string::npos;
    })) << get("/settings");
    EXPECT_EQ(field("/settings", "waits"), "true");
    villagers_.give("ana", 0);
    EXPECT_TRUE(eventually([&] {
        villagers_.step();
        return arrived().size() == 1;
    })) << box_.log();
}

}  // namespace
}  // namespace waypost::interop
