// SPDX-License-Identifier: Apache-2.0
// The carrier alone on a network of the test's own, with a store that says no.
#include <gtest/gtest.h>

#include "meshtastic.pb.h"
#include "radio/meshtastic/udp/datagram.h"
#include "radio/meshtastic/udp/udp_carrier.h"
#include "tests/fakes/fake_office.h"
#include "tests/interop/mail/peers.h"
#include "tests/interop/meshtastic_udp/lan.h"

namespace waypost::interop {
namespace {

using namespace meshtastic;

constexpr std::uint32_t kOwn = 7;

class Door final : public NodeDoor {
  public:
    explicit Door(int refuse) : refuse_(refuse) {}
    bool came(const std::vector<pb::MeshPacket>& packets) override {
        const std::lock_guard lock(mutex_);
        if (refuse_-- > 0) return false;
        for (const auto& packet : packets) taken_.push_back(packet.from());
        return true;
    }
    void carrier_changed() override {}
    std::vector<std::uint32_t> taken() {
        const std::lock_guard lock(mutex_);
        return taken_;
    }

  private:
    std::mutex mutex_;
    int refuse_;
    std::vector<std::uint32_t> taken_;
};

std::string packet_of(std::uint32_t from, std::size_t size = 20) {
    pb::MeshPacket packet;
    packet.set_from(from);
    packet.set_id(1);
    packet.set_encrypted(std::string(size, 'x'));
    return packet.SerializeAsString();
}

class UdpCarrierTest : public testing::Test {
  protected:
    UdpCarrierTest() {
        lan().at_hill();
        auto opened = MulticastSocket::open({"224.0.0.69", 4403}, find_interfaces("hill0"));
        if (!opened.ok()) throw std::runtime_error(opened.error().text);
        other = std::make_unique<MulticastSocket>(std::move(*opened));
    }
    void start(UdpCarrier& carrier, Door& door) {
        carrier.start(office, door, kOwn);
        ASSERT_TRUE(eventually([&] { return carrier.up(); })) << carrier.why_down();
    }
    static UdpCarrierOptions options() {
        UdpCarrierOptions all;
        all.group = {"224.0.0.69", 4403};
        all.interface = "hill0";
        all.again = std::chrono::milliseconds(20);
        return all;
    }
    FakeOffice office;
    std::unique_ptr<MulticastSocket> other;
};

TEST_F(UdpCarrierTest, WhatTheStoreRefusesForNowIsHandedOverAgain) {
    Door door(3);
    UdpCarrier carrier(options());
    start(carrier, door);
    ASSERT_TRUE(other->send(packet_of(1)));
    EXPECT_TRUE(eventually([&] { return door.taken() == std::vector<std::uint32_t>{1}; }));
    EXPECT_EQ(carrier.details().at("not taken"), "0");
    carrier.stop();
}

TEST_F(UdpCarrierTest, AStoreThatStaysFullCostsThatPacketOnly) {
    Door door(10);
    UdpCarrier carrier(options());
    start(carrier, door);
    ASSERT_TRUE(other->send(packet_of(1)));
    EXPECT_TRUE(eventually([&] { return carrier.details().at("not taken") == "1"; }));
    ASSERT_TRUE(other->send(packet_of(2)));
    EXPECT_TRUE(eventually([&] { return door.taken() == std::vector<std::uint32_t>{2}; }));
    carrier.stop();
}

TEST_F(UdpCarrierTest, LongOnesAndItsOwnDoNotCome) {
    Door door(0);
    UdpCarrier carrier(options());
    start(carrier, door);
    ASSERT_TRUE(other->send(packet_of(1, kMostDatagram)));
    ASSERT_TRUE(other->send(packet_of(kOwn)));
    ASSERT_TRUE(other->send(packet_of(2)));
    EXPECT_TRUE(eventually([&] { return door.taken() == std::vector<std::uint32_t>{2}; }));
    EXPECT_EQ(carrier.details().at("no packets"), "1");
    EXPECT_EQ(carrier.details().at("our own"), "1");
    carrier.stop();
}

TEST_F(UdpCarrierTest, WhatItSendsIsHeardByAnotherOnThisMachine) {
    Door door(0);
    UdpCarrier carrier(options());
    start(carrier, door);
    const std::string sealed = packet_of(kOwn);
    ASSERT_TRUE(carrier.send({1, kPki, sealed, {}}, {}));
    std::optional<std::string> heard;
    EXPECT_TRUE(eventually([&] { return (heard = other->receive(600)).has_value(); }));
    EXPECT_EQ(heard, sealed);
    carrier.stop();
}

// By a clock that stands still.
TEST_F(UdpCarrierTest, TakesSoManyAndNoMore) {
    Door door(0);
    auto few = options();
    few.rate = {3, 60};
    UdpCarrier carrier(few);
    start(carrier, door);
    for (std::uint32_t from = 11; from < 16; ++from) ASSERT_TRUE(other->send(packet_of(from)));
    EXPECT_TRUE(eventually([&] { return carrier.details().at("too many") == "2"; }));
    EXPECT_TRUE(eventually([&] { return door.taken() == std::vector<std::uint32_t>{11, 12, 13}; }));
    office.time().advance(std::chrono::minutes(1));
    ASSERT_TRUE(other->send(packet_of(16)));
    EXPECT_TRUE(eventually([&] { return door.taken().size() == 4; }));
    carrier.stop();
}

}  // namespace
}  // namespace waypost::interop
