// SPDX-License-Identifier: Apache-2.0
// Operators' signed commands in packets; and a node whose box was stolen.
#include "bridges/nncp/revoked.h"

#include "bridges/nncp/nncp_transport.h"
#include "gateway/message/care_text.h"
#include "two_boxes.h"

namespace waypost::nncp {
namespace {

class Revoked : public TwoBoxes {
  protected:
    // At hill, the keys of dale's node.
    std::set<std::string> revoke() {
        const auto names = forget_revoked(hill_.config, hill_.options,
                                          {key_print(hill_.config.nodes.at("relay"))});
        hill_.open();
        return names;
    }
};

TEST_F(Revoked, WhatItSendsIsNotTakenAnyMore) {
    exec(dale_, hill_, {"sendmail", "ana@hill.example"}, "From: b@dale.example\n\nHello\n");
    EXPECT_EQ(carry(dale_, hill_, true), 1u);
    hill_.round();
    EXPECT_EQ(hill_.office.accepted.size(), 1u) << "before";
    EXPECT_EQ(revoke(), std::set<std::string>{"relay"});
    exec(dale_, hill_, {"sendmail", "ana@hill.example"}, "From: b@dale.example\n\nAgain\n");
    exec(dale_, hill_, {kPostHandle}, "anything");
    exec(dale_, hill_, {kCareHandle}, "anything");
    EXPECT_GE(carry(dale_, hill_), 3u);
    hill_.round();
    hill_.round();
    EXPECT_EQ(hill_.office.accepted.size(), 1u);
    EXPECT_EQ(carry(hill_, dale_), 0u) << "nor is it answered";
}

TEST_F(Revoked, NothingIsQueuedForItNorByWayOfIt) {
    NodeConfig& config = hill_.config;
    Node other = config.nodes.at("relay");
    other.name = "moor";
    other.id.fill(7);
    other.via = {"relay"};
    config.nodes["moor"] = other;
    hill_.options.carries["moor.example"] = "moor";
    hill_.options.carries["*"] = "relay";
    hill_.options.compact = {"relay", "moor"};
    hill_.options.links = {{"relay", "trunk.dale"}, {"moor", "trunk.moor"}};
    revoke();
    EXPECT_EQ(config.nodes.count("relay"), 0u);
    EXPECT_TRUE(config.nodes.at("moor").via.empty());
    EXPECT_EQ(hill_.options.compact, std::set<std::string>{"moor"});
    EXPECT_EQ(hill_.options.links.size(), 1u);
    EXPECT_FALSE(hill_.routes->reach(mailto("ben", "dale.example")));
    EXPECT_FALSE(hill_.routes->reach(mailto("bob", "city.example")));
    EXPECT_TRUE(hill_.routes->reach(mailto("cleo", "moor.example")));
}

TEST_F(Revoked, ItsNameWithOtherKeysIsAnotherNode) {
    Node anew = hill_.config.nodes.at("relay");
    const std::string before = key_print(anew);
    anew.id.fill(9);
    EXPECT_NE(key_print(anew), before);
    hill_.config.nodes["relay"] = anew;
    EXPECT_TRUE(forget_revoked(hill_.config, hill_.options, {before}).empty());
    EXPECT_EQ(hill_.config.nodes.count("relay"), 1u);
}

TEST_F(Revoked, ASignedCommandIsAMailToCareAndItsAnswerFindsTheNode) {
    exec(dale_, hill_, {kCareHandle}, std::string("\x01\x00\xff", 3));
    exec(dale_, hill_, {kCareHandle}, std::string("Please\n") + kCareMark + "AQD/\n");
    carry(dale_, hill_);
    hill_.round();
    ASSERT_EQ(hill_.office.accepted.size(), 2u);
    for (const Message& message : hill_.office.accepted) {
        EXPECT_EQ(message.to, std::vector<Address>{mailto("care", "hill.example")});
        EXPECT_NE(message.text.find(std::string(kCareMark) + "AQD/"), std::string::npos);
        EXPECT_EQ(message.peer, "nncp:relay");
        EXPECT_EQ(message.return_path, mailto("care", "relay.nncp.invalid"));
    }
    EXPECT_TRUE(hill_.routes->reach(mailto("care", "relay.nncp.invalid")));
    EXPECT_FALSE(hill_.routes->reach(mailto("care", "self.nncp.invalid")));
    EXPECT_FALSE(hill_.routes->reach(mailto("care", "moon.nncp.invalid")));
    hill_.sender->carry({letter(hill_, "care@relay.nncp.invalid", "all well")});
    EXPECT_EQ(carry(hill_, dale_), 1u);
}

TEST_F(Revoked, ARefusedCommandIsToldTheNodeThatBroughtIt) {
    hill_.office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::NotAllowed,
                       "the signature is wrong", 0};
    };
    exec(dale_, hill_, {kCareHandle}, "x");
    exec(dale_, hill_, {kCareHandle}, std::string(5000, 'x'));
    carry(dale_, hill_);
    hill_.round();
    EXPECT_EQ(hill_.office.accepted.size(), 1u) << "the long one is put aside unread";
    EXPECT_GE(carry(hill_, dale_), 1u);
}

}  // namespace
}  // namespace waypost::nncp
