// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/disco.h"

#include <algorithm>
#include <utility>

#include "bridges/xmpp/services/caps.h"
#include "bridges/xmpp/services/form.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kMostItems = 2'000;

const StanzaError& no_node() {
    static const StanzaError kNoNode{"cancel", "item-not-found", "there is no such node here"};
    return kNoNode;
}

const Features& features_of_gateway() {
    static const Features kFeatures = {kDiscoInfo,
                                       kDiscoItems,
                                       kCommands,
                                       kDataForm,
                                       "http://jabber.org/protocol/muc",
                                       "jabber:iq:gateway",
                                       "jabber:iq:last",
                                       "jabber:iq:register",
                                       "jabber:iq:version",
                                       "urn:ietf:params:xml:ns:vcard-4.0",
                                       "urn:xmpp:ping",
                                       "urn:xmpp:time",
                                       "vcard-temp"};
    return kFeatures;
}

Element query(const Request& request) {
    Element answer("query", request.payload.space());
    if (const std::string* node = request.payload.find_attribute("node")) answer.set("node", *node);
    return answer;
}

Element info(const Request& request, const std::vector<Identity>& identities,
             const Features& features) {
    Element answer = query(request);
    for (const Identity& each : identities) {
        answer.add(Element("identity")
                       .set("category", each.category)
                       .set("type", each.type)
                       .set("name", each.name));
    }
    for (const std::string_view feature : features)
        answer.add(Element("feature").set("var", feature));
    return answer;
}

// XEP-0157: who answers for this service.
Element contact_addresses(const Gate& gate) {
    Form form;
    form.type = "result";
    form.fields.push_back(
        {"FORM_TYPE", "hidden", "", false, {"http://jabber.org/network/serverinfo"}, {}});
    form.fields.push_back(
        {"admin-addresses",
         "list-multi",
         "",
         false,
         {"mailto:postmaster@" + gate.names.box(), "xmpp:" + gate.names.component()},
         {}});
    return to_element(form);
}

Element item(const Jid& jid, const std::string& name) {
    Element element("item");
    element.set("jid", jid.text());
    if (!name.empty()) element.set("name", name);
    return element;
}

void add_rooms(const Gate& gate, Element& answer) {
    for (const GroupView& each : gate.people.groups()) {
        const Jid room = gate.names.jid_of(group(each.name));
        if (!room.empty()) answer.add(item(room, each.title.empty() ? each.name : each.title));
    }
}

void add_people(const Gate& gate, Element& answer) {
    for (const Resident& each : gate.people.persons()) {
        if (answer.children().size() >= kMostItems) return;
        const Jid jid = gate.names.jid_of(person(each.handle));
        if (!jid.empty()) answer.add(item(jid, each.name.empty() ? each.handle : each.name));
    }
}

Reply command_info(const Commands& commands, const Request& request, std::string_view node) {
    if (node == kCommands) {
        return result_of(request.iq, info(request, {{"automation", "command-list", ""}}, {}));
    }
    for (const CommandName& each : commands.list(request)) {
        if (each.node != node) continue;
        return result_of(request.iq, info(request, {{"automation", "command-node", each.title}},
                                          {kCommands, kDataForm}));
    }
    return no_node();
}

}  // namespace

Reply disco_info(const Gate& gate, const Commands& commands, const Request& request) {
    const std::string_view node = request.payload.get("node");
    if (request.target.kind != Target::Kind::Gateway) {
        if (!node.empty() && !is_caps_node(node)) return no_node();
        return result_of(request.iq, info(request, {identity_of_people()}, features_of_people()));
    }
    if (!node.empty()) return command_info(commands, request, node);
    // Of the types that are registered for gateways, the nearest to short texts on a handheld.
    Element answer = info(
        request,
        {{"gateway", "sms", gate.office.village()}, {"conference", "text", gate.office.village()}},
        features_of_gateway());
    answer.add(contact_addresses(gate));
    return result_of(request.iq, std::move(answer));
}

Reply disco_items(const Gate& gate, const Commands& commands, const Request& request) {
    const std::string_view node = request.payload.get("node");
    Element answer = query(request);
    if (request.target.kind != Target::Kind::Gateway) {
        if (!node.empty()) return no_node();
        return result_of(request.iq, std::move(answer));
    }
    if (node == kCommands) {
        for (const CommandName& each : commands.list(request))
            answer.add(item(request.target.jid, each.title).set("node", each.node));
    } else if (!node.empty()) {
        return no_node();
    } else {
        add_rooms(gate, answer);
        if (request.asker.resident()) add_people(gate, answer);
    }
    return result_of(request.iq, std::move(answer));
}

}  // namespace waypost::xmpp
