// SPDX-License-Identifier: Apache-2.0
// The node as a transport: what it hands over, and what it does with deliveries.
#include "radio/meshtastic/node/node_transport.h"

#include <gtest/gtest.h>

#include "tests/fakes/fake_office.h"
#include "tests/unit/radio/meshtastic/node/other_node.h"

namespace waypost::meshtastic {
namespace {

class FakeCarrier final : public NodeCarrier {
  public:
    void start(Office&, NodeDoor& to, std::uint32_t number) override {
        door = &to;
        own = number;
    }
    void stop() override {}
    bool send(const NodePacket& packet, std::function<void(bool)> taken) override {
        if (!is_up) return false;
        sent.push_back(packet);
        if (taken) taken(true);
        return true;
    }
    bool up() const override { return is_up; }
    std::string why_down() const override { return is_up ? "" : "no line"; }
    std::map<std::string, std::string> details() const override { return {}; }

    NodeDoor* door = nullptr;
    std::uint32_t own = 0;
    bool is_up = true;
    std::vector<NodePacket> sent;
};

class NodeTransportTest : public testing::Test {
  protected:
    NodeTransportTest() { start(); }
    ~NodeTransportTest() override { transport->stop(); }

    static ChannelKey village() { return *channel_key("Village", "0123456789abcdef"); }
    void start() {
        NodeTransportOptions options;
        options.node.channels = {village()};
        auto made = std::make_unique<FakeCarrier>();
        carrier = made.get();
        transport =
            std::make_unique<NodeTransport>("meshtastic_mqtt.hill", options, std::move(made));
        transport->start(office);
        carrier->door->carrier_changed();
        pb::User user;
        user.ParseFromString(ana.reads(carrier->sent.at(0).sealed).payload());
        key = user.public_key();
    }
    Delivery letter(const std::string& text = "come home") {
        Delivery delivery;
        delivery.attempt = {1, 1};
        delivery.to = {"meshtastic", node_id(ana.number())};
        delivery.text = text;
        return delivery;
    }

    FakeOffice office;
    OtherNode ana{village()};
    std::unique_ptr<NodeTransport> transport;
    FakeCarrier* carrier = nullptr;
    std::string key;  // of our node
};

TEST_F(NodeTransportTest, KeepsItsKeyAndWhomItKnowsOverARestart) {
    ASSERT_TRUE(carrier->door->came({ana.who("Ana")}));
    const std::string before = key;
    const std::uint32_t number = carrier->own;
    EXPECT_EQ(transport->reach({"meshtastic", node_id(ana.number())}), 30);
    transport->stop();
    start();
    EXPECT_EQ(key, before);
    EXPECT_EQ(carrier->own, number);
    EXPECT_EQ(transport->reach({"meshtastic", node_id(ana.number())}), 0);
    EXPECT_EQ(transport->reach({"meshtastic", "!00000005"}), std::nullopt);
    transport->deliver(letter());
    EXPECT_EQ(carrier->sent.back().channel, kPki);
}

TEST_F(NodeTransportTest, ABatchIsHandedOverTogetherAndAcked) {
    ASSERT_TRUE(carrier->door->came({ana.who("Ana")}));
    const auto one = ana.sealed(carrier->own, key, "one");
    const auto two = ana.sealed(carrier->own, key, "two");
    const std::size_t before = carrier->sent.size();
    ASSERT_TRUE(carrier->door->came({one, two, one, two}));
    ASSERT_EQ(office.accepted.size(), 2u);
    EXPECT_EQ(office.accepted[0].text, "one");
    EXPECT_TRUE(office.accepted[0].verified_sender);
    EXPECT_EQ(office.accepted[0].privacy, Privacy::ToGateway);
    EXPECT_EQ(office.accepted[0].origin_id, node_id(one.id()).substr(1));
    EXPECT_EQ(carrier->sent.size(), before + 2);
}

TEST_F(NodeTransportTest, WhatTheStoreRefusesForNowIsNotAcked) {
    ASSERT_TRUE(carrier->door->came({ana.who("Ana")}));
    office.line_verdict = Verdict{Verdict::Kind::Later, Verdict::Reason::Busy, {}, 0};
    const auto packet = ana.sealed(carrier->own, key, "one");
    const std::size_t before = carrier->sent.size();
    EXPECT_FALSE(carrier->door->came({packet}));
    EXPECT_EQ(carrier->sent.size(), before);
    office.line_verdict.reset();
    EXPECT_TRUE(carrier->door->came({packet}));
    EXPECT_EQ(office.accepted.size(), 2u);
    EXPECT_EQ(carrier->sent.size(), before + 1);
}

TEST_F(NodeTransportTest, ADeliveryIsOnRecordBeforeItLeavesAndEndsWithTheAck) {
    ASSERT_TRUE(carrier->door->came({ana.who("Ana")}));
    std::function<void(bool)> commit;
    office.on_begin = [&](std::function<void(bool)> done) { commit = std::move(done); };
    const std::size_t before = carrier->sent.size();
    transport->deliver(letter());
    EXPECT_EQ(carrier->sent.size(), before);
    commit(true);
    ASSERT_EQ(carrier->sent.size(), before + 1);
    const NodePacket sent = carrier->sent.back();
    EXPECT_EQ(office.begun.back(), node_id(sent.id).substr(1));
    ASSERT_EQ(office.proofs.size(), 1u);  // the broker has it
    EXPECT_EQ(office.proofs[0].second.kind, Proof::Kind::Relayed);
    EXPECT_TRUE(office.reports.empty());
    ASSERT_TRUE(carrier->door->came({ana.routing(carrier->own, sent.id, kNone)}));
    ASSERT_EQ(office.reports.size(), 1u);
    EXPECT_EQ(office.reports[0].second.kind, Outcome::Kind::Delivered);
}

TEST_F(NodeTransportTest, WithoutALineNothingIsTriedAndAWireIdIsUsedAgain) {
    ASSERT_TRUE(carrier->door->came({ana.who("Ana")}));
    carrier->is_up = false;
    transport->deliver(letter());
    ASSERT_EQ(office.reports.size(), 1u);
    EXPECT_EQ(office.reports[0].second.kind, Outcome::Kind::NotTried);
    carrier->is_up = true;
    Delivery again = letter();
    again.wire_id = "0000abcd";
    transport->deliver(again);
    EXPECT_EQ(carrier->sent.back().id, 0xabcdu);
}

TEST_F(NodeTransportTest, ItIsStoppedWhileAnAttemptBegins) {
    ASSERT_TRUE(carrier->door->came({ana.who("Ana")}));
    std::function<void(bool)> commit;
    office.on_begin = [&](std::function<void(bool)> done) { commit = std::move(done); };
    transport->deliver(letter());
    transport->stop();
    const std::size_t before = carrier->sent.size();
    commit(true);
    EXPECT_EQ(carrier->sent.size(), before);
    ASSERT_EQ(office.reports.size(), 1u);
    EXPECT_EQ(office.reports[0].second.kind, Outcome::Kind::NotTried);
}

}  // namespace
}  // namespace waypost::meshtastic
