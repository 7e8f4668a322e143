// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/contacts/availability.h"

#include <algorithm>
#include <utility>

#include "bridges/xmpp/date_time.h"
#include "bridges/xmpp/services/avatar.h"
#include "bridges/xmpp/services/caps.h"
#include "gateway/base/local_time.h"

namespace waypost::xmpp {
namespace {

constexpr std::int64_t kAwayAfter = 30 * 60;       // seconds
constexpr std::int64_t kLongAfter = 24 * 60 * 60;  // seconds
constexpr std::size_t kDateBytes = 10;             // "2026-11-27 14:05"

// "14:05" of today, else with its date.
std::string heard_time(std::int64_t heard_s, WallTime now) {
    const std::string heard = local_date_time(heard_s * 1000);
    const std::string today = local_date_time(to_ms(now));
    return heard.compare(0, kDateBytes, today, 0, kDateBytes) == 0 ? heard.substr(kDateBytes + 1)
                                                                   : heard;
}

}  // namespace

Availability availability_of(const Resident& resident, const Catalogue& words, WallTime now) {
    Availability found;
    found.avatar_of = resident.handle;
    if (resident.heard_at <= 0) {
        found.available = resident.has_radio;
        if (!found.available) return found;
        found.show = "xa";
        found.status = words.letter("chat_unheard");
        return found;
    }
    const std::int64_t ago = std::max<std::int64_t>(0, to_ms(now) / 1000 - resident.heard_at);
    found.available = true;
    found.show = ago >= kLongAfter ? "xa" : ago >= kAwayAfter ? "away" : "";
    found.status = words.letter("chat_heard", {{"time", heard_time(resident.heard_at, now)}});
    found.idle_since = resident.heard_at;
    return found;
}

Availability always_there(const std::string& village) {
    Availability there;
    there.available = true;
    there.avatar_of = village;
    return there;
}

Element presence_of(const Availability& availability, const Jid& from, const Jid& to) {
    Element presence("presence");
    presence.set("from", from.text()).set("to", to.text());
    if (!availability.available) {
        presence.set("type", "unavailable");
        return presence;
    }
    if (!availability.show.empty()) presence.add(Element("show").set_text(availability.show));
    if (!availability.status.empty()) presence.add(Element("status").set_text(availability.status));
    if (availability.idle_since > 0) {
        presence.add(Element("idle", "urn:xmpp:idle:1")
                         .set("since", utc_date_time(availability.idle_since)));
    }
    if (!from.local().empty()) presence.add(caps_of_people());
    if (!availability.avatar_of.empty()) {  // XEP-0153
        presence.add(Element("x", "vcard-temp:x:update")
                         .add(Element("photo").set_text(avatar_hash(availability.avatar_of))));
    }
    return presence;
}

}  // namespace waypost::xmpp
