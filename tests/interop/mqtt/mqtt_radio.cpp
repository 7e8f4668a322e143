// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/mqtt/mqtt_radio.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "gateway/base/encoding.h"
#include "radio/meshtastic/node/own_node.h"

namespace waypost::interop {

using namespace meshtastic;

namespace {

constexpr std::uint32_t kFirstGateway = 0xaa000001;
constexpr char kPsk[] = "0123456789abcdef";

mqtt::MqttOptions options_of(const std::string& name, int port, const std::string& channel) {
    mqtt::MqttOptions options;
    options.host = "127.0.0.1";
    options.port = port;
    options.client_id = "radio-" + name;
    options.topics = {std::string(MqttRadio::kRoot) + "/2/e/" + channel + "/+",
                      std::string(MqttRadio::kRoot) + "/2/e/PKI/+"};
    options.first_pause = std::chrono::milliseconds(100);
    return options;
}

}  // namespace

ChannelKey village_channel() { return *channel_key("Village", kPsk, 13); }

std::string channels_file(const Folder& folder) {
    const std::string channels = folder / "channels";
    std::ofstream(channels) << "Village " << to_base64(kPsk) << " 13\n";
    std::filesystem::permissions(
        channels, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return channels;
}

MqttRadio::MqttRadio(const std::string& name, int port, ChannelKey channel)
    : name_(name),
      channel_(channel),
      node_(std::move(channel)),
      client_(options_of(name, port, channel_.name), *this, *random_) {
    client_.start();
    if (!eventually([this] { return client_.up(); }))
        throw std::runtime_error(name + ": no broker");
}

MqttRadio::~MqttRadio() { client_.stop(); }

void MqttRadio::put(const pb::MeshPacket& packet, const std::string& channel, int gateway) {
    pb::ServiceEnvelope envelope;
    *envelope.mutable_packet() = packet;
    envelope.set_channel_id(channel);
    envelope.set_gateway_id(node_id(kFirstGateway + static_cast<std::uint32_t>(gateway)));
    const std::string topic = std::string(kRoot) + "/2/e/" + channel + '/' + envelope.gateway_id();
    last_envelope_ = envelope.SerializeAsString();
    const auto sent = client_.publish({topic, last_envelope_, false}, {});
    if (!sent.ok()) throw std::runtime_error(name_ + ": " + sent.error().text);
}

void MqttRadio::tell_who() {
    const std::lock_guard lock(mutex_);
    put(node_.who(name_), channel_.name, 0);
}

void MqttRadio::say(const std::string& text, int gateways) {
    const std::lock_guard lock(mutex_);
    const auto packet = node_.sealed(box_, box_key_, text);
    for (int i = 0; i < gateways; ++i) put(packet, kPki, i);
}

void MqttRadio::cry(const std::string& text) {
    const std::lock_guard lock(mutex_);
    put(node_.says(kBroadcast, kAlert, text), channel_.name, 0);
}

bool MqttRadio::mqtt_messages(std::vector<mqtt::MqttMessage> messages) {
    const std::lock_guard lock(mutex_);
    for (const auto& message : messages) {
        pb::ServiceEnvelope envelope;
        if (envelope.ParseFromString(message.payload) && envelope.has_packet())
            take(envelope.packet());
    }
    return true;
}

void MqttRadio::take(const pb::MeshPacket& packet) {
    if (packet.from() == node_.number()) return;
    const pb::Data data = node_.reads(packet.SerializeAsString(), box_key_);
    pb::User user;
    if (data.portnum() == kNodeInfo && box_ == 0 && user.ParseFromString(data.payload())) {
        box_ = packet.from();
        box_key_ = user.public_key();
    }
    if (packet.to() != node_.number()) return;
    if (data.portnum() == kRouting) ++acks_;
    if (data.portnum() != kText) return;
    put(node_.routing(packet.from(), packet.id(), kNone), channel_.name, 0);
    if (std::find(seen_.begin(), seen_.end(), packet.id()) != seen_.end()) return;
    seen_.push_back(packet.id());
    screen_.push_back(data.payload());
}

bool MqttRadio::knows_box() const {
    return eventually([this] {
        const std::lock_guard lock(mutex_);
        return !box_key_.empty();
    });
}

bool MqttRadio::shows(const std::string& text) const {
    return eventually([&] {
        const std::lock_guard lock(mutex_);
        return std::find(screen_.begin(), screen_.end(), text) != screen_.end();
    });
}

bool MqttRadio::acked(std::size_t count) const {
    return eventually([&] {
        const std::lock_guard lock(mutex_);
        return acks_ >= count;
    });
}

std::vector<std::string> MqttRadio::screen() const {
    const std::lock_guard lock(mutex_);
    return screen_;
}

std::size_t MqttRadio::copies(const std::string& text) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count(screen_.begin(), screen_.end(), text));
}

}  // namespace waypost::interop
