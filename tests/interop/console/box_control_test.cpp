// SPDX-License-Identifier: Apache-2.0
// The daemon as the console works on it: settings, restarts, backups, switching off.
#include <Poco/Net/ServerSocket.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/interop/mail/ask.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

class BoxControl : public ::testing::Test {
  protected:
    std::string get(const std::string& path) {
        try {
            return ask(socket_, "GET", path);
        } catch (const Poco::Exception&) {
            return {};  // it is closed just now
        }
    }
    std::string say(const std::string& method, const std::string& path,
                    const std::string& body = "{}") {
        return ask(socket_, method, path, "\n\n\n", body);
    }
    // One value; its version is the newest.
    std::string set(const std::string& section, const std::string& key, const std::string& what) {
        return say("PATCH", "/settings",
                   R"({"version": ")" + version() + R"(", "changes": [{"section": ")" + section +
                       R"(", "key": ")" + key + R"(", )" + what + "}]}");
    }
    std::string version() {
        std::smatch found;
        const std::string all = get("/settings");
        std::regex_search(all, found, std::regex(R"re("version":"([^"]+)")re"));
        return found[1];
    }
    bool comes(const std::string& path, const std::string& text) {
        return eventually([&] { return get(path).find(text) != std::string::npos; });
    }
    // Another gateway answers than the one before.
    void restart() {
        const std::string before = started();
        ASSERT_EQ(say("POST", "/restart"), "{}\n");
        ASSERT_TRUE(eventually([&] { return !started().empty() && started() != before; }))
            << box_.log();
    }
    std::string started() {
        std::smatch found;
        const std::string all = get("/box");
        return std::regex_search(all, found, std::regex("\"started_ms\":[0-9]+")) ? found.str()
                                                                                  : std::string();
    }
    // 0: it went well.
    static int run(const std::string& command) { return std::system(command.c_str()); }  // NOLINT
    // The copy that lies in the box's folder of copies.
    std::string restore_with(const std::string& key_file) {
        return say("POST", "/sealed-copies/waypost-hill.example-000001.tar.age/restore",
                   R"({"folder": ")" + (folder_ / "backups") + R"(", "key": ")" +
                       std::regex_replace(file(key_file), std::regex("\n"), "\\n") + "\"}");
    }
    std::string file(const std::string& name) {
        std::stringstream text;
        text << std::ifstream(folder_ / name).rdbuf();
        return text.str();
    }

    const Folder folder_;
    const std::string socket_ = folder_ / "api";
    BoxProcess box_{folder_, "shut_down = \"touch '" + (folder_ / "off") +
                                 "'\"\n[store]\nkeep_free = \"1MiB\"\n" + api_at(socket_)};
};

TEST_F(BoxControl, WhatIsSavedCountsFromTheNextStart) {
    const std::string written = file("waypost.toml");
    EXPECT_NE(set("box", "village", R"("value": "moor")").find("\"waits\":true"),
              std::string::npos);
    EXPECT_NE(get("/status").find("\"village\":\"village\""), std::string::npos);
    restart();
    EXPECT_TRUE(comes("/status", "\"village\":\"moor\"")) << box_.log();
    EXPECT_NE(get("/settings").find("\"waits\":false"), std::string::npos);
    EXPECT_EQ(file("waypost.toml"), written) << "what people wrote stays";

    EXPECT_NE(set("box", "village", R"("unset": true)").find("\"waits\":true"), std::string::npos);
    restart();
    EXPECT_TRUE(comes("/status", "\"village\":\"village\"")) << box_.log();
}

TEST_F(BoxControl, WrongChangesAreSaidAndNothingIsSaved) {
    const std::string before = get("/settings");
    for (const auto& [section, key, what, why] : std::vector<std::array<std::string, 4>>{
             {"box", "language", R"("value": "xx")", "language must be one of"},
             {"box", "vilage", R"("value": "moor")", "there is no such setting"},
             {"bux", "village", R"("value": "moor")", "there is no such section"},
             {"store", "keep_free", R"("value": "much")", "keep_free must be a size"},
             {"email.no/name", "host", R"("value": "h")", "a name has letters"},
             {"console", "listen", R"("secret": "s")", "kept in no file of its own"},
             {"limits", "person_airtime", R"("value": "12x")", "a whole number"},
             {"box", "operators", R"("values": [1])", "not understood"}}) {
        const std::string said = set(section, key, what);
        EXPECT_NE(said.find(why), std::string::npos) << said;
    }
    EXPECT_EQ(get("/settings"), before);
    const std::string old = R"({"version": "0", "changes": [)"
                            R"({"section": "box", "key": "village", "value": "moor"}]})";
    EXPECT_NE(say("PATCH", "/settings", old).find("somebody else changed"), std::string::npos);
}

TEST_F(BoxControl, APasswordIsAFileThatNobodyElseReads) {
    const std::string half = set("email.relay", "user", R"("value": "hill")");
    EXPECT_NE(half.find(R"("key":"password_file")"), std::string::npos) << half;
    const std::string said =
        say("PATCH", "/settings",
            R"({"version": ")" + version() +
                R"(", "changes": [{"section": "email.relay", "key": "user", "value": "hill"},)"
                R"({"section": "email.relay", "key": "password_file", "secret": "pa55 word"}]})");
    ASSERT_NE(said.find("waits"), std::string::npos) << said;
    EXPECT_EQ(get("/settings").find("pa55"), std::string::npos);
    int files = 0;
    for (const auto& each :
         std::filesystem::directory_iterator(folder_ / "waypost.toml.d/secrets")) {
        ++files;
        EXPECT_EQ(std::filesystem::status(each).permissions(), std::filesystem::perms(0600));
        EXPECT_EQ(file("waypost.toml.d/secrets/" + each.path().filename().string()), "pa55 word\n");
    }
    EXPECT_EQ(files, 1);
    const std::string gone =
        say("PATCH", "/settings",
            R"({"version": ")" + version() +
                R"(", "changes": [{"section": "email.relay", "remove": true}]})");
    EXPECT_NE(gone.find("\"waits\":false"), std::string::npos) << gone;
    EXPECT_TRUE(std::filesystem::is_empty(folder_ / "waypost.toml.d/secrets"));
}

TEST_F(BoxControl, WhatCanBeKnownIsFoundBeforeItIsSaved) {
    const std::string before = get("/settings");
    for (const auto& [section, key, what, why] : std::vector<std::array<std::string, 4>>{
             {"box", "quiet", R"("value": "at night")", "hours look like"},
             {"box", "timezone", R"("value": "Africa/Nowhere")", "Africa/Nairobi"},
             {"console", "listen", R"("value": "80")", "0.0.0.0:80"},
             {"meshtastic.roof", "port", R"("value": "/dev/ttyACM0")", "serial:/dev/NAME"},
             {"neighbour.dale", "domain", R"("values": ["village.test"])", "village.test"},
             {"alerts", "off", R"("values": ["weather"])", "weather"}}) {
        const std::string said = set(section, key, what);
        EXPECT_NE(said.find(why), std::string::npos) << said;
        EXPECT_NE(said.find("\"section\":\"" + section + '"'), std::string::npos) << said;
        // The domain of a neighbour is of both sections: no one key is wrong.
        if (key == "domain") continue;
        EXPECT_NE(said.find("\"key\":\"" + key + '"'), std::string::npos) << said;
    }
    const std::string secret =
        say("PATCH", "/settings",
            R"({"version": ")" + version() +
                R"(", "changes": [{"section": "email.relay", "key": "dkim_key", "secret": "x"}]})");
    EXPECT_NE(secret.find("dkim_"), std::string::npos) << secret;
    EXPECT_TRUE(std::filesystem::is_empty(folder_ / "waypost.toml.d/secrets"))
        << "what was refused leaves nothing behind";
    EXPECT_EQ(get("/settings"), before);
}

// A port that somebody has is found by nobody before the start.
TEST_F(BoxControl, SettingsThatCannotBeUsedLeaveTheFormerOnes) {
    std::ofstream(folder_ / "index.html") << "page";
    ASSERT_NE(set("console", "files", R"("value": ")" + folder_.path() + '"').find("waits"),
              std::string::npos);
    Poco::Net::ServerSocket taken;
    taken.bind(Poco::Net::SocketAddress("127.0.0.1:0"), false, false);  // nobody else may have it
    taken.listen();
    ASSERT_NE(set("console", "listen", R"("value": ")" + taken.address().toString() + '"')
                  .find("\"waits\":true"),
              std::string::npos);
    restart();
    EXPECT_TRUE(comes("/box", "the saved settings cannot be used: [console] listen"))
        << get("/box");
    EXPECT_NE(get("/settings").find("\"waits\":true"), std::string::npos);
}

TEST_F(BoxControl, WhatIsReadAnewEachTimeCountsAtOnce) {
    const std::string before = started();
    const std::string off = folder_ / "off2";
    for (const auto& [section, key, what] : std::vector<std::array<std::string, 3>>{
             {"log", "level", R"("value": "debug")"},
             {"box", "language", R"("value": "fr")"},
             {"box", "place", R"("value": "1.5, 2.5")"},
             {"box", "shut_down", R"("value": "touch )" + off + '"'},
             {"store", "max_message", R"("value": "1KiB")"}}) {
        const std::string said = set(section, key, what);
        EXPECT_NE(said.find("\"waits\":false"), std::string::npos) << said;
    }
    EXPECT_NE(get("/map").find("\"latitude\":1.5"), std::string::npos) << get("/map");
    EXPECT_NE(get("/session").find("\"language\":\"fr\""), std::string::npos) << get("/session");
    box_.waypost("people add ana");
    const std::string large = std::string(2000, 'x');
    EXPECT_NE(
        say("POST", "/messages", R"({"from": "ana", "to": ["ana"], "text": ")" + large + "\"}")
            .find("larger than"),
        std::string::npos);
    EXPECT_NE(set("box", "village", R"("value": "moor")").find("\"waits\":true"),
              std::string::npos);
    EXPECT_EQ(started(), before) << "the gateway runs on";
    ASSERT_EQ(say("POST", "/shutdown"), "{}\n");
    EXPECT_TRUE(eventually([&] { return std::filesystem::exists(off); })) << "the new command";
    EXPECT_FALSE(std::filesystem::exists(folder_ / "off"));
}

TEST_F(BoxControl, ABackupIsMadePutBackAndRemoved) {
    box_.waypost("people add ana");
    const std::string made = say("POST", "/backups");
    std::smatch name;
    ASSERT_TRUE(std::regex_search(made, name, std::regex(R"re("name":"([^"]+)")re"))) << made;
    EXPECT_NE(get("/backups").find(name[1]), std::string::npos);
    box_.waypost("people remove ana");
    ASSERT_EQ(get("/people").find("\"ana\""), std::string::npos);

    ASSERT_EQ(say("POST", "/backups/" + name[1].str() + "/restore"), "{}\n");
    EXPECT_TRUE(comes("/people", "\"ana\"")) << box_.log();
    EXPECT_EQ(say("DELETE", "/backups/" + name[1].str()), "{}\n");
    EXPECT_EQ(get("/backups").find(name[1]), std::string::npos);
    for (const char* other : {"none", "..", "%2e%2e%2fbodies"})
        EXPECT_NE(say("DELETE", std::string("/backups/") + other).find("no backup"),
                  std::string::npos);
}

// As somebody does who has a phone, the key and the copy, and no terminal.
TEST_F(BoxControl, AnEncryptedCopyIsPutBackWithItsKeyAndWithNothingElse) {
    for (const char* key : {"key", "other"})
        ASSERT_EQ(run("age-keygen -o '" + (folder_ / key) + "' 2>/dev/null"), 0) << "is age here?";
    box_.waypost("people add ana");
    std::filesystem::create_directory(folder_ / "backups");
    ASSERT_NE(say("POST", "/backup", R"({"path": ")" + (folder_ / "clear") + "\"}").find("{"),
              std::string::npos);
    const std::string copy = folder_ / "backups/waypost-hill.example-000001.tar.age";
    ASSERT_EQ(run("cd '" + (folder_ / "clear") + "' && tar -c . | age -r \"$(age-keygen -y '" +
                  (folder_ / "key") + "')\" -o '" + copy + "'"),
              0);
    std::filesystem::remove_all(folder_ / "clear");
    EXPECT_NE(get("/sealed-copies").find("hill.example-000001"), std::string::npos);
    box_.waypost("people remove ana");
    box_.waypost("people add ben");

    const std::string before = started();
    EXPECT_NE(restore_with("other").find("does not open"), std::string::npos);
    std::ofstream(folder_ / "words") << "open, please";
    EXPECT_NE(restore_with("words").find("no secret key"), std::string::npos);
    const auto size = std::filesystem::file_size(copy);
    std::filesystem::copy(copy, folder_ / "whole");
    std::filesystem::resize_file(copy, size - 100);
    EXPECT_NE(restore_with("key").find("damaged"), std::string::npos);
    EXPECT_EQ(started(), before) << "it runs on";
    EXPECT_NE(get("/people").find("\"ben\""), std::string::npos) << "the store stays";
    std::filesystem::rename(folder_ / "whole", copy);

    ASSERT_EQ(restore_with("key"), "{}\n");
    EXPECT_TRUE(comes("/people", "\"ana\"")) << box_.log();
    EXPECT_EQ(get("/people").find("\"ben\""), std::string::npos);
    EXPECT_EQ(run("ls -d '" + folder_.path() + "'/*.opened >/dev/null 2>&1"), 2 << 8)
        << "nothing in clear stays";
    EXPECT_EQ(box_.log().find("AGE-SECRET"), std::string::npos);
    EXPECT_EQ(run("grep -rl --exclude=key --exclude=other AGE-SECRET-KEY '" + folder_.path() + "'"),
              1 << 8)
        << "the key is kept nowhere";

    box_.waypost("people remove ana");
    const std::string restore = "restore '" + copy + "'";
    const auto refused = [&](const std::string& more, const std::string& why) {
        return run(box_.command() + ' ' + restore + more + " 2>&1 | grep -q -e '" + why + "'") == 0;
    };
    const std::string with_key = " --key '" + (folder_ / "key") + "'";
    EXPECT_TRUE(refused(with_key, "stop it first")) << "while it runs";
    box_.stop();
    EXPECT_TRUE(refused("", "--key FILE"));
    EXPECT_TRUE(refused(" --key '" + (folder_ / "other") + "'", "does not open"));
    const std::string done = box_.waypost(restore + with_key);
    EXPECT_EQ(done.rfind("Restored.", 0), 0u) << done;
    box_.start();
    EXPECT_TRUE(comes("/people", "\"ana\"")) << box_.log();
}

TEST_F(BoxControl, TheMachineIsSwitchedOffByItsCommandAfterTheStoreIsClosed) {
    ASSERT_EQ(say("POST", "/shutdown"), "{}\n");
    EXPECT_TRUE(eventually([&] { return std::filesystem::exists(folder_ / "off"); }));
    EXPECT_NE(box_.log().find("shut-down"), std::string::npos);
    EXPECT_LT(box_.log().find("closing"), box_.log().find("shut-down"));
}

}  // namespace
}  // namespace waypost::interop
