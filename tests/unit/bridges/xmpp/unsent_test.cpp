// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/component/unsent.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace waypost::xmpp {
namespace {

class UnsentTest : public testing::Test {
  protected:
    Sent write(const Element& one) {
        if (line == Sent::Queued) written.emplace_back(one.get("id"));
        return line;
    }
    bool send(const std::string& name, const std::string& type, const std::string& id) {
        return unsent.send(Element(name).set("type", type).set("id", id), writer);
    }

    Unsent unsent;
    Sent line = Sent::Queued;
    std::vector<std::string> written;
    const Unsent::Write writer = [this](const Element& one) { return write(one); };
};

TEST_F(UnsentTest, RefusalsWaitForAStreamAndNothingElseDoes) {
    line = Sent::Down;
    EXPECT_TRUE(send("message", "error", "1"));
    EXPECT_TRUE(send("presence", "", "2"));
    EXPECT_TRUE(send("iq", "error", "3"));
    EXPECT_TRUE(send("message", "chat", "4"));
    EXPECT_TRUE(send("message", "error", "5"));
    line = Sent::Queued;
    EXPECT_TRUE(unsent.go_on(writer));
    EXPECT_EQ(written, (std::vector<std::string>{"1", "5"}));
    EXPECT_EQ(unsent.size(), 0u);
}

TEST_F(UnsentTest, WhatAFullLineHadNoRoomForGoesFirstUnlessTheStreamDies) {
    line = Sent::Full;
    EXPECT_TRUE(send("presence", "", "1"));
    EXPECT_TRUE(send("message", "error", "2"));
    line = Sent::Queued;
    EXPECT_TRUE(send("presence", "", "3")) << "behind what waits";
    EXPECT_TRUE(written.empty());
    EXPECT_TRUE(unsent.go_on(writer));
    EXPECT_EQ(written, (std::vector<std::string>{"1", "2", "3"}));
    line = Sent::Full;
    EXPECT_TRUE(send("presence", "", "4"));
    EXPECT_TRUE(send("message", "error", "5"));
    unsent.stream_down();
    line = Sent::Queued;
    EXPECT_TRUE(unsent.go_on(writer));
    EXPECT_EQ(written.back(), "5");
    EXPECT_EQ(written.size(), 4u);
}

TEST_F(UnsentTest, BothHaveABound) {
    line = Sent::Down;
    for (std::size_t i = 0; i < Unsent::kMostRefusals; ++i)
        ASSERT_TRUE(send("message", "error", "x"));
    EXPECT_FALSE(send("message", "error", "x"));
    line = Sent::Full;
    EXPECT_FALSE(unsent.go_on(writer));
    for (std::size_t i = Unsent::kMostRefusals; i < Unsent::kMost; ++i)
        ASSERT_TRUE(send("presence", "", "x"));
    EXPECT_FALSE(send("presence", "", "x"));
    unsent.stream_down();
    EXPECT_EQ(unsent.size(), Unsent::kMostRefusals);
}

}  // namespace
}  // namespace waypost::xmpp
