// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/registration.h"

#include <utility>

#include "bridges/xmpp/services/lines.h"

namespace waypost::xmpp {
namespace {

// Programs that know no forms have fields of their own names for the two.
FormValues filled_in(const Element& payload) {
    FormValues values = submitted(payload);
    if (values.empty()) {
        values.emplace("name", std::string(payload.child_text("username")));
        values.emplace("code", std::string(payload.child_text("password")));
    }
    return values;
}

void refuse(Outlet& outlet, const Element& iq, const StanzaError& error) {
    if (auto answer = error_to(iq, error)) outlet.send(std::move(*answer));
}

void settle(Outlet& outlet, const Element& iq, bool linked) {
    if (linked) return outlet.send(result_of(iq));
    refuse(outlet, iq,
           {"auth", "not-authorized", "this account is not linked: a message says why"});
}

}  // namespace

std::vector<FormField> link_fields(const Catalogue& words) {
    return {{"name", "text-single", words.letter("chat_name"), true, {}, {}},
            {"code", "text-single", words.letter("chat_code"), true, {}, {}}};
}

Registration::Registration(const Gate& gate, std::shared_ptr<Outlet> outlet, LinkTries& tries)
    : gate_(gate), outlet_(std::move(outlet)), tries_(tries) {}

Reply Registration::ask(const Request& request) {
    if (!request.set()) return result_of(request.iq, form(request));
    if (request.payload.find("remove") == nullptr) return link(request);
    return StanzaError{"cancel", "not-allowed",
                       "say lost radio on a radio of yours, or ask the operator to take this "
                       "account off your name"};
}

Element Registration::form(const Request& request) const {
    Element query("query", request.payload.space());
    if (request.asker.resident()) {
        query.add(Element("registered"));
        query.add(Element("username").set_text(request.asker.handle));
        query.add(Element("instructions").set_text(request.words.letter("chat_unlink")));
        return query;
    }
    const std::string how = request.words.letter("chat_link_how");
    query.add(Element("instructions").set_text(how));
    query.add(Element("username")).add(Element("password"));
    Form form{"form", request.words.letter("chat_link"), how, link_fields(request.words)};
    form.fields.insert(form.fields.begin(),
                       {"FORM_TYPE", "hidden", "", false, {"jabber:iq:register"}, {}});
    query.add(to_element(form));
    return query;
}

Reply Registration::link(const Request& request) {
    const FormValues values = filled_in(request.payload);
    const auto line = link_line(values);
    if (!line.ok()) return StanzaError{"modify", "not-acceptable", line.error().text};
    if (!tries_.may_try(gate_, request.asker))
        return StanzaError{"wait", "resource-constraint", "too many tries: wait some minutes"};
    const std::string handle = handle_in(values);
    say_line(
        gate_, request.asker, *line,
        [&people = gate_.people, &state = gate_.state, &words = request.words, outlet = outlet_,
         iq = request.iq, account = request.asker.address(), handle](const Verdict& verdict) {
            if (!verdict.kept()) return refuse(*outlet, iq, stanza_error(verdict, words));
            when_linked(people, state, account, handle,
                        [outlet, iq](bool linked) { settle(*outlet, iq, linked); });
        });
    return Later{};
}

}  // namespace waypost::xmpp
