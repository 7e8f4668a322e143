// SPDX-License-Identifier: Apache-2.0
#include "radio/lora_modem/dialogue.h"

#include <gtest/gtest.h>

namespace waypost::lora_modem {
namespace {

using State = Dialogue::State;

Question wants(const std::string& command, const std::string& answer) {
    return {command, [answer](std::string_view line) {
                if (line == answer) return Verdict::Answered;
                return line == "no" ? Verdict::Refused : Verdict::NotMine;
            }};
}

class DialogueTest : public ::testing::Test {
  public:
    void SetUp() override {
        wrote =
            dialogue.begin({wants("set a 1", "ok"), wants("get a", "1"), wants("go", "gone")}, now);
    }
    void says(std::string_view line) { wrote = dialogue.take(line, now); }
    void later(milliseconds time) {
        now += time;
        wrote = dialogue.tick(now);
    }

    BoxTime now = box_from_ms(1'000);
    Dialogue dialogue;
    std::string wrote;
};

TEST_F(DialogueTest, OneCommandAfterTheOther) {
    EXPECT_EQ(wrote, "set a 1\r\n");
    says("ok");
    EXPECT_EQ(wrote, "get a\r\n");
    says("1");
    EXPECT_EQ(wrote, "go\r\n");
    says("gone");
    EXPECT_EQ(wrote, "");
    EXPECT_EQ(dialogue.state(), State::Done);
    EXPECT_EQ(dialogue.problem(), "");
}

TEST_F(DialogueTest, AnswersThatComeLateAndTwiceArePassedOver) {
    later(milliseconds(700));
    EXPECT_EQ(wrote, "set a 1\r\n") << "given again";
    says("ok");  // to the first
    EXPECT_EQ(wrote, "get a\r\n");
    says("ok");  // to the second
    EXPECT_EQ(wrote, "");
    says("1");
    says("1");
    says("gone");
    EXPECT_EQ(dialogue.state(), State::Done);
}

TEST_F(DialogueTest, ARefusalIsTakenAtTheThirdTime) {
    says("no");
    EXPECT_EQ(wrote, "set a 1\r\n");
    says("no");
    EXPECT_EQ(wrote, "set a 1\r\n");
    says("no");
    EXPECT_EQ(wrote, "");
    EXPECT_EQ(dialogue.state(), State::Refused);
    EXPECT_EQ(dialogue.problem(), "the modem answers `no` to `set a 1`");
    says("ok");
    EXPECT_EQ(wrote, "") << "it is over";
}

TEST_F(DialogueTest, SilenceAndNoiseAreGivenUpAtTheThirdTime) {
    says("ok");
    for (int i = 0; i < 2; ++i) {
        says("noise");
        later(milliseconds(699));
        EXPECT_EQ(wrote, "");
        later(milliseconds(1));
        EXPECT_EQ(wrote, "get a\r\n");
    }
    later(milliseconds(700));
    EXPECT_EQ(dialogue.state(), State::Silent);
    EXPECT_EQ(dialogue.problem(), "no answer to `get a`");
}

TEST_F(DialogueTest, WhatAModemSaysIsQuotedShortAndPrintable) {
    Question any{"x", [](std::string_view) { return Verdict::Refused; }};
    dialogue.begin({any}, now);
    for (int i = 0; i < 3; ++i) says("\x1b[2J" + std::string(500, 'a'));
    EXPECT_EQ(dialogue.problem(), "the modem answers `?[2J" + std::string(36, 'a') + "` to `x`");
}

}  // namespace
}  // namespace waypost::lora_modem
