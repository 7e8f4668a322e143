// SPDX-License-Identifier: Apache-2.0
// Two boxes with a simulated RNode each, on one channel: whole packets, the law, lines that go.
#include "radio/reticulum/rnode_carrier.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <thread>

#include "radio/reticulum/wire/sizes.h"
#include "radio/simulator/modem_pty.h"
#include "radio/simulator/rnode/rnode_device.h"
#include "tests/fakes/fake_office.h"

namespace waypost::reticulum {
namespace {

using simulator::FrameAir;
using simulator::ModemPty;
using simulator::RnodeDevice;

class Door final : public CarrierDoor {
  public:
    void interface_up(InterfaceNumber number, const InterfaceInfo& said) override {
        const std::lock_guard lock(mutex);
        on = number;
        info = said;
    }
    void interface_down(InterfaceNumber) override {
        const std::lock_guard lock(mutex);
        on = 0;
    }
    void came(InterfaceNumber, const std::string& packet, const HeardSignal& said) override {
        const std::lock_guard lock(mutex);
        packets.push_back(packet);
        signal = said;
    }
    void carrier_changed() override {}

    InterfaceNumber number() const {
        const std::lock_guard lock(mutex);
        return on;
    }
    std::size_t count() const {
        const std::lock_guard lock(mutex);
        return packets.size();
    }

    mutable std::mutex mutex;
    InterfaceNumber on = 0;
    InterfaceInfo info;
    HeardSignal signal;
    std::vector<std::string> packets;
};

// One device at the end of its pseudo terminal.
struct Bench {
    explicit Bench(FrameAir& air, Random& random) : device(air, random) {}
    void step(BoxTime now) {
        device.from_host(pty.read(), now);
        device.step(now);
        pty.write(device.to_host(now));
    }
    ModemPty pty;
    RnodeDevice device;
};

class RnodeCarrierTest : public testing::Test {
  protected:
    static RnodeCarrierOptions options(const Bench& bench) {
        RnodeCarrierOptions made;
        made.port = "serial:" + bench.pty.path();
        made.region = "EU868";
        made.modem.frequency_hz = 869'525'000;
        made.modem.lora.bandwidth_hz = 125'000;
        made.modem.lora.spreading_factor = 8;
        made.share_percent = 4;
        return made;
    }
    // Fake time passes as fast as threads keep up with it.
    bool until(const std::function<bool()>& is, int most = 4000) {
        for (int i = 0; i < most; ++i) {
            if (is()) return true;
            office.time().advance(milliseconds(10));
            air.step(office.clock().box());
            a.step(office.clock().box());
            b.step(office.clock().box());
            pollfd lines[] = {{a.pty.fd(), POLLIN, 0}, {b.pty.fd(), POLLIN, 0}};
            ::poll(lines, 2, 2);
        }
        return is();
    }

    FakeOffice office;
    std::unique_ptr<Random> random = seeded_random(4);
    FrameAir air{*random};
    Bench a{air, *random}, b{air, *random};
    Door here, there;
};

TEST_F(RnodeCarrierTest, WholePacketsPassAndAreCounted) {
    RnodeCarrier one(options(a)), two(options(b));
    one.start(office, "reticulum.a", here);
    two.start(office, "reticulum.b", there);
    EXPECT_FALSE(one.up());
    EXPECT_EQ(one.send(1, "x", false), Carrier::Took::NoLine);
    ASSERT_TRUE(until([&] { return here.number() != 0 && there.number() != 0; }))
        << one.status().why;
    EXPECT_TRUE(one.up());
    EXPECT_GT(here.info.bits_per_second, 500);
    EXPECT_LT(here.info.bits_per_second, 5000);
    const std::string packet(kMtu, 'p');
    EXPECT_EQ(one.send(here.number(), packet, false), Carrier::Took::Yes);
    ASSERT_TRUE(until([&] { return there.count() == 1; }));
    EXPECT_EQ(there.packets[0], packet);
    EXPECT_TRUE(there.signal.rssi_dbm.has_value());
    EXPECT_EQ(air.frames(), 2u);
    ASSERT_TRUE(until([&] { return one.status().airtime_used > milliseconds(500); }));
    EXPECT_TRUE(one.status().airtime_limited);
    EXPECT_NE(office.kept()["airtime"], "");
    EXPECT_EQ(two.send(there.number(), "short", true), Carrier::Took::Yes);
    EXPECT_TRUE(until([&] { return here.count() == 1; }));
    one.stop();
    two.stop();
}

// 4 % of 10 % of an hour is 14 s: after a few packets there is no more, and what is reserved for
// alarms still is.
TEST_F(RnodeCarrierTest, WhatTheLawDoesNotLeaveIsNotSent) {
    RnodeCarrier one(options(a));
    one.start(office, "reticulum.a", here);
    ASSERT_TRUE(until([&] { return here.number() != 0; })) << one.status().why;
    const std::string packet(kMtu, 'p');
    auto took = Carrier::Took::Yes;
    int sent = 0;
    for (; sent < 200 && took != Carrier::Took::NoAirtime; ++sent) {
        took = one.send(here.number(), packet, false);
        until([] { return false; }, 30);
    }
    EXPECT_EQ(took, Carrier::Took::NoAirtime);
    EXPECT_GT(sent, 5);
    const auto wait = one.airtime_in(packet.size(), false);
    ASSERT_TRUE(wait.has_value());
    EXPECT_GT(*wait, std::chrono::seconds(60));
    EXPECT_EQ(one.send(here.number(), packet, true), Carrier::Took::Yes);
    EXPECT_TRUE(until([&] { return one.status().details.at("waiting packets") == "0"; }, 8000));
    EXPECT_LE(one.status().airtime_used, milliseconds(14'400));
    one.stop();
    // The next run knows what was spent.
    RnodeCarrier again(options(a));
    again.start(office, "reticulum.a", here);
    EXPECT_GT(again.status().airtime_used, milliseconds(8'000));
    again.stop();
}

// Another radio, a Meshtastic device say, asks while a packet is in the air: what the packet costs
// is no longer there for it.
TEST_F(RnodeCarrierTest, OnASharedBandAllKeepToTheLawTogether) {
    const milliseconds law(5000);
    SharedBands bands;
    RnodeCarrierOptions shared = options(a);
    shared.band = bands.join("roof", "reticulum.a", "reticulum.a", "EU868 869.4-869.65", law);
    ASSERT_EQ(bands.join("roof", "mesh", "meshtastic.roof"), shared.band);
    AirtimeLedger mesh;
    mesh.set_budget(milliseconds(360'000), milliseconds(0));
    mesh.share_band(shared.band, "mesh");
    RnodeCarrier one(shared);
    one.start(office, "reticulum.a", here);
    ASSERT_TRUE(until([&] { return here.number() != 0; })) << one.status().why;
    ASSERT_EQ(one.send(here.number(), std::string(kMtu, 'p'), false), Carrier::Took::Yes);
    ASSERT_TRUE(until([&] { return air.frames() == 1; }));
    EXPECT_NE(air.next(), BoxTime::max()) << "it is still in the air";
    EXPECT_FALSE(mesh.take(office.clock().box(), milliseconds(4500), true));
    ASSERT_TRUE(until([&] { return air.frames() == 2 && air.next() == BoxTime::max(); }));
    one.stop();
    const milliseconds used = law - shared.band->left("mesh", office.clock().box(), true);
    EXPECT_GT(used, milliseconds(500));
    EXPECT_LT(used, milliseconds(2500)) << "once";
}

TEST_F(RnodeCarrierTest, ADeviceThatStartsAgainIsAnotherInterface) {
    RnodeCarrier one(options(a));
    one.start(office, "reticulum.a", here);
    ASSERT_TRUE(until([&] { return here.number() == 1; })) << one.status().why;
    a.device.reset(office.clock().box());
    ASSERT_TRUE(until([&] { return here.number() == 0; }));
    EXPECT_FALSE(one.up());
    ASSERT_TRUE(until([&] { return here.number() == 2; }));
    one.stop();
    EXPECT_EQ(here.number(), 0);
}

}  // namespace
}  // namespace waypost::reticulum
