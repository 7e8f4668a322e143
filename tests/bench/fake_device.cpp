// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/fake_device.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "app/demo/loopback.h"
#include "radio/meshtastic/stream_codec.h"
#include "radio/simulator/handshake.h"
#include "tests/interop/mail/peers.h"

namespace waypost::bench {
namespace {

namespace pb = waypost::meshtastic::pb;

constexpr std::uint32_t kOwn = 1;

std::string shake_hands(std::uint32_t nonce) {
    simulator::HandshakeFacts facts;
    facts.own.set_num(kOwn);
    facts.own.mutable_user()->set_id(meshtastic::node_id(kOwn));
    facts.own.mutable_user()->set_public_key(std::string(32, 'k'));
    facts.firmware = "2.8.0.bench";
    facts.region = 1;  // US: no duty cycle
    facts.preset = 8;  // SHORT_TURBO: an hour's airtime is not used up by ten thousand texts
    std::string bytes;
    for (const std::string& each : simulator::handshake(facts, nonce))
        bytes += meshtastic::frame(each);
    return bytes;
}

}  // namespace

FakeDevice::FakeDevice(OnText on_text) : on_text_(std::move(on_text)) {
    const Listening listening = listen_on_loopback();
    listener_ = listening.fd;
    port_ = listening.port;
    thread_ = std::thread([this] { serve(); });
}

FakeDevice::~FakeDevice() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
}

void FakeDevice::wait_for_host() const {
    if (!interop::eventually([this] { return ready_.load(); }, std::chrono::seconds(10)))
        throw std::runtime_error("the box does not shake hands with its radio");
}

void FakeDevice::serve() {
    meshtastic::StreamParser parser;
    while (!stopping_) {
        pollfd watched{host_ < 0 ? listener_ : host_.load(), POLLIN, 0};
        if (::poll(&watched, 1, 50) != 1) continue;
        if (host_ < 0) {
            const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            const int on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            host_ = fd;
            continue;
        }
        char bytes[4096];
        const ssize_t n = ::recv(host_, bytes, sizeof bytes, 0);
        if (n <= 0) break;
        for (const std::string& payload : parser.feed({bytes, static_cast<std::size_t>(n)}))
            take(payload);
    }
    if (host_ >= 0) ::close(host_);
}

void FakeDevice::take(const std::string& payload) {
    pb::ToRadio message;
    if (!message.ParseFromString(payload)) return;
    if (message.want_config_id() != 0) {
        const std::string answer = shake_hands(message.want_config_id());
        ::send(host_, answer.data(), answer.size(), MSG_NOSIGNAL);
        ready_ = true;
    }
    if (!on_text_ || !message.has_packet()) return;
    const pb::MeshPacket& packet = message.packet();
    if (packet.decoded().portnum() == meshtastic::kText)
        on_text_(packet.to(), packet.decoded().payload());
    acknowledge(packet.id(), packet.to());
}

// The queue has room, and the radio has it.
void FakeDevice::acknowledge(std::uint32_t id, std::uint32_t to) {
    pb::FromRadio queue;
    queue.mutable_queue_status()->set_free(16);
    queue.mutable_queue_status()->set_maxlen(16);
    queue.mutable_queue_status()->set_mesh_packet_id(id);
    pb::Routing none;
    none.set_error_reason(meshtastic::kNone);
    pb::FromRadio verdict;
    pb::MeshPacket* packet = verdict.mutable_packet();
    packet->set_from(to);
    packet->set_to(kOwn);
    packet->set_id(next_id_++);
    packet->mutable_decoded()->set_portnum(meshtastic::kRouting);
    packet->mutable_decoded()->set_request_id(id);
    packet->mutable_decoded()->set_payload(none.SerializeAsString());
    const std::string bytes = meshtastic::frame(queue.SerializeAsString()) +
                              meshtastic::frame(verdict.SerializeAsString());
    ::send(host_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::chrono::steady_clock::time_point FakeDevice::text(std::uint32_t node,
                                                       const std::string& text) {
    pb::FromRadio message;
    pb::MeshPacket* packet = message.mutable_packet();
    packet->set_from(node);
    packet->set_to(kOwn);
    packet->set_id(next_id_++);
    packet->set_pki_encrypted(true);
    packet->set_public_key(std::string(32, static_cast<char>(node)));
    packet->mutable_decoded()->set_portnum(meshtastic::kText);
    packet->mutable_decoded()->set_payload(text);
    const std::string bytes = meshtastic::frame(message.SerializeAsString());
    ::send(host_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return std::chrono::steady_clock::now();
}

}  // namespace waypost::bench
