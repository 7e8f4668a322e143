// SPDX-License-Identifier: Apache-2.0
// What the device's MQTT module and its host have for one another. What comes by a broker waits for
// the device's room and keeps to a share of the airtime; nothing of it is told apart or promised.
#include <algorithm>

#include "meshtastic.pb.h"
#include "radio/meshtastic/packet_words.h"
#include "radio/meshtastic/session.h"

namespace waypost::meshtastic {
namespace {

constexpr int kMostChannels = 8;
constexpr std::size_t kMostWaiting = 64;
constexpr std::uint32_t kKeptRoom = 8;  // of the device's queue, for what has a delivery
constexpr milliseconds kLeastGap{100};  // between two, also where nothing goes on the air
constexpr std::size_t kMostTopic = 59;  // what firmware has room for

}  // namespace

void Session::take_channel(const pb::Channel& channel) {
    if (channel.index() < 0 || channel.index() >= kMostChannels) return;
    const auto index = static_cast<std::uint32_t>(channel.index());
    if (channel.role() == 0) {
        broker_.channels.erase(index);
        return;
    }
    const pb::ChannelSettings& said = channel.settings();
    const auto bits = std::min(said.module_settings().position_precision(), 32u);
    broker_.channels[index] = {said.name(), said.psk(), said.uplink_enabled(),
                               said.downlink_enabled(), static_cast<int>(bits)};
}

void Session::take_mqtt(const pb::MqttConfig& mqtt) {
    broker_.mqtt = mqtt.enabled();
    broker_.proxy = mqtt.proxy_to_client_enabled();
    broker_.encrypts = mqtt.encryption_enabled();
}

// All is told: what the device leaves out follows from the rest.
BrokerFactsPtr Session::broker_facts() const {
    auto facts = std::make_shared<BrokerFacts>(broker_);
    facts->number = device_.number;
    const auto first = facts->channels.find(0);
    for (auto& [index, channel] : facts->channels) {
        if (channel.name.empty())
            channel.name = device_.use_preset ? meshtastic_preset_name(device_.preset) : "Custom";
        if (channel.psk.empty() && index != 0 && first != facts->channels.end())
            channel.psk = first->second.psk;
    }
    return facts;
}

void Session::handle_for_broker(const pb::MqttClientProxyMessage& message, Actions& actions) {
    if (phase_ != Phase::Ready || !message.has_data()) return;
    actions.for_broker.push_back({message.topic(), message.data()});
}

Actions Session::from_broker(ForDevice item, BoxTime now) {
    Actions actions;
    const bool fits =
        item.topic.size() <= kMostTopic && item.envelope.size() <= ForDevice::kMostEnvelope;
    if (phase_ == Phase::Ready && fits && for_device_.size() < kMostWaiting)
        for_device_.push_back(std::move(item));
    else
        ++broker_dropped_;
    pump(now, actions);
    return done(std::move(actions), now);
}

BoxTime Session::broker_due() const {
    const BoxTime room = queue_free_ <= kKeptRoom ? next_ask_ : BoxTime{};
    const bool is_text = for_device_.front().envelope.empty();
    return std::max({next_for_device_, hold_until_, room, is_text ? next_send_ : BoxTime{}});
}

void Session::pump_broker(BoxTime now, Actions& actions) {
    while (phase_ == Phase::Ready && !for_device_.empty() && now >= broker_due()) {
        if (queue_free_ <= kKeptRoom) return ask_for_room(now, actions);
        const ForDevice item = std::move(for_device_.front());
        for_device_.pop_front();
        const bool is_text = item.envelope.empty();
        milliseconds cost{0};
        if (is_text) cost = airtime(item.text.size(), false);
        if (!is_text && item.air_bytes > 0) cost = airtime_of_bytes(item.air_bytes);
        if (!pay_for_broker(item, cost, now, actions)) {
            ++broker_dropped_;
            continue;
        }
        next_for_device_ = now + std::max(cost * 2, kLeastGap);
        is_text ? say_on_channel(item, now, actions) : hand_down(item, actions);
    }
}

bool Session::pay_for_broker(const ForDevice& item, milliseconds cost, BoxTime now,
                             Actions& actions) {
    if (cost.count() == 0) return true;
    broker_ledger_.set_budget(text_budget_ * item.share_percent / 100, milliseconds(0));
    if (!broker_ledger_.may_spend(now, cost, false) || !ledger_.take(now, cost, false))
        return false;
    broker_ledger_.spend(now, cost);
    actions.spent = true;
    return true;
}

void Session::drop_for_device() {
    broker_dropped_ += for_device_.size();
    for_device_.clear();
}

void Session::hand_down(const ForDevice& item, Actions& actions) {
    pb::ToRadio message;
    message.mutable_mqtt_client_proxy_message()->set_topic(item.topic);
    message.mutable_mqtt_client_proxy_message()->set_data(item.envelope);
    actions.write += frame(message.SerializeAsString());
}

void Session::say_on_channel(const ForDevice& item, BoxTime now, Actions& actions) {
    pb::ToRadio message;
    pb::MeshPacket* packet = message.mutable_packet();
    packet->set_to(kBroadcast);
    packet->set_id(static_cast<std::uint32_t>(random_.below(0xFFFFFFFE)) + 1);
    packet->set_channel(item.channel);
    packet->set_hop_limit(device_.hop_limit);
    packet->mutable_decoded()->set_portnum(kText);
    packet->mutable_decoded()->set_payload(item.text);
    actions.write += frame(message.SerializeAsString());
    actions.packets.push_back(sent_packet(*packet, device_.number));
    --queue_free_;
    next_send_ = now + options_.text_gap;
}

}  // namespace waypost::meshtastic
