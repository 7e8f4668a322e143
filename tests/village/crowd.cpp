// SPDX-License-Identifier: Apache-2.0
#include "crowd.h"

#include "radio/meshtastic/stream_codec.h"

namespace waypost::village {
namespace {

namespace pb = waypost::meshtastic::pb;
using waypost::meshtastic::kRouting;
using waypost::meshtastic::kText;

constexpr int kTries = 3;
constexpr milliseconds kAckWait{5000};
constexpr milliseconds kListenAgain{20};
constexpr std::size_t kMostSeen = 5000;
constexpr std::uint64_t kMillion = 1'000'000;

}  // namespace

Crowd::Crowd(simulator::Scheduler& scheduler, simulator::Air& air, Random& random, int count,
             double loss)
    : scheduler_(scheduler), air_(air), random_(random), count_(count), loss_(loss) {
    index_ = air_.add(*this);
}

std::string Crowd::key(int who) {
    std::string key(32, 'k');
    const std::string digits = std::to_string(who);
    key.replace(0, digits.size(), digits);
    return key;
}

void Crowd::meet(simulator::MeshNode& box) {
    box_ = box.number();
    box_key_ = box.identity().public_key;
    for (int who = 0; who < count_; ++who) {
        pb::User user;
        user.set_id(meshtastic::node_id(number(who)));
        user.set_long_name("handheld " + std::to_string(who));
        user.set_public_key(key(who));
        box.know(user, number(who));
    }
}

simulator::OnAir Crowd::frame(int who, std::uint32_t port, const std::string& payload) const {
    simulator::OnAir frame;
    pb::MeshPacket& packet = frame.packet;
    packet.set_from(number(who));
    packet.set_to(box_);
    packet.set_hop_limit(3);
    packet.set_hop_start(3);
    packet.mutable_decoded()->set_portnum(port);
    packet.mutable_decoded()->set_payload(payload);
    packet.mutable_decoded()->set_bitfield(1);
    frame.relay_node = static_cast<std::uint8_t>(number(who) & 0xFF);
    return frame;
}

void Crowd::says(int who, const std::string& text) {
    Waiting line{frame(who, kText, text), 0};
    line.frame.packet.set_id(next_id_++);
    line.frame.packet.set_want_ack(true);
    line.frame.packet.set_pki_encrypted(true);
    line.frame.packet.set_public_key(key(who));
    line.frame.sealed_for = box_key_;
    lines_.push_back(std::move(line));
    pump();
}

milliseconds Crowd::acknowledge(int who, std::uint32_t id) {
    pb::Routing taken;
    taken.set_error_reason(meshtastic::kNone);
    Waiting ack{frame(who, kRouting, taken.SerializeAsString()), 0};
    ack.frame.packet.set_id(0x80000000U + next_id_++);
    ack.frame.packet.mutable_decoded()->set_request_id(id);
    const milliseconds airtime = air_.airtime(ack.frame.packet);
    acks_.push_back(std::move(ack));
    pump();
    return airtime;
}

void Crowd::receive(const simulator::OnAir& frame, float) {
    const pb::MeshPacket& packet = frame.packet;
    const bool text = packet.decoded().portnum() == kText;
    if (on_box_sends)
        on_box_sends({air_.airtime(packet), text ? packet.decoded().payload() : std::string()});
    if (random_.below(kMillion) < static_cast<std::uint64_t>(loss_ * kMillion)) return;
    const int who = static_cast<int>(packet.to()) - static_cast<int>(number(0));
    if (who < 0 || who >= count_) return;
    if (packet.decoded().portnum() == kRouting) unacked_.erase(packet.decoded().request_id());
    if (packet.want_ack()) {
        const milliseconds airtime = acknowledge(who, packet.id());
        if (text && on_acknowledges) on_acknowledges(packet.decoded().payload(), airtime);
    }
    if (text && is_new(packet.id()) && on_shown) on_shown(who, packet.decoded().payload());
}

bool Crowd::is_new(std::uint32_t id) {
    if (!seen_.insert(id).second) return false;
    seen_order_.push_back(id);
    if (seen_order_.size() > kMostSeen) {
        seen_.erase(seen_order_.front());
        seen_order_.pop_front();
    }
    return true;
}

void Crowd::pump() {
    if (sending_ || listening_ || (acks_.empty() && lines_.empty())) return;
    if (air_.busy(index_)) {
        listening_ = true;
        const auto some = static_cast<std::int64_t>(random_.below(20));
        scheduler_.after(kListenAgain + milliseconds(some), [this] {
            listening_ = false;
            pump();
        });
        return;
    }
    std::deque<Waiting>& from = acks_.empty() ? lines_ : acks_;
    Waiting next = std::move(from.front());
    from.pop_front();
    send(std::move(next));
}

void Crowd::send(Waiting next) {
    sending_ = true;
    const milliseconds length = air_.airtime(next.frame.packet);
    air_.transmit(index_, next.frame);
    if (next.frame.packet.want_ack()) {
        const std::uint32_t id = next.frame.packet.id();
        const int tries = ++next.tries;
        unacked_[id] = std::move(next);
        scheduler_.after(length + kAckWait, [this, id, tries] { again(id, tries); });
    }
    scheduler_.after(length + milliseconds(5), [this] {
        sending_ = false;
        pump();
    });
}

void Crowd::again(std::uint32_t id, int tries) {
    const auto found = unacked_.find(id);
    if (found == unacked_.end() || found->second.tries != tries) return;
    if (tries < kTries) {
        lines_.push_back(found->second);
    } else {
        ++given_up_;
    }
    unacked_.erase(found);
    pump();
}

}  // namespace waypost::village
