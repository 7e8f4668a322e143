// SPDX-License-Identifier: Apache-2.0
// Lines and devices that do what they should not: nothing is lost that could be kept, and nothing
// is sent that the device or the law has no room for.
#include "played_device.h"

namespace waypost::meshtastic {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

using Trouble = SessionTest;

constexpr std::uint32_t kOwn = 0x0f473879;
constexpr char kHalf[] = "\x94\xc3\x01\x80half a frame";  // 384 bytes are promised

TEST_F(Trouble, AHalfFrameSwallowsNoneBehindIt) {
    shake_hands();
    const std::string half(kHalf, sizeof kHalf - 1);
    std::string stream = half;
    for (std::uint32_t id = 1; id <= 10; ++id) stream += text_frame(id, std::string(60, 'x'));
    EXPECT_EQ(session_.received(stream, now_).texts.size(), 10u);

    EXPECT_EQ(session_.received(half + text_frame(11, "last"), now_).texts.size(), 0u);
    EXPECT_LE(session_.next_tick(), now_ + seconds(10));
    now_ += seconds(10);
    EXPECT_EQ(session_.tick(now_).texts.size(), 1u) << "when no more comes it is found too";
}

TEST_F(Trouble, ATextBetweenRubbishIsFound) {
    shake_hands();
    std::size_t found = 0;
    for (std::uint32_t id = 1; id <= 200; ++id) {
        std::string rubbish;
        for (auto n = random_->below(300); n > 0; --n)
            rubbish += static_cast<char>(random_->below(3) == 0 ? 0x94 : random_->below(256));
        found += session_.received(rubbish + text_frame(id, "hi"), now_).texts.size();
        now_ += seconds(11);
        found += session_.tick(now_).texts.size();
    }
    EXPECT_EQ(found, 200u);
}

TEST_F(Trouble, NoiseIsNoSignOfLife) {
    shake_hands();
    bool reopened = false;
    for (int second = 0; second < 3600 && !reopened; ++second) {
        now_ += seconds(1);
        session_.received("INFO  | ??:??:?? 17 [Router] noise\r\n", now_);
        reopened = session_.tick(now_).reopen;
    }
    EXPECT_TRUE(reopened) << "a device that only logs answers no heartbeat";
}

TEST_F(Trouble, AnAnsweredHeartbeatKeepsAQuietLineOpen) {
    shake_hands();
    int beats = 0;
    pb::FromRadio answer;
    answer.mutable_queue_status()->set_free(16);
    for (const BoxTime end = now_ + hours(1); now_ < end;) {
        now_ = session_.next_tick();
        const Actions actions = session_.tick(now_);
        EXPECT_FALSE(actions.reopen);
        for (const auto& message : written(actions)) {
            beats += message.has_heartbeat() ? 1 : 0;
            feed(answer);
        }
    }
    EXPECT_EQ(beats, 12) << "one in five minutes";
}

TEST_F(Trouble, AMessageThatDeviceRebootsUnderGoesAgainUnderItsId) {
    shake_hands();
    ASSERT_EQ(written(session_.send(outgoing(21), now_)).size(), 1u);
    session_.send(outgoing(22), now_);
    pb::FromRadio rebooted;
    rebooted.set_rebooted(true);
    const auto hello = written(feed(rebooted));
    ASSERT_EQ(hello.size(), 1u) << "a serial line stays open";
    now_ += seconds(9);
    pb::FromRadio complete;
    complete.set_config_complete_id(hello[0].want_config_id());
    auto again = written(feed(complete));
    now_ += seconds(3);
    for (auto& more : written(session_.tick(now_))) again.push_back(more);
    ASSERT_EQ(again.size(), 2u);
    EXPECT_EQ(again[0].packet().id(), 21u);
    EXPECT_EQ(again[1].packet().id(), 22u);
}

TEST_F(Trouble, ALineThatIsGoneGivesBackWhatItHasNotSent) {
    shake_hands();
    session_.send(outgoing(31), now_);
    session_.send(outgoing(32), now_);
    const Actions gone = session_.closed(now_);
    ASSERT_EQ(gone.outcomes.size(), 1u);
    EXPECT_EQ(gone.outcomes[0].second.kind, Outcome::Kind::NotTried);
    EXPECT_EQ(session_.send(outgoing(33), now_).outcomes.at(0).second.kind,
              Outcome::Kind::NotTried);
    now_ += seconds(76);
    const Actions over = session_.tick(now_);
    ASSERT_EQ(over.outcomes.size(), 1u);
    EXPECT_EQ(over.outcomes[0].second.kind, Outcome::Kind::Unknown)
        << "its verdict was due: another radio may carry it now";
}

TEST_F(Trouble, LegalAirtimeUsedUpHoldsTheQueue) {
    shake_hands();
    session_.send(outgoing(41), now_);
    session_.send(outgoing(42), now_);
    const Actions full = routing(kOwn, 41, kDutyCycle);
    ASSERT_EQ(full.outcomes.size(), 1u);
    EXPECT_EQ(full.outcomes[0].second.kind, Outcome::Kind::Retry);
    now_ += minutes(2) - seconds(1);
    EXPECT_TRUE(written(session_.tick(now_)).empty());
    now_ += seconds(1);
    EXPECT_EQ(written(session_.tick(now_)).size(), 1u);
}

TEST_F(Trouble, ADeviceWhoseQueueIsFullIsAskedNotFed) {
    shake_hands();
    pb::FromRadio queue;
    queue.mutable_queue_status()->set_free(0);
    feed(queue);
    session_.send(outgoing(51), now_);
    for (int i = 0; i < 3; ++i) {
        now_ += seconds(21);
        const auto asked = written(session_.tick(now_));
        ASSERT_EQ(asked.size(), 1u);
        EXPECT_TRUE(asked[0].has_heartbeat());
        feed(queue);
    }
    queue.mutable_queue_status()->set_free(1);
    const auto sent = written(feed(queue));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].packet().id(), 51u);
}

TEST_F(Trouble, ANewNodeIsToldWhoWeAreOnceByUnicastAndWithinTheBudget) {
    shake_hands();
    const auto greeted = written(session_.received(text_frame(61, "hello"), now_));
    ASSERT_EQ(greeted.size(), 1u);
    EXPECT_EQ(greeted[0].packet().to(), 0x0000000au);
    EXPECT_EQ(greeted[0].packet().decoded().portnum(), kNodeInfo);
    pb::User user;
    EXPECT_TRUE(user.ParseFromString(greeted[0].packet().decoded().payload()));
    EXPECT_EQ(user.id(), "!0f473879");
    EXPECT_EQ(user.public_key().size(), 32u);
    EXPECT_TRUE(written(session_.received(text_frame(62, "again"), now_)).empty());

    session_.ledger().spend(now_, minutes(10));
    pb::FromRadio other;
    auto* packet = other.mutable_packet();
    packet->set_from(0x0000000b);
    packet->set_to(kBroadcast);
    packet->mutable_decoded()->set_portnum(kNodeInfo);
    EXPECT_TRUE(written(feed(other)).empty()) << "no airtime left";
    now_ += minutes(61);
    EXPECT_EQ(written(feed(other)).size(), 1u) << "then later";
}

TEST_F(Trouble, WhatAnotherRadioOfTheBandUsedIsNotThereToSpend) {
    shake_hands();
    const auto band = std::make_shared<SharedBand>(seconds(360), 2);
    AirtimeLedger trunk;
    trunk.set_budget(seconds(360), seconds(0));
    trunk.share_band(band, "trunk");
    session_.ledger().share_band(band, "mesh");
    const milliseconds all = trunk.left(now_, false);
    ASSERT_GT(all, seconds(300));
    ASSERT_TRUE(trunk.take(now_, all, false));
    pb::FromRadio other;
    auto* packet = other.mutable_packet();
    packet->set_from(0x0000000b);
    packet->set_to(kBroadcast);
    packet->mutable_decoded()->set_portnum(kNodeInfo);
    EXPECT_TRUE(written(feed(other)).empty());
    now_ += minutes(61);
    EXPECT_EQ(written(feed(other)).size(), 1u);
    EXPECT_LT(trunk.left(now_, true), seconds(360)) << "and its own counts for the other";
}

TEST_F(Trouble, OfThousandsOfMadeUpNodesFewAnHourAreToldWhoWeAre) {
    shake_hands();
    session_.ledger().set_budget(hours(100), milliseconds(0));
    int greeted = 0;
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        now_ += milliseconds(300);
        pb::FromRadio other;
        auto* packet = other.mutable_packet();
        packet->set_from(0x10000 + i);
        packet->set_to(kBroadcast);
        packet->mutable_decoded()->set_portnum(kNodeInfo);
        for (const auto& each : written(feed(other)))
            greeted += each.packet().decoded().portnum() == kNodeInfo ? 1 : 0;
    }
    EXPECT_EQ(greeted, 200);
    EXPECT_LE(session_.nodes_heard(), 2000u);
    EXPECT_GT(session_.nodes_heard_since(now_ - hours(1)), 1000u);
    now_ += minutes(61);
    EXPECT_EQ(session_.nodes_heard_since(now_ - hours(1)), 0u);
    EXPECT_EQ(written(session_.received(text_frame(63, "hello"), now_)).size(), 1u)
        << "we still know our own name";
}

// The device would drop an id that it was handed lately, and nobody would hear of it.
TEST_F(Trouble, ARepeatUnderItsOldIdIsPrecededByWhatMakesTheDeviceForget) {
    shake_hands();
    Outgoing repeat = outgoing(71);
    repeat.again = true;
    const auto sent = written(session_.send(repeat, now_));
    ASSERT_EQ(sent.size(), 21u);
    for (std::size_t i = 0; i < 20; ++i) {
        EXPECT_EQ(sent[i].packet().to(), session_.device().number) << "never on the air";
        EXPECT_FALSE(sent[i].packet().want_ack());
    }
    EXPECT_EQ(sent[20].packet().id(), 71u);
    EXPECT_EQ(sent[20].packet().decoded().portnum(), kText);
}

// EU_868: ten percent of the hour. What the device relays takes of that, not of the gateway's
// share.
TEST_F(Trouble, ADeviceThatSaysItIsAtTheLawsLimitIsHandedNothing) {
    shake_hands();
    pb::FromRadio message;
    auto* packet = message.mutable_packet();
    packet->set_from(kOwn);
    packet->mutable_decoded()->set_portnum(kTelemetry);
    pb::Telemetry telemetry;
    telemetry.mutable_device_metrics()->set_air_util_tx(5);
    packet->mutable_decoded()->set_payload(telemetry.SerializeAsString());
    feed(message);
    EXPECT_EQ(written(session_.send(outgoing(81), now_)).size(), 1u);
    telemetry.mutable_device_metrics()->set_air_util_tx(10);
    packet->mutable_decoded()->set_payload(telemetry.SerializeAsString());
    feed(message);
    now_ += seconds(3);
    const Actions full = session_.send(outgoing(82), now_);
    ASSERT_EQ(full.outcomes.size(), 1u);
    EXPECT_EQ(full.outcomes[0].second.code, "airtime");
    EXPECT_TRUE(full.write.empty());
}

TEST_F(Trouble, AcksThatTheDeviceSendsAreCounted) {
    shake_hands();
    pb::FromRadio message;
    auto* packet = message.mutable_packet();
    packet->set_from(0x0000000a);
    packet->set_to(kOwn);
    packet->set_id(91);
    packet->set_want_ack(true);
    packet->mutable_decoded()->set_portnum(kText);
    packet->mutable_decoded()->set_payload("hi");
    const auto beside = [&] {
        return session_.ledger().all_used(now_) - session_.ledger().used(now_);
    };
    const milliseconds before = beside();
    feed(message);
    EXPECT_GT(beside(), before + milliseconds(300));
    EXPECT_LT(beside(), before + milliseconds(700));
}

}  // namespace
}  // namespace waypost::meshtastic
