// SPDX-License-Identifier: Apache-2.0
// An IQ that asks for something, looked through as far as every service needs it, and what can be
// said to it.
#pragma once

#include <optional>
#include <variant>

#include "bridges/xmpp/asker.h"
#include "bridges/xmpp/stanza_error.h"
#include "bridges/xmpp/stream/element.h"
#include "gateway/commands/catalogue.h"
#include "gateway/people_view.h"

namespace waypost::xmpp {

struct Request {
    const Element& iq;
    const Element& payload;
    Asker asker;
    Target target;
    std::optional<Resident> person;  // whom the target is, where it is one of ours
    const Catalogue& words;          // of the asker's language

    bool set() const { return iq.get("type") == "set"; }
};

struct Later {};  // the answer comes by itself
using Reply = std::variant<Element, StanzaError, Later>;

// The empty result, and one with this in it.
Element result_of(const Element& iq);
Element result_of(const Element& iq, Element payload);

}  // namespace waypost::xmpp
