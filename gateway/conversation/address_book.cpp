// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/address_book.h"

#include <utility>

#include "gateway/custody/held.h"
#include "gateway/custody/imitation.h"
#include "gateway/message/text.h"

namespace waypost {

using store::ContactState;

std::string AddressBook::show() {
    std::string whole;
    std::string names;
    const auto all = tables().people.nicks(line_.owner, {}, kMostNicknames);
    for (const store::ContactRow& contact : all) {
        whole += (whole.empty() ? "" : "\n") + contact.nick + '=' + contact.address.value;
        names += (names.empty() ? "" : " ") + contact.nick;
    }
    if (all.empty()) return say("book_empty");
    if (whole.size() <= kAnswerBytes) return whole;
    // Names alone where the addresses do not fit: the names are what is typed.
    return names.size() <= kAnswerBytes ? names : page({});
}

std::string AddressBook::more() { return page(std::exchange(line_.talk.book_after, {})); }

// Those after `after`, as many as fit; "+12" says how many are left, and + shows them.
std::string AddressBook::page(const std::string& after) {
    std::string names;
    std::int64_t left = tables().people.count_nicks(line_.owner, after);
    for (const store::ContactRow& contact :
         tables().people.nicks(line_.owner, after, kMostNicknames)) {
        const std::string more = left > 1 ? " +" + std::to_string(left - 1) : std::string();
        if (!names.empty() && names.size() + 1 + contact.nick.size() + more.size() > kAnswerBytes) {
            names += " +" + std::to_string(left);
            return names;
        }
        names += (names.empty() ? "" : " ") + contact.nick;
        line_.talk.book_after = contact.nick;
        --left;
    }
    line_.talk.book_after.clear();
    return names.empty() ? say("nothing_more") : names;
}

std::string AddressBook::save(const command::SaveContact& c) {
    const auto address = parse_address(c.address);
    const bool typed_so = address.ok() && box().router.typed_schemes().count(address->scheme) > 0;
    if (!address.ok() || (!typed_so && address->domain().find('.') == std::string_view::npos)) {
        return say("bad_address", {{"address", one_line(c.address, 60)}});
    }
    if (const std::string handle = handle_like(box(), c.nick); !handle.empty())
        return say("nick_is_handle", {{"nick", handle}});
    auto older = tables().people.by_nick(line_.owner, c.nick);
    const auto contact = tables().people.contact(line_.owner, *address);
    const bool one_more = !older && (!contact || contact->nick.empty());
    if (one_more && tables().people.count_nicks(line_.owner) >= kMostNicknames)
        return say("nicks_full", {{"most", std::to_string(kMostNicknames)}});
    if (older) {
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
        release_from(line_.ledger, line_.owner, item->peer, "accepted by its owner");
        return say("accepted", {{"who", who}});
    }
    cancel_from(line_.ledger, line_.owner, item->peer);
    return say("refused", {{"who", who}});
}

}  // namespace waypost
