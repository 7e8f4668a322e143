// SPDX-License-Identifier: Apache-2.0
// Who may be called how in a room. A person of this box is called by his handle and nothing else,
// so that a post by radio and one by chat stand under one name. Others choose, but nothing that is
// taken for a person of this box. One thread at a time.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "bridges/xmpp/stanza_error.h"
#include "gateway/people_view.h"

namespace waypost::xmpp {

class Nicks {
  public:
    Nicks(const PeopleView& people, std::size_t most_bytes)
        : people_(people), most_bytes_(most_bytes) {}

    // Of somebody outside; nullopt: he may. `nick` is a resource by make_jid.
    std::optional<StanzaError> refuse(const std::string& nick, std::int64_t now_ms);
    // It looks like the name of a person of this box.
    bool looks_local(const std::string& nick, std::int64_t now_ms);

  private:
    const PeopleView& people_;
    const std::size_t most_bytes_;
    std::set<std::string> looks_;     // of all handles and names
    std::int64_t looked_at_ms_ = -1;  // -1: never
};

}  // namespace waypost::xmpp
