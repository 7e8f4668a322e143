// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/gateway/json_text.h"

#include <gtest/gtest.h>

namespace waypost::meshtastic {
namespace {

std::string refusal(const std::string& payload) {
    const auto wish = read_wish(payload);
    return wish.ok() ? "taken: " + wish->text : wish.error().text;
}

TEST(JsonText, IsOfTheFormThatHomeAutomationKnows) {
    EXPECT_EQ(json_of({5, 4294967294, 4294967295, 1, 1'700'000'000, "!54d467a9", "na\u00efve"}),
              R"({"channel":1,"from":4294967294,"id":5,"payload":{"text":")"
              "na\u00efve"
              R"("},"sender":"!54d467a9","timestamp":1700000000,"to":4294967295,"type":"text"})");
}

TEST(JsonText, AWishIsRead) {
    const auto wish = read_wish(
        R"({"from":1423206313,"type":"sendtext","payload":" gate\n is open ","channel":1})");
    ASSERT_TRUE(wish.ok()) << wish.error().text;
    EXPECT_EQ(wish->from, 1423206313u);
    EXPECT_EQ(wish->channel, 1u);
    EXPECT_EQ(wish->text, "gate is open");
    EXPECT_EQ(refusal(R"({"from":7,"to":4294967295,"type":"sendtext","payload":"x"})"), "taken: x");
}

TEST(JsonText, NobodyIsWrittenToInTheBoxsName) {
    EXPECT_EQ(refusal(R"({"from":7,"to":8,"type":"sendtext","payload":"1 kept"})"),
              "nobody is written to in the box's name");
}

TEST(JsonText, WhatItSaidItselfIsNoWish) {
    EXPECT_EQ(refusal(R"({"from":7,"sender":"!00000007","type":"sendtext","payload":"x"})"),
              "our own");
    EXPECT_EQ(refusal(R"({"from":7,"type":"text","payload":{"text":"x"}})"),
              "only sendtext is done");
    EXPECT_EQ(refusal(R"({"from":7,"type":"sendposition","payload":{}})"), "only sendtext is done");
}

TEST(JsonText, RubbishIsRefused) {
    for (const char* bad :
         {"", "rubbish", "[]", "7", "null", "{", R"({"type":"sendtext","payload":"x"})",
          R"({"from":"7","type":"sendtext","payload":"x"})",
          R"({"from":-7,"type":"sendtext","payload":"x"})",
          R"({"from":4294967296,"type":"sendtext","payload":"x"})",
          R"({"from":7.5,"type":"sendtext","payload":"x"})",
          R"({"from":null,"type":"sendtext","payload":"x"})",
          R"({"from":true,"type":"sendtext","payload":"x"})",
          R"({"from":7,"type":"sendtext","payload":7})", R"({"from":7,"type":"sendtext"})",
          R"({"from":7,"type":"sendtext","payload":" \n "})",
          R"({"from":7,"channel":-1,"type":"sendtext","payload":"x"})",
          R"({"a":{"a":{"a":{"a":{"a":{"a":1}}}}}})"}) {
        const auto wish = read_wish(bad);
        EXPECT_FALSE(wish.ok()) << bad;
    }
    EXPECT_EQ(refusal(std::string(1025, ' ')), "too long");
}

}  // namespace
}  // namespace waypost::meshtastic
