// SPDX-License-Identifier: Apache-2.0
// The test of the signal: one probe, and what its answer says of each radio on the way.
#include "played_device.h"

namespace waypost::meshtastic {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint32_t kAna = 0x0000000a;

class SignalTestTest : public SessionTest {
  protected:
    void SetUp() override { shake_hands(); }

    // Asked for and written; the packet as the device gets it.
    pb::MeshPacket probe() {
        EXPECT_TRUE(session_.ask_signal(kAna, now_).ok());
        EXPECT_LE(session_.next_tick(), now_);
        const auto all = written(session_.tick(now_));
        EXPECT_EQ(all.size(), 1u);
        return all.empty() ? pb::MeshPacket() : all[0].packet();
    }
    void answer(const pb::MeshPacket& probe, const pb::RouteDiscovery& way,
                std::uint32_t from = kAna) {
        pb::FromRadio message;
        auto* packet = message.mutable_packet();
        packet->set_from(from);
        packet->set_to(session_.device().number);
        packet->mutable_decoded()->set_portnum(kTraceRoute);
        packet->mutable_decoded()->set_request_id(probe.id());
        packet->mutable_decoded()->set_payload(way.SerializeAsString());
        feed(message);
    }
    SignalTest::State state() { return session_.signal_test()->state; }
    std::vector<std::string> legs() {
        std::vector<std::string> all;
        for (const auto& leg : session_.signal_test()->legs) {
            all.push_back(leg.from.value + ' ' + leg.to.value + ' ' +
                          (leg.snr_db ? std::to_string(static_cast<int>(*leg.snr_db * 4)) : "?"));
        }
        return all;
    }
};

TEST_F(SignalTestTest, AProbeIsOneTraceThatAsksForAnAnswer) {
    const auto before = session_.ledger().used(now_);
    const pb::MeshPacket packet = probe();
    EXPECT_EQ(packet.to(), kAna);
    EXPECT_EQ(packet.decoded().portnum(), kTraceRoute);
    EXPECT_TRUE(packet.decoded().want_response());
    EXPECT_FALSE(packet.want_ack()) << "the device would repeat it";
    EXPECT_GT(session_.ledger().used(now_), before) << "it costs airtime";
    EXPECT_EQ(state(), SignalTest::State::Waits);
    EXPECT_TRUE(written(session_.tick(now_ + seconds(1))).empty()) << "once";
}

TEST_F(SignalTestTest, TheAnswerSaysWhatEachRadioHeardThereAndBack) {
    const pb::MeshPacket packet = probe();
    pb::RouteDiscovery way;
    way.add_snr_towards(33);
    way.add_snr_back(-71);
    now_ += seconds(4);
    answer(packet, way);
    EXPECT_EQ(state(), SignalTest::State::Answered);
    EXPECT_EQ(session_.signal_test()->took, seconds(4));
    EXPECT_EQ(legs(),
              (std::vector<std::string>{"!0f473879 !0000000a 33", "!0000000a !0f473879 -71"}));
}

TEST_F(SignalTestTest, RadiosBetweenHaveLegsOfTheirOwn) {
    const pb::MeshPacket packet = probe();
    pb::RouteDiscovery way;
    way.add_route(0x0b);
    way.add_route(kBroadcast);  // one that keeps its name
    way.add_snr_towards(8);
    way.add_snr_towards(-128);  // and what it heard
    way.add_snr_towards(12);
    answer(packet, way);
    EXPECT_EQ(legs(), (std::vector<std::string>{"!0f473879 !0000000b 8", "!0000000b  ?",
                                                " !0000000a 12", "!0000000a !0f473879 ?"}))
        << "firmware before 2.5 tells nothing of the way back";
}

TEST_F(SignalTestTest, WhatIsNoAnswerToItChangesNothing) {
    answer({}, {});
    EXPECT_FALSE(session_.signal_test());
    const pb::MeshPacket packet = probe();
    answer(packet, {}, 0x0000000b);
    pb::MeshPacket other = packet;
    other.set_id(packet.id() + 1);
    answer(other, {});
    pb::RouteDiscovery endless;
    for (int i = 0; i < 9; ++i) endless.add_route(7);
    answer(packet, endless);
    EXPECT_EQ(state(), SignalTest::State::Waits);
}

TEST_F(SignalTestTest, WithoutAnAnswerItIsSilentAfterAMinute) {
    probe();
    EXPECT_LE(session_.next_tick(), now_ + minutes(1));
    session_.tick(now_ + seconds(59));
    EXPECT_EQ(state(), SignalTest::State::Waits);
    session_.tick(now_ + minutes(1));
    EXPECT_EQ(state(), SignalTest::State::Silent);
    EXPECT_EQ(session_.signal_test()->why, "");
}

TEST_F(SignalTestTest, WhatTheDeviceHasAgainstItIsSaidAtOnce) {
    routing(session_.device().number, probe().id(), kNoChannel);
    EXPECT_EQ(state(), SignalTest::State::Silent);
    EXPECT_EQ(session_.signal_test()->why, "no key in common with the radio");
}

TEST_F(SignalTestTest, OneAtATimeAndOneInHalfAMinute) {
    const pb::MeshPacket packet = probe();
    EXPECT_EQ(session_.ask_signal(kAna, now_).error().code, Code::Busy);
    answer(packet, {});
    EXPECT_EQ(session_.ask_signal(kAna, now_ + seconds(29)).error().code, Code::Busy);
    EXPECT_TRUE(session_.ask_signal(kAna, now_ + seconds(30)).ok());
    EXPECT_EQ(state(), SignalTest::State::Waits) << "in place of the last one";
}

TEST_F(SignalTestTest, ToOurselvesToAllOrWithoutALineIsNone) {
    EXPECT_EQ(session_.ask_signal(session_.device().number, now_).error().code, Code::BadInput);
    EXPECT_EQ(session_.ask_signal(kBroadcast, now_).error().code, Code::BadInput);
    session_.closed(now_);
    EXPECT_EQ(session_.ask_signal(kAna, now_).error().text, "no connection to the device");
}

TEST_F(SignalTestTest, WithoutAirtimeThereIsNone) {
    while (session_.ledger().take(now_, seconds(1), false)) {
    }
    while (session_.ledger().take(now_, milliseconds(1), false)) {
    }
    const auto asked = session_.ask_signal(kAna, now_);
    ASSERT_FALSE(asked.ok());
    EXPECT_EQ(asked.error().text, "this hour's airtime is used up");
    EXPECT_TRUE(written(session_.tick(now_)).empty());
}

TEST_F(SignalTestTest, AFullQueueOfTheDeviceIsWaitedFor) {
    const auto room = [this](std::uint32_t free) {
        pb::FromRadio message;
        message.mutable_queue_status()->set_free(free);
        return feed(message);
    };
    room(0);
    ASSERT_TRUE(session_.ask_signal(kAna, now_).ok());
    EXPECT_TRUE(written(session_.tick(now_)).empty());
    EXPECT_EQ(written(room(1)).size(), 1u);
}

}  // namespace
}  // namespace waypost::meshtastic
