// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/node/make_node.h"

#include <gtest/gtest.h>

namespace waypost::nncp {
namespace {

Hjson fresh() { return new_node(make_keys(), "/s", "/l"); }

NodeConfig config_of(const Hjson& root) {
    auto config = parse_node_config(to_json(root));
    EXPECT_TRUE(config.ok()) << config.error().text;
    return std::move(config).value();
}

TEST(MakeNodeTest, WhatItMakesIsSound) {
    const Hjson one = fresh();
    const NodeConfig config = config_of(one);
    ASSERT_TRUE(config.self);
    EXPECT_TRUE(config.find("self")->noise_public);
    EXPECT_NE(config.self->id, config_of(fresh()).self->id);
}

TEST(MakeNodeTest, AnAreaIsSound) {
    Hjson root = fresh();
    Hjson areas = Hjson::object();
    areas.set("news", new_area());
    root.set("areas", areas);
    EXPECT_TRUE(config_of(root).find_area("news")->exchange);
}

TEST(MakeNodeTest, TheNeighboursPartHoldsNoSecret) {
    const Hjson theirs = public_part(config_of(fresh()), "dale", {{"lan", "dale.example:5400"}});
    EXPECT_EQ(to_json(theirs).find("prv"), std::string::npos);
    const auto both = merged(fresh(), theirs);
    ASSERT_TRUE(both.ok()) << both.error().text;
    const NodeConfig config = config_of(*both);
    ASSERT_NE(config.find("dale"), nullptr);
    EXPECT_EQ(config.find("dale")->addresses.at("lan"), "dale.example:5400");
}

TEST(MakeNodeTest, MergingKeepsWhatTheOperatorWrote) {
    const NodeConfig dale = config_of(fresh());
    Hjson ours = *merged(fresh(), public_part(dale, "dale"));
    ours.find("neigh")->find("dale")->set("incoming", Hjson::of_text("/in"));
    const auto again = merged(ours, public_part(dale, "dale", {{"lan", "dale:5400"}}));
    ASSERT_TRUE(again.ok()) << again.error().text;
    const NodeConfig config = config_of(*again);
    EXPECT_EQ(config.find("dale")->incoming, "/in");
    EXPECT_EQ(config.find("dale")->addresses.size(), 1u);
}

TEST(MakeNodeTest, AnotherKeyForAKnownNameIsAConflict) {
    const Hjson ours = *merged(fresh(), public_part(config_of(fresh()), "dale"));
    const auto other = merged(ours, public_part(config_of(fresh()), "dale"));
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().code, Code::Conflict);
}

TEST(MakeNodeTest, TheirOwnSelfIsLeftOut) {
    const Hjson ours = fresh();
    const auto both = merged(ours, fresh());
    ASSERT_TRUE(both.ok());
    EXPECT_EQ(to_json(*both), to_json(ours));
    for (const char* wrong : {"{neigh: 1\n}", "{neigh: {a: 1}}", "{neigh: {a: {}}}"})
        EXPECT_FALSE(merged(ours, *parse_hjson(wrong)).ok()) << wrong;
}

}  // namespace
}  // namespace waypost::nncp
