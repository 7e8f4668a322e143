// SPDX-License-Identifier: Apache-2.0
// kill -9 while the console works on the box: settings and their passwords are saved, a backup is
// put back. After the next start either all is as it was or all is as it was to be, and it runs.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "gateway/base/crash_point.h"
#include "tests/interop/mail/ask.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

namespace fs = std::filesystem;

class BoxCrash : public ::testing::Test {
  protected:
    std::string get(const std::string& path) const { return ask(socket_, "GET", path); }
    // The answer, or nothing: it was killed before.
    std::string say(const std::string& method, const std::string& path, const std::string& body) {
        try {
            return ask(socket_, method, path, "\n\n\n", body);
        } catch (const Poco::Exception&) {
            return {};
        }
    }
    std::string part(const std::string& all, const std::string& pattern) const {
        std::smatch found;
        return std::regex_search(all, found, std::regex(pattern)) ? found[1].str() : std::string();
    }
    std::string version() const { return part(get("/settings"), R"re("version":"([^"]+)")re"); }
    // It dies at this passing of the point, and starts again.
    void dies_of(const std::string& point, const std::string& method, const std::string& path,
                 const std::string& body) {
        box_.stop();
        box_.start(point);
        ASSERT_FALSE(box_.died()) << "before it was asked, at " << point;
        say(method, path, body.empty() ? "{}" : with_version(body));
        ASSERT_TRUE(eventually([&] { return box_.died(); })) << "nothing passed " << point;
        box_.start();
    }
    std::string with_version(std::string body) const {
        const std::size_t at = body.find("VERSION");
        return at == std::string::npos ? body : body.replace(at, 7, version());
    }
    std::set<std::string> names() const {
        std::set<std::string> all;
        const std::string people = get("/people");
        for (const char* name : {"ana", "ben"})
            if (people.find('"' + std::string(name) + '"') != std::string::npos) all.insert(name);
        return all;
    }
    // What the console's file names as the password, and what is in that file.
    std::string password() const {
        const std::string named = part(contents(folder_ / "waypost.toml.d/zz-console.toml"),
                                       R"re(password_file = '([^']+)')re");
        return named.empty() ? std::string() : contents(named);
    }

    const Folder folder_;
    const std::string socket_ = folder_ / "api";
    BoxProcess box_{folder_, "[store]\nkeep_free = \"1MiB\"\n" + api_at(socket_)};
};

constexpr char kNewPassword[] =
    R"({"version": "VERSION", "changes": [)"
    R"({"section": "email.relay", "key": "user", "value": "hill"},)"
    R"({"section": "email.relay", "key": "password_file", "secret": "second"}]})";

TEST_F(BoxCrash, SettingsAndTheirPasswordAreTheOldOrTheNew) {
    std::string first = kNewPassword;
    first.replace(first.find("second"), 6, "first");
    ASSERT_NE(say("PATCH", "/settings", with_version(first)).find("waits"), std::string::npos);
    ASSERT_EQ(password(), "first\n");
    // The second file that is written is that of the settings themselves.
    for (const std::string point :
         {"file-written:1", "secrets-written:1", "file-written:2", "settings-written:1"}) {
        SCOPED_TRACE(point);
        dies_of(point, "PATCH", "/settings", kNewPassword);
        EXPECT_EQ(password(), point == "settings-written:1" ? "second\n" : "first\n");
        EXPECT_EQ(box_.waypost("config check"), "The configuration is right.\n");
        EXPECT_NE(get("/status").find("\"village\""), std::string::npos);
    }
    // What was left on the way goes with the next change.
    ASSERT_NE(say("PATCH", "/settings", with_version(kNewPassword)).find("waits"),
              std::string::npos);
    EXPECT_EQ(password(), "second\n");
    const fs::directory_iterator secrets(folder_ / "waypost.toml.d/secrets");
    EXPECT_EQ(std::distance(begin(secrets), end(secrets)), 1);
}

TEST_F(BoxCrash, ABackupIsPutBackWholeOrNotAtAll) {
    box_.waypost("people add ana");
    const std::string made = part(say("POST", "/backups", "{}"), R"re("name":"([^"]+)")re");
    ASSERT_FALSE(made.empty());
    box_.waypost("people add ben");
    const std::set<std::string> now{"ana", "ben"}, then{"ana"};
    for (const std::string point :
         {"store-closed:1", "backup-copied:1", "backup-ready:1", "stores-exchanged:1"}) {
        SCOPED_TRACE(point);
        ASSERT_EQ(names(), now);
        dies_of(point, "POST", "/backups/" + made + "/restore", "");
        EXPECT_EQ(names(), point == "stores-exchanged:1" ? then : now);
    }
    // The store that gave way is whole under the name that is kept for it, and was at once.
    fs::path aside;
    for (const auto& each : fs::directory_iterator(folder_.path())) {
        const std::string name = each.path().filename();
        if (name.find(".before-restore-") == std::string::npos || each.is_directory()) continue;
        if (name.find('.', name.find("-restore-")) != std::string::npos) continue;  // its bodies
        if (aside.empty() || each.path() > aside) aside = each.path();
    }
    ASSERT_FALSE(aside.empty());
    const std::string there = shell("sqlite3 '" + aside.string() +
                                    "' 'SELECT handle FROM persons' "
                                    "| sort | tr '\\n' ' '");
    EXPECT_EQ(there, "ana ben ");
    box_.waypost("people add carl");
    EXPECT_NE(get("/people").find("\"carl\""), std::string::npos) << "it works on";
}

// The crash test of messages walks those of messages; these are the others.
TEST(BoxCrashPoints, AreAllWalkedHere) {
    const std::set<std::string> here{"secrets-written", "file-written",  "settings-written",
                                     "store-closed",    "backup-copied", "backup-ready",
                                     "stores-exchanged"};
    const std::set<std::string> others(kCrashPointNames.begin() + kCrashPointsOfMessages,
                                       kCrashPointNames.end());
    EXPECT_EQ(others, here);
}

}  // namespace
}  // namespace waypost::interop
