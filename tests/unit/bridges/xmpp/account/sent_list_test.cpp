// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/sent_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost::xmpp {
namespace {

class SentListTest : public testing::Test {
  protected:
    SentListTest() { list.begin(); }
    // Takes all that is to be written now.
    std::string written() {
        std::string all;
        for (const std::string* xml = list.next(); xml != nullptr; xml = list.next()) {
            all += *xml;
            list.wrote();
        }
        return all;
    }
    void barrier(const std::string& name) {
        list.barrier([this, name](bool ok) { told += (ok ? "+" : "-") + name; });
    }
    static void tell(std::vector<BarrierDone> done, bool ok = true) {
        for (BarrierDone& each : done) each(ok);
    }

    SentList list{100};
    std::string told;
};

TEST_F(SentListTest, WhatIsNotAcknowledgedIsWrittenAgainInItsOrder) {
    for (const char* xml : {"a", "b", "c", "d"}) list.add(xml);
    EXPECT_EQ(written(), "abcd");
    list.add("e");  // the line is cut, and this was not on it yet
    tell(list.acknowledged(2));
    EXPECT_EQ(list.write_again(), 2u);
    EXPECT_EQ(written(), "cde");
    // And once more: the count goes on where it was.
    tell(list.acknowledged(3));
    EXPECT_EQ(list.write_again(), 2u);
    EXPECT_EQ(written(), "de");
}

TEST_F(SentListTest, ABarrierIsReachedWhenAllBeforeItIsAcknowledged) {
    list.add("a");
    list.add("b");
    barrier("first");
    list.add("c");
    barrier("second");
    EXPECT_EQ(written(), "abc");
    tell(list.acknowledged(1));
    EXPECT_EQ(told, "");
    tell(list.acknowledged(2));
    EXPECT_EQ(told, "+first");
    list.write_again();
    EXPECT_EQ(written(), "c");
    tell(list.acknowledged(3));
    EXPECT_EQ(told, "+first+second");
}

TEST_F(SentListTest, AServerCannotAcknowledgeWhatWasNotWritten) {
    list.add("a");
    list.add("b");
    EXPECT_EQ(*list.next(), "a");
    list.wrote();
    barrier("all");
    tell(list.acknowledged(4'000'000'000));
    EXPECT_EQ(told, "");
    EXPECT_EQ(written(), "b");
}

TEST_F(SentListTest, TheEndOfTheSessionIsTheEndOfItsBarriers) {
    list.add("a");
    barrier("lost");
    tell(list.end(), false);
    EXPECT_EQ(told, "-lost");
    EXPECT_EQ(list.add("b"), Sent::Down);
    list.begin();
    EXPECT_EQ(list.next(), nullptr) << "nothing of one session goes to the next";
    EXPECT_EQ(list.add("c"), Sent::Queued);
    EXPECT_EQ(list.last(), 1u) << "a new session counts anew";
}

TEST_F(SentListTest, IsFullAndSaysWhenItIsNotAnyMore) {
    EXPECT_EQ(list.add(std::string(60, 'x')), Sent::Queued);
    EXPECT_EQ(list.add(std::string(60, 'x')), Sent::Full);
    EXPECT_EQ(list.add(std::string(60, 'p'), true), Sent::Queued) << "a ping always goes";
    EXPECT_FALSE(list.has_room());
    written();
    tell(list.acknowledged(2));
    EXPECT_TRUE(list.has_room());
    EXPECT_FALSE(list.has_room()) << "it is said once";
    EXPECT_EQ(list.add(std::string(200, 'x')), Sent::Queued) << "one alone may be larger";
}

}  // namespace
}  // namespace waypost::xmpp
