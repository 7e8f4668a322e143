// SPDX-License-Identifier: Apache-2.0
// Addresses are URIs by their registered schemes where one exists (RFC 6068 mailto, RFC 5122 xmpp,
// RFC 7565 acct) and ours: meshtastic:!a1b2c3d4, meshcore:<key prefix>, xbee:0013a200...,
// lxmf:<hash>, person:ana, mailbox:ana (hers on this box), group:news. Stored and compared in
// canonical form: scheme and domain in lower case.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost {

struct Address {
    std::string scheme;  // "mailto", "meshtastic", "person", ...
    std::string value;   // "bob@example.org", "!a1b2c3d4", "ana"

    bool empty() const { return scheme.empty(); }
    std::string uri() const { return scheme + ':' + value; }
    // The part after '@' for mailto, xmpp and acct; empty for the others.
    std::string_view domain() const;
    // The part before '@', or the whole value.
    std::string_view local_part() const;

    friend auto operator<=>(const Address&, const Address&) = default;
};

// At most 320 bytes of value, 192 of them before the @ (RFC 5321 4.5.3.1 asks for 64 + 1 + 255 and
// not to refuse longer names); a mailto address needs a plausible
// domain and no control characters or spaces. "bob@example.org" without scheme is a mailto address.
Result<Address> parse_address(std::string_view text);

Address mailto(std::string_view local_part, std::string_view domain);
Address person(std::string_view handle);
Address mailbox(std::string_view handle);
Address group(std::string_view name);
// acct:public@hill.example: what goes there all the world may read, where a network has readers. No
// person is called so.
inline constexpr char kPublicName[] = "public";
Address public_address(std::string_view domain);
bool is_mailbox(const Address& address);
bool is_group(const Address& address);

}  // namespace waypost
