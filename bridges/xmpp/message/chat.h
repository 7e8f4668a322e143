// SPDX-License-Identifier: Apache-2.0
// A <message> of a person or of his program as a value: what he says, about what, and what his
// program wants to know or tells. Pure; whatever comes in gives a value, never an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bridges/xmpp/stanza_error.h"
#include "bridges/xmpp/stream/element.h"

namespace waypost::xmpp {

// Ids and texts longer than this are cut, or left out where half of one is worth nothing.
inline constexpr std::size_t kMostIdBytes = 256;
inline constexpr std::size_t kMostReactions = 8;

struct Chat {
    std::string type;          // "chat", "normal", "headline", "error"; never empty
    std::string id;            // the attribute: what receipts, errors and corrections name
    std::string origin_id;     // XEP-0359; empty where the sender's program gives none
    std::string lang;          // "sw"
    std::string subject;       // cleaned
    std::string body;          // cleaned; without what only repeats something for older programs
    std::string nick;          // XEP-0172, cleaned
    std::int64_t written = 0;  // Unix seconds of the delay stamp (XEP-0203); 0: none

    bool wants_receipt = false;          // XEP-0184
    std::vector<std::string> received;   // ids that the sender's machine has (0184, 0333)
    std::vector<std::string> displayed;  // and that he has seen (0333)

    std::string replies_to;              // id, XEP-0461
    std::string corrects;                // id, XEP-0308
    std::string retracts;                // id, XEP-0424
    std::string reacts_to;               // id, XEP-0444
    std::vector<std::string> reactions;  // all that he has there now; none: taken away
    std::string link;                    // the body is this URL and nothing else (XEP-0066, 0363)

    // Its body is but a note that it cannot be read (XEP-0380), or is ciphertext itself.
    bool encrypted = false;
    std::string encryption;  // "OMEMO"; may be empty

    // Copies of other conversations (XEP-0280, 0297), news of other services (0060): no letter.
    bool no_letter = false;

    // Somebody says something, or about something said.
    bool says_something() const {
        return !no_letter &&
               (encrypted || !body.empty() || !retracts.empty() || !reactions.empty());
    }
};

Chat read_chat(const Element& message);

// What an error stanza says (RFC 6120 8.3); "cancel" and "undefined-condition" where it does not
// say. The text is cleaned, one line.
StanzaError read_error(const Element& stanza);

// "2026-11-27T09:45:39Z" (XEP-0082) as Unix seconds; 0: no such time.
std::int64_t read_stamp(std::string_view text);

}  // namespace waypost::xmpp
