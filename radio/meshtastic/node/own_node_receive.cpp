// SPDX-License-Identifier: Apache-2.0
// What comes to the node: opened by the keys that there are, once, and by the rules of the network.
#include "gateway/message/text.h"
#include "meshtastic.pb.h"
#include "radio/meshtastic/node/blur.h"
#include "radio/meshtastic/node/own_node.h"
#include "radio/meshtastic/node/packet_rules.h"
#include "radio/meshtastic/packet_words.h"
#include "radio/meshtastic/position.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {
namespace {

using std::chrono::seconds;

constexpr std::size_t kMostText = 240;
constexpr seconds kAckAgain{10};
constexpr seconds kTellAgain{60};
constexpr seconds kGreetAgain{60};
constexpr seconds kGreetUnasked{24 * 3600};
constexpr int kGreetingsPerHour =
    200;  // all together: node numbers cost whoever makes them nothing
constexpr int kUnaskedPerHour = 60;

}  // namespace

struct OwnNode::Opened {
    pb::Data data;
    std::string key;     // of its sender, under which it was sealed; empty: it was not
    int precision = 32;  // bits of a position that its channel may carry
};

// Null: it is new, and counts as seen from now on.
OwnNode::Seen* OwnNode::seen_before(const pb::MeshPacket& packet) {
    std::string key = seen_key(packet.from(), packet.id());
    if (Seen* before = seen_.find(key)) return before;
    seen_.put(std::move(key), {});
    return nullptr;
}

NodeActions OwnNode::received(const pb::MeshPacket& packet, BoxTime now) {
    NodeActions actions;
    if (packet.from() == number()) return actions;  // our own, come back
    if (!by_the_rules(packet) || (packet.has_decoded() && !options_.takes_open)) {
        ++counters_.refused;
        return actions;
    }
    if (Seen* before = seen_before(packet)) {
        ++counters_.repeats;
        // Its sender has not heard our ack.
        if (before->direct && before->kept && now - before->acked >= kAckAgain) {
            before->acked = now;
            send_routing(packet.from(), packet.id(), kNone, actions);
        }
        return actions;
    }
    const auto opened = open(packet, now, actions);
    if (!opened) {
        ++counters_.unreadable;
        return actions;
    }
    if (opened->data.portnum() == kAdmin) {
        ++counters_.refused;
        return actions;
    }
    pb::MeshPacket shown = packet;
    *shown.mutable_decoded() = opened->data;
    shown.set_pki_encrypted(!opened->key.empty());
    actions.packets.push_back(heard_packet(shown));
    hear(packet, *opened, now, actions);
    const std::uint32_t port = opened->data.portnum();
    if (port == kRouting) take_routing(packet, *opened, actions);
    if (port == kText || port == kAlert) take_text(packet, *opened, actions);
    return actions;
}

std::optional<OwnNode::Opened> OwnNode::open(const pb::MeshPacket& packet, BoxTime now,
                                             NodeActions& actions) {
    if (packet.has_decoded()) {
        if (packet.decoded().portnum() == 0) return std::nullopt;
        return Opened{packet.decoded(), {}, options_.channels.front().precision};
    }
    if (packet.to() == number() && packet.channel() == 0) {
        if (auto sealed = open_sealed(packet, actions)) return sealed;
    }
    auto opened = open_by_channel(packet);
    if (!opened && packet.to() == number() && packet.channel() == 0)
        refuse_unknown(packet, now, actions);
    return opened;
}

std::optional<OwnNode::Opened> OwnNode::open_sealed(const pb::MeshPacket& packet,
                                                    NodeActions& actions) {
    KnownNode* const node = nodes_.find(packet.from());
    if (node == nullptr) return std::nullopt;
    for (std::string* key : {&node->key, &node->other_key}) {
        if (key->empty()) continue;
        const auto bytes = key_.open(*key, packet.from(), packet.id(), packet.encrypted());
        Opened opened;
        if (!bytes || !opened.data.ParseFromString(*bytes) || opened.data.portnum() == 0) continue;
        opened.key = *key;
        if (key == &node->other_key) {  // it is proven now
            node->key = std::exchange(node->other_key, {});
            actions.known.push_back(packet.from());
        }
        return opened;
    }
    return std::nullopt;
}

std::optional<OwnNode::Opened> OwnNode::open_by_channel(const pb::MeshPacket& packet) {
    for (const ChannelKey& channel : options_.channels) {
        if (auto data = open_packet(packet, channel))
            return Opened{std::move(*data), {}, channel.precision};
    }
    return std::nullopt;
}

// Sealed to us by a node whose key we lack: it is told, and asked who it is. Both cost the air of a
// mesh, and anybody can make such packets.
void OwnNode::refuse_unknown(const pb::MeshPacket& packet, BoxTime now, NodeActions& actions) {
    KnownNode& node = node_at(packet.from(), actions);
    if (node.refused != BoxTime{} && now - node.refused < kGreetAgain) return;
    if (!may_greet(kGreetingsPerHour, now)) return;
    node.refused = now;
    send_routing(packet.from(), packet.id(), kPkiUnknownKey, actions);
    send_user(packet.from(), true, actions);
    // What it says again under this id is to be read then.
    seen_.erase(seen_key(packet.from(), packet.id()));
}

bool OwnNode::may_greet(int most_per_hour, BoxTime now) {
    if (now - greeting_since_ >= std::chrono::hours(1)) {
        greeting_since_ = now;
        greetings_ = 0;
    }
    if (greetings_ >= most_per_hour) return false;
    ++greetings_;
    return true;
}

KnownNode& OwnNode::node_at(std::uint32_t number, NodeActions& actions) {
    KnownNode& node = nodes_.at(number);
    if (const std::uint32_t gone = nodes_.forgotten(); gone != 0) actions.forgotten.push_back(gone);
    return node;
}

void OwnNode::hear(const pb::MeshPacket& packet, const Opened& opened, BoxTime now,
                   NodeActions& actions) {
    KnownNode& node = node_at(packet.from(), actions);
    node.heard = now;
    if (packet.hop_start() >= packet.hop_limit() && packet.hop_start() > 0)
        node.hops = static_cast<int>(packet.hop_start() - packet.hop_limit());
    Heard heard;
    heard.key = Heard::Key::Remembered;
    const std::uint32_t port = opened.data.portnum();
    if (port == kNodeInfo) take_user(packet.from(), opened, node, heard, now, actions);
    if (port == kPosition) {
        const std::string said = blur_position(opened.data.payload(), opened.precision);
        if (!said.empty()) heard.place = place_in(said);
    }
    if (!opened.key.empty()) heard.key = Heard::Key::Proven;
    const bool news = port == kNodeInfo || heard.place || !opened.key.empty();
    if (!news && node.told != BoxTime{} && now - node.told < kTellAgain) return;
    node.told = now;
    heard.name = node.name;
    heard.short_name = node.short_name;
    if (heard.public_key.empty()) heard.public_key = opened.key.empty() ? node.key : opened.key;
    heard.hops = node.hops;
    heard.messageable = node.messageable;
    actions.heard.emplace_back(packet.from(), std::move(heard));
}

// Anybody can say that a key is somebody's. The first that was said is used until another proves
// itself, or a node is known to have lost it; the office is told of each.
void OwnNode::take_user(std::uint32_t from, const Opened& opened, KnownNode& node, Heard& heard,
                        BoxTime now, NodeActions& actions) {
    pb::User user;
    if (!user.ParseFromString(opened.data.payload())) return;
    node.name = one_line(clean_utf8(user.long_name()), 40);
    node.short_name = one_line(clean_utf8(user.short_name()), 8);
    node.messageable = !user.is_unmessagable();
    if (user.public_key().size() == kNodeKeyBytes && user.public_key() != key_.public_key()) {
        heard.key = Heard::Key::Said;
        heard.public_key = user.public_key();
        if (node.key.empty()) {
            node.key = user.public_key();
            actions.known.push_back(from);
        } else if (node.key != user.public_key()) {
            node.other_key = user.public_key();
        }
    }
    // Who asks is answered; who is new learns at once that we are here, as long as they are few.
    const bool asks = opened.data.want_response();
    const auto pause = asks ? std::chrono::seconds(kGreetAgain) : kGreetUnasked;
    if (node.greeted != BoxTime{} && now - node.greeted < pause) return;
    if (!may_greet(asks ? kGreetingsPerHour : kUnaskedPerHour, now)) return;
    node.greeted = now;
    send_user(from, false, actions);
}

void OwnNode::take_text(const pb::MeshPacket& packet, const Opened& opened, NodeActions& actions) {
    const bool direct = packet.to() == number();
    if ((!direct && packet.to() != kBroadcast) || opened.data.payload().size() > kMostText) return;
    seen_.find(seen_key(packet.from(), packet.id()))->direct = direct && packet.want_ack();
    TextIn text;
    text.from = packet.from();
    text.packet_id = packet.id();
    text.reply_id = opened.data.reply_id();
    text.text = clean_utf8(opened.data.payload());
    text.direct = direct;
    text.reaction = opened.data.emoji() != 0;
    text.alert = opened.data.portnum() == kAlert;
    text.sealed = !opened.key.empty();
    text.key = opened.key;
    actions.texts.push_back(std::move(text));
}

void OwnNode::take_routing(const pb::MeshPacket& packet, const Opened& opened,
                           NodeActions& actions) {
    pb::Routing routing;
    const std::uint32_t id = opened.data.request_id();
    if (id == 0 || packet.to() != number() || !routing.ParseFromString(opened.data.payload()) ||
        !routing.has_error_reason())
        return;
    const std::uint32_t error = routing.error_reason();
    const auto found = flights_.find(id);
    if (found == flights_.end()) {
        if (error == kNone)
            actions.proofs.emplace_back(
                id, Proof{Proof::Kind::Delivered, ProofClass::Reported, "routing 0", "", {}});
        return;
    }
    if (packet.from() != found->second.out.to) return;  // nobody else may speak for it
    Outcome outcome = outcome_of(error);
    if (error == kPkiUnknownKey || error == kPkiFailed || error == kNoPublicKey) {
        // It has lost our key, or has another one: that is used if it was said.
        KnownNode& node = node_at(packet.from(), actions);
        if (!node.other_key.empty()) std::swap(node.key, node.other_key);
        send_user(packet.from(), true, actions);
        outcome.retry_after = seconds(20);
    }
    end(id, std::move(outcome), actions);
}

}  // namespace waypost::meshtastic
