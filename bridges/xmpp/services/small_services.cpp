// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/small_services.h"

#include <algorithm>

#include "bridges/xmpp/date_time.h"
#include "bridges/xmpp/services/caps.h"
#include "gateway/message/text.h"

namespace waypost::xmpp {

Reply ping(const Request& request) { return result_of(request.iq); }

Reply version(const Request& request) {
    return result_of(request.iq, Element("query", request.payload.space())
                                     .add(Element("name").set_text(kSoftware))
                                     .add(Element("version").set_text(WAYPOST_VERSION)));
}

Reply entity_time(const Gate& gate, const Request& request) {
    const std::int64_t now = to_ms(gate.office.clock().wall()) / 1000;
    return result_of(request.iq, Element("time", request.payload.space())
                                     .add(Element("tzo").set_text(offset_from_utc(now)))
                                     .add(Element("utc").set_text(utc_date_time(now))));
}

Reply last_activity(const Gate& gate, const Request& request, BoxTime began) {
    std::int64_t ago = (to_ms(gate.office.clock().box()) - to_ms(began)) / 1000;
    if (request.target.kind != Target::Kind::Gateway) {
        if (!request.person || request.person->heard_at <= 0)
            return StanzaError{"cancel", "item-not-found", "no radio of this person was heard"};
        ago = to_ms(gate.office.clock().wall()) / 1000 - request.person->heard_at;
    }
    return result_of(request.iq,
                     Element("query", request.payload.space())
                         .set("seconds", std::to_string(std::max<std::int64_t>(0, ago))));
}

Reply address_prompt(const Gate& gate, const Request& request) {
    if (!request.asker.resident())
        return StanzaError{"auth", "forbidden",
                           "only people of this post office write on from here"};
    Element query("query", request.payload.space());
    if (!request.set()) {
        query.add(Element("desc").set_text(request.words.letter("chat_prompt")));
        query.add(Element("prompt").set_text(request.words.letter("chat_address")));
        return result_of(request.iq, std::move(query));
    }
    const std::string typed = squeeze(request.payload.child_text("prompt").substr(0, 400));
    const auto address = typed.find_first_of("@:") == std::string::npos
                             ? parse_address(typed + '@' + gate.names.box())
                             : parse_address(typed);
    const Jid jid = address.ok() ? gate.names.jid_of(*address) : Jid{};
    if (jid.empty()) {
        return StanzaError{
            "modify", "not-acceptable",
            address.ok() ? "this address cannot be written as a JID" : address.error().text};
    }
    query.add(Element("jid").set_text(jid.text()));
    return result_of(request.iq, std::move(query));
}

}  // namespace waypost::xmpp
