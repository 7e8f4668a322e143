// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/mqtt/mqtt_carrier.h"

#include "meshtastic.pb.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {

MqttCarrier::~MqttCarrier() { stop(); }

void MqttCarrier::start(Office& office, NodeDoor& door, std::uint32_t own_number) {
    door_ = &door;
    std::vector<std::string> channels = options_.channels;
    channels.emplace_back(kPki);
    envelopes_ =
        std::make_unique<Envelopes>(options_.root, std::move(channels), own_number, options_.open);
    mqtt::MqttOptions broker = std::move(options_.broker);
    broker.client_id = "waypost-" + office.domain() + '-' + options_.instance;
    broker.topics = envelopes_->filters();
    broker.most_bytes = Envelopes::kMostBytes;
    client_ = std::make_unique<mqtt::MqttClient>(
        std::move(broker), static_cast<mqtt::MqttOwner&>(*this), office.random());
    client_->start();
}

void MqttCarrier::stop() {
    if (client_) client_->stop();
}

// Acks and who we are go as firmware sends all: whoever missed them asks again.
bool MqttCarrier::send(const NodePacket& packet, std::function<void(bool)> taken) {
    const mqtt::MqttMessage out{envelopes_->topic(packet), envelopes_->write(packet), false};
    if (packet.channel != kPki) return client_->mention(out).ok();
    return client_->publish(out, std::move(taken)).ok();
}

void MqttCarrier::mqtt_up() {
    up_ = true;
    {
        const std::lock_guard lock(mutex_);
        why_.clear();
    }
    door_->carrier_changed();
}

void MqttCarrier::mqtt_down(const std::string& why) {
    bool changed = up_.exchange(false);
    {
        const std::lock_guard lock(mutex_);
        changed = changed || why_ != why;
        why_ = why;
    }
    if (changed) door_->carrier_changed();
}

// What a broker keeps is no packet that is on its way: firmware never leaves one there.
bool MqttCarrier::mqtt_messages(std::vector<mqtt::MqttMessage> messages) {
    std::vector<pb::MeshPacket> packets;
    for (const mqtt::MqttMessage& message : messages) {
        auto envelope = message.retained ? Result<pb::ServiceEnvelope>(bad_input("retained"))
                                         : envelopes_->read(message.topic, message.payload);
        if (envelope.ok())
            packets.push_back(std::move(*envelope->mutable_packet()));
        else
            ++(envelope.error().code == Code::NotFound ? own_ : strange_);
    }
    return packets.empty() || door_->came(packets);
}

std::string MqttCarrier::why_down() const {
    const std::lock_guard lock(mutex_);
    return why_;
}

std::map<std::string, std::string> MqttCarrier::details() const {
    if (!client_) return {};
    const mqtt::MqttCounters counters = client_->counters();
    return {{"received", std::to_string(counters.received)},
            {"published", std::to_string(counters.published)},
            {"connections", std::to_string(counters.connections)},
            {"our own", std::to_string(own_)},
            {"no envelopes", std::to_string(strange_ + counters.too_large)}};
}

}  // namespace waypost::meshtastic
