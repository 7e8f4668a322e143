// SPDX-License-Identifier: Apache-2.0
// Errors as XMPP says them (RFC 6120 8.3). Pure, but for the log.
#pragma once

#include <optional>
#include <string>

#include "bridges/xmpp/stream/element.h"
#include "gateway/base/result.h"
#include "gateway/transport.h"

namespace waypost {
class Catalogue;
}

namespace waypost::xmpp {

struct StanzaHead;

// RFC 6120 8.3.2: `type` says what the sender can do about it: "cancel", "modify", "auth", "wait".
struct StanzaError {
    std::string type;
    std::string condition;  // as its element is called: "not-acceptable"
    std::string text;       // a sentence for a person; may be empty
    std::string lang = "en";
};

// Back to its sender, under its id. nullopt: none is owed to an error, nor to the answer of an IQ
// (8.3.1), or nobody is named whom to tell.
std::optional<Element> error_to(const Element& stanza, const StanzaError& error);

// To the sender of a stanza over a limit, which goes into the log. nullopt: as error_to(), or it
// was presence, or nothing is known of it.
std::optional<Element> answer_passed_over(const StanzaHead& head);

// The same as this letter of the catalogue says it (words_for). In English it stays as it is.
StanzaError said_in(const Catalogue& words, StanzaError error, const char* letter);

// Why a letter or a post was not taken. Not of a verdict that kept it. In English the office's own
// sentence, in another language what its reason comes to.
StanzaError stanza_error(const Verdict& verdict, const Catalogue& words);
StanzaError stanza_error(const Error& error);

}  // namespace waypost::xmpp
