// SPDX-License-Identifier: Apache-2.0
// Where an address leads: to a person or stranger of this village, or out by a network.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/people/directory.h"

namespace waypost {

// bounce+TOKEN@hill.example: where reports come back to (gateway/custody/return_path.h).
inline constexpr char kReportName[] = "bounce";

struct Route {
    enum class Kind {
        Person,    // one of ours; `owner` is his handle
        Stranger,  // a radio of ours without a name; `owner` is its address
        Outside,   // leaves by `network`
        Nowhere,   // no such person, or no network carries it
        Report,    // a report about a delivery of ours: `token` says which, or its id (neighbours)
        Alarm,     // alarm@: what a neighbour's alarm comes to
        Forget,    // forget@: whom a neighbour wants forgotten
        Group,     // a group here; `owner` is "#news", `token` what is asked of it: "join"
    };
    Kind kind = Kind::Nowhere;
    std::string owner;
    Address recipient;     // person:ana, the endpoint, or the outside address
    std::string network;   // may be empty for a person without any endpoint
    std::string token;     // the part after "+", unchecked
    std::string token_of;  // the name before it, for which it must have been made
    // A person's mailbox on this box, which gets all that comes for him, and the network that
    // carries it; empty: he has none.
    Address mailbox{};
    std::string mailbox_network{};
    bool mailbox_only = false;  // nothing else reaches him: `network` is the mailbox's
};

// Where neighbours write to the box itself, and nobody else does.
inline bool is_for_neighbours(const Route& route) {
    return route.kind == Route::Kind::Alarm || route.kind == Route::Kind::Forget;
}

Route to_group(const std::string& name, const std::string& token = {});

// Pure: the caller gives the snapshot. `networks` maps a scheme to the network that carries it.
class Router {
  public:
    Router(std::string domain, std::vector<std::string> operators)
        : domain_(std::move(domain)), operators_(std::move(operators)) {}

    // `ordered`, `message_bytes`: as the network's Limits; of several instances the smallest.
    void carries(const std::string& scheme, const std::string& network, bool ordered,
                 std::size_t message_bytes = 0) {
        networks_[scheme] = network;
        if (ordered) ordered_.insert(network);
        std::size_t& page = page_bytes_[network];
        if (page == 0 || (message_bytes > 0 && message_bytes < page)) page = message_bytes;
    }
    // The most bytes of one message on it; 0: as long as it is.
    std::size_t page_bytes(const std::string& network) const {
        const auto found = page_bytes_.find(network);
        return found == page_bytes_.end() ? 0 : found->second;
    }
    // This instance can ask for the deletion of what left by it (Limits::takes_back).
    void can_take_back(const TransportId& transport) { takes_back_.insert(transport); }
    // People type addresses of it with their scheme (Limits::typed).
    void is_typed(const std::string& scheme) { typed_schemes_.insert(scheme); }
    bool takes_back(const TransportId& transport) const { return takes_back_.count(transport) > 0; }
    bool ordered(const std::string& network) const { return ordered_.count(network) > 0; }
    // Those of radios, which are heard or not.
    const std::set<std::string>& ordered_networks() const { return ordered_; }
    const std::set<std::string>& typed_schemes() const { return typed_schemes_; }
    // acct:public@hill.example, where posts for all the world go; empty: no network has readers.
    Address public_address() const;
    bool is_public(const Address& to) const { return !to.empty() && to == public_address(); }
    bool ours(const Address& address) const { return address.domain() == domain_; }
    Route route(const Address& to, const Directory& directory) const;
    // The network of an endpoint, or empty.
    std::string network_of(const Address& endpoint) const;

  private:
    Route local(const Address& to, const Directory& directory) const;
    Route to_person(const Person& person) const;
    std::string domain_;
    std::vector<std::string> operators_;
    std::map<std::string, std::string> networks_;
    std::set<std::string> ordered_;
    std::set<std::string> typed_schemes_;
    std::set<TransportId> takes_back_;
    std::map<std::string, std::size_t> page_bytes_;
};

}  // namespace waypost
