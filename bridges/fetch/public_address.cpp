// SPDX-License-Identifier: Apache-2.0
#include "bridges/fetch/public_address.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace waypost {
namespace {

struct Block4 {
    std::uint32_t base;
    unsigned bits;
};
constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return a << 24 | b << 16 | c << 8 | d;
}
// IANA IPv4 Special-Purpose Address Registry, and multicast.
constexpr std::array kReserved4{
    Block4{ip(0, 0, 0, 0), 8},      Block4{ip(10, 0, 0, 0), 8},     Block4{ip(100, 64, 0, 0), 10},
    Block4{ip(127, 0, 0, 0), 8},    Block4{ip(169, 254, 0, 0), 16}, Block4{ip(172, 16, 0, 0), 12},
    Block4{ip(192, 0, 0, 0), 24},   Block4{ip(192, 0, 2, 0), 24},   Block4{ip(192, 88, 99, 0), 24},
    Block4{ip(192, 168, 0, 0), 16}, Block4{ip(198, 18, 0, 0), 15},  Block4{ip(198, 51, 100, 0), 24},
    Block4{ip(203, 0, 113, 0), 24}, Block4{ip(224, 0, 0, 0), 3},
};

bool is_public4(std::uint32_t address) {
    return std::none_of(kReserved4.begin(), kReserved4.end(), [address](const Block4& block) {
        return (address ^ block.base) >> (32 - block.bits) == 0;
    });
}

using Bytes = std::array<std::uint8_t, 16>;
struct Block6 {
    std::array<std::uint8_t, 12> base;
    unsigned bits;
};
// IANA IPv6 Special-Purpose Address Registry: what lies in 2000::/3 all the same. Beside that only
// 64:ff9b::/96 is public, as far as the address within is.
constexpr std::array kReserved6{
    Block6{{0x20, 0x01, 0x00}, 23},              // protocols, Teredo among them
    Block6{{0x20, 0x01, 0x0d, 0xb8}, 32},        // documentation
    Block6{{0x20, 0x02}, 16},                    // 6to4, given up
    Block6{{0x26, 0x20, 0x00, 0x4f, 0x80}, 48},  // AS112
    Block6{{0x3f, 0xff}, 20},                    // documentation
};
constexpr Block6 kNat64{{0x00, 0x64, 0xff, 0x9b}, 96};

bool in(const Bytes& address, const Block6& block) {
    for (unsigned bit = 0; bit < block.bits; ++bit) {
        const unsigned mask = 0x80u >> bit % 8;
        if (((address[bit / 8] ^ block.base[bit / 8]) & mask) != 0) return false;
    }
    return true;
}

bool is_public6(const Bytes& a) {
    if (in(a, kNat64)) return is_public4(ip(a[12], a[13], a[14], a[15]));
    const bool unicast = (a[0] & 0xE0) == 0x20;
    return unicast && std::none_of(kReserved6.begin(), kReserved6.end(),
                                   [&](const Block6& block) { return in(a, block); });
}

}  // namespace

bool is_public_address(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return is_public4(ntohl(v4.sin_addr.s_addr));
    }
    if (address.sa_family != AF_INET6) return false;
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    Bytes bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return is_public6(bytes);
}

}  // namespace waypost
