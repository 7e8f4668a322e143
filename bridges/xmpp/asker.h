// SPDX-License-Identifier: Apache-2.0
// Who asks, as far as the gateway knows him. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "bridges/xmpp/gate.h"
#include "gateway/commands/catalogue.h"

namespace waypost::xmpp {

struct Asker {
    Jid jid;             // as he asks, with his resource
    std::string handle;  // of one of ours; empty: somebody outside

    bool resident() const { return !handle.empty(); }
    Address address() const { return Names::address_of_foreign(jid); }  // "xmpp:bob@x.org"
};

// By an address that is on record as a person's, or by an account that bears a person's name and is
// not on record.
Asker asker_of(const Gate& gate, const Jid& from);

// On record as somebody's here, and just now nobody's: its owner lost it, or is not approved yet.
bool locked_out(const Gate& gate, const Asker& asker);

// Of a language as XML and our people's records name it ("pt-BR", "sw"), or the next best: that of
// the one who asks, else `lang`, else English.
const Catalogue& words_for(const Gate& gate, const Asker& asker, std::string_view lang);

// Whom a JID at the component means.
struct Target {
    enum class Kind {
        Gateway,  // the domain itself
        Person,   // `handle`; whether there is one of that name is not looked at
        Outside,  // somebody on another network: `address`
        Nobody,   // no address at all
    };
    Kind kind = Kind::Nobody;
    Jid jid;  // bare
    std::string handle;
    Address address;
};
Target target_of(const Names& names, const Jid& to);

// The line of a message of his own that the gateway is handed: who wrote it, and how far that is
// known. Text, recipients and ids are the caller's.
Message message_from(const Gate& gate, const Asker& asker);

}  // namespace waypost::xmpp
