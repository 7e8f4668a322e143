// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/device.h"

#include "radio/simulator/handshake.h"

namespace waypost::simulator {
namespace {

using namespace waypost::meshtastic;  // NOLINT: the protocol's names, used throughout
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kRecentIds = 20;
constexpr std::size_t kMostWaiting = 256 * 1024;  // a host that does not read is cut
constexpr std::uint32_t kWaypoint = 8;
constexpr std::uint32_t kTraceroute = 70;
constexpr milliseconds kMetricsEvery{60'000};

// How far apart the firmware wants what a host sends; 0: no matter.
milliseconds gap_of(std::uint32_t port) {
    switch (port) {
        case kText:
            return seconds(2);
        case kPosition:
        case kWaypoint:
        case kAlert:
        case kTelemetry:
            return seconds(10);
        case kTraceroute:
            return seconds(30);
        default:
            return milliseconds(0);
    }
}

}  // namespace

Device::Device(Scheduler& scheduler, MeshNode& node, DeviceOptions options)
    : scheduler_(scheduler), node_(node), options_(std::move(options)) {
    node_.on_packet = [this](const pb::MeshPacket& packet) {
        if (!configured_) return;  // a host that is away misses it: the radio is no mailbox
        pb::FromRadio message;
        *message.mutable_packet() = packet;
        say(message);
    };
    node_.on_verdict = [this](std::uint32_t id, std::uint32_t error) { routing(id, error); };
    node_.on_left = [this](std::uint32_t id) { queue_status(id, kNone); };
    tell_metrics();
}

void Device::connected(bool serial) {
    open_ = true;
    serial_ = serial;
    configured_ = dropping_ = false;
    parser_.reset();
    out_.clear();
    recent_.clear();
    last_heard_ = scheduler_.now();
    watch_host(++connections_);
}

void Device::disconnected() {
    open_ = configured_ = dropping_ = false;
    out_.clear();
    ++connections_;
}

// A serial line cannot tell a silent host from none, and needs not: nobody else wants the line.
void Device::watch_host(std::uint64_t connection) {
    if (serial_) return;
    scheduler_.after(options_.silence / 15, [this, connection] {
        if (connection != connections_) return;
        if (scheduler_.now() - last_heard_ >= options_.silence) dropping_ = true;
        watch_host(connection);
    });
}

std::string Device::to_host() { return std::exchange(out_, {}); }

void Device::say(const std::string& payload) {
    if (!open_) return;
    if (out_.size() > kMostWaiting) {
        dropping_ = true;
        return;
    }
    out_ += frame(payload);
}

void Device::from_host(std::string_view bytes) {
    last_heard_ = scheduler_.now();
    for (const std::string& payload : parser_.feed(bytes)) handle(payload);
}

void Device::handle(const std::string& payload) {
    pb::ToRadio message;
    if (!message.ParseFromString(payload)) return;
    switch (message.payload_variant_case()) {
        case pb::ToRadio::kWantConfigId:
            return configure(message.want_config_id());
        case pb::ToRadio::kHeartbeat:
            return heartbeat(message.heartbeat().nonce());
        case pb::ToRadio::kPacket:
            return take(message.packet());
        case pb::ToRadio::kDisconnect:
            configured_ = false;
            return;
        default:
            return;
    }
}

// Nonce 1 asks for a broadcast of our node information; at most once a minute.
void Device::heartbeat(std::uint32_t nonce) {
    const BoxTime now = scheduler_.now();
    if (nonce == 1 && (last_announced_ == BoxTime{} || now - last_announced_ >= minutes(1))) {
        last_announced_ = now;
        node_.announce(kBroadcast, false);
    }
    queue_status(0, kNone);
}

pb::DeviceMetrics Device::metrics() const {
    pb::DeviceMetrics metrics;
    metrics.set_battery_level(101);  // mains
    metrics.set_channel_utilization(node_.transmitter().channel_utilization());
    metrics.set_air_util_tx(node_.transmitter().air_util_tx());
    return metrics;
}

pb::NodeInfo Device::own_info() const {
    pb::NodeInfo info;
    info.set_num(node_.number());
    *info.mutable_user() = node_.user();
    *info.mutable_device_metrics() = metrics();
    return info;
}

void Device::configure(std::uint32_t nonce) {
    HandshakeFacts facts{
        own_info(),         {},      options_.firmware, options_.region, options_.preset,
        options_.hop_limit, reboots_};
    for (const auto& [number, known] : node_.known()) {
        pb::NodeInfo info;
        info.set_num(number);
        if (!known.user.id().empty()) *info.mutable_user() = known.user;
        if (known.hops >= 0) info.set_hops_away(static_cast<std::uint32_t>(known.hops));
        info.set_snr(known.snr);
        facts.others.push_back(std::move(info));
    }
    for (const std::string& each : handshake(facts, nonce)) say(each);
    configured_ = true;
    if (std::exchange(fresh_boot_, false)) queue_status(0, kNone);
}

// The node's own telemetry goes to its host every minute; on the air it is off here.
void Device::tell_metrics() {
    scheduler_.after(kMetricsEvery, [this] {
        tell_metrics();
        if (!configured_) return;
        pb::Telemetry telemetry;
        *telemetry.mutable_device_metrics() = metrics();
        pb::FromRadio message;
        pb::MeshPacket* packet = message.mutable_packet();
        packet->set_from(node_.number());
        packet->set_to(kBroadcast);
        packet->set_id(node_.new_id());
        packet->set_hop_limit(options_.hop_limit);
        packet->set_priority(10);  // background
        packet->mutable_decoded()->set_portnum(kTelemetry);
        packet->mutable_decoded()->set_payload(telemetry.SerializeAsString());
        say(message);
    });
}

void Device::queue_status(std::uint32_t id, std::uint32_t result) {
    pb::FromRadio message;
    auto* status = message.mutable_queue_status();
    status->set_res(static_cast<std::int32_t>(result));
    status->set_free(static_cast<std::uint32_t>(node_.transmitter().free()));
    status->set_maxlen(kQueueLength);
    status->set_mesh_packet_id(id);
    if (configured_) say(message);
}

// Our own node's word on a packet of the host.
void Device::routing(std::uint32_t id, std::uint32_t error) {
    pb::Routing reason;
    reason.set_error_reason(error);
    pb::FromRadio message;
    pb::MeshPacket* packet = message.mutable_packet();
    packet->set_from(node_.number());
    packet->set_to(node_.number());
    packet->set_id(node_.new_id());
    packet->set_priority(120);  // ack
    packet->mutable_decoded()->set_portnum(kRouting);
    packet->mutable_decoded()->set_request_id(id);
    packet->mutable_decoded()->set_payload(reason.SerializeAsString());
    if (configured_) say(message);
}

void Device::notify(const std::string& text) {
    pb::FromRadio message;
    message.mutable_client_notification()->set_message(text);
    say(message);
}

bool Device::too_soon(std::uint32_t port) {
    const milliseconds gap = gap_of(port);
    const auto last = last_taken_.find(port);
    const BoxTime now = scheduler_.now();
    if (gap.count() > 0 && last != last_taken_.end() && now - last->second < gap) return true;
    if (gap.count() > 0) last_taken_[port] = now;
    return false;
}

void Device::take(const pb::MeshPacket& packet) {
    const bool again = std::find(recent_.begin(), recent_.end(), packet.id()) != recent_.end();
    if (!packet.has_decoded() || (again && packet.id() != 0)) return;
    recent_.push_back(packet.id());
    if (recent_.size() > kRecentIds) recent_.pop_front();
    if (packet.to() == node_.number()) return take_admin(packet);
    // Too fast: queueStatus says all is well, and no verdict follows (as recorded; the firmware
    // makes an error 38 but addresses it to node 0).
    if (too_soon(packet.decoded().portnum())) return queue_status(packet.id(), kNone);
    const std::uint32_t error = node_.send(packet);
    queue_status(packet.id(), error);
    if (error == kDutyCycle) notify("Duty cycle limit exceeded. You can send again in 5 mins");
    if (error != kNone) routing(packet.id(), error);
}

void Device::take_admin(const pb::MeshPacket& packet) {
    queue_status(packet.id(), kNone);
    if (packet.want_ack()) routing(packet.id(), kNone);
    pb::AdminMessage admin;
    const bool ours = packet.decoded().portnum() == kAdmin;
    if (!ours || !admin.ParseFromString(packet.decoded().payload())) return;
    if (admin.reboot_seconds() <= 0) return;
    scheduler_.after(seconds(admin.reboot_seconds()), [this] { reboot(); });
}

void Device::reboot() {
    ++reboots_;
    node_.reboot();
    configured_ = false;
    fresh_boot_ = true;
    last_taken_.clear();
    if (!open_) return;
    if (!serial_) {
        dropping_ = true;
        return;
    }
    parser_.reset();
    out_.clear();
    recent_.clear();
    pb::FromRadio message;
    message.set_rebooted(true);
    say(message);
}

}  // namespace waypost::simulator
