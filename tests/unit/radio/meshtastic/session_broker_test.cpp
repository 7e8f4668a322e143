// SPDX-License-Identifier: Apache-2.0
// The device's MQTT module and its host: what it hands over, and what it is handed of a broker.
#include "played_device.h"

namespace waypost::meshtastic {
namespace {

class SessionBrokerTest : public SessionTest {
  protected:
    // A handshake in which MQTT and its client proxy are on; what the session told then.
    BrokerFacts set_up() {
        session_.opened(now_);
        pb::FromRadio info;
        info.mutable_my_info()->set_my_node_num(7);
        feed(info);
        pb::FromRadio first;
        first.mutable_channel()->set_role(1);
        first.mutable_channel()->mutable_settings()->set_psk("\1");
        feed(first);
        pb::FromRadio second;
        second.mutable_channel()->set_index(2);
        second.mutable_channel()->set_role(2);
        second.mutable_channel()->mutable_settings()->set_name("Village");
        second.mutable_channel()->mutable_settings()->set_uplink_enabled(true);
        second.mutable_channel()->mutable_settings()->set_downlink_enabled(true);
        second.mutable_channel()
            ->mutable_settings()
            ->mutable_module_settings()
            ->set_position_precision(13);
        feed(second);
        pb::FromRadio lora;
        lora.mutable_config()->mutable_lora()->set_region(3);
        lora.mutable_config()->mutable_lora()->set_use_preset(true);
        lora.mutable_config()->mutable_lora()->set_hop_limit(3);
        lora.mutable_config()->mutable_lora()->set_ignore_mqtt(true);
        feed(lora);
        pb::FromRadio module;
        module.mutable_module_config()->mutable_mqtt()->set_enabled(true);
        module.mutable_module_config()->mutable_mqtt()->set_proxy_to_client_enabled(true);
        module.mutable_module_config()->mutable_mqtt()->set_encryption_enabled(true);
        feed(module);
        const auto asked = written(session_.opened(now_));
        for (const auto& each : {info, first, second, lora, module}) feed(each);
        pb::FromRadio complete;
        complete.set_config_complete_id(asked[0].want_config_id());
        const Actions done = feed(complete);
        return done.facts && *done.facts ? **done.facts : BrokerFacts();
    }
    static pb::FromRadio proxied(const std::string& data, const std::string& text = {}) {
        pb::FromRadio message;
        auto* proxy = message.mutable_mqtt_client_proxy_message();
        proxy->set_topic("msh/2/e/Village/!00000007");
        data.empty() ? proxy->set_text(text) : proxy->set_data(data);
        return message;
    }
    static ForDevice envelope(std::size_t air_bytes = 0, int share = 25) {
        ForDevice item;
        item.topic = "msh/2/e/Village/!aa000001";
        item.envelope = "envelope";
        item.air_bytes = air_bytes;
        item.share_percent = share;
        return item;
    }
    static ForDevice words(const std::string& text) {
        ForDevice item;
        item.text = text;
        item.channel = 2;
        return item;
    }
    std::size_t handed(const Actions& actions) {
        std::size_t count = 0;
        for (const auto& each : written(actions)) count += each.has_mqtt_client_proxy_message();
        return count;
    }
};

TEST_F(SessionBrokerTest, TheHandshakeTellsHowItsMqttIsSet) {
    const BrokerFacts facts = set_up();
    EXPECT_EQ(facts.number, 7u);
    EXPECT_TRUE(facts.mqtt && facts.proxy && facts.encrypts && facts.ignores);
    ASSERT_EQ(facts.channels.size(), 2u);
    EXPECT_EQ(facts.channels.at(0).name, "LongFast");  // it has no name of its own
    EXPECT_FALSE(facts.channels.at(0).uplink);
    const DeviceChannel& village = facts.channels.at(2);
    EXPECT_EQ(village.name, "Village");
    EXPECT_EQ(village.psk, "\1");  // none of its own: the first one's
    EXPECT_TRUE(village.uplink && village.downlink);
    EXPECT_EQ(village.precision, 13);
    const Actions gone = session_.closed(now_);
    ASSERT_TRUE(gone.facts);
    EXPECT_EQ(*gone.facts, nullptr);
}

TEST_F(SessionBrokerTest, ChannelsOutOfRangeAndOnesThatAreOffAreNone) {
    set_up();
    for (const int index : {-1, 8, 1'000'000}) {
        pb::FromRadio strange;
        strange.mutable_channel()->set_index(index);
        strange.mutable_channel()->set_role(2);
        feed(strange);
    }
    pb::FromRadio off;
    off.mutable_channel()->set_index(2);
    feed(off);
    pb::FromRadio rebooted;
    rebooted.set_rebooted(true);
    const auto asked = written(feed(rebooted));
    pb::FromRadio complete;
    complete.set_config_complete_id(asked.at(0).want_config_id());
    EXPECT_TRUE((*feed(complete).facts)->channels.empty());  // nothing of before counts
}

TEST_F(SessionBrokerTest, EnvelopesAreHandedOnAndItsOwnJsonIsNot) {
    EXPECT_TRUE(feed(proxied("early")).for_broker.empty());
    set_up();
    const auto got = feed(proxied("envelope")).for_broker;
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(got[0].topic, "msh/2/e/Village/!00000007");
    EXPECT_EQ(got[0].payload, "envelope");
    EXPECT_TRUE(feed(proxied({}, R"({"type":"text"})")).for_broker.empty());
}

TEST_F(SessionBrokerTest, WhatStaysWithinTheDeviceCostsNoAir) {
    set_up();
    const Actions actions = session_.from_broker(envelope(), now_);
    ASSERT_EQ(handed(actions), 1u);
    EXPECT_EQ(written(actions)[0].mqtt_client_proxy_message().data(), "envelope");
    EXPECT_FALSE(actions.spent);
    EXPECT_EQ(session_.ledger().used(now_).count(), 0);
}

TEST_F(SessionBrokerTest, WhatGoesOnTheAirKeepsToItsShare) {
    set_up();
    const milliseconds all = session_.ledger().left(now_, false);
    std::size_t sent = 0;
    for (int i = 0; i < 200; ++i) {
        sent += handed(session_.from_broker(envelope(200), now_));
        now_ += std::chrono::seconds(5);
    }
    EXPECT_GT(sent, 2u);
    EXPECT_LE(session_.ledger().used(now_), all / 4);
    EXPECT_GT(session_.ledger().used(now_), all / 5);
    EXPECT_EQ(session_.broker_dropped(), 200 - sent);
    // The village's own texts have the rest.
    EXPECT_FALSE(session_.send(outgoing(1), now_).write.empty());
}

TEST_F(SessionBrokerTest, AFloodWaitsInAFewPlacesAndLeavesTheQueueToOthers) {
    set_up();
    std::size_t at_once = 0;
    for (int i = 0; i < 1000; ++i) at_once += handed(session_.from_broker(envelope(), now_));
    EXPECT_EQ(at_once, 1u);
    EXPECT_EQ(session_.broker_dropped(), 1000u - 1 - 64);
    pb::FromRadio full;
    full.mutable_queue_status()->set_free(8);
    feed(full);
    std::size_t later = 0;
    for (int i = 0; i < 10; ++i) later += handed(session_.tick(now_ += std::chrono::seconds(1)));
    EXPECT_EQ(later, 0u);
    full.mutable_queue_status()->set_free(16);
    later += handed(feed(full));
    for (int i = 0; i < 100; ++i) {
        now_ = std::max(now_, session_.next_tick());
        later += handed(session_.tick(now_));
    }
    EXPECT_EQ(later, 64u);
}

TEST_F(SessionBrokerTest, WhatWaitsForADeviceThatStartsAnewIsDropped) {
    set_up();
    for (int i = 0; i < 3; ++i) session_.from_broker(envelope(), now_);
    now_ += std::chrono::seconds(1);
    pb::FromRadio rebooted;
    rebooted.set_rebooted(true);
    const auto asked = written(feed(rebooted));
    EXPECT_EQ(session_.broker_dropped(), 2u);
    EXPECT_GE(session_.next_tick(), now_ + milliseconds(50));

    EXPECT_EQ(handed(session_.from_broker(envelope(), now_)), 0u) << "during the handshake";
    EXPECT_EQ(session_.broker_dropped(), 3u);
    EXPECT_GE(session_.next_tick(), now_ + milliseconds(50));

    pb::FromRadio complete;
    complete.set_config_complete_id(asked.at(0).want_config_id());
    EXPECT_EQ(handed(feed(complete)), 0u);
    EXPECT_EQ(handed(session_.tick(now_ += std::chrono::seconds(1))), 0u);
    EXPECT_EQ(handed(session_.from_broker(envelope(), now_)), 1u);
}

TEST_F(SessionBrokerTest, WordsOnAChannelAreSpacedLikeAllTexts) {
    set_up();
    const auto first = written(session_.from_broker(words("gate is open"), now_));
    ASSERT_EQ(first.size(), 1u);
    EXPECT_EQ(first[0].packet().to(), kBroadcast);
    EXPECT_EQ(first[0].packet().channel(), 2u);
    EXPECT_EQ(first[0].packet().hop_limit(), 3u);
    EXPECT_FALSE(first[0].packet().want_ack());
    EXPECT_EQ(first[0].packet().decoded().payload(), "gate is open");
    EXPECT_TRUE(written(session_.from_broker(words("and shut"), now_)).empty());
    now_ += milliseconds(2600);
    std::size_t texts = 0;
    for (int i = 0; i < 20 && texts == 0; ++i) {
        for (const auto& each : written(session_.tick(now_)))
            texts += each.packet().decoded().payload() == "and shut";
        now_ += milliseconds(500);
    }
    EXPECT_EQ(texts, 1u);
}

TEST_F(SessionBrokerTest, WhatFirmwareHasNoRoomForAndWhatComesTooEarlyIsDropped) {
    EXPECT_EQ(handed(session_.from_broker(envelope(), now_)), 0u);
    set_up();
    ForDevice large = envelope();
    large.envelope.assign(436, 'x');
    EXPECT_EQ(handed(session_.from_broker(large, now_)), 0u);
    large = envelope();
    large.topic.assign(60, 'x');
    EXPECT_EQ(handed(session_.from_broker(large, now_)), 0u);
    EXPECT_EQ(session_.broker_dropped(), 3u);
}

}  // namespace
}  // namespace waypost::meshtastic
