// SPDX-License-Identifier: Apache-2.0
// What is wrong with settings is found before anything is done with them, and at its key.
#include "app/check_settings.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "app/settings_report.h"
#include "app/transports.h"
#include "tests/unit/gateway/store/engine.h"

namespace waypost {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CheckSettings : public ::testing::Test {
  protected:
    std::vector<ConfigProblem> check(const std::string& toml) {
        std::ofstream(folder_ / "waypost.toml") << toml;
        const auto loaded = load_config(folder_ / "waypost.toml", all_sections());
        EXPECT_TRUE(loaded.ok()) << loaded.error().text;
        return loaded->problems.empty() ? check_settings(loaded->config) : loaded->problems;
    }
    // The one problem of these sections, which names this section and key.
    std::string at(const std::string& toml, const std::string& section, const std::string& key) {
        const auto problems = check("[box]\ndomain = \"hill.example\"\n" + toml);
        if (problems.size() != 1) {
            for (const auto& each : problems) ADD_FAILURE() << each.place << ": " << each.text;
            return "there are " + std::to_string(problems.size());
        }
        EXPECT_EQ(problems[0].section, section) << problems[0].text;
        EXPECT_EQ(problems[0].key, key) << problems[0].text;
        return problems[0].text;
    }
    std::set<std::string> files() const {
        std::set<std::string> all;
        for (const auto& each : std::filesystem::recursive_directory_iterator(folder_ / ""))
            all.insert(each.path().string());
        return all;
    }

    const store::TempFolder folder_;
};

TEST_F(CheckSettings, ValuesOfTheBoxAreRead) {
    EXPECT_THAT(at("quiet = \"at night\"\n", "box", "quiet"), HasSubstr("22:00-06:00"));
    EXPECT_THAT(at("timezone = \"Africa/Nowhere\"\n", "box", "timezone"),
                HasSubstr("Africa/Nairobi"));
    EXPECT_THAT(at("operators = [\"carl\", \"Carl M\"]\n", "box", "operators"),
                HasSubstr("\"Carl M\" is no name"));
    EXPECT_THAT(at("responders = [\"\"]\n", "box", "responders"), HasSubstr("is no name"));
    const auto nowhere = check("[box]\ndomain = \"no domain\"\n");
    ASSERT_EQ(nowhere.size(), 1u);
    EXPECT_EQ(nowhere[0].key, "domain");
}

TEST_F(CheckSettings, WhoPublishesAlarmsIsAGroupOrTheBox) {
    const std::string world = "[activitypub.main]\n";
    for (const char* who : {"box", "news", "water-board"})
        EXPECT_THAT(check("[box]\ndomain = \"hill.example\"\npublish_alarms = \"" +
                          std::string(who) + "\"\n" + world),
                    IsEmpty())
            << who;
    EXPECT_THAT(at("publish_alarms = \"#news\"\n" + world, "box", "publish_alarms"),
                HasSubstr("neither `box` nor the name of a group"));
    EXPECT_THAT(at("publish_alarms = \"news\"\n", "box", "publish_alarms"),
                HasSubstr("no section [activitypub.NAME]"));
}

TEST_F(CheckSettings, PlacesOfFilesAreLookedAt) {
    EXPECT_THAT(at("[store]\npath = \"none/waypost.db\"\n", "store", "path"),
                HasSubstr("there is no folder"));
    EXPECT_THAT(at("[api]\nsocket = \"none/waypost.sock\"\n", "api", "socket"),
                HasSubstr("there is no folder"));
    EXPECT_THAT(at("[api]\nsocket = \"" + std::string(120, 'x') + "\"\n", "api", "socket"),
                HasSubstr("107"));
    std::ofstream(folder_ / "index.html") << "page";
    const std::string page = "files = \".\"\n";
    EXPECT_THAT(at("[console]\nlisten = \"127.0.0.1:80\"\nfiles = \"none\"\n", "console", "files"),
                HasSubstr("no index.html"));
    for (const char* listen : {"80", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:http"})
        EXPECT_THAT(
            at("[console]\nlisten = \"" + std::string(listen) + "\"\n" + page, "console", "listen"),
            HasSubstr("0.0.0.0:80"));
}

TEST_F(CheckSettings, EachTransportIsMade) {
    EXPECT_THAT(at("[meshtastic.roof]\nport = \"/dev/ttyACM0\"\n", "meshtastic.roof", "port"),
                HasSubstr("serial:/dev/NAME"));
    EXPECT_THAT(at("[email.relay]\nsmarthost = \"smtp:\"\n", "email.relay", "smarthost"),
                HasSubstr("smtp"));
    EXPECT_THAT(at("[email.relay]\nuser = \"hill\"\n", "email.relay", "password_file"),
                HasSubstr("needs a password"));
    EXPECT_THAT(at("[email.relay]\nuser = \"hill\"\npassword_file = \"none\"\n", "email.relay",
                   "password_file"),
                HasSubstr("cannot open"));
    EXPECT_THAT(at("[email.relay]\ntrusted = [\"x\"]\n", "email.relay", "trusted"), HasSubstr("x"));
    EXPECT_THAT(at("[email.relay]\nlisten = [\"25\"]\n", "email.relay", "listen"),
                HasSubstr("lmtp:"));
    EXPECT_THAT(at("[nncp.post]\nconfig = \"none\"\n", "nncp.post", "config"), HasSubstr("none"));
}

TEST_F(CheckSettings, RulesOfSensorsAreReadWithFileAndLine) {
    const std::string rules = folder_ / "rules.toml";
    for (const std::string section : {"sensors", "lorawan"}) {
        const std::string name = section + ".home";
        const std::string head =
            '[' + name + "]\nbroker = \"mqtt://127.0.0.1\"\nrules = \"rules.toml\"\n";
        const std::string source = section == "sensors"
                                       ? "topic = \"a\"\n"
                                       : "device = \"a84041ffff000001\"\nvalue = \"/a\"\n";
        std::filesystem::remove(rules);
        EXPECT_THAT(at(head, name, "rules"), HasSubstr(rules + ": there is no such file"));
        std::ofstream(rules) << "[river]\n" << source << "ask = \"two words\"\n";
        const char* line = section == "sensors" ? ": line 3: river: ask" : ": line 4: river: ask";
        EXPECT_THAT(at(head, name, "rules"), HasSubstr(rules + line));
        std::ofstream(rules) << "[river]\n"
                             << source << "above = 1\ntext = \"x\"\nto = [\"ana\"]\n";
        EXPECT_THAT(at(head, name, "speaks_for"), HasSubstr("river is told to ana"));
        EXPECT_THAT(check("[box]\ndomain = \"hill.example\"\n" + head + "speaks_for = \"carl\"\n"),
                    IsEmpty());
    }
}

TEST_F(CheckSettings, WhatSectionsSayTogetherIsSaid) {
    EXPECT_THAT(at("[neighbour.dale]\ndomain = [\"dale.example\"]\naddresses = [\"x\"]\n",
                   "neighbour.dale", "addresses"),
                HasSubstr("x"));
    EXPECT_THAT(at("[alerts]\noff = [\"weather\"]\n", "alerts", "off"), HasSubstr("weather"));
}

TEST_F(CheckSettings, WhatIsRightHasNoProblemAndNoEffect) {
    const std::string right =
        "[box]\ndomain = \"hill.example\"\nquiet = \"22:00-06:00\"\noperators = [\"carl\"]\n"
        "timezone = \"Africa/Nairobi\"\n"
        "[meshtastic.roof]\nport = \"serial:/dev/none\"\nshared_band = \"roof\"\n"
        "[email.relay]\nlisten = [\"lmtp:127.0.0.1:2424\"]\nsmarthost = \"smtp:127.0.0.1:25\"\n"
        "security = \"plain\"\n";
    EXPECT_THAT(check(right), IsEmpty());
    const auto before = files();
    for (int i = 0; i < 3; ++i) EXPECT_THAT(check(right), IsEmpty()) << "as often as one likes";
    EXPECT_EQ(files(), before);
}

TEST(ProblemIn, FindsSectionAndKeyOfASentence) {
    const ConfigProblem named = problem_in("", "[box] quiet: hours look like 22:00-06:00");
    EXPECT_EQ(named.section, "box");
    EXPECT_EQ(named.key, "quiet");
    EXPECT_EQ(named.text, "hours look like 22:00-06:00");
    EXPECT_EQ(named.place, "[box] quiet");

    const ConfigProblem both =
        problem_in("", "[trunk.a] and [trunk.b] have one port, thus one modem");
    EXPECT_EQ(both.section, "trunk.a");
    EXPECT_EQ(both.text, "[trunk.a] and [trunk.b] have one port, thus one modem");

    const ConfigProblem none = problem_in("email.relay", "it does not like Mondays");
    EXPECT_EQ(none.section, "email.relay");
    EXPECT_EQ(none.key, "");
    EXPECT_EQ(none.place, "[email.relay]");
}

// The table says of each key what a change of it needs.
TEST(EffectOf, IsTheTruthOfEveryKey) {
    EXPECT_EQ(effect_of("log", "level"), Effect::AtOnce);
    EXPECT_EQ(effect_of("box", "domain"), Effect::Restart);
    EXPECT_EQ(effect_of("neighbour.dale", "place"), Effect::Restart);
    EXPECT_EQ(effect_of("meshtastic.roof", "gap"), Effect::Section);
    EXPECT_EQ(effect_of("email.relay", "user"), Effect::Section);
    EXPECT_EQ(effect_of("trunk.dale", "port"), Effect::Restart) << "nncp may go by it";
}

TEST_F(CheckSettings, TheChatServerBelongsToANetworkOfThisMachine) {
    EXPECT_THAT(at("[chatserver.box]\n", "chatserver", ""), HasSubstr("[xmpp.NAME]"));
    const std::string secret = folder_ / "secret";
    std::ofstream(secret) << "s\n";
    std::filesystem::permissions(secret, std::filesystem::perms(0600));
    const std::string network = "[xmpp.home]\nsecret = \"" + secret + "\"\n";
    EXPECT_THAT(at(network + "[chatserver.box]\nadmins = [\"a b\"]\n", "chatserver", "admins"),
                HasSubstr("no name of a person"));
    EXPECT_THAT(at(network + "[chatserver.box]\noutside = true\n", "chatserver", "outside"),
                HasSubstr("made itself"));
    EXPECT_THAT(check("[box]\ndomain = \"hill.example\"\n" + network + "[chatserver.box]\n"),
                IsEmpty());
}

TEST_F(CheckSettings, KeysOfRemoteCareAreRead) {
    const std::string key = "key = \"A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\"\n";
    const std::string carl = "[care.carl]\n" + key;
    EXPECT_THAT(check("[box]\ndomain = \"hill.example\"\n" + carl), IsEmpty());
    EXPECT_THAT(at("[care.carl]\nkey = \"carl\"\n", "care.carl", "key"),
                HasSubstr("waypost care keygen"));
    EXPECT_THAT(at("[care.carl]\n", "care.carl", "key"), HasSubstr("key"));
    EXPECT_THAT(at(carl + "may = [\"reboot\"]\n", "care.carl", "may"),
                HasSubstr("there is no command reboot"));
    EXPECT_THAT(at(carl + "answers_to = \"at home\"\n", "care.carl", "answers_to"),
                HasSubstr("cannot be there"));
    EXPECT_THAT(at(carl + "[care.eve]\n" + key, "care.eve", "key"), HasSubstr("has it too"));
}

}  // namespace
}  // namespace waypost
