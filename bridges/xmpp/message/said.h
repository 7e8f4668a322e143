// SPDX-License-Identifier: Apache-2.0
// What somebody said by chat on its way in, and as the gateway's Message. Values; no I/O.
#pragma once

#include <optional>
#include <string>

#include "bridges/xmpp/asker.h"
#include "bridges/xmpp/jid.h"
#include "bridges/xmpp/message/chat.h"
#include "gateway/message/message.h"

namespace waypost::xmpp {

// Programs of old count their stanzas from 1 in each session: such an id names nothing for long,
// and who says "yes" twice under it has said it twice.
inline constexpr std::size_t kShortestUniqueId = 8;

struct Said {
    Element stanza;
    Chat chat;
    Jid from;  // as the server stamped it
    Jid to;
};

// The file behind a link, or why it is not there.
struct FetchedFile {
    std::optional<Attachment> attachment;
    Body original;  // file_original.h
    std::string why;
};

// Everything but where it goes. `file`: of a message that is a link to one.
Message message_of(const Gate& gate, const Asker& asker, const Said& said, const Target& target,
                   const FetchedFile* file = nullptr);

// All that is needed to answer it with an error.
Element head_of(const Element& stanza);

}  // namespace waypost::xmpp
