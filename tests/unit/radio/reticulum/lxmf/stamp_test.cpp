// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/lxmf/stamp.h"

#include <gtest/gtest.h>

#include "radio/reticulum/lxmf/message.h"
#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

TEST(LxmfStamp, ThatOfTheReferenceProgramIsWorthWhatItSays) {
    const auto vector = vector_file("stamps.json")->getObject("workblock");
    const StampWork work(vector_bytes(vector, "material_hex"),
                         vector->getValue<int>("expand_rounds"));
    const std::string stamp = vector_bytes(vector, "stamp_hex");
    const int value = vector->getValue<int>("expected_value");
    EXPECT_EQ(work.value(stamp), value);
    EXPECT_TRUE(work.good(stamp, value));
    EXPECT_FALSE(work.good(stamp, value + 1));
    EXPECT_FALSE(work.good(stamp.substr(1), 0));
}

TEST(LxmfStamp, AStampedMessageIsGood) {
    const auto vector = vector_file("stamps.json")->getObject("stamped");
    // Made with the few rounds of a test.
    const StampWork work(vector_bytes(vector, "message_id_hex"), 25);
    EXPECT_EQ(work.value(vector_bytes(vector, "stamp_hex")), 10);
}

TEST(LxmfStamp, AllRoundsCount) {
    // Found by a program of Python's hashlib and hmac alone, which gives the vector's workblock
    // too.
    const auto vector = vector_file("stamps.json")->getObject("workblock");
    const std::string stamp =
        bytes_of_hex("b64626f1a32eddd02d67ccca4392fbe7dbd13eae6dbd32d1f5a7813c2047ae06");
    const std::string material = vector_bytes(vector, "material_hex");
    EXPECT_EQ(StampWork(material).value(stamp), 20);
    EXPECT_LT(StampWork(material, kMessageStampRounds - 1).value(stamp), 20);
}

TEST(LxmfStamp, WhatWeMakeIsGoodForThisMessageAlone) {
    const auto random = seeded_random(3);
    const StampWork work(std::string(kFullHash, 'm'), 25);
    const StampWork other(std::string(kFullHash, 'n'), 25);
    for (const int cost : {1, 8, 12}) {
        const auto stamp = work.make(cost, *random, 1 << 18);
        ASSERT_TRUE(stamp) << cost;
        EXPECT_TRUE(work.good(*stamp, cost));
    }
    const auto stamp = work.make(12, *random, 1 << 18);
    ASSERT_TRUE(stamp);
    EXPECT_FALSE(other.good(*stamp, 12));
}

TEST(LxmfStamp, TheSearchHasAnEnd) {
    const auto random = seeded_random(3);
    const StampWork work(std::string(kFullHash, 'm'), 1);
    EXPECT_FALSE(work.make(kMostStampCost, *random, 1000));
    int asked = 0;
    EXPECT_FALSE(work.make(kMostStampCost, *random, UINT64_MAX, [&] { return ++asked == 3; }));
    EXPECT_EQ(asked, 3);
}

}  // namespace
}  // namespace waypost::reticulum
