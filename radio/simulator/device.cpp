// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/device.h"

#include <algorithm>

namespace waypost::simulator {
namespace {

using namespace waypost::meshtastic;  // NOLINT: the protocol's names, used throughout

constexpr std::size_t kMostText = 220;  // sealed direct text; one more is TOO_LARGE
constexpr std::size_t kMostBroadcast = 232;
constexpr std::size_t kRecentIds = 20;
constexpr milliseconds kTextGap{2000};
constexpr std::uint32_t kOnlyConfig = 69420;
constexpr std::uint32_t kOnlyNodes = 69421;

}  // namespace

Device::Device(Scheduler& scheduler, MeshNode& node, DeviceOptions options)
    : scheduler_(scheduler), node_(node), options_(std::move(options)) {
    node_.on_packet = [this](const pb::MeshPacket& packet) {
        if (!configured_) return;  // a host that is away misses it: the radio is no mailbox
        pb::FromRadio message;
        *message.mutable_packet() = packet;
        say(message);
    };
    node_.on_verdict = [this](std::uint32_t id, std::uint32_t error, std::uint32_t by) {
        // An ack of the other side reaches the host as the packet itself; ours is made here.
        if (by == node_.identity().number) routing(id, error, by);
    };
    node_.on_left = [this](std::uint32_t id) { queue_status(id, 0); };
}

void Device::connected() {
    open_ = true;
    configured_ = false;
    rebooting_ = false;
    parser_.reset();
    out_.clear();
    recent_.clear();
}

void Device::disconnected() { open_ = configured_ = false; }

std::string Device::to_host() { return std::exchange(out_, {}); }

void Device::say(const pb::FromRadio& message) {
    if (open_) out_ += frame(message.SerializeAsString());
}

void Device::from_host(std::string_view bytes) {
    for (const std::string& payload : parser_.feed(bytes)) handle(payload);
}

void Device::handle(const std::string& payload) {
    pb::ToRadio message;
    if (!message.ParseFromString(payload)) return;
    switch (message.payload_variant_case()) {
        case pb::ToRadio::kWantConfigId:
            return configure(message.want_config_id());
        case pb::ToRadio::kHeartbeat:
            return queue_status(0, 0);
        case pb::ToRadio::kPacket:
            return take(message.packet());
        default:
            return;
    }
}

pb::NodeInfo Device::own_info() const {
    pb::NodeInfo info;
    const NodeIdentity& own = node_.identity();
    info.set_num(own.number);
    info.mutable_user()->set_id(node_id(own.number));
    info.mutable_user()->set_long_name(own.long_name);
    info.mutable_user()->set_short_name(own.short_name);
    info.mutable_user()->set_public_key(own.public_key);
    return info;
}

// In the order that a real node keeps: itself, metadata, channels, config, the others, the end.
void Device::configure(std::uint32_t nonce) {
    pb::FromRadio message;
    message.mutable_my_info()->set_my_node_num(node_.identity().number);
    message.mutable_my_info()->set_reboot_count(reboots_);
    message.mutable_my_info()->set_min_app_version(30200);
    if (nonce != kOnlyNodes) {
        say(message);
        *message.mutable_node_info() = own_info();
        say(message);
        message.mutable_metadata()->set_firmware_version(options_.firmware);
        say(message);
        for (int i = 0; i < 8; ++i) {
            message.mutable_channel()->set_index(i);
            message.mutable_channel()->set_role(i == 0 ? 1 : 0);
            if (i == 0)
                message.mutable_channel()->mutable_settings()->set_psk(std::string(1, '\1'));
            say(message);
            message.clear_channel();
        }
        auto* lora = message.mutable_config()->mutable_lora();
        lora->set_use_preset(true);
        lora->set_modem_preset(options_.preset);
        lora->set_region(options_.region);
        lora->set_hop_limit(3);
        lora->set_tx_enabled(true);
        say(message);
    } else {
        *message.mutable_node_info() = own_info();
        say(message);
    }
    if (nonce != kOnlyConfig) {
        for (const auto& [number, user] : node_.known()) {
            pb::FromRadio other;
            other.mutable_node_info()->set_num(number);
            *other.mutable_node_info()->mutable_user() = user;
            say(other);
        }
    }
    pb::FromRadio end;
    end.set_config_complete_id(nonce);
    say(end);
    configured_ = true;
}

void Device::queue_status(std::uint32_t id, int result) {
    pb::FromRadio message;
    auto* status = message.mutable_queue_status();
    status->set_res(result);
    status->set_free(static_cast<std::uint32_t>(std::max(node_.queue_free(), 0)));
    status->set_maxlen(16);
    status->set_mesh_packet_id(id);
    say(message);
}

void Device::routing(std::uint32_t id, std::uint32_t error, std::uint32_t by) {
    pb::FromRadio message;
    pb::MeshPacket* packet = message.mutable_packet();
    packet->set_from(by);
    packet->set_to(node_.identity().number);
    packet->mutable_decoded()->set_portnum(kRouting);
    packet->mutable_decoded()->set_request_id(id);
    pb::Routing reason;
    reason.set_error_reason(error);
    packet->mutable_decoded()->set_payload(reason.SerializeAsString());
    say(message);
}

void Device::take(pb::MeshPacket packet) {
    const std::uint32_t own = node_.identity().number;
    if (packet.id() == 0 || std::find(recent_.begin(), recent_.end(), packet.id()) != recent_.end())
        return;
    recent_.push_back(packet.id());
    if (recent_.size() > kRecentIds) recent_.pop_front();
    const std::uint32_t port = packet.decoded().portnum();
    if (port == kAdmin && packet.to() == own) {
        pb::AdminMessage admin;
        if (admin.ParseFromString(packet.decoded().payload()) && admin.reboot_seconds() > 0) {
            ++reboots_;
            scheduler_.after(std::chrono::seconds(admin.reboot_seconds()),
                             [this] { rebooting_ = true; });
        }
        return;
    }
    if (port == kText) {
        const std::size_t most = packet.to() == kBroadcast ? kMostBroadcast : kMostText;
        if (packet.decoded().payload().size() > most) {
            queue_status(packet.id(), kTooLarge);
            return routing(packet.id(), kTooLarge, own);
        }
        // Faster than the firmware allows: queueStatus says all is well, and no verdict follows.
        if (last_text_ != BoxTime{} && scheduler_.now() - last_text_ < kTextGap)
            return queue_status(packet.id(), 0);
        last_text_ = scheduler_.now();
    }
    const std::uint32_t error = node_.send(packet);
    queue_status(packet.id(), static_cast<int>(error));
    if (error != kNone) routing(packet.id(), error, own);
}

}  // namespace waypost::simulator
