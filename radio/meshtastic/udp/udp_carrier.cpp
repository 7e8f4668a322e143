// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/udp/udp_carrier.h"

#include <poll.h>

#include "gateway/base/log.h"
#include "meshtastic.pb.h"
#include "radio/meshtastic/udp/datagram.h"

namespace waypost::meshtastic {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostTogether = 64;  // packets that share a commit
constexpr int kMostTries = 10;

}  // namespace

UdpCarrier::UdpCarrier(UdpCarrierOptions options) : options_(std::move(options)) {}

UdpCarrier::~UdpCarrier() { stop(); }

void UdpCarrier::start(Office& office, NodeDoor& door, std::uint32_t own_number) {
    office_ = &office;
    door_ = &door;
    own_ = own_number;
    look_at_ms_ = now_ms();
    bucket_ = TokenBucket(options_.rate.most, now_ms());
    thread_ = std::thread([this] { run(); });
}

void UdpCarrier::stop() {
    stopping_ = true;
    wake_.ring();
    if (thread_.joinable()) thread_.join();
}

void UdpCarrier::run() {
    while (!stopping_) {
        follow_interfaces();
        const auto here = socket();
        wait(here ? here->fd() : -1, options_.look_every);
        if (!here || stopping_) continue;
        const auto packets = take(*here);
        if (!packets.empty()) hand_over(packets);
    }
}

void UdpCarrier::wait(int socket_fd, milliseconds most) const {
    pollfd watched[] = {{wake_.fd(), POLLIN, 0}, {socket_fd, POLLIN, 0}};
    ::poll(watched, 2, static_cast<int>(most.count()));
}

// With other interfaces there is another socket: memberships go with the old one.
void UdpCarrier::follow_interfaces() {
    if (now_ms() < look_at_ms_) return;
    look_at_ms_ = now_ms() + options_.look_every.count();
    std::vector<int> found = find_interfaces(options_.interface);
    const bool was_up = up();
    if (was_up && found == interfaces_) return;
    std::shared_ptr<MulticastSocket> made;
    std::string why = options_.interface.empty()
                          ? "no interface on a network is up"
                          : "no interface \"" + options_.interface + "\" that is up";
    if (!found.empty()) {
        auto opened = MulticastSocket::open(options_.group, found);
        why = opened.ok() ? std::string() : opened.error().text;
        if (opened.ok()) made = std::make_shared<MulticastSocket>(std::move(*opened));
    }
    interfaces_ = std::move(found);
    bool changed = was_up != (made != nullptr);
    {
        const std::lock_guard lock(mutex_);
        changed = changed || why != why_;
        socket_ = std::move(made);
        why_ = std::move(why);
    }
    if (changed) door_->carrier_changed();
}

std::vector<pb::MeshPacket> UdpCarrier::take(const MulticastSocket& socket) {
    std::vector<pb::MeshPacket> packets;
    for (std::size_t i = 0; i < kMostTogether; ++i) {
        const auto bytes = socket.receive(kMostDatagram + 1);  // one more shows that it is too long
        if (!bytes) break;
        ++received_;
        if (!bucket_.take(options_.rate, 1, now_ms())) {
            ++too_many_;
            continue;
        }
        auto packet = read_datagram(*bytes);
        if (!packet.ok())
            ++strange_;
        else if (packet->from() == own_)
            ++own_heard_;
        else
            packets.push_back(std::move(*packet));
    }
    return packets;
}

// Nobody sends a cry on a channel again, so what the store has no room for now is held for a while;
// more waits in the socket.
void UdpCarrier::hand_over(const std::vector<pb::MeshPacket>& packets) {
    for (int tries = 0; tries < kMostTries && !stopping_; ++tries) {
        if (door_->came(packets)) return;
        wait(-1, options_.again);
    }
    lost_ += packets.size();
    log(Level::Warning, "meshtastic", "packets not taken",
        {{"count", std::to_string(packets.size())}});
}

bool UdpCarrier::send(const NodePacket& packet, std::function<void(bool)>) {
    const auto here = socket();
    if (!here || !here->send(packet.sealed)) return false;
    ++sent_;
    return true;
}

std::shared_ptr<MulticastSocket> UdpCarrier::socket() const {
    const std::lock_guard lock(mutex_);
    return socket_;
}

std::string UdpCarrier::why_down() const {
    const std::lock_guard lock(mutex_);
    return why_;
}

std::map<std::string, std::string> UdpCarrier::details() const {
    return {{"received", std::to_string(received_)}, {"sent", std::to_string(sent_)},
            {"our own", std::to_string(own_heard_)}, {"no packets", std::to_string(strange_)},
            {"too many", std::to_string(too_many_)}, {"not taken", std::to_string(lost_)}};
}

std::int64_t UdpCarrier::now_ms() const { return to_ms(office_->clock().box()); }

}  // namespace waypost::meshtastic
