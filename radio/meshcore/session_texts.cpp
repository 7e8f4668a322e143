// SPDX-License-Identifier: Apache-2.0
// What was said to the box, in a room or on a channel, and what the radio hears on air.
#include "gateway/base/encoding.h"
#include "gateway/message/text.h"
#include "radio/meshcore/address.h"
#include "radio/meshcore/session.h"

namespace waypost::meshcore {
namespace {

constexpr std::size_t kMostSeen = 256;
constexpr std::size_t kNameOnAir = 40;
// What the device answers by itself: an ack along a path, or one inside a path that is flooded.
constexpr std::size_t kAckBytes = 2 + 4 + 8;
constexpr std::size_t kPathBackBytes = 2 + 4 + 2 + 2 + 80;
constexpr int kHopBits = 63;

int hops_of(const WaitingText& text) {
    return text.path_length == kNoPath ? -1 : text.path_length & kHopBits;
}

PacketSeen seen_as(const AirPacket& packet, const Received& received) {
    PacketSeen seen;
    seen.bytes = received.packet.size();
    seen.text = to_string(packet.type);
    if (packet.type == PacketType::Advert && packet.payload.size() >= kPrefixBytes)
        seen.text += " of " + radio_address(packet.payload);
    if (!packet.path.empty()) seen.text += ", hops " + std::to_string(packet.hops());
    seen.snr_db = received.snr_db;
    seen.rssi_dbm = received.rssi_dbm;
    return seen;
}

}  // namespace

void Session::take_text(const WaitingText& text, BoxTime now, Actions& actions) {
    if (text.channel >= 0) return take_channel_text(text, actions);
    take_direct(text, false, now, actions);
}

void Session::take_direct(const WaitingText& text, bool last, BoxTime now, Actions& actions) {
    const auto writers = with_prefix(text.prefix);
    if (writers.empty() && !last) {
        unsorted_ = text;
        contacts_stale_ = true;
        return;
    }
    if (writers.size() == 1 && writers.front()->type == kRoom && text.type == kSigned)
        return take_post(text, *writers.front(), now, actions);
    const bool of_a_person = writers.size() != 1 || writers.front()->type == kChat;
    if (!of_a_person || text.type != kPlain) return;
    TextIn in;
    in.from = radio_address(text.prefix);
    in.time = text.time;
    in.text = clean_utf8(text.text);
    in.direct = true;
    // Of two whose keys begin alike nobody knows which one it was.
    if (writers.size() == 1) {
        const Contact& writer = *writers.front();
        in.key = writer.key;
        in.name = writer.name;
        contacts_.at(writer.key).used = now;
        hear(writer, Heard::Key::Proven, text.snr_db, hops_of(text), now, actions);
    }
    count_ack(text, now);
    hand_over(std::move(in), actions);
}

void Session::take_post(const WaitingText& text, const Contact& room, BoxTime now,
                        Actions& actions) {
    TextIn in;
    in.room = room_address(room.key);
    in.room_name = room.name;
    in.key = room.key;
    in.time = text.time;
    in.text = clean_utf8(text.text);
    in.direct = true;
    const auto authors = with_prefix(text.author);
    const bool known = authors.size() == 1 && authors.front()->type == kChat;
    in.from = known ? radio_address(authors.front()->key) : std::string();
    in.name = known ? authors.front()->name : to_hex(text.author);
    contacts_.at(room.key).used = now;
    count_ack(text, now);
    hand_over(std::move(in), actions);
}

// Who said it is nothing but a part of the text.
void Session::take_channel_text(const WaitingText& text, Actions& actions) {
    const std::string whole = clean_utf8(text.text);
    const std::size_t colon = whole.find(": ");
    const bool named = colon != std::string::npos && colon > 0 && colon <= kNameOnAir;
    TextIn in;
    in.from = name_address(named ? whole.substr(0, colon) : "?");
    const auto channel = channels_.find(text.channel);
    in.name = channel == channels_.end() ? std::string() : channel->second;
    in.time = text.time;
    in.text = named ? whole.substr(colon + 2) : whole;
    hand_over(std::move(in), actions);
}

void Session::count_ack(const WaitingText& text, BoxTime now) {
    const bool flooded = text.path_length != kNoPath;
    ledger_.spend_beside(now, airtime_of_bytes(flooded ? kPathBackBytes : kAckBytes));
}

// Repeats have the same time and text, but are other packets, and the radio gives each of them.
bool Session::seen(const TextIn& text) {
    std::string what = short_hash(text.from + '\n' + text.room + '\n' + std::to_string(text.time) +
                                  '\n' + (text.direct ? "" : text.name + '\n') + text.text);
    if (!seen_.insert(what).second) return true;
    seen_order_.push_back(std::move(what));
    if (seen_order_.size() > kMostSeen) {
        seen_.erase(seen_order_.front());
        seen_order_.pop_front();
    }
    return false;
}

void Session::hand_over(TextIn text, Actions& actions) {
    if (is_blank(text.text) || seen(text)) return;
    undecided_ = std::move(text);
    give_again_ = BoxTime::max();
    actions.text = undecided_;
}

void Session::take_received(const Received& received, Actions& actions) {
    const auto packet = parse_packet(received.packet);
    if (!packet.ok()) return;
    actions.packets.push_back(seen_as(*packet, received));
    note_relay(*packet, actions);
}

// Our own text, with a hop in its path.
void Session::note_relay(const AirPacket& packet, Actions& actions) {
    if (packet.type != PacketType::Text || packet.path.empty() || self_.key.empty()) return;
    const auto parts = parse_sealed(packet.payload);
    if (!parts.ok() || parts->from != static_cast<std::uint8_t>(self_.key[0])) return;
    for (auto& [id, flight] : flights_) {
        const bool ours = flight.tries > 0 && !flight.relayed &&
                          parts->to == static_cast<std::uint8_t>(flight.key[0]);
        if (!ours) continue;
        flight.relayed = true;
        actions.proofs.emplace_back(
            id, Proof{Proof::Kind::Relayed, ProofClass::Observed, "repeated", "", {}});
    }
}

}  // namespace waypost::meshcore
