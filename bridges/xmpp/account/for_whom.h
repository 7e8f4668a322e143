// SPDX-License-Identifier: Apache-2.0
// One account, many people: for whom a message is that came to a shared account. Pure.
//
//   @ana how are you     for ana
//   an answer, reaction  for who sent what it is about
//   anything else        for who wrote to this correspondent last, or was written to by him
#pragma once

#include <string>
#include <string_view>

#include "bridges/xmpp/account/talks.h"
#include "bridges/xmpp/message/chat.h"

namespace waypost::xmpp {

// "@ana, how are you" -> "ana" and "how are you". Empty handle: it names nobody.
struct Named {
    std::string handle;
    std::string_view rest;
};
Named named_first(std::string_view text);

// Empty: it does not say, and nothing was said lately. `chat.body` is without the name then on.
std::string for_whom(Chat& chat, const Jid& from, const Talks& talks, WallTime now);

}  // namespace waypost::xmpp
