// SPDX-License-Identifier: Apache-2.0
// Names of people elsewhere, "bob@social.example", and what their servers say of them (WebFinger,
// RFC 7033). Pure.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::activitypub {

struct Acct {
    std::string user;
    std::string host;  // small letters; with a port where it has one

    std::string text() const { return user + '@' + host; }
    bool is(const Acct& other) const;  // users compare without capitals too
};

// "bob@social.example", "@bob@social.example" or "acct:bob@social.example"; else BadInput.
Result<Acct> parse_acct(std::string_view text);

std::string webfinger_path(const Acct& acct);  // "/.well-known/webfinger?resource=acct:bob@..."

struct WebFinger {
    std::string subject;  // as it came: "acct:bob@social.example"; may be empty
    std::string actor;    // an id
};
// BadInput: it is none. NotFound: it knows of no actor.
Result<WebFinger> parse_webfinger(std::string_view json);

}  // namespace waypost::activitypub
