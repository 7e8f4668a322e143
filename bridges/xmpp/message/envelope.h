// SPDX-License-Identifier: Apache-2.0
// What the gateway keeps with a letter for its sender's program (Message::envelope_id): the id by
// which that program knows it, where it is another than the letter's, and the resource it has.
// Pure.
#pragma once

#include <string>
#include <string_view>

namespace waypost::xmpp {

struct Envelope {
    std::string id;        // may be empty
    std::string resource;  // may be empty
};

std::string write_envelope(const Envelope& envelope);
Envelope read_envelope(std::string_view text);  // anything else gives an empty one

}  // namespace waypost::xmpp
