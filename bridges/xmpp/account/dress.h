// SPDX-License-Identifier: Apache-2.0
// How what the parts of the bridge say looks when it leaves by an account. They speak as people at
// the box's domain; an account has one voice, so a shared one says who speaks. Pure, but for the
// names that it asks for; any thread.
#pragma once

#include <optional>
#include <string>

#include "bridges/xmpp/names.h"
#include "bridges/xmpp/stream/element.h"
#include "gateway/people_view.h"

namespace waypost::xmpp {

class Dress {
  public:
    // `person`: whose account it is; empty: shared.
    Dress(const Names& names, const PeopleView& people, Jid account, std::string person);

    // Without a sender (the server puts it in), with "Ana: " before what she says by a shared one.
    Element of_account(Element stanza) const;
    // "ana", where a stanza as the parts build it is a letter of hers; empty: it is no letter.
    std::string speaker(const Element& stanza) const;

  private:
    // Of a letter: at the box's domain or elsewhere.
    std::optional<Address> author(const Element& stanza) const;
    std::string handle_of(const Address& author) const;  // empty: he is elsewhere
    std::string prefix(const Element& stanza) const;

    const Names& names_;
    const PeopleView& people_;
    const Jid account_;
    const std::string person_;
};

}  // namespace waypost::xmpp
