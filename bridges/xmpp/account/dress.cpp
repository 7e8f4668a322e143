// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/dress.h"

#include <algorithm>

#include "bridges/xmpp/message/spaces.h"

namespace waypost::xmpp {
namespace {

// The first page of what somebody wrote asks for a receipt. What the box says of itself does not.
bool is_letter(const Element& stanza) {
    return stanza.name() == "message" && stanza.find("request", space::kReceipts) != nullptr;
}

}  // namespace

Dress::Dress(const Names& names, const PeopleView& people, Jid account, std::string person)
    : names_(names), people_(people), account_(std::move(account)), person_(std::move(person)) {}

std::optional<Address> Dress::author(const Element& stanza) const {
    if (!is_letter(stanza)) return std::nullopt;
    const auto from = parse_jid(stanza.get("from"));
    if (!from.ok() || from->local().empty()) return std::nullopt;
    return names_.address_of(*from);
}

std::string Dress::handle_of(const Address& author) const {
    if (author.domain() != names_.box()) return {};
    const std::string local(author.local_part());
    return local.substr(0, local.find('+'));  // an answer to ana+TOKEN is for ana
}

std::string Dress::speaker(const Element& stanza) const {
    const auto address = author(stanza);
    return address ? handle_of(*address) : std::string();
}

std::string Dress::prefix(const Element& stanza) const {
    if (!person_.empty()) return {};
    const auto address = author(stanza);
    if (!address) return {};
    const std::string handle = handle_of(*address);
    if (!handle.empty()) {
        if (people_.group(handle)) return '#' + handle + ' ';
        const auto resident = people_.resident(handle);
        return (resident && !resident->name.empty() ? resident->name : handle) + ": ";
    }
    return address->value + ": ";  // somebody elsewhere whose words are passed on
}

Element Dress::of_account(Element stanza) const {
    const std::string before = prefix(stanza);
    stanza.remove("from");
    auto& children = stanza.children();
    // A nickname is the account's for its correspondents, not of one of those who speak by it.
    if (person_.empty())
        std::erase_if(children, [](const Element& each) { return each.is("nick", space::kNick); });
    for (Element& child : children) {
        if (child.name() == "body" && child.space().empty() && !before.empty())
            child.set_text(before + child.text());
        if (child.is("delay", space::kDelay)) child.set("from", account_.bare_text());
    }
    return stanza;
}

}  // namespace waypost::xmpp
