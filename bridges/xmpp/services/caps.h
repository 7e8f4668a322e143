// SPDX-License-Identifier: Apache-2.0
// What the people at the component's domain can do, as clients ask (XEP-0030) and as presence says
// in short (XEP-0115). All of them can do the same. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bridges/xmpp/stream/element.h"

namespace waypost::xmpp {

inline constexpr std::string_view kDiscoInfo = "http://jabber.org/protocol/disco#info";
inline constexpr std::string_view kDiscoItems = "http://jabber.org/protocol/disco#items";
inline constexpr std::string_view kCaps = "http://jabber.org/protocol/caps";
inline constexpr std::string_view kCommands = "http://jabber.org/protocol/commands";
inline constexpr std::string_view kDataForm = "jabber:x:data";
inline constexpr std::string_view kSoftware = "Waypost";

struct Identity {
    std::string category, type, name;
};
using Features = std::vector<std::string_view>;

Identity identity_of_people();
const Features& features_of_people();
// <c/> for their presence.
Element caps_of_people();
// Whether a node of theirs is meant: "urn:...#HASH".
bool is_caps_node(std::string_view node);

// XEP-0115 5.1, for identities without a language and no forms.
std::string caps_ver(const std::vector<Identity>& identities, Features features);

}  // namespace waypost::xmpp
