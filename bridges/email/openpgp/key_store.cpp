// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/key_store.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "bridges/email/openpgp/autocrypt.h"
#include "gateway/base/encoding.h"
#include "gateway/base/log.h"
#include "gateway/message/text.h"

namespace waypost::email::openpgp {
namespace {

constexpr char kOwnCount[] = "openpgp-keys";
constexpr char kPeerCount[] = "openpgp-peers";

std::string own_place(const std::string& name) { return "openpgp-key " + name; }
std::string peer_place(std::size_t slot) { return "openpgp-peer " + std::to_string(slot); }

template <class Number>
Number number(const std::string& text) {
    Number value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::size_t count_in(const TransportState& state, const char* key, std::size_t most) {
    return std::min(number<std::size_t>(state.get(key).value_or("0")), most);
}

}  // namespace

std::string key_name(const Address& address) {
    const std::string_view local = address.local_part();
    return lower_ascii(local.substr(0, local.find('+'))) + '@' + lower_ascii(address.domain());
}

OwnKeys::OwnKeys(TransportState& state)
    : state_(state), count_(count_in(state, kOwnCount, kMostOwnKeys)) {}

std::shared_ptr<const OwnKey> OwnKeys::find(const Address& address) {
    const std::string name = key_name(address);
    const auto known = loaded_.find(name);
    if (known != loaded_.end()) return known->second;
    const auto kept = state_.get(own_place(name));
    if (!kept) return nullptr;
    auto bytes = from_base64(*kept);
    if (!bytes.ok()) return nullptr;
    auto key = load_key(Secret(std::move(*bytes)));
    if (!key.ok()) {
        log(Level::Error, "email", "key-unreadable",
            {{"address", shorten(name)}, {"why", key.error().text}});
        return nullptr;
    }
    return loaded_[name] = std::make_shared<const OwnKey>(std::move(*key));
}

Result<std::shared_ptr<const OwnKey>> OwnKeys::find_or_make(const Address& address) {
    if (auto known = find(address)) return known;
    const std::string name = key_name(address);
    // One that is there and cannot be read is not replaced: people hold its other half.
    if (state_.get(own_place(name))) return Error{Code::Internal, "its key is unreadable", false};
    if (count_ >= kMostOwnKeys) return Error{Code::Full, "no more keys on this box", false};
    auto key = make_key(name);
    if (!key.ok()) return key.error();
    state_.put(own_place(name), to_base64(key->secret.reveal()));
    state_.put(kOwnCount, std::to_string(++count_));
    return loaded_[name] = std::make_shared<const OwnKey>(std::move(*key));
}

Peers::Peers(TransportState& state) : state_(state) {
    const std::size_t count = count_in(state, kPeerCount, kMostPeers);
    for (std::size_t slot = 0; slot < count; ++slot) {
        auto peer = parse_peer(state.get(peer_place(slot)).value_or(std::string()));
        slots_.push_back(peer.ok() ? std::move(*peer) : Peer{});
        by_name_[key_name(slots_.back().address)] = slot;
    }
}

const Peer* Peers::find(const Address& address) const {
    const auto found = by_name_.find(key_name(address));
    return found == by_name_.end() ? nullptr : &slots_[found->second];
}

void Peers::put(Peer peer) {
    const std::string name = key_name(peer.address);
    const auto known = by_name_.find(name);
    std::size_t slot = slots_.size();
    if (known != by_name_.end()) {
        slot = known->second;
    } else if (slots_.size() >= kMostPeers) {
        slot = least_missed();
        by_name_.erase(key_name(slots_[slot].address));
    }
    if (slot == slots_.size()) {
        slots_.emplace_back();
        state_.put(kPeerCount, std::to_string(slots_.size()));
    }
    slots_[slot] = std::move(peer);
    by_name_[name] = slot;
    state_.put(peer_place(slot), encode_peer(slots_[slot]));
}

std::size_t Peers::least_missed() const {
    const auto worth = [](const Peer& p) { return std::tuple(p.pinned, p.encrypts, p.seen); };
    const auto least =
        std::min_element(slots_.begin(), slots_.end(),
                         [&](const Peer& a, const Peer& b) { return worth(a) < worth(b); });
    return static_cast<std::size_t>(least - slots_.begin());
}

std::string encode_peer(const Peer& peer) {
    return "address " + peer.address.value + "\nkey " + to_base64(peer.certificate.bytes) +
           "\nfingerprint " + peer.certificate.fingerprint + "\nsaid " + std::to_string(peer.said) +
           "\nseen " + std::to_string(peer.seen) + (peer.encrypts ? "\nencrypts yes" : "") +
           (peer.pinned ? "\npinned yes" : "") + (peer.chat ? "\nchat yes" : "") + '\n';
}

Result<Peer> parse_peer(const std::string& text) {
    std::map<std::string, std::string> lines;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        const std::string line = text.substr(from, end - from);
        from = end + 1;
        const std::size_t space = line.find(' ');
        if (space != std::string::npos) lines[line.substr(0, space)] = line.substr(space + 1);
    }
    auto address = parse_address("mailto:" + lines["address"]);
    if (!address.ok()) return address.error();
    auto key = from_base64(lines["key"]);
    if (!key.ok()) return key.error();
    Peer peer;
    peer.address = std::move(*address);
    peer.certificate = {std::move(*key), lines["fingerprint"]};
    peer.said = number<std::int64_t>(lines["said"]);
    peer.seen = number<std::int64_t>(lines["seen"]);
    peer.encrypts = lines.count("encrypts") != 0;
    peer.pinned = lines.count("pinned") != 0;
    peer.chat = lines.count("chat") != 0;
    return peer;
}

}  // namespace waypost::email::openpgp
