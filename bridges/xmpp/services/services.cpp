// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/services.h"

#include <algorithm>
#include <utility>

#include "bridges/xmpp/services/caps.h"
#include "bridges/xmpp/services/disco.h"
#include "bridges/xmpp/services/small_services.h"
#include "bridges/xmpp/services/vcard.h"

namespace waypost::xmpp {
namespace {

// A client asks for two things of each contact when it signs in.
constexpr BucketSize kOfOne{300, 120 * 60};
constexpr BucketSize kRefusals{60, 60 * 60};

}  // namespace

Element result_of(const Element& iq) {
    Element answer("iq");
    answer.set("type", "result").set("from", iq.get("to")).set("to", iq.get("from"));
    answer.set("id", iq.get("id"));
    return answer;
}

Element result_of(const Element& iq, Element payload) {
    return result_of(iq).add(std::move(payload));
}

struct Services::Service {
    enum class Of { Gateway, Anybody };
    enum class By { Get, Set, Both };
    std::string_view name, space;
    Of of;
    By by;
    Reply (*answer)(Services& self, const Request& request);

    bool takes(bool set) const { return by == By::Both || (by == By::Set) == set; }
};

const std::vector<Services::Service>& Services::all() {
    using Of = Service::Of;
    using By = Service::By;
    using Ask = const Request&;
    static const std::vector<Service> kAll = {
        {"query", kDiscoInfo, Of::Anybody, By::Get,
         [](Services& s, Ask ask) { return disco_info(s.gate_, s.commands_, ask); }},
        {"query", kDiscoItems, Of::Anybody, By::Get,
         [](Services& s, Ask ask) { return disco_items(s.gate_, s.commands_, ask); }},
        {"ping", "urn:xmpp:ping", Of::Anybody, By::Get,
         [](Services&, Ask ask) { return ping(ask); }},
        {"query", "jabber:iq:version", Of::Anybody, By::Get,
         [](Services&, Ask ask) { return version(ask); }},
        {"time", "urn:xmpp:time", Of::Anybody, By::Get,
         [](Services& s, Ask ask) { return entity_time(s.gate_, ask); }},
        {"query", "jabber:iq:last", Of::Anybody, By::Get,
         [](Services& s, Ask ask) { return last_activity(s.gate_, ask, s.began_); }},
        {"vCard", "vcard-temp", Of::Anybody, By::Get,
         [](Services& s, Ask ask) { return vcard_temp(s.gate_, ask); }},
        {"vcard", "urn:ietf:params:xml:ns:vcard-4.0", Of::Anybody, By::Get,
         [](Services& s, Ask ask) { return vcard4(s.gate_, ask); }},
        {"query", "jabber:iq:gateway", Of::Gateway, By::Both,
         [](Services& s, Ask ask) { return address_prompt(s.gate_, ask); }},
        {"query", "jabber:iq:register", Of::Gateway, By::Both,
         [](Services& s, Ask ask) { return s.registration_.ask(ask); }},
        {"command", kCommands, Of::Gateway, By::Set,
         [](Services& s, Ask ask) { return s.commands_.run(ask); }},
    };
    return kAll;
}

Services::Services(Gate& gate, Contacts& contacts)
    : gate_(gate),
      contacts_(contacts),
      outlet_(std::make_shared<Outlet>(gate.out)),
      began_(gate.office.clock().box()),
      at_home_(kOfOne),
      outside_(kOfOne),
      refusals_(kRefusals),
      commands_(gate, contacts, outlet_, tries_),
      registration_(gate, outlet_, tries_) {}

Services::~Services() { outlet_->close(); }

void Services::iq(const Element& stanza) {
    const std::string_view type = stanza.get("type");
    if (type == "result" || type == "error") return;
    const auto from = parse_jid(stanza.get("from"));
    const auto to = parse_jid(stanza.get("to"));
    if (!from.ok() || !to.ok() || gate_.names.is_ours(*from) || !gate_.names.is_ours(*to)) return;
    const BoxTime now = gate_.office.clock().box();
    const Asker asker = asker_of(gate_, *from);
    // Strangers, however many, leave the measures of our people alone.
    AskLimit& limit = asker.resident() ? at_home_ : outside_;
    if (!limit.may_ask(from->bare_text(), now)) {
        if (refusals_.may_ask(from->bare_text(), now))
            send(stanza,
                 StanzaError{"wait", "resource-constraint", "too many questions: wait a minute"});
        return;
    }
    send(stanza, answer(stanza, asker, *to));
}

Reply Services::answer(const Element& stanza, const Asker& asker, const Jid& to) {
    const std::string_view type = stanza.get("type");
    if ((type != "get" && type != "set") || stanza.get("id").empty() ||
        stanza.children().size() != 1)
        return StanzaError{"modify", "bad-request",
                           "an IQ is get or set, with an id and one child"};
    contacts_.account_seen(asker.jid);
    const Target target = target_of(gate_.names, to);
    const Element& payload = stanza.children().front();
    const Request request{
        stanza,
        payload,
        asker,
        target,
        target.kind == Target::Kind::Person ? gate_.people.resident(target.handle) : std::nullopt,
        words_for(gate_, asker, stanza.lang())};
    if (auto no = hidden(request)) return *no;
    for (const Service& each : all()) {
        if (!payload.is(each.name, each.space)) continue;
        if (each.of == Service::Of::Gateway && target.kind != Target::Kind::Gateway) break;
        if (!each.takes(request.set())) return StanzaError{"cancel", "not-allowed", ""};
        return each.answer(*this, request);
    }
    return StanzaError{"cancel", "service-unavailable", ""};
}

// RFC 6121 8.5.1: who may not know answers as if nobody were there.
std::optional<StanzaError> Services::hidden(const Request& request) const {
    const StanzaError nothing{"cancel", "service-unavailable", ""};
    const StanzaError nobody{"cancel", "item-not-found", "nobody here has this address"};
    switch (request.target.kind) {
        case Target::Kind::Gateway:
            return std::nullopt;
        case Target::Kind::Person:
            if (!contacts_.may_see(request.asker, request.target.handle)) return nothing;
            return request.person ? std::nullopt : std::optional(nobody);
        case Target::Kind::Outside:
            return request.asker.resident() ? std::nullopt : std::optional(nothing);
        case Target::Kind::Nobody:
            break;
    }
    return request.asker.resident() ? nobody : nothing;
}

void Services::send(const Element& stanza, Reply reply) {
    if (auto* answer = std::get_if<Element>(&reply)) outlet_->send(std::move(*answer));
    if (const auto* error = std::get_if<StanzaError>(&reply)) {
        if (auto refusal = error_to(stanza, *error)) outlet_->send(std::move(*refusal));
    }
}

}  // namespace waypost::xmpp
