// SPDX-License-Identifier: Apache-2.0
// Settings: what is refused, and in which words.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "radio/reticulum/reticulum_transport.h"
#include "tests/unit/radio/reticulum/node/bench.h"

namespace waypost::reticulum {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

std::string refusal(const Values& more) {
    const TransportKind kind = reticulum_kind();
    Values text;
    for (const Setting& setting : kind.section->settings)
        text[std::string(setting.key)] = setting.fallback;
    for (const auto& [key, value] : more) text[key] = value;
    try {
        const auto made = kind.make("reticulum.x", SectionValues(kind.section, "x", text, {}));
        EXPECT_EQ(made->scheme(), "lxmf");
        return {};
    } catch (const std::runtime_error& e) {
        return e.what();
    }
}

bool says(const std::string& refusal, const std::string& words) {
    return refusal.find(words) != std::string::npos;
}

TEST(ReticulumKind, TakesALineALineForOthersAndAnRnode) {
    EXPECT_EQ(refusal({{"port", "tcp:10.0.0.1:4242"}}), "");
    EXPECT_EQ(refusal({{"port", "tcp:[::1]:4242"}}), "");
    EXPECT_EQ(refusal({{"port", "tcp-listen:0.0.0.0:4242"}}), "");
    const Values rnode{{"port", "rnode:/dev/ttyUSB0"},
                       {"region", "EU868"},
                       {"frequency", "869525000"},
                       {"power", "14"}};
    EXPECT_EQ(refusal(rnode), "");
    for (const char* port : {"", "tcp:", "tcp:host", "tcp:host:0", "tcp:host:70000", "tcp::4242",
                             "tcp:host:42x", "udp:host:4242", "rnode:", "/dev/ttyUSB0"})
        EXPECT_TRUE(says(refusal({{"port", port}}), "port: \"" + std::string(port) + "\"")) << port;
}

TEST(ReticulumKind, AnRnodeKeepsToALaw) {
    Values rnode{{"port", "rnode:/dev/ttyUSB0"}};
    EXPECT_TRUE(says(refusal(rnode), "needs a region"));
    rnode["region"] = "EU868";
    EXPECT_TRUE(says(refusal(rnode), "needs a frequency"));
    rnode["frequency"] = "900000000";
    EXPECT_NE(refusal(rnode), "");
    rnode["frequency"] = "869525000";
    rnode["bandwidth"] = "123456";
    EXPECT_TRUE(says(refusal(rnode), "bandwidth"));
    rnode["bandwidth"] = "125000";
    rnode["antenna_gain"] = "much";
    EXPECT_TRUE(says(refusal(rnode), "antenna_gain: much is no number"));
    // In 400 ms no whole frame fits at SF10.
    EXPECT_TRUE(says(refusal({{"port", "rnode:/dev/ttyUSB0"},
                              {"region", "AS923"},
                              {"frequency", "923200000"},
                              {"power", "13"},
                              {"spreading_factor", "10"}}),
                     "set a lower spreading factor"));
}

TEST(ReticulumKind, AKeyIsAWholeOne) {
    char name[] = "/tmp/waypost-key-XXXXXX";
    const int fd = ::mkstemp(name);
    ASSERT_GE(fd, 0);
    ::close(fd);
    ::chmod(name, 0600);
    const Values values{{"port", "tcp:host:4242"}, {"key_file", name}};
    std::ofstream(name) << std::string(128, 'a') << '\n';
    EXPECT_EQ(refusal(values), "");
    std::ofstream(name) << "abcd\n";
    EXPECT_TRUE(says(refusal(values), "128 hex digits"));
    ::unlink(name);
    EXPECT_TRUE(says(refusal(values), name));
}

TEST(ReticulumKind, AMessageIsOnePacketOnTheAir) {
    const TransportKind kind = reticulum_kind();
    Values text;
    for (const Setting& setting : kind.section->settings)
        text[std::string(setting.key)] = setting.fallback;
    text["port"] = "tcp:host:4242";
    const auto bytes = [&] {
        return kind.make("reticulum.x", SectionValues(kind.section, "x", text, {}))
            ->limits()
            .message_bytes;
    };
    EXPECT_EQ(bytes(), 8192u);
    text["text_bytes"] = "1000";
    EXPECT_EQ(bytes(), 1000u);
    text["text_bytes"] = "";
    text["port"] = "rnode:/dev/ttyUSB0";
    text["region"] = "EU868";
    text["frequency"] = "869525000";
    EXPECT_EQ(bytes(), 240u);
}

class TextOfAnRnode : public NodeTest, public testing::WithParamInterface<bool> {};

// With its author and a stamp, whether it answers or not.
TEST_P(TextOfAnRnode, NeedsNoLink) {
    const TransportKind kind = reticulum_kind();
    Values text;
    for (const Setting& setting : kind.section->settings)
        text[std::string(setting.key)] = setting.fallback;
    text["port"] = "rnode:/dev/ttyUSB0";
    text["region"] = "EU868";
    text["frequency"] = "869525000";
    const auto made = kind.make("reticulum.x", SectionValues(kind.section, "x", text, {}));
    for (const int cost : {0, 1}) {
        ana.stamp_cost = cost;
        meet(ana);
        Outgoing out;
        out.attempt = {cost + 1, 1};
        out.to = ana.destination();
        out.time_ms = 1'800'000'000'000 + cost;
        out.wire_id = wire_id_of(out.to, out.time_ms);
        out.text = "twelve-chars: " + std::string(made->limits().message_bytes, 'x');
        if (GetParam()) out.answers = std::string(kFullHash, 'a');
        act(node->send(out, now()));
        for (const StampWanted& each : std::exchange(stamps, {}))
            act(node->stamped(each.wire_id, std::string(kLxmfStamp, 's'), now()));
        pump();
    }
    EXPECT_EQ(ana.times(), 2);
    EXPECT_EQ(ana.links_answered(), 0);
    ASSERT_EQ(outcomes.size(), 2u);
    for (const auto& [attempt, outcome] : outcomes)
        EXPECT_EQ(outcome.kind, Outcome::Kind::Delivered);
}
INSTANTIATE_TEST_SUITE_P(WithAndWithoutAnswer, TextOfAnRnode, testing::Bool());

// A short one says what it answers, as long as a stamp fits too; one for a link does anyway.
TEST_F(NodeTest, WhatItAnswersIsLeftOutWhereThatAloneCostsALink) {
    meet(ana);
    const auto answer = [&](std::size_t bytes) {
        Outgoing out;
        out.attempt = {static_cast<int>(bytes), 1};
        out.to = ana.destination();
        out.time_ms = 1'800'000'000'000 + static_cast<std::int64_t>(bytes);
        out.wire_id = wire_id_of(out.to, out.time_ms);
        out.text = std::string(bytes, 'x');
        out.answers = std::string(kFullHash, 'a');
        act(node->send(out, now()));
        pump();
        return ana.last_reply_to() == out.answers;
    };
    EXPECT_TRUE(answer(219));
    EXPECT_FALSE(answer(220));
    EXPECT_FALSE(answer(287));
    EXPECT_EQ(ana.links_answered(), 0);
    EXPECT_TRUE(answer(288));
    EXPECT_EQ(ana.links_answered(), 1);
}

}  // namespace
}  // namespace waypost::reticulum
