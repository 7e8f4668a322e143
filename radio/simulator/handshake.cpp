// SPDX-License-Identifier: Apache-2.0
// Messages that our schema leaves out are written field by field, as the protobuf encoding has
// them: a device sends many that a gateway must skip.
#include "radio/simulator/handshake.h"

namespace waypost::simulator {
namespace {

namespace pb = waypost::meshtastic::pb;
using Messages = std::vector<std::string>;

constexpr int kChannels = 8;
constexpr int kConfigs = 10;
constexpr int kModules = 17;
constexpr int kLoraConfig = 6;
constexpr int kSecurityConfig = 8;

void varint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
    out += static_cast<char>(value);
}

std::string number(int field, std::uint64_t value) {
    std::string out;
    varint(out, static_cast<std::uint64_t>(field) << 3);
    varint(out, value);
    return out;
}

std::string bytes(int field, const std::string& value) {
    std::string out;
    varint(out, (static_cast<std::uint64_t>(field) << 3) | 2);
    varint(out, value.size());
    return out + value;
}

std::string my_info(const HandshakeFacts& facts) {
    pb::MyNodeInfo info;
    info.set_my_node_num(facts.own.num());
    info.set_reboot_count(facts.reboots);
    info.set_min_app_version(30200);
    info.set_device_id(facts.own.user().public_key().substr(0, 16));
    return bytes(
        3, info.SerializeAsString() + bytes(13, "simulated") + number(15, facts.others.size() + 1));
}

std::string metadata(const HandshakeFacts& facts) {
    pb::DeviceMetadata data;
    data.set_firmware_version(facts.firmware);
    const std::string rest = number(2, 25) + number(4, 1) + number(9, 37);  // state, wifi, model
    return bytes(13, data.SerializeAsString() + rest);
}

void add_channels(Messages& out) {
    for (int i = 0; i < kChannels; ++i) {
        pb::FromRadio message;
        message.mutable_channel()->set_index(i);
        message.mutable_channel()->mutable_settings();
        if (i == 0) {
            message.mutable_channel()->set_role(1);
            message.mutable_channel()->mutable_settings()->set_psk(std::string(1, '\1'));
        }
        out.push_back(message.SerializeAsString());
    }
}

std::string lora(const HandshakeFacts& facts) {
    pb::LoRaConfig config;
    config.set_use_preset(true);
    config.set_modem_preset(static_cast<std::uint32_t>(facts.preset));
    config.set_region(static_cast<std::uint32_t>(facts.region));
    config.set_hop_limit(facts.hop_limit);
    config.set_tx_enabled(true);
    return config.SerializeAsString();
}

// Public and private key, as a real node hands them out: a host must never log the second.
std::string security(const HandshakeFacts& facts) {
    const std::string& key = facts.own.user().public_key();
    return bytes(1, key) + bytes(2, std::string(key.rbegin(), key.rend())) + number(5, 1);
}

void add_configs(Messages& out, const HandshakeFacts& facts) {
    for (int i = 1; i <= kConfigs; ++i) {
        std::string body;
        if (i == kLoraConfig) body = lora(facts);
        if (i == kSecurityConfig) body = security(facts);
        out.push_back(bytes(5, bytes(i, body)));
    }
    for (int i = 1; i <= kModules; ++i) out.push_back(bytes(9, bytes(i, "")));
}

std::string node_info(const pb::NodeInfo& info) {
    pb::FromRadio message;
    *message.mutable_node_info() = info;
    return message.SerializeAsString();
}

void add_own(Messages& out, const HandshakeFacts& facts) {
    out.push_back(my_info(facts));
    out.push_back(bytes(17, number(2, 153) + number(3, 30)));  // deviceuiConfig: the screen
    out.push_back(node_info(facts.own));
    out.push_back(metadata(facts));
    out.push_back(bytes(19, bytes(1, bytes(1, std::string("\0\1\3\4\5\6", 6)))));  // region presets
    add_channels(out);
    add_configs(out, facts);
}

}  // namespace

std::vector<std::string> handshake(const HandshakeFacts& facts, std::uint32_t nonce) {
    Messages out;
    if (nonce == kOnlyNodes) {
        out.push_back(node_info(facts.own));
    } else {
        add_own(out, facts);
    }
    if (nonce != kOnlyConfig) {
        for (const pb::NodeInfo& each : facts.others) out.push_back(node_info(each));
    }
    if (nonce != kOnlyNodes) {
        out.push_back(bytes(15, bytes(1, "/prefs/nodes.proto") + number(2, 1024)));  // a file
    }
    out.push_back(number(7, nonce));
    return out;
}

}  // namespace waypost::simulator
