// SPDX-License-Identifier: Apache-2.0
#include "gateway/groups/moved_account.h"

#include <map>

#include "gateway/custody/compose.h"
#include "gateway/custody/held.h"
#include "gateway/custody/language.h"
#include "gateway/custody/receipts.h"
#include "gateway/groups/feeds.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

using store::ContactRow;
using store::ContactState;

constexpr std::size_t kAddressBytes = 60;

class Mover {
  public:
    Mover(Ledger& ledger, const Address& from, const Address& to)
        : ledger_(ledger), from_(from), to_(to) {}

    void run() {
        for (const ContactRow& old : people().with_address(from_)) {
            if (old.state == ContactState::Known) know(old);
            if (old.state == ContactState::Blocked) block(old.owner);
        }
        if (from_.scheme == kFeedScheme && to_.scheme == kFeedScheme) move_followers();
        for (const auto& [owner, name] : told_) tell(owner, name);
    }

  private:
    store::PeopleTable& people() { return ledger_.tables().people; }

    // Feeds are called in small letters.
    void move_followers() {
        for (const Address& who :
             move_feed(ledger_, lower_ascii(from_.value), lower_ascii(to_.value))) {
            if (who.scheme == "person") note(who.value);
        }
    }

    // What he calls it now: afterwards the new one has that name.
    void note(const std::string& owner) {
        told_.try_emplace(owner, short_name(ledger_.tables(), ledger_.box(), owner, from_, {}));
    }

    void know(const ContactRow& old) {
        const auto before = people().contact(old.owner, to_);
        if (before && before->state == ContactState::Blocked) return;
        ContactRow now =
            before.value_or(ContactRow{old.owner, to_, {}, ContactState::Pending, ledger_.now()});
        const bool unknown = now.state != ContactState::Known;
        const bool nameless = now.nick.empty() && !old.nick.empty();
        if (!unknown && !nameless) return;
        note(old.owner);
        if (nameless) {
            now.nick = old.nick;
            ContactRow without = old;
            without.nick.clear();
            people().put_contact(without);
        }
        now.state = ContactState::Known;
        people().put_contact(now);
        if (unknown) release_from(ledger_, old.owner, to_, "the account that he knows moved here");
    }

    void block(const std::string& owner) {
        auto now = people()
                       .contact(owner, to_)
                       .value_or(ContactRow{owner, to_, {}, ContactState::Pending, ledger_.now()});
        if (now.state != ContactState::Pending) return;
        now.state = ContactState::Blocked;
        people().put_contact(now);
        cancel_from(ledger_, owner, to_);
    }

    void tell(const std::string& owner, const std::string& name) {
        const auto person = people().person(owner);
        const Address endpoint = endpoint_of(ledger_.box(), owner);
        if (endpoint.empty() || (person && person->paused)) return;
        ledger_.say(endpoint,
                    words_of(ledger_, owner)
                        .say("account_moved",
                             {{"who", name}, {"address", one_line(to_.value, kAddressBytes)}}),
                    store::Kind::Notice, Priority::Normal, owner);
    }

    Ledger& ledger_;
    const Address& from_;
    const Address& to_;
    std::map<std::string, std::string> told_;  // owner: what he called it
};

}  // namespace

void account_moved(Ledger& ledger, const Address& from, const Address& to) {
    if (from != to) Mover(ledger, from, to).run();
}

}  // namespace waypost
