// SPDX-License-Identifier: Apache-2.0
// The Autocrypt header (Autocrypt Level 1, "The Autocrypt Header"): a mail carries its sender's
// key. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "bridges/email/openpgp/keys.h"
#include "gateway/message/address.h"

namespace waypost::email::openpgp {

struct Autocrypt {
    Address address;
    std::string key;  // bytes, not looked at yet: read_certificate
};

// `value`: of one header, unfolded. An attribute that it does not know and that does not begin with
// "_" makes it invalid, as the document says.
Result<Autocrypt> parse_autocrypt(std::string_view value);

// A whole header field, folded, with CR LF. `name`: "Autocrypt" or "Autocrypt-Gossip".
std::string autocrypt_field(std::string_view name, const Address& address,
                            const Certificate& certificate);

}  // namespace waypost::email::openpgp
