// SPDX-License-Identifier: Apache-2.0
// What is wrong with the settings is said in words, and nothing passes by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "radio/meshtastic/gateway/meshtastic_gateway.h"

namespace waypost::meshtastic {
namespace {

using testing::HasSubstr;
using Lists = std::map<std::string, std::vector<std::string>, std::less<>>;

std::string problem(const Lists& set, const std::string& root = "msh/EU_868",
                    const std::string& broker = "mqtt://127.0.0.1:1883") {
    const TransportKind kind = meshtastic_gateway_kind(std::make_shared<BrokerHub>());
    Lists lists = {{"radios", {}}, {"up", {}}, {"down", {}}, {"json_up", {}}, {"json_down", {}}};
    for (const auto& [key, value] : set) lists[key] = value;
    std::map<std::string, std::string, std::less<>> text = {
        {"broker", broker},     {"user", ""},  {"password", ""}, {"ca_file", ""}, {"version", "5"},
        {"everybody", "false"}, {"hops", "1"}, {"share", "25"},  {"root", root}};
    try {
        kind.make("meshtastic_gateway.hill", SectionValues(kind.section, "hill", text, lists));
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return {};
}

TEST(GatewayKind, NothingPassesByItself) {
    EXPECT_THAT(problem({}), HasSubstr("name the channels that may pass"));
    EXPECT_EQ(problem({{"up", {"Village", "PKI"}}}), "");
    EXPECT_EQ(problem({{"json_down", {"Village"}}}), "");
}

TEST(GatewayKind, WhatIsWrongIsSaid) {
    EXPECT_THAT(problem({{"up", {"a/b"}}}), HasSubstr("up: \"a/b\": a channel's name is"));
    EXPECT_THAT(problem({{"down", {"#"}}}), HasSubstr("down: "));
    EXPECT_THAT(problem({{"json_up", {"PKI"}}}), HasSubstr("name channels"));
    EXPECT_THAT(problem({{"up", {"Village"}}}, "msh/+"), HasSubstr("root: \"msh/+\" is no topic"));
    EXPECT_THAT(problem({{"up", {"Village"}}}, "msh/"), HasSubstr("is no topic"));
    EXPECT_THAT(problem({{"up", {"Village"}}}, "msh", "http://x"), HasSubstr("mqtts://HOST:PORT"));
}

}  // namespace
}  // namespace waypost::meshtastic
