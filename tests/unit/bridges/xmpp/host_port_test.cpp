// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/host_port.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace waypost::xmpp {
namespace {

HostPort read(const std::string& text, int usual = 0) {
    return read_host_port("server", text, usual);
}

TEST(HostPort, ThePortIsBehindTheLastColonOutsideBrackets) {
    EXPECT_EQ(read("chat.example:5222").host, "chat.example");
    EXPECT_EQ(read("chat.example:5222").port, 5222);
    EXPECT_EQ(read("[::1]:5347").host, "::1");
    EXPECT_EQ(read("[::1]:5347").port, 5347);
    EXPECT_EQ(read("[::1]", 5222).port, 5222);
    EXPECT_EQ(read("chat.example", 5222).port, 5222);
}

TEST(HostPort, WhatIsNoneIsRefused) {
    for (const char* const text : {"chat.example", ":5222", "x.org:", "x.org:0", "x.org:65536"})
        EXPECT_THROW(read(text), std::runtime_error) << text;
}

TEST(HostPort, ThisMachineIsWhatIsCalledSo) {
    EXPECT_TRUE(is_this_machine(read("localhost:5347").host));
    EXPECT_TRUE(is_this_machine(read("127.0.0.1:5347").host));
    EXPECT_TRUE(is_this_machine(read("[::1]:5347").host));
    EXPECT_FALSE(is_this_machine("localhost.example"));
    EXPECT_FALSE(is_this_machine("192.168.4.1"));
    EXPECT_FALSE(is_this_machine(""));
}

}  // namespace
}  // namespace waypost::xmpp
