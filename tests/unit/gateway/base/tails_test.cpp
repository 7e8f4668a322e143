// SPDX-License-Identifier: Apache-2.0
// The last lines of the log and the last packets.
#include <gtest/gtest.h>

#include <thread>

#include "gateway/base/log_tail.h"
#include "gateway/base/packet_tail.h"

namespace waypost {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

TEST(LogTail, KeepsTheLastLinesByNumber) {
    LogTail tail;
    EXPECT_TRUE(tail.after(0).empty());
    for (int i = 1; i <= 250; ++i)
        tail.note(i, Level::Info, "email", "accepted", {{"id", std::to_string(i)}});
    const auto all = tail.after(0);
    ASSERT_EQ(all.size(), LogTail::kMost);
    EXPECT_EQ(all.front().number, 51u);
    EXPECT_EQ(all.front().fields, (Fields{{"id", "51"}}));
    EXPECT_EQ(all.back().at_ms, 250);
    EXPECT_EQ(tail.after(249).size(), 1u);
    EXPECT_TRUE(tail.after(250).empty());
    EXPECT_TRUE(tail.after(1000).empty()) << "of another program's numbers";
}

TEST(LogTail, ALineIsAsItWasSaidWhateverWasInItsPlaceBefore) {
    LogTail tail;
    for (std::size_t i = 0; i < LogTail::kMost; ++i)
        tail.note(1, Level::Error, "trunk", "long", {{"why", std::string(300, 'x')}});
    tail.note(7, Level::Warning, "nncp", "stick-unknown", {{"id", ""}, {"name", "B LUE=\""}});
    const LogLine line = tail.after(LogTail::kMost).at(0);
    EXPECT_EQ(line.level, Level::Warning);
    EXPECT_EQ(line.component, "nncp");
    EXPECT_EQ(line.event, "stick-unknown");
    EXPECT_EQ(line.fields, (Fields{{"id", ""}, {"name", "B LUE=\""}}));
    tail.note(8, Level::Info, "nncp", "alone", {});
    EXPECT_TRUE(tail.after(LogTail::kMost + 1).at(0).fields.empty());
}

TEST(LogTail, LongOnesAreCutAndNoValueMakesFields) {
    LogTail tail;
    tail.note(1, Level::Info, "a", "b", {{"why", std::string(10'000, 'x')}, {"lost", "yes"}});
    tail.note(2, Level::Info, "a", "b", {{"why", std::string("one\0role\0admin", 14)}, {"k", "v"}});
    const auto lines = tail.after(0);
    ASSERT_EQ(lines[0].fields.size(), 1u);
    EXPECT_LT(lines[0].fields[0].second.size(), LogTail::kMostBytes);
    EXPECT_EQ(lines[1].fields, (Fields{{"why", "one"}, {"k", "v"}}));
}

TEST(LogTail, HasWhatWasLoggedAndNotWhatWasLeftOut) {
    const auto before = log_tail().after(0);
    const std::uint64_t last = before.empty() ? 0 : before.back().number;
    log(Level::Info, "test", "seen", {{"id", "4"}});
    log(Level::Debug, "test", "off");
    const auto lines = log_tail().after(last);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0].event, "seen");
    EXPECT_GT(lines[0].at_ms, 1'600'000'000'000);
}

TEST(LogTail, ManyMayWriteAtOnce) {
    LogTail tail;
    const auto write = [&] {
        for (int i = 0; i < 2000; ++i) tail.note(i, Level::Info, "a", "b", {{"k", "value"}});
    };
    std::thread one(write), other(write);
    std::uint64_t seen = 0;
    while (seen < 4000) {
        for (const LogLine& each : tail.after(seen)) {
            EXPECT_EQ(each.fields, (Fields{{"k", "value"}}));
            EXPECT_GT(each.number, seen);
            seen = each.number;
        }
    }
    one.join();
    other.join();
}

TEST(PacketTail, KeepsTheLastOnes) {
    PacketTail tail;
    for (int i = 1; i <= 201; ++i)
        tail.note({0, i, "trunk.dale", i % 2 == 0, 17, "single " + std::to_string(i), {}, {}});
    tail.note({0, 300, "meshtastic.roof", false, 5, std::string(1000, 'x'), -7.5f, -91});
    const auto all = tail.after(0);
    ASSERT_EQ(all.size(), PacketTail::kMost);
    EXPECT_EQ(all.front().number, 3u);
    EXPECT_EQ(all.front().text, "single 3");
    EXPECT_FALSE(all.front().snr_db);
    EXPECT_EQ(all.back().text.size(), PacketTail::kMostText);
    EXPECT_EQ(all.back().transport, "meshtastic.roof");
    EXPECT_EQ(all.back().snr_db, -7.5f);
    EXPECT_EQ(all.back().rssi_dbm, -91);
    EXPECT_TRUE(tail.after(202).empty());
}

TEST(PacketTail, SeveralAreOfOneTransportAndTime) {
    PacketTail tail;
    PacketSeen heard, sent;
    heard.text = "heard";
    sent.text = "sent";
    sent.out = true;
    tail.note({sent, heard}, "reticulum.roof", 500);
    const auto all = tail.after(0);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].text, "sent");
    EXPECT_EQ(all[1].text, "heard");
    for (const PacketSeen& each : all) {
        EXPECT_EQ(each.transport, "reticulum.roof");
        EXPECT_EQ(each.at_ms, 500);
    }
    EXPECT_EQ(tail.heard_ms("reticulum.roof"), 500);
}

}  // namespace
}  // namespace waypost
