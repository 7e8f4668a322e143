// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

namespace waypost {

// It may be anybody's on the Internet: in none of the blocks that are kept for something else
// (RFC 6890 and its registries: loopback, private, link-local, shared, documentation, multicast,
// reserved), also where such an IPv4 address is wrapped in an IPv6 one (mapped, NAT64, 6to4,
// Teredo). Other families than IP: false.
bool is_public_address(const sockaddr& address);

}  // namespace waypost
