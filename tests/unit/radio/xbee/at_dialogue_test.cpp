// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/at_dialogue.h"

#include <gtest/gtest.h>

namespace waypost::xbee {
namespace {

class AtDialogueTest : public ::testing::Test {
  protected:
    AtDialogue::Done keep() {
        return [this](const AtAnswer& answer) { answers_.push_back(answer); };
    }
    // The question that is written now; "" if none is.
    std::string written() {
        last_ = at_.due(now_);
        return last_ ? last_->name + last_->value : "";
    }

    FrameIds ids_;
    AtDialogue at_{ids_};
    BoxTime now_ = box_from_ms(1000);
    std::optional<AtCommand> last_;
    std::vector<AtAnswer> answers_;
};

TEST_F(AtDialogueTest, OneAfterTheOther) {
    at_.ask("NP", "", keep());
    at_.ask("MT", "\1", keep());
    EXPECT_EQ(written(), "NP");
    const std::uint8_t id = last_->id;
    EXPECT_TRUE(ids_.open(id));
    EXPECT_EQ(written(), "") << "the first is not answered";
    EXPECT_FALSE(at_.answered({id, "SL", 0, ""})) << "not what was asked";
    EXPECT_FALSE(at_.answered({static_cast<std::uint8_t>(id + 1), "NP", 0, ""}));
    EXPECT_TRUE(at_.answered({id, "NP", 0, "\1"}));
    EXPECT_FALSE(ids_.open(id));
    EXPECT_FALSE(at_.answered({id, "NP", 0, "\1"})) << "twice";
    EXPECT_EQ(written(), "MT\1");
    EXPECT_EQ(answers_.size(), 1u);
}

TEST_F(AtDialogueTest, ASilentModuleIsAskedThreeTimes) {
    at_.ask("NP", "", keep());
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(written(), "NP");
        now_ = at_.next_tick();
    }
    EXPECT_EQ(written(), "");
    ASSERT_EQ(answers_.size(), 1u);
    EXPECT_EQ(answers_[0].status, AtDialogue::kNoAnswer);
    EXPECT_TRUE(at_.idle());
    EXPECT_EQ(at_.next_tick(), BoxTime::max());
}

TEST_F(AtDialogueTest, WhatIsUrgentGoesFirstAndDoesNotPileUp) {
    at_.ask("NP", "", keep());
    EXPECT_EQ(written(), "NP");
    at_.ask("MT", "", keep());
    for (int i = 0; i < 1000; ++i) at_.ask_first("DB", keep());
    at_.answered({last_->id, "NP", 0, ""});
    EXPECT_EQ(written(), "DB");
    at_.answered({last_->id, "DB", 0, ""});
    EXPECT_EQ(written(), "MT");
    at_.answered({last_->id, "MT", 0, ""});
    EXPECT_TRUE(at_.idle());
    EXPECT_EQ(answers_.size(), 3u);
}

TEST_F(AtDialogueTest, WithoutAFreeIdItWaits) {
    for (int i = 0; i < 255; ++i) ids_.take();
    at_.ask("NP", "", keep());
    EXPECT_EQ(written(), "");
    ids_.give_back(9);
    EXPECT_EQ(written(), "NP");
    EXPECT_EQ(last_->id, 9);
    at_.clear();
    EXPECT_FALSE(ids_.open(9));
    EXPECT_TRUE(answers_.empty());
}

}  // namespace
}  // namespace waypost::xbee
