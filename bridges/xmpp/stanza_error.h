// SPDX-License-Identifier: Apache-2.0
// Errors as XMPP says them (RFC 6120 8.3). Pure.
#pragma once

#include <optional>
#include <string>

#include "bridges/xmpp/stream/element.h"
#include "gateway/base/result.h"
#include "gateway/transport.h"

namespace waypost::xmpp {

// RFC 6120 8.3.2: `type` says what the sender can do about it: "cancel", "modify", "auth", "wait".
struct StanzaError {
    std::string type;
    std::string condition;  // as its element is called: "not-acceptable"
    std::string text;       // a sentence for a person, in English; may be empty
};

// Back to its sender, under its id. nullopt: none is owed to an error, nor to the answer of an IQ
// (8.3.1), or nobody is named whom to tell.
std::optional<Element> error_to(const Element& stanza, const StanzaError& error);

// Why a letter or a post was not taken. Not of a verdict that kept it.
StanzaError stanza_error(const Verdict& verdict);
StanzaError stanza_error(const Error& error);

}  // namespace waypost::xmpp
