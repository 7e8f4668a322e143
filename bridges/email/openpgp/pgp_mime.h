// SPDX-License-Identifier: Apache-2.0
// PGP/MIME (RFC 3156 section 4) with a protected header: subject and the like stand inside what is
// encrypted (RFC 9788, and what Delta Chat and Autocrypt programs did before it). Pure functions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/message/address.h"

namespace waypost::email::openpgp {

// The OpenPGP message in a mail, decoded and at most `most` bytes; nullopt: it has none. Also where
// a server on the way wrapped a text or a footer around it.
std::optional<std::string> encrypted_part(std::string_view mail, std::size_t most);

// By its header, all that it says is encrypted: by OpenPGP (RFC 3156 4) or S/MIME (RFC 8551 3.3).
// Whether that is true only who has the key can tell.
bool is_sealed(std::string_view mail);

// The mail as it reads once it is opened: `inside` is what the encrypted part was, `mail` at least
// its whole header. What stands in the header inside wins over the outer one, but for what servers
// write on the way, which only they may; and of From only the name: it counts only if it is one
// mailbox, that of `sender`, who is the outer From as it was read.
std::string opened_mail(std::string_view mail, std::string_view inside, const Address& sender);

// The other way: body and header inside, outside only what servers and threads need. `encrypt`
// turns bytes into an armored OpenPGP message. `boundary` is new for each mail.
Result<std::string> sealed_mail(
    std::string_view mail, const std::string& boundary,
    const std::function<Result<std::string>(std::string_view)>& encrypt);

}  // namespace waypost::email::openpgp
