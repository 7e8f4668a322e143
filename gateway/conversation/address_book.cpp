// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/address_book.h"

#include "gateway/custody/held.h"
#include "gateway/message/text.h"

namespace waypost {

using store::ContactState;

std::string AddressBook::show() {
    std::vector<std::string> lines;
    std::string nicks;
    std::size_t bytes = 0;
    for (const store::ContactRow& contact : tables().people.contacts(line_.owner)) {
        if (contact.nick.empty()) continue;
        lines.push_back(contact.nick + '=' + contact.address.value);
        nicks += (nicks.empty() ? "" : " ") + contact.nick;
        bytes += lines.back().size() + 1;
    }
    if (lines.empty()) return say("book_empty");
    // Names alone where the addresses do not fit: the names are what is typed.
    const bool names_only = bytes > kAnswerBytes + 1 && nicks.size() <= kAnswerBytes;
    return names_only ? nicks : line_.fitting(lines);
}

std::string AddressBook::save(const command::SaveContact& c) {
    const auto address = parse_address(c.address);
    if (!address.ok() || address->domain().find('.') == std::string_view::npos) {
        return say("bad_address", {{"address", one_line(c.address, 60)}});
    }
    if (box().directory.get()->find(c.nick) != nullptr) {
        return say("nick_is_handle", {{"nick", c.nick}});
    }
    if (auto older = tables().people.by_nick(line_.owner, c.nick)) {
        older->nick.clear();
        tables().people.put_contact(*older);
    }
    tables().people.put_contact(
        {line_.owner, *address, c.nick, ContactState::Known, line_.ledger.now()});
    return say("saved", {{"nick", c.nick}, {"address", one_line(address->value, 80)}});
}

std::string AddressBook::judge(int number, ContactState state) {
    const auto item = tables().items.find(line_.owner, number);
    if (!item || item->peer.empty()) return line_.no_item(number);
    auto contact =
        tables()
            .people.contact(line_.owner, item->peer)
            .value_or(store::ContactRow{line_.owner, item->peer, {}, state, line_.ledger.now()});
    contact.state = state;
    tables().people.put_contact(contact);
    const std::string who = one_line(item->peer.value, 60);
    if (state == ContactState::Known) {
        release_held(line_.ledger, line_.owner, "accepted by its owner",
                     [&](const store::MessageRow& m) { return m.message.from == item->peer; });
        return say("accepted", {{"who", who}});
    }
    cancel_held(line_.ledger, line_.owner, item->peer);
    return say("refused", {{"who", who}});
}

}  // namespace waypost
