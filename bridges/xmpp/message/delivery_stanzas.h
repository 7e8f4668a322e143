// SPDX-License-Identifier: Apache-2.0
// A delivery as the stanzas that carry it. Pure.
#pragma once

#include <string>
#include <vector>

#include "bridges/xmpp/jid.h"
#include "bridges/xmpp/names.h"
#include "bridges/xmpp/stream/element.h"
#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/message/delivery.h"

namespace waypost::xmpp {

// One long text becomes so many chat messages of so many bytes at most; what is beyond is cut, and
// says so.
inline constexpr std::size_t kPageBytes = 24'000;
inline constexpr std::size_t kMostPages = 10;

struct ToWrite {
    const Delivery& delivery;
    const WireId& id;
    Jid to;                  // bare
    std::string link{};      // where its file lies, of a letter that has no text
    bool introduce = false;  // the sender's name goes along (XEP-0172): the first of this pair
};

// Who speaks: of a letter its author, of an automatic one that can be answered the address for the
// answer, of a post the group. Empty: he has no address on this network.
Jid speaker_of(const Delivery& delivery, const Names& names);

// In the order in which they go; none: there is nothing to say in a chat. The first bears the id.
std::vector<Element> stanzas_of(const ToWrite& letter, const Names& names, WallTime now);

// The id that a report speaks of, as its sender's program calls it.
std::string id_reported_on(const Report& report);
// The condition (RFC 6120 8.3.3) for a status code of mail (RFC 3463): 5.1.1 is item-not-found.
std::string condition_for(const std::string& status);

}  // namespace waypost::xmpp
