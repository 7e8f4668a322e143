// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "bridges/sensors/rules_file.h"
#include "tests/unit/gateway/store/engine.h"

namespace waypost::sensors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kRiver[] = R"(
[river]
topic = "flood/gauge"
value = "/level"
above = 2.5
hysteresis = 0.2
for = "5m"
repeat = "2h"
text = "River at {value} m"
over = "River is back at {value} m"
to = ["ana", "#news", "alarm"]
ask = "water"
unit = "m"
)";

TEST(Rules, ASensorAsTheManualShowsIt) {
    const auto rules = read_rules(kRiver, Kind::Topic);
    ASSERT_TRUE(rules.ok()) << rules.error().text;
    const Rule& river = rules->at(0);
    EXPECT_EQ(river.name, "river");
    EXPECT_EQ(river.above, 2.5);
    EXPECT_EQ(river.lasts, std::chrono::minutes(5));
    EXPECT_EQ(river.repeat, std::chrono::hours(2));
    EXPECT_THAT(river.to, ElementsAre("ana", "#news"));
    EXPECT_TRUE(river.alarm);
    EXPECT_EQ(river.ask, "water");
}

TEST(Rules, ALoRaWanDevice) {
    const auto rules = read_rules(R"(
[fridge]
device = "A84041FFFF000001"
port = 2
bytes = { offset = 1, length = 2, signed = true, scale = 0.01 }
above = 8
text = "Fridge {value} C"
to = ["ana"]
down = { application = "app1", device = "a84041ffff000002", port = 5, begins = "01", over = "00" }
)",
                                  Kind::Device);
    ASSERT_TRUE(rules.ok()) << rules.error().text;
    EXPECT_EQ(rules->at(0).device, "a84041ffff000001");
    EXPECT_TRUE(rules->at(0).bytes->is_signed);
    EXPECT_EQ(rules->at(0).down->begins, std::string("\x01", 1));
}

struct Wrong {
    const char* text;
    const char* says;
};

TEST(Rules, WhatIsWrongIsSaidInWords) {
    const std::string good = "topic = \"a/b\"\nabove = 1\ntext = \"x\"\nto = [\"ana\"]\n";
    const Wrong all[] = {
        {"", "no sensor"},
        {"river = 1", "is a table"},
        {"[River]\ntopic = \"a\"", "small letters"},
        {"[r]\ntopic = \"a/#/b\"\nask = \"w\"", "topic is a topic"},
        {"[r]\ntopic = 5\nask = \"w\"", "topic is a text"},
        {"[r]\ntopic = \"a\"\nvalue = \"level\"\nask = \"w\"", "JSON pointer"},
        {"[r]\ntopic = \"a\"", "what this sensor is for"},
        {"[r]\ntopic = \"a\"\ntext = \"x\"\nto = [\"ana\"]", "when to tell it"},
        {"[r]\ntopic = \"a\"\nabove = 1\nto = [\"ana\"]", "what is told"},
        {"[r]\ntopic = \"a\"\nabove = \"1\"\ntext = \"x\"\nto = [\"ana\"]", "above is a number"},
        {"[r]\ntopic = \"a\"\nabove = 1\nfor = \"5 minutes\"\ntext = \"x\"\nto = [\"ana\"]",
         "for is"},
        {"[r]\ntopic = \"a\"\nabove = 1\nrepeat = \"1s\"\ntext = \"x\"\nto = [\"ana\"]",
         "a minute"},
        {"[r]\ntopic = \"a\"\nabove = 1\ntext = \"x\"\nto = [\"Ana B\"]", "names people"},
        {"[r]\ntopic = \"a\"\nabove = 1\ntext = \"x\"\nto = [\"\"]", "names people"},
        {"[r]\ntopic = \"a\"\nabove = 1\ntext = \"x\"\nto = \"ana\"", "is a list"},
        {"[r]\ntopic = \"a\"\nabove = 1\nbelow = 2\ntext = \"x\"\nto = [\"ana\"]", "not less than"},
        {"[r]\ntopic = \"a\"\nask = \"two words\"", "is a word"},
        {"[r]\ntopic = \"a\"\nask = \"w\"\ncolour = 1",
         "line 4: r: there is no \"colour\", but above"},
        {"[r]\ndevice = \"a84041ffff000001\"\nask = \"w\"",
         "line 2: r: device is of rules that a [lorawan"},
        {"# two\n[b]\ntopic = \"x\"\n[a]\ntopic = \"x\"",
         "line 2: b: ask or above or below says what this sensor is for (and 1 more"},
        {"[r]\ntopic = \"a\"\nask = \"w\"\nrepeat = \n", "line 4: not TOML"},
        {"[r]\ntopic = \"a\"\nask = \"w\"\n[s]\ntopic = \"b\"\nask = \"w\"", "another sensor"},
        {"[r\n", "line 1"},
    };
    EXPECT_TRUE(read_rules("[r]\n" + good, Kind::Topic).ok());
    for (const Wrong& each : all) {
        const auto rules = read_rules(each.text, Kind::Topic);
        ASSERT_FALSE(rules.ok()) << each.text;
        EXPECT_THAT(rules.error().text, HasSubstr(each.says)) << each.text;
    }
    for (const char* bad :
         {"[r]\ndevice = \"123\"\nvalue = \"/a\"\nask = \"w\"",
          "[r]\ndevice = \"a84041ffff000001\"\nask = \"w\"",
          "[r]\ndevice = \"a84041ffff000001\"\nvalue = \"/a\"\nbytes = { offset = 0 }\nask = \"w\"",
          "[r]\ndevice = \"a84041ffff000001\"\nbytes = { length = 9 }\nask = \"w\"",
          "[r]\ndevice = \"a84041ffff000001\"\nbytes = 3\nask = \"w\""})
        EXPECT_FALSE(read_rules(bad, Kind::Device).ok()) << bad;
}

TEST(Rules, TheFileIsNamedWithTheLine) {
    const auto says = [](const std::string& path) {
        const auto rules = read_rules_file(path, Kind::Topic);
        return rules.ok() ? std::string("it is right") : rules.error().text;
    };
    const store::TempFolder folder;
    const std::string path = folder / "sensors.toml";
    EXPECT_EQ(says(path),
              path + ": there is no such file; name the file with the rules of the sensors");
    EXPECT_THAT(says(folder / ""), HasSubstr(": is a folder; name the file"));
    std::ofstream(path) << "[river]\ntopic = \"flood/gauge\"\nabove = \"high\"\n";
    EXPECT_EQ(says(path), path + ": line 3: river: above is a number");
    std::ofstream(path) << std::string(300 * 1024, '#');
    EXPECT_THAT(says(path), HasSubstr("longer than 256 KiB"));
}

}  // namespace
}  // namespace waypost::sensors
