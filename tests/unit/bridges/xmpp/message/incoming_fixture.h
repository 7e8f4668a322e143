// SPDX-License-Identifier: Apache-2.0
// Messages as the server brings them.
#pragma once

#include <string>
#include <vector>

#include "bridges/xmpp/message/incoming.h"
#include "tests/unit/bridges/xmpp/village.h"

namespace waypost::xmpp {

class IncomingTest : public Village {
  protected:
    void say(const std::string& from, const std::string& to, const std::string& inside,
             const std::string& attributes = "type='chat' id='id-12345'") {
        const Element one = stanza("<message from='" + from + "' to='" + to + "' " + attributes +
                                   ">" + inside + "</message>");
        incoming.message(one, read_chat(one), *parse_jid(from), *parse_jid(to));
    }
    const Message& accepted() { return office.accepted.back(); }

    std::vector<bool> busy;
    IncomingOptions options;
    Incoming incoming{gate, {}, [this](bool full) { busy.push_back(full); }};
};

}  // namespace waypost::xmpp
