// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/peers.h"

#include <algorithm>
#include <charconv>

#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost::reticulum {
namespace {

constexpr char kNone[] = "-";

// Up to the next space, which is taken off too.
std::string_view word(std::string_view& rest) {
    const std::size_t space = rest.find(' ');
    const std::string_view first = rest.substr(0, space);
    rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
    return first;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

Peer* Peers::find(std::string_view destination) {
    return const_cast<Peer*>(std::as_const(*this).find(destination));
}

const Peer* Peers::find(std::string_view destination) const {
    if (const auto found = kept_.find(destination); found != kept_.end()) return &found->second;
    const auto found = others_.find(destination);
    return found == others_.end() ? nullptr : &found->second;
}

Peers::Map::iterator Peers::oldest(Map& map) {
    return std::min_element(map.begin(), map.end(), [](const auto& a, const auto& b) {
        return a.second.heard < b.second.heard;
    });
}

Peer& Peers::add(const std::string& destination, PublicIdentity identity) {
    if (others_.size() >= kMostOthers) others_.erase(oldest(others_));
    return others_.insert_or_assign(destination, Peer(std::move(identity))).first->second;
}

bool Peers::keep(std::string_view destination) {
    const auto found = others_.find(destination);
    if (found == others_.end()) return false;
    if (kept_.size() >= kMostKept) {
        const auto goes = oldest(kept_);
        forgotten_.push_back(goes->first);
        kept_.erase(goes);
    }
    kept_.insert(others_.extract(found));
    return true;
}

std::size_t Peers::heard_since(BoxTime since) const {
    const auto heard = [since](const auto& each) {
        return each.second.heard != BoxTime{} && each.second.heard >= since;
    };
    return static_cast<std::size_t>(std::count_if(kept_.begin(), kept_.end(), heard) +
                                    std::count_if(others_.begin(), others_.end(), heard));
}

std::string Peers::record(const Peer& peer) {
    return to_hex(peer.identity.bytes()) + ' ' +
           (peer.ratchet.empty() ? std::string(kNone) : to_hex(peer.ratchet)) + ' ' +
           std::to_string(peer.ratchet_at) + ' ' + std::to_string(peer.stamp_cost) + ' ' +
           (peer.compression ? "1 " : "0 ") + std::to_string(peer.emitted) + ' ' + peer.name;
}

void Peers::load(std::string_view destination, const std::string& record) {
    std::string_view rest = record;
    const auto keys = from_hex(word(rest));
    auto identity = PublicIdentity::from_bytes(keys.value_or(""));
    if (!identity.ok() || destination_of(kDeliveryName, *identity) != destination) return;
    Peer peer(std::move(*identity));
    const std::string_view ratchet = word(rest);
    if (ratchet != kNone) peer.ratchet = from_hex(ratchet).value_or("");
    if (!peer.ratchet.empty() && peer.ratchet.size() != kKey) return;
    if (!read_number(word(rest), peer.ratchet_at) || !read_number(word(rest), peer.stamp_cost))
        return;
    peer.compression = word(rest) != "0";
    if (!read_number(word(rest), peer.emitted)) return;
    peer.name = clean_name(rest);
    if (kept_.size() < kMostKept) kept_.insert_or_assign(std::string(destination), std::move(peer));
}

std::string address_of(std::string_view destination) { return to_hex(destination); }

std::optional<std::string> destination_in(std::string_view address) {
    auto bytes = from_hex(lower_ascii(address));
    return bytes && bytes->size() == kHash ? bytes : std::nullopt;
}

}  // namespace waypost::reticulum
