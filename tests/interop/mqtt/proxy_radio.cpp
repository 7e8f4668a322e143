// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/mqtt/proxy_radio.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/base/fd.h"

namespace waypost::interop {

using namespace meshtastic;

namespace {

constexpr int kTurn = 50;  // ms

bool readable(int fd) {
    pollfd wait{fd, POLLIN, 0};
    return ::poll(&wait, 1, kTurn) > 0;
}

}  // namespace

ProxyRadio::ProxyRadio(std::uint32_t number, std::string channel, std::string psk)
    : number_(number),
      channel_(std::move(channel)),
      psk_(std::move(psk)),
      listening_(listen_on_loopback()),
      thread_([this] { run(); }) {}

ProxyRadio::~ProxyRadio() {
    stop_ = true;
    thread_.join();
    ::close(listening_.fd);
}

void ProxyRadio::run() {
    while (!stop_) {
        if (!readable(listening_.fd)) continue;
        const Fd host(::accept(listening_.fd, nullptr, nullptr));
        if (host.good()) serve(host.get());
        const std::lock_guard lock(mutex_);
        host_ = -1;
    }
}

void ProxyRadio::serve(int host) {
    {
        const std::lock_guard lock(mutex_);
        host_ = host;
    }
    StreamParser parser;
    char bytes[4096];
    while (!stop_) {
        if (!readable(host)) continue;
        const ssize_t got = ::recv(host, bytes, sizeof bytes, 0);
        if (got <= 0) return;
        const std::lock_guard lock(mutex_);
        for (const auto& each : parser.feed({bytes, static_cast<std::size_t>(got)})) take(each);
    }
}

void ProxyRadio::take(const std::string& payload) {
    pb::ToRadio message;
    if (!message.ParseFromString(payload)) return;
    if (message.has_heartbeat()) {
        pb::FromRadio status;
        status.mutable_queue_status()->set_free(16);
        status.mutable_queue_status()->set_maxlen(16);
        return say(status);
    }
    if (message.payload_variant_case() == pb::ToRadio::kWantConfigId)
        return tell_all(message.want_config_id());
    if (message.has_packet() && message.packet().to() == kBroadcast &&
        message.packet().decoded().portnum() == kText)
        said_.push_back(std::to_string(message.packet().channel()) + ' ' +
                        message.packet().decoded().payload());
    pb::ServiceEnvelope envelope;
    if (message.has_mqtt_client_proxy_message() &&
        envelope.ParseFromString(message.mqtt_client_proxy_message().data()))
        handed_.push_back(envelope.packet());
}

void ProxyRadio::tell_all(std::uint32_t nonce) {
    pb::FromRadio info;
    info.mutable_my_info()->set_my_node_num(number_);
    say(info);
    pb::FromRadio own;
    own.mutable_node_info()->set_num(number_);
    own.mutable_node_info()->mutable_user()->set_long_name("Roof");
    say(own);
    pb::FromRadio first;
    first.mutable_channel()->set_role(1);
    first.mutable_channel()->mutable_settings()->set_psk(std::string(1, '\1'));
    say(first);
    pb::FromRadio second;
    second.mutable_channel()->set_index(1);
    second.mutable_channel()->set_role(2);
    auto* settings = second.mutable_channel()->mutable_settings();
    settings->set_name(channel_);
    settings->set_psk(psk_);
    settings->set_uplink_enabled(true);
    settings->set_downlink_enabled(true);
    settings->mutable_module_settings()->set_position_precision(13);
    say(second);
    pb::FromRadio config;
    config.mutable_config()->mutable_lora()->set_region(3);
    config.mutable_config()->mutable_lora()->set_use_preset(true);
    config.mutable_config()->mutable_lora()->set_hop_limit(3);
    say(config);
    pb::FromRadio module;
    auto* mqtt = module.mutable_module_config()->mutable_mqtt();
    mqtt->set_enabled(true);
    mqtt->set_encryption_enabled(true);
    mqtt->set_proxy_to_client_enabled(true);
    say(module);
    pb::FromRadio done;
    done.set_config_complete_id(nonce);
    say(done);
}

void ProxyRadio::say(const pb::FromRadio& message) {
    const std::string bytes = frame(message.SerializeAsString());
    if (host_ >= 0) (void)!::send(host_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void ProxyRadio::hears(const pb::MeshPacket& packet) {
    pb::ServiceEnvelope envelope;
    *envelope.mutable_packet() = packet;
    envelope.set_channel_id(channel_);
    envelope.set_gateway_id(id());
    pb::FromRadio message;
    auto* proxy = message.mutable_mqtt_client_proxy_message();
    proxy->set_topic("msh/2/e/" + channel_ + '/' + id());
    proxy->set_data(envelope.SerializeAsString());
    const std::lock_guard lock(mutex_);
    say(message);
}

std::vector<pb::MeshPacket> ProxyRadio::handed() const {
    const std::lock_guard lock(mutex_);
    return handed_;
}

std::vector<std::string> ProxyRadio::said() const {
    const std::lock_guard lock(mutex_);
    return said_;
}

}  // namespace waypost::interop
