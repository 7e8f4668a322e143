// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/facts.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/gateway/update/image_side.h"

namespace waypost {
namespace {

TEST(UpdateFactsText, LinesAreKeysAndValues) {
    const auto all = parse_key_values("a=1\nno value\n=nothing\nb=x=y\r\n\na=2\nlast=");
    EXPECT_EQ(all, (KeyValues{{"a", "2"}, {"b", "x=y"}, {"last", ""}}));
    EXPECT_TRUE(parse_key_values("").empty());
}

TEST(UpdateFactsText, HasABound) {
    const auto all = parse_key_values("long=" + std::string(20000, 'x') + "\nbehind=1\n");
    EXPECT_EQ(all.size(), 1u);
    EXPECT_LT(all.at("long").size(), 8192u);
}

TEST(UpdateFactsText, WhatIsNoTextIsMadeText) {
    EXPECT_EQ(parse_key_values("why=\xff\n").at("why"), "\xef\xbf\xbd");
}

TEST(UpdateFactsFolder, OutsideAnImageThereIsNone) {
    EXPECT_EQ(read_update_facts("/no/such/folder"), std::nullopt);
    ImageSide image;
    std::filesystem::remove(image.folder() / "running");
    EXPECT_FALSE(read_update_facts(image.folder()));
}

TEST(UpdateFactsFolder, WhatRunsAndNothingElse) {
    ImageSide image;
    const auto facts = read_update_facts(image.folder());
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->slot, "A");
    EXPECT_EQ(facts->version, "1.0");
    EXPECT_EQ(facts->board, "waypost-amd64");
    EXPECT_TRUE(facts->good);
    EXPECT_FALSE(facts->offer || facts->job || facts->result);
}

TEST(UpdateFactsFolder, AllOfIt) {
    ImageSide image;
    image.say("offer", "version=1.1\nis=newer\nfrom=upload waypost-1.1.raucb\nbytes=1048576\n");
    image.say("job", "doing=installing\npercent=40\ncode=\ntext=\nversion=1.1\n");
    image.say("result", "result=back\nversion=1.1\nfrom=1.0\nat=1800000000\nwhy=down\n");
    const auto facts = read_update_facts(image.folder());
    ASSERT_TRUE(facts && facts->offer && facts->job && facts->result);
    EXPECT_EQ(facts->offer->bytes, 1048576u);
    EXPECT_EQ(facts->offer->is, "newer");
    EXPECT_EQ(facts->job->percent, 40);
    EXPECT_EQ(facts->result->why, "down");
    EXPECT_EQ(facts->result->at, 1800000000);
}

TEST(UpdateFactsFolder, NumbersThatAreNone) {
    ImageSide image;
    image.say("offer", "bytes=-7\n");
    image.say("job", "percent=4000\n");
    image.say("result", "at=yesterday\n");
    const auto facts = read_update_facts(image.folder());
    ASSERT_TRUE(facts && facts->offer && facts->job && facts->result);
    EXPECT_EQ(facts->offer->bytes, 0u);
    EXPECT_EQ(facts->job->percent, 100);
    EXPECT_EQ(facts->result->at, 0);
}

}  // namespace
}  // namespace waypost
