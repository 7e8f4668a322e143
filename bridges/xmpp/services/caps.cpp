// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/caps.h"

#include <algorithm>

#include "bridges/xmpp/sha1.h"
#include "gateway/base/encoding.h"

namespace waypost::xmpp {
namespace {

constexpr std::string_view kNode = "urn:x-waypost:people";

const std::string& ver_of_people() {
    static const std::string kVer = caps_ver({identity_of_people()}, features_of_people());
    return kVer;
}

}  // namespace

Identity identity_of_people() { return {"client", "handheld", std::string(kSoftware)}; }

const Features& features_of_people() {
    static const Features kFeatures = {kDiscoInfo,
                                       kDiscoItems,
                                       kCaps,
                                       "jabber:iq:last",
                                       "jabber:iq:version",
                                       "urn:ietf:params:xml:ns:vcard-4.0",
                                       "urn:xmpp:chat-markers:0",
                                       "urn:xmpp:idle:1",
                                       "urn:xmpp:message-correct:0",
                                       "urn:xmpp:message-retract:1",
                                       "urn:xmpp:ping",
                                       "urn:xmpp:reactions:0",
                                       "urn:xmpp:receipts",
                                       "urn:xmpp:reply:0",
                                       "urn:xmpp:time",
                                       "vcard-temp"};
    return kFeatures;
}

Element caps_of_people() {
    return Element("c", kCaps).set("hash", "sha-1").set("node", kNode).set("ver", ver_of_people());
}

bool is_caps_node(std::string_view node) {
    return node == std::string(kNode) + '#' + ver_of_people();
}

std::string caps_ver(const std::vector<Identity>& identities, Features features) {
    std::vector<std::string> parts;
    for (const Identity& each : identities)
        parts.push_back(each.category + '/' + each.type + "//" + each.name);
    std::sort(parts.begin(), parts.end());
    std::sort(features.begin(), features.end());
    std::string all;
    for (const std::string& part : parts) all += part + '<';
    for (const std::string_view feature : features) all.append(feature) += '<';
    return to_base64(sha1(all));
}

}  // namespace waypost::xmpp
