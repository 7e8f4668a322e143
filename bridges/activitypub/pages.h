// SPDX-License-Identifier: Apache-2.0
// What is served to other servers and to browsers: WebFinger (RFC 7033), NodeInfo, actors, notes,
// collections. What is not for all is given to those it was written to, when they sign.
// Thread-safe; may block.
#pragma once

#include <optional>
#include <string>

#include "bridges/activitypub/gate.h"
#include "bridges/activitypub/server/http_door.h"

namespace waypost::activitypub {

class Pages {
  public:
    explicit Pages(const Gate& gate) : gate_(gate) {}

    Answer get(const Request& request);

  private:
    Answer webfinger(const Request& request) const;
    Answer actor(const Request& request, const std::string& name) const;
    Answer note(const Request& request, const std::string& id) const;
    Answer media(const std::string& name) const;
    Answer collection(const Request& request, const std::string& name,
                      const std::string& which) const;
    // The actor who signed; empty: nobody did, or it does not hold.
    std::string signer(const Request& request) const;
    bool may_look(const Request& request) const;

    const Gate gate_;
};

}  // namespace waypost::activitypub
