// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/ip_network.h"

namespace waypost {

using Poco::Net::IPAddress;

Result<IpNetwork> IpNetwork::parse(const std::string& cidr) {
    const Error wrong =
        bad_input(cidr + ": a network is an address and how many bits count: 192.168.4.0/24");
    const std::size_t slash = cidr.find('/');
    IPAddress base;
    if (!IPAddress::tryParse(cidr.substr(0, slash), base)) return wrong;
    const unsigned most = base.family() == IPAddress::IPv4 ? 32 : 128;
    if (slash == std::string::npos) return IpNetwork(base, most);
    const std::string digits = cidr.substr(slash + 1);
    if (digits.empty() || digits.size() > 3 ||
        digits.find_first_not_of("0123456789") != std::string::npos) {
        return wrong;
    }
    const auto bits = static_cast<unsigned>(std::stoul(digits));
    if (bits > most) return wrong;
    return IpNetwork(base, bits);
}

IpNetwork::IpNetwork(const IPAddress& base, unsigned bits)
    : mask_(bits, base.family()), base_(base & mask_) {}

// A socket that takes both families shows IPv4 peers as ::ffff:192.0.2.7 (RFC 4291 2.5.5.2).
bool IpNetwork::holds(const IPAddress& address) const {
    if (address.family() != base_.family()) {
        if (!address.isIPv4Mapped()) return false;
        const std::string text = address.toString();
        IPAddress inside;
        return IPAddress::tryParse(text.substr(text.rfind(':') + 1), inside) &&
               inside.family() == base_.family() && holds(inside);
    }
    return (address & mask_) == base_;
}

}  // namespace waypost
