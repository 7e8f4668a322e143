// SPDX-License-Identifier: Apache-2.0
// What our side makes of the recorded sessions of a real node (firmware 2.8.0).
#include "played_device.h"

namespace waypost::meshtastic {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST_F(SessionTest, ShakesHandsWithARealNodeAndSkipsWhatIsNewer) {
    shake_hands();
    EXPECT_EQ(node_id(session_.device().number), "!0f473879");
    EXPECT_FALSE(session_.device().firmware.empty());
    EXPECT_EQ(session_.undecoded(), 0u);
    EXPECT_TRUE(session_.why_down().empty());
}

TEST_F(SessionTest, TheDevicesOwnPositionTellsTheTimeAndNobodyElses) {
    shake_hands();
    const auto told = [&](std::uint32_t from, std::uint32_t time, const std::string& wrong = {}) {
        pb::Position position;
        position.set_time(time);
        pb::FromRadio said;
        auto* packet = said.mutable_packet();
        packet->set_from(from);
        packet->set_to(0xffffffff);
        packet->set_id(600 + time % 100);
        packet->mutable_decoded()->set_portnum(kPosition);
        packet->mutable_decoded()->set_payload(wrong.empty() ? position.SerializeAsString()
                                                             : wrong);
        return feed(said).unix_time;
    };
    EXPECT_EQ(told(session_.device().number, 1'800'000'000), 1'800'000'000);
    EXPECT_FALSE(told(session_.device().number, 0)) << "it has no GPS";
    EXPECT_FALSE(told(0x0000000a, 1'800'000'001)) << "anybody can say that";
    EXPECT_FALSE(told(session_.device().number, 1, "\xff\xff"));
}

TEST_F(SessionTest, ItsBatteryIsToldUnlessItIsOnAPlug) {
    shake_hands();
    const auto battery = [&](std::uint32_t level) {
        pb::Telemetry telemetry;
        telemetry.mutable_device_metrics()->set_battery_level(level);
        pb::FromRadio said;
        auto* packet = said.mutable_packet();
        packet->set_from(session_.device().number);
        packet->set_id(700 + level);
        packet->mutable_decoded()->set_portnum(kTelemetry);
        packet->mutable_decoded()->set_payload(telemetry.SerializeAsString());
        feed(said);
        return session_.device().battery;
    };
    EXPECT_EQ(battery(87), 87);
    EXPECT_FALSE(battery(101));
    EXPECT_FALSE(battery(0));
    EXPECT_FALSE(battery(4'000'000'000));
}

TEST_F(SessionTest, WithoutARegionItIsDownAndSaysWhy) {
    shake_hands("full", false);
    if (session_.device().region == 0) {
        EXPECT_NE(session_.why_down().find("region"), std::string::npos);
        const Actions actions = session_.send(outgoing(5), now_);
        ASSERT_EQ(actions.outcomes.size(), 1u);
        EXPECT_EQ(actions.outcomes[0].second.kind, Outcome::Kind::NotTried);
    }
}

TEST_F(SessionTest, InARegionThatIsNotKnownItIsDownAndSaysWhatToDo) {
    shake_hands();
    pb::FromRadio lora;
    lora.mutable_config()->mutable_lora()->set_region(31);
    feed(lora);
    EXPECT_EQ(session_.why_down().substr(0, 18), "unknown region 31:");
    EXPECT_EQ(session_.why_down().find("not set"), std::string::npos);
    lora.mutable_config()->mutable_lora()->set_region(18);
    feed(lora);
    EXPECT_EQ(session_.why_down(), "");
}

TEST_F(SessionTest, AnAckOfTheAddresseeIsDelivered) {
    shake_hands();
    const Played played = play("dm_out_acked_by_peer");
    ASSERT_EQ(played.outcomes.size(), 1u);
    EXPECT_EQ(played.outcomes[0].second.kind, Outcome::Kind::Delivered);
    EXPECT_EQ(played.outcomes[0].second.proof, ProofClass::Reported);
    EXPECT_GT(played.outcomes[0].second.airtime, milliseconds(500));
}

TEST_F(SessionTest, ADirectTextComesInSealedAndOnce) {
    shake_hands();
    const Played played = play("dm_in");
    ASSERT_EQ(played.texts.size(), 1u);
    EXPECT_EQ(played.texts[0].text, "Bien re\u00e7u, merci \U0001F44D");
    EXPECT_TRUE(played.texts[0].direct);
    EXPECT_TRUE(played.texts[0].sealed);
    EXPECT_TRUE(play("dm_in").texts.empty()) << "the same packet again is no second text";
}

TEST_F(SessionTest, RepliesAndTapbacksAreToldApart) {
    shake_hands();
    const Played played = play("replies_and_tapback");
    ASSERT_EQ(played.texts.size(), 3u);
    EXPECT_EQ(played.texts[1].reply_id, 1560324044u);
    EXPECT_FALSE(played.texts[1].reaction);
    EXPECT_TRUE(played.texts[2].reaction);
    ASSERT_EQ(played.outcomes.size(), 1u);
    EXPECT_EQ(played.outcomes[0].second.kind, Outcome::Kind::Delivered);
}

TEST_F(SessionTest, WhoHasNoKeyIsAnsweredOnTheChannelThatHeCalledOn) {
    shake_hands();
    const auto heard_on = [&](std::uint32_t channel, std::uint32_t id) {
        pb::FromRadio call;
        auto* packet = call.mutable_packet();
        packet->set_from(0x0000000a);
        packet->set_to(0xffffffff);
        packet->set_id(id);
        packet->set_channel(channel);
        packet->mutable_decoded()->set_portnum(kText);
        packet->mutable_decoded()->set_payload("SOS");
        return feed(call);
    };
    const auto answer = [&](std::uint32_t id) {
        Outgoing out = outgoing(id, "ALARM 1");
        out.to = 0x0000000a;
        out.alarm = true;
        now_ += seconds(10);
        return session_.send(out, now_);
    };
    const auto channel_of = [&](const Actions& actions) {
        for (const auto& message : written(actions)) {
            if (message.packet().decoded().portnum() == kText) return message.packet().channel();
        }
        return 99u;
    };
    ASSERT_EQ(heard_on(2, 500).texts.size(), 1u);
    EXPECT_EQ(channel_of(answer(71)), 2u) << "our first channel's key he may not hold";
    // The device was given other channels meanwhile.
    const Actions gone = routing(session_.device().number, 71, kNoChannel);
    ASSERT_EQ(gone.outcomes.size(), 1u);
    EXPECT_EQ(gone.outcomes[0].second.kind, Outcome::Kind::Retry);
    EXPECT_EQ(gone.outcomes[0].second.retry_after, seconds(5));
    EXPECT_EQ(channel_of(answer(72)), 0u);
    heard_on(1, 501);
    EXPECT_EQ(channel_of(answer(73)), 1u);
}

TEST_F(SessionTest, AnUnknownNodeIsAskedForItsKeyAndTriedAgainSoon) {
    shake_hands();
    const Played played = play("dm_out_to_a_node_never_heard");
    ASSERT_EQ(played.outcomes.size(), 1u);
    EXPECT_EQ(played.outcomes[0].second.kind, Outcome::Kind::Retry);
    EXPECT_EQ(played.outcomes[0].second.code, "routing 39");
    EXPECT_EQ(played.outcomes[0].second.retry_after, seconds(20));
    ASSERT_EQ(played.written.size(), 2u);
    const auto& asked = played.written[1].packet();
    EXPECT_EQ(asked.to(), played.written[0].packet().to());
    EXPECT_EQ(asked.decoded().portnum(), kNodeInfo);
    EXPECT_TRUE(asked.decoded().want_response()) << "our key goes there, theirs comes back";
}

TEST_F(SessionTest, TooLargeFailsForGood) {
    shake_hands();
    const Played played = play("dm_out_too_large");
    ASSERT_EQ(played.outcomes.size(), 1u);
    EXPECT_EQ(played.outcomes[0].second.kind, Outcome::Kind::Failed);
}

TEST_F(SessionTest, ADeadPeerIsARetryAndCostsThreeTransmissions) {
    shake_hands();
    const Played played = play("dm_out_peer_down");
    ASSERT_EQ(played.outcomes.size(), 1u);
    EXPECT_EQ(played.outcomes[0].second.kind, Outcome::Kind::Retry);
    EXPECT_EQ(played.outcomes[0].second.code, "routing 5");
    EXPECT_EQ(session_.ledger().used(now_), played.outcomes[0].second.airtime);
}

TEST_F(SessionTest, ChannelTalkAndAlertsAreMarkedSo) {
    shake_hands();
    const Played played = play("broadcast_and_alert_in");
    ASSERT_EQ(played.texts.size(), 2u);
    EXPECT_FALSE(played.texts[0].direct);
    EXPECT_FALSE(played.texts[0].alert);
    EXPECT_TRUE(played.texts[1].alert);
}

TEST_F(SessionTest, ANodeSaysWhereItIsAndWhatCannotBeIsNotBelieved) {
    shake_hands();
    const auto hear = [&](std::int32_t latitude, std::int32_t longitude, std::uint32_t bits,
                          std::uint32_t at) {
        pb::Position position;
        position.set_latitude_i(latitude);
        position.set_longitude_i(longitude);
        position.set_precision_bits(bits);
        position.set_time(at);
        pb::FromRadio heard;
        heard.mutable_packet()->set_from(0xa1b2c3d4);
        heard.mutable_packet()->set_to(0xffffffff);
        heard.mutable_packet()->mutable_decoded()->set_portnum(kPosition);
        heard.mutable_packet()->mutable_decoded()->set_payload(position.SerializeAsString());
        return feed(heard).heard.at(0).second.place;
    };
    const auto place = hear(521'234'000, -1'135'678'000, 32, 1'700'000'000);
    ASSERT_TRUE(place);
    EXPECT_DOUBLE_EQ(place->latitude, 52.1234);
    EXPECT_DOUBLE_EQ(place->longitude, -113.5678);
    EXPECT_EQ(place->metres, 0);
    EXPECT_EQ(place->at, 1'700'000'000);
    EXPECT_EQ(hear(521'234'000, 135'678'000, 13, 0)->metres, 2445) << "its sender said it roughly";
    EXPECT_FALSE(hear(0, 0, 32, 0)) << "it knows nothing";
    EXPECT_FALSE(hear(900'000'001, 0, 32, 0));
    EXPECT_FALSE(hear(1, -1'800'000'001, 32, 0));
    pb::FromRadio broken;
    broken.mutable_packet()->set_from(0xa1b2c3d4);
    broken.mutable_packet()->mutable_decoded()->set_portnum(kPosition);
    broken.mutable_packet()->mutable_decoded()->set_payload("\xff\xff");
    EXPECT_FALSE(feed(broken).heard.at(0).second.place);
}

TEST_F(SessionTest, TextsArePacedSoThatTheFirmwareLosesNone) {
    shake_hands();
    EXPECT_EQ(written(session_.send(outgoing(11), now_)).size(), 1u);
    EXPECT_EQ(written(session_.send(outgoing(12), now_)).size(), 0u);
    EXPECT_EQ(written(session_.send(outgoing(13), now_)).size(), 0u);
    now_ += milliseconds(2499);
    EXPECT_EQ(written(session_.tick(now_)).size(), 0u);
    now_ += milliseconds(1);
    EXPECT_EQ(written(session_.tick(now_)).size(), 1u);
    EXPECT_LE(session_.next_tick(), now_ + milliseconds(2500));
}

TEST_F(SessionTest, ARebootInTheMiddleSendsTheSamePacketAgain) {
    shake_hands();
    ASSERT_EQ(written(session_.send(outgoing(21), now_)).size(), 1u);
    EXPECT_TRUE(session_.closed(now_).outcomes.empty());
    now_ += seconds(9);
    const Actions hello = session_.opened(now_);
    pb::FromRadio complete;
    complete.set_config_complete_id(written(hello).at(0).want_config_id());
    const auto again = written(feed(complete));
    ASSERT_EQ(again.size(), 1u);
    EXPECT_EQ(again[0].packet().id(), 21u);
}

TEST_F(SessionTest, NoVerdictIsUnknownAndALaterAckIsAProof) {
    shake_hands();
    session_.send(outgoing(31), now_);
    now_ += seconds(74);
    EXPECT_TRUE(session_.tick(now_).outcomes.empty());
    now_ += seconds(2);
    const Actions over = session_.tick(now_);
    ASSERT_EQ(over.outcomes.size(), 1u);
    EXPECT_EQ(over.outcomes[0].second.kind, Outcome::Kind::Unknown);
    pb::FromRadio late;
    auto* packet = late.mutable_packet();
    packet->set_from(0x0f473879 + 1);
    packet->mutable_decoded()->set_portnum(kRouting);
    packet->mutable_decoded()->set_request_id(31);
    pb::Routing routing;
    routing.set_error_reason(0);
    packet->mutable_decoded()->set_payload(routing.SerializeAsString());
    const Actions proven = feed(late);
    ASSERT_EQ(proven.proofs.size(), 1u);
    EXPECT_EQ(proven.proofs[0].second.kind, Proof::Kind::Delivered);
}

TEST_F(SessionTest, SpentAirtimeHoldsTextsAndKeepsAlarmsGoing) {
    shake_hands();
    int sent = 0;
    int held = 0;
    for (std::uint32_t i = 1; i < 300; ++i) {
        Actions actions = session_.send(outgoing(1000 + i, std::string(200, 'x')), now_);
        now_ += milliseconds(2500);
        Actions more = session_.tick(now_);
        pb::FromRadio room;
        room.mutable_queue_status()->set_free(16);
        feed(room);
        for (const Actions* a : {&actions, &more}) {
            sent += static_cast<int>(written(*a).size());
            for (const auto& [attempt, outcome] : a->outcomes) {
                held += outcome.kind == Outcome::Kind::NotTried ? 1 : 0;
            }
        }
    }
    EXPECT_GT(sent, 10);
    EXPECT_GT(held, 100);
    EXPECT_LE(session_.ledger().used(now_), seconds(72))
        << "a quarter of EU_868's 360 s, less the reserve";
    Outgoing alarm = outgoing(9999, "ALARM");
    alarm.alarm = true;
    EXPECT_EQ(written(session_.send(alarm, now_)).size(), 1u);
}

TEST_F(SessionTest, ASilentDeviceIsOpenedAgain) {
    session_.opened(now_);
    EXPECT_FALSE(session_.tick(now_ + seconds(44)).reopen);
    EXPECT_TRUE(session_.tick(now_ + seconds(45)).reopen);
    shake_hands();
    now_ += minutes(5);
    const auto beats = written(session_.tick(now_));
    ASSERT_EQ(beats.size(), 1u);
    EXPECT_TRUE(beats[0].has_heartbeat());
    now_ += minutes(2);
    EXPECT_TRUE(session_.tick(now_).reopen);
}

TEST_F(SessionTest, NothingADeviceSendsBreaksIt) {
    shake_hands();
    for (int round = 0; round < 3000; ++round) {
        std::string payload;
        for (auto n = random_->below(80); n > 0; --n)
            payload += static_cast<char>(random_->below(256));
        session_.received(frame(payload), now_);
    }
    EXPECT_GT(session_.undecoded(), 0u);
}

TEST_F(SessionTest, AKeyIsSaidByNodeInfoProvenByASealedTextAndElseRemembered) {
    shake_hands();
    const auto heard_in = [&](const std::function<void(pb::MeshPacket&)>& fill) {
        pb::FromRadio message;
        auto* packet = message.mutable_packet();
        packet->set_from(0x0000000a);
        packet->set_to(0x0f473879);
        fill(*packet);
        const Actions actions = feed(message);
        return actions.heard.empty() ? Heard{} : actions.heard[0].second;
    };
    const std::string forged(32, 'f');
    const std::string pinned(32, 'p');
    const auto node_info = heard_in([&](pb::MeshPacket& packet) {
        pb::User user;
        user.set_public_key(forged);
        packet.mutable_decoded()->set_portnum(kNodeInfo);
        packet.mutable_decoded()->set_payload(user.SerializeAsString());
    });
    EXPECT_EQ(node_info.public_key, forged);
    EXPECT_EQ(node_info.key, Heard::Key::Said);
    const auto telemetry =
        heard_in([](pb::MeshPacket& packet) { packet.mutable_decoded()->set_portnum(kTelemetry); });
    EXPECT_EQ(telemetry.public_key, forged);
    EXPECT_EQ(telemetry.key, Heard::Key::Remembered);
    const auto sealed = heard_in([&](pb::MeshPacket& packet) {
        packet.mutable_decoded()->set_portnum(kText);
        packet.set_pki_encrypted(true);
        packet.set_public_key(pinned);
    });
    EXPECT_EQ(sealed.public_key, pinned);
    EXPECT_EQ(sealed.key, Heard::Key::Proven);
}

// A device that seals by itself falls back to the channel without a word where it lost the key:
// what is labelled as sealed was asked for so.
TEST_F(SessionTest, WhatIsLabelledAsSealedWasToBeSealedOrNotSent) {
    shake_hands();
    own_from("!0000000c");
    const auto knows_key_of = [&](std::uint32_t number) {
        pb::FromRadio message;
        message.mutable_node_info()->set_num(number);
        message.mutable_node_info()->mutable_user()->set_public_key(std::string(32, 'k'));
        feed(message);
    };
    const auto asks_to_seal = [&](std::uint32_t id) {
        Outgoing out = outgoing(id);
        out.to = 0x0000000a;
        now_ += seconds(10);
        const auto all = written(session_.send(out, now_));
        EXPECT_EQ(all.size(), 1u);
        return !all.empty() && all[0].packet().pki_encrypted();
    };
    const auto label = [&](std::uint32_t from, std::uint32_t id, std::uint32_t error) {
        const Actions actions = routing(from, id, error);
        EXPECT_EQ(actions.outcomes.size(), 1u);
        return actions.outcomes.empty() ? std::nullopt : actions.outcomes[0].second.privacy;
    };
    knows_key_of(0x0000000c);
    EXPECT_FALSE(asks_to_seal(41)) << "no key of theirs is known";
    EXPECT_EQ(label(0x0000000a, 41, kNone), Privacy::Channel);
    knows_key_of(0x0000000a);
    EXPECT_TRUE(asks_to_seal(42));
    EXPECT_EQ(label(0x0000000a, 42, kNone), Privacy::ToRecipient);
    EXPECT_TRUE(asks_to_seal(43));
    EXPECT_EQ(label(0x0000000a, 43, kPkiFailed), std::nullopt);
    EXPECT_TRUE(asks_to_seal(44)) << "only the own device's word turns it off";
    EXPECT_EQ(label(0x0000000c, 44, kPkiFailed), std::nullopt);
    EXPECT_FALSE(asks_to_seal(45)) << "a licensed amateur's never seals";
    EXPECT_EQ(label(0x0000000a, 45, kNone), Privacy::Channel);
}

}  // namespace
}  // namespace waypost::meshtastic
