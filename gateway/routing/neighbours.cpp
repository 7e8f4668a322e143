// SPDX-License-Identifier: Apache-2.0
#include "gateway/routing/neighbours.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kNameBytes = 10;  // beside a person's name it must fit small displays

bool fits(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

bool can_be_typed(const std::string& name) {
    return !name.empty() && name.size() <= kNameBytes && name[0] >= 'a' && name[0] <= 'z' &&
           std::all_of(name.begin(), name.end(), fits);
}

[[noreturn]] void wrong(const Neighbour& neighbour, const std::string& why) {
    throw std::runtime_error("[neighbour." + neighbour.name + "]: " + why);
}

}  // namespace

Neighbours::Neighbours(std::vector<Neighbour> all, const std::string& own_domain)
    : all_(std::move(all)) {
    std::set<std::string> taken{lower_ascii(own_domain)};
    std::set<std::string> keys;
    for (Neighbour& each : all_) {
        if (!can_be_typed(each.name))
            wrong(each, "a name has 1 to 10 of a-z, 0-9 and -, a letter first");
        if (each.domains.empty()) wrong(each, "domain names none");
        for (std::string& domain : each.domains) {
            domain = lower_ascii(domain);
            if (!parse_address("mailto:x@" + domain).ok())
                wrong(each, "domain: " + domain + " is no domain");
            if (!taken.insert(domain).second)
                wrong(each, "domain: " + domain + " is this box's own or another neighbour's");
        }
        for (const std::string& key : each.keys) {
            if (!keys.insert(key).second) wrong(each, key + " is another neighbour's too");
        }
    }
}

const Neighbour* Neighbours::named(std::string_view name) const {
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const Neighbour& n) { return n.name == name; });
    return found == all_.end() ? nullptr : &*found;
}

const Neighbour* Neighbours::speaker(const Address& address) const {
    const std::string_view domain = address.domain();
    if (domain.empty()) return nullptr;
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const Neighbour& n) {
        return std::find(n.domains.begin(), n.domains.end(), domain) != n.domains.end();
    });
    return found == all_.end() ? nullptr : &*found;
}

const Neighbour* Neighbours::fronted(const Address& address) const {
    const Neighbour* const found = address.scheme == "mailto" ? speaker(address) : nullptr;
    return found != nullptr && found->fronted ? found : nullptr;
}

const Neighbour* Neighbours::at(const std::string& peer) const {
    if (all_.empty() || peer.empty()) return nullptr;
    const auto keyed = std::find_if(all_.begin(), all_.end(), [&](const Neighbour& n) {
        return std::find(n.keys.begin(), n.keys.end(), peer) != n.keys.end();
    });
    if (keyed != all_.end()) return &*keyed;
    Poco::Net::IPAddress address;
    if (!Poco::Net::IPAddress::tryParse(peer, address)) return nullptr;
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const Neighbour& n) {
        return std::any_of(n.addresses.begin(), n.addresses.end(),
                           [&](const IpNetwork& network) { return network.holds(address); });
    });
    return found == all_.end() ? nullptr : &*found;
}

std::optional<Address> Neighbours::address(std::string_view typed) const {
    const std::size_t dot = typed.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return std::nullopt;
    const Neighbour* neighbour = named(typed.substr(dot + 1));
    if (neighbour == nullptr) return std::nullopt;
    auto address = parse_address("mailto:" + std::string(typed.substr(0, dot)) + '@' +
                                 neighbour->domains.front());
    if (!address.ok()) return std::nullopt;
    return std::move(*address);
}

std::optional<std::string> Neighbours::short_name(const Address& address, std::size_t bytes) const {
    const Neighbour* neighbour = speaker(address);
    if (neighbour == nullptr || address.domain() != neighbour->domains.front()) return std::nullopt;
    const std::size_t box = neighbour->name.size() + 1;
    if (box >= bytes) return std::nullopt;
    return one_line(address.local_part(), bytes - box) + '.' + neighbour->name;
}

}  // namespace waypost
