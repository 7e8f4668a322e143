// SPDX-License-Identifier: Apache-2.0
// Commands about people: the address book, consent, a name of one's own, stop and start.
#include "gateway/commands/handle.h"
#include "gateway/delivery/compose.h"
#include "gateway/delivery/executor.h"
#include "gateway/delivery/held.h"
#include "gateway/message/text.h"

namespace waypost {

using store::ContactState;

std::string Executor::operator()(const command::ShowBook&) {
    std::vector<std::string> lines;
    std::string nicks;
    std::size_t bytes = 0;
    for (const store::ContactRow& contact : tables().people.contacts(owner_)) {
        if (contact.nick.empty()) continue;
        lines.push_back(contact.nick + '=' + contact.address.value);
        nicks += (nicks.empty() ? "" : " ") + contact.nick;
        bytes += lines.back().size() + 1;
    }
    if (lines.empty()) return say("book_empty");
    // Names alone where the addresses do not fit: the names are what is typed.
    const bool names_only = bytes > kAnswerBytes + 1 && nicks.size() <= kAnswerBytes;
    return names_only ? nicks : fitting(lines);
}

std::string Executor::operator()(const command::SaveContact& c) {
    const auto address = parse_address(c.address);
    if (!address.ok() || address->domain().find('.') == std::string_view::npos) {
        return say("bad_address", {{"address", one_line(c.address, 60)}});
    }
    if (box().directory.get()->find(c.nick) != nullptr) {
        return say("nick_is_handle", {{"nick", c.nick}});
    }
    if (auto older = tables().people.by_nick(owner_, c.nick)) {
        older->nick.clear();
        tables().people.put_contact(*older);
    }
    tables().people.put_contact({owner_, *address, c.nick, ContactState::Known, ledger_.now()});
    return say("saved", {{"nick", c.nick}, {"address", one_line(address->value, 80)}});
}

std::string Executor::operator()(const command::AcceptSender& c) {
    return judge(c.item, ContactState::Known);
}
std::string Executor::operator()(const command::RefuseSender& c) {
    return judge(c.item, ContactState::Blocked);
}

std::string Executor::judge(int number, ContactState state) {
    const auto item = tables().items.find(owner_, number);
    if (!item || item->peer.empty()) return no_item(number);
    auto contact = tables()
                       .people.contact(owner_, item->peer)
                       .value_or(store::ContactRow{owner_, item->peer, {}, state, ledger_.now()});
    contact.state = state;
    tables().people.put_contact(contact);
    const std::string who = one_line(item->peer.value, 60);
    if (state == ContactState::Known) {
        release_held(ledger_, owner_, "accepted by its owner",
                     [&](const store::MessageRow& m) { return m.message.from == item->peer; });
        return say("accepted", {{"who", who}});
    }
    cancel_held(ledger_, owner_, item->peer);
    return say("refused", {{"who", who}});
}

std::string Executor::operator()(const command::Verb& c) {
    const bool named = owner_.find(':') == std::string::npos;
    if (c.name == "name") {
        if (doubted_) return say("key_doubted");
        if (c.argument.empty() || named) {
            return say("name_now", {{"address", outside_address(box(), owner_).value}});
        }
        const auto handle = parse_handle(c.argument);
        if (!handle.ok()) return say("name_bad");
        if (tables().people.has_person(*handle) || is_reserved(ledger_, *handle))
            return say("name_taken", {{"handle", *handle}});
        talk_.confirm = "name " + *handle;
        return say("name_ask", {{"handle", *handle},
                                {"address", mailto(*handle, box().settings.domain).value}});
    }
    if (c.name == "lang") {
        for (const Catalogue* each : catalogues()) {
            if (each->is_called(c.argument)) return speak(*each);
        }
        return say("lang_unknown", {{"languages", language_codes()}});
    }
    if (c.name == "start") return set_paused(false);
    if (c.name == "stop" || c.name == "forget") {
        if (!named) return say("dropped");
        talk_.confirm = c.name;
        return say(c.name + "_ask");
    }
    return say("help");
}

// A stranger has no place to keep it: his radio is spoken to as the box speaks to everybody.
std::string Executor::speak(const Catalogue& language) {
    const auto people = box().directory.get();
    if (const Person* person = people->find(owner_)) {
        store::PersonRow row = person->row;
        row.language = language.language();
        tables().people.put_person(row);
        ledger_.effects().people_changed = true;
        words_ = &language;
    }
    return say("lang_done", {{"language", language.language()}});
}

// What 1 confirms; "no ..." is any other digit.
std::string Executor::confirmed(const std::string& what) {
    if (what == "sos") return alarm_now(std::exchange(talk_.draft, {}));
    if (what.rfind("no ", 0) == 0) return say("dropped");
    if (what.rfind("name ", 0) == 0) return take_name(what.substr(5));
    if (what == "stop") return set_paused(true);
    if (what == "forget") {
        leave(ledger_, owner_);
        tables().people.remove_person(owner_);
        ledger_.effects().people_changed = true;
        talk_ = Talk{};
        return say("forget_done");
    }
    return say("nothing_asked");
}

std::string Executor::take_name(const std::string& handle) {
    // Asked of the store: somebody may have taken it since the snapshot.
    if (tables().people.has_person(handle)) return say("name_taken", {{"handle", handle}});
    const auto people = box().directory.get();
    store::PersonRow person;
    person.handle = handle;
    person.name = message_.from_name;
    person.language = box().settings.language;
    person.role = "villager";
    person.created_ms = ledger_.now();
    tables().people.put_person(person);
    store::EndpointRow radio;
    if (const auto* known = people->endpoint(message_.from)) radio = *known;
    radio.address = message_.from;
    radio.person = handle;
    tables().people.put_endpoint(radio);
    tables().people.move_owner(owner_, handle);
    owner_ = handle;
    release_consented(ledger_, owner_, "its owner has a name");
    ledger_.effects().people_changed = true;
    return say("name_done", {{"address", mailto(handle, box().settings.domain).value}});
}

std::string Executor::set_paused(bool paused) {
    const auto people = box().directory.get();
    const Person* person = people->find(owner_);
    if (person == nullptr) return say("dropped");
    store::PersonRow row = person->row;
    row.paused = paused;
    tables().people.put_person(row);
    ledger_.effects().people_changed = true;
    if (paused) return say("stop_done");
    release_consented(ledger_, owner_, "started by its owner");
    return say("start_done");
}

}  // namespace waypost
