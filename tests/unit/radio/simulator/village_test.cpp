// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/village.h"

#include <gtest/gtest.h>

#include <sstream>

namespace waypost::simulator {
namespace {

const std::string kFile = R"(
[channel]
preset = "LongFast"
region = "EU_868"
seed = 3
[[node]]
name = "post"
id = "!00000001"
port = ["tcp:127.0.0.1:0", "pty:/tmp/radio"]
[[node]]
name = "ana"
[[node]]
name = "ben"
position = [300, 400]
[[link]]
a = "ana"
b = "ben"
loss = 0.1
)";

std::string error_of(const std::string& text) {
    const auto village = parse_village(text, "v.toml");
    return village.ok() ? "" : village.error().text;
}

TEST(VillageFile, IsReadWhole) {
    const auto village = parse_village(kFile, "v.toml");
    ASSERT_TRUE(village.ok()) << village.error().text;
    ASSERT_EQ(village->nodes.size(), 3U);
    EXPECT_EQ(village->nodes[0].number, 1U);
    EXPECT_EQ(village->nodes[0].ports.size(), 2U);
    EXPECT_EQ(village->nodes[1].number, 0U);  // from its key, later
    EXPECT_EQ(village->region, 3);
    EXPECT_EQ(village->links.at(0).loss, 0.1);
}

TEST(VillageFile, WrongOnesNameFileLineAndCure) {
    EXPECT_EQ(error_of("[channel]\npreset = 99\n[[node]]\nname='a'").rfind("v.toml:2: ", 0), 0U);
    EXPECT_NE(error_of("[channel]\n").find("[[node]]"), std::string::npos);
    EXPECT_NE(error_of("[[node]]\nname='a b'").find("one word"), std::string::npos);
    EXPECT_NE(error_of("[[node]]\nname='a'\ncolour='red'").find("colour"), std::string::npos);
    EXPECT_NE(error_of("[[node]]\nname='a'\n[[node]]\nname='a'").find("two nodes"),
              std::string::npos);
    EXPECT_NE(error_of("[[node]]\nname='a'\nport='usb'").find("tcp:"), std::string::npos);
    EXPECT_NE(error_of("[[node]]\nname='a'\n[[link]]\na='a'\nb='x'").find("no node"),
              std::string::npos);
    EXPECT_NE(error_of("[[node").find("v.toml:1"), std::string::npos);
    EXPECT_NE(error_of("[[node]]\nname='a'\nid='!zz'").find("!a1b2c3d4"), std::string::npos);
}

std::vector<std::string> play(const std::string& lines, bool json = false) {
    std::istringstream script(lines);
    std::vector<std::string> out;
    const auto played = play_script(*parse_village(kFile, "v.toml"), script, json,
                                    [&](const std::string& line) { out.push_back(line); });
    if (!played.ok()) out.push_back("error: " + played.error().text);
    return out;
}

bool has(const std::vector<std::string>& lines, const std::string& line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST(VillageScript, PlaysInVirtualTimeAndRepeatsItself) {
    const std::string script =
        "# a day\n0 ana>ben: hello\n60 ben re 1: hello yourself\n120 ben off\n130 ana>ben: gone?\n";
    const auto out = play(script);
    EXPECT_TRUE(has(out, "ben sees: [ana] hello"));
    EXPECT_TRUE(has(out, "ana tick: heard by the radio ben"));
    EXPECT_TRUE(has(out, "ana sees: [ben] hello yourself"));
    EXPECT_EQ(play(script), out);
}

TEST(VillageScript, SaysWhatIsWrong) {
    EXPECT_EQ(play("ana: hello").back(),
              "error: line 1: write SECONDS LINE, as in `12.5 ana: hello`");
    EXPECT_EQ(play("9 ana: hello\n8 ana: hello").back(),
              "error: line 2: earlier than the line before it");
    EXPECT_TRUE(
        has(play("0 zoe>ana: hello"),
            "village error: write NAME: TEXT, NAME>NAME: TEXT, NAME off, NAME on, help or quit"));
    EXPECT_TRUE(has(play("0 ana>zoe: hello"), "ana error: no radio zoe"));
    EXPECT_TRUE(
        has(play("0 ana: " + std::string(201, 'x')), "ana error: 200 bytes at most in one packet"));
}

TEST(VillageScript, JsonHasOneObjectALine) {
    const auto out = play("0 ana>ben: hello", true);
    const auto seen = std::find_if(out.begin(), out.end(), [](const std::string& line) {
        return line.find("\"sees\"") != std::string::npos;
    });
    ASSERT_NE(seen, out.end());
    EXPECT_NE(seen->find("\"from\":\"ana\""), std::string::npos);
}

}  // namespace
}  // namespace waypost::simulator
