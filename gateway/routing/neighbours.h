// SPDX-License-Identifier: Apache-2.0
// Other gateways that this one is linked with, as the operator names them: [neighbour.dale]. Each
// speaks for its own domains only. Immutable once made, thus thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ip_network.h"
#include "gateway/message/address.h"
#include "gateway/message/geo_point.h"

namespace waypost {

// alarm@hill.example: where a neighbour's alarms come to. No person is called so.
inline constexpr char kAlarmName[] = "alarm";
// forget@hill.example: whom of its people a neighbour wants forgotten here. Nor so.
inline constexpr char kForgetName[] = "forget";

struct Neighbour {
    std::string name;                  // "dale": its people are @ben.dale on the radio
    std::vector<std::string> domains;  // that it speaks for; people are written to at the first
    std::vector<IpNetwork> addresses;  // that its mail comes from
    // Names under which transports prove by key what comes from it: "nncp:dale".
    std::vector<std::string> keys;
    int messages_per_day = 500;    // that it may bring in all; as many alarms beside them
    bool alarms_on_radio = false;  // else they stay on the console
    bool tell_alarms = false;      // ours are passed on to it
    bool tell_forget = true;       // it is told whom of ours it is to forget
    // Mail of the whole world for its domains is taken here and goes on to it; so much a day.
    bool fronted = false;
    int fronted_per_day = 2000;
    std::optional<GeoPoint> place;  // where it stands, for the map

    // Else it is known by DMARC only.
    bool has_places() const { return !addresses.empty() || !keys.empty(); }
};

class Neighbours {
  public:
    Neighbours() = default;
    // Throws std::runtime_error with a sentence for the operator: a name that cannot be typed, a
    // domain that is none, is ours or belongs to two.
    Neighbours(std::vector<Neighbour> all, const std::string& own_domain);

    const std::vector<Neighbour>& all() const { return all_; }
    bool empty() const { return all_.empty(); }
    const Neighbour* named(std::string_view name) const;
    // Who speaks for this address, by its domain; null: none of them.
    const Neighbour* speaker(const Address& address) const;
    // The same, if mail from the whole world for it is taken here.
    const Neighbour* fronted(const Address& address) const;
    // Whose machine this is, by its IP address or by what proves its key (Message::peer); null:
    // nobody's.
    const Neighbour* at(const std::string& peer) const;
    // "ben.dale" is ben@dale.example.
    std::optional<Address> address(std::string_view typed) const;
    // ben@dale.example is "ben.dale", within `bytes` bytes; of its first domain only, or what is
    // shown would lead elsewhere when it is typed.
    std::optional<std::string> short_name(const Address& address, std::size_t bytes) const;

  private:
    std::vector<Neighbour> all_;
};

}  // namespace waypost
