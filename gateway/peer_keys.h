// SPDX-License-Identifier: Apache-2.0
// Keys by which a transport knows other boxes, and those of them that are revoked: whoever has a
// stolen box has its keys.
#pragma once

#include <map>
#include <set>
#include <string>

namespace waypost {

// A transport that proves by a key what comes from another box is one of these too.
class HasPeerKeys {
  public:
    virtual ~HasPeerKeys() = default;
    // By the name under which messages come (Message::peer, "trunk:dale"), a print of the key that
    // is in use or was: a hash that says nothing of a secret. Any thread.
    virtual std::map<std::string, std::string> peer_keys() const = 0;
    // Before start(): what comes under a key of such a print is not taken, nothing goes to it, and
    // status() says so.
    virtual void revoke(const std::set<std::string>& prints) = 0;
};

}  // namespace waypost
