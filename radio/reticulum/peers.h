// SPDX-License-Identifier: Apache-2.0
// Who was heard on Reticulum: keys, names, and the way to each. Who matters here (a villager, who
// wrote to somebody here or is written to) has a place that no flood of announces takes, and that
// outlasts a restart. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/clock.h"
#include "radio/reticulum/carrier.h"
#include "radio/reticulum/wire/identity.h"

namespace waypost::reticulum {

struct Path {
    InterfaceNumber interface = 0;
    std::string next_hop;  // kHash bytes: a transport node; empty: nothing is in between
    int hops = 1;          // 1: its own announce was heard
};

// One lxmf.delivery destination. Its hash commits to its keys, so they never change.
struct Peer {
    explicit Peer(PublicIdentity keys) : identity(std::move(keys)) {}

    PublicIdentity identity;
    std::string name;             // clean, may be empty
    std::string ratchet;          // public key for single packets, or empty
    std::int64_t ratchet_at = 0;  // Unix seconds at which it was heard
    int stamp_cost = 0;           // 0: it asks for none
    bool compression = true;      // it takes compressed resources
    std::uint64_t emitted = 0;    // of its newest announce, by its own clock
    std::optional<Path> path;     // as its newest announce came; its interface may have gone
    BoxTime heard{};              // in this run; 0: not yet
    BoxTime noted{};              // when its record last changed for the disk
};

class Peers {
  public:
    static constexpr std::size_t kMostKept = 5'000;
    static constexpr std::size_t kMostOthers = 2'000;

    // `destination`: kHash bytes. Null: nobody was heard there.
    Peer* find(std::string_view destination);
    const Peer* find(std::string_view destination) const;
    // One that is not known yet; who was not heard for longest makes room.
    Peer& add(const std::string& destination, PublicIdentity identity);
    // From now on this one matters. False: it did before, or is not known.
    bool keep(std::string_view destination);
    bool is_kept(std::string_view destination) const { return kept_.count(destination) > 0; }
    // Those kept that had to go since the last call.
    std::vector<std::string> forgotten() { return std::exchange(forgotten_, {}); }

    std::size_t size() const { return kept_.size() + others_.size(); }
    std::size_t heard_since(BoxTime since) const;

    // For the transport's state, without the way; rubbish is passed over.
    static std::string record(const Peer& peer);
    void load(std::string_view destination, const std::string& record);

  private:
    using Map = std::map<std::string, Peer, std::less<>>;
    static Map::iterator oldest(Map& map);

    Map kept_, others_;
    std::vector<std::string> forgotten_;
};

// The destination at which somebody takes LXMF messages, and back from how people write it:
// 32 hex digits.
inline constexpr char kDeliveryName[] = "lxmf.delivery";
std::string address_of(std::string_view destination);
std::optional<std::string> destination_in(std::string_view address);

}  // namespace waypost::reticulum
