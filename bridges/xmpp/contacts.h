// SPDX-License-Identifier: Apache-2.0
// Subscriptions to the presence of people here (RFC 6121 section 3), and the presence itself.
// Residents see everybody; somebody outside sees who has consented to hear from him. Nothing of it
// costs airtime but the one line by which a person is asked, which waits like any first letter.
// Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bridges/xmpp/accounts.h"
#include "bridges/xmpp/asker.h"
#include "bridges/xmpp/contacts/availability.h"
#include "bridges/xmpp/contacts/roster.h"
#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/stanza_error.h"
#include "gateway/base/ask_limit.h"

namespace waypost::xmpp {

class Contacts {
  public:
    // Reads its record: throws std::runtime_error if the store cannot be read.
    explicit Contacts(Gate& gate, RosterLimits limits = {});

    // Any presence to the domain or to a person of it; not to a group.
    void presence(const Element& stanza);
    void stream_up();
    void stream_down();
    // To be called every second or so: a bounded piece of the round in which consent is looked at
    // and news of presence are told.
    void tick();

    // An account said something that is no presence.
    void account_seen(const Jid& from) { accounts_.seen(from); }
    // A program is connected there, as presence says that goes elsewhere: to a room.
    void account_available(const Jid& from) { accounts_.available(from); }
    // Whether he may know when this person was heard.
    bool may_see(const Asker& asker, const std::string& handle) const;

    struct Counts {
        std::size_t contacts = 0, waiting = 0;
    };
    Counts counts() const;

  private:
    using Key = Roster::Key;
    // Where one contact stands with one of ours: who asks, and whom.
    struct Pair {
        Asker asker;
        Target target;
        std::string language;
        Key key() const { return {target.handle, asker.jid.bare_text()}; }
    };
    enum class Door { Open, Ask, Shut, Unknown, Later };
    // What became of the letters by which people are asked; told on any thread.
    struct Asked {
        std::mutex mutex;
        std::vector<std::pair<Key, Verdict::Kind>> verdicts;
    };

    void answer(const Pair& pair, const Element& stanza);
    void subscribe(const Pair& pair, const Element& stanza);
    void unsubscribe(const Pair& pair);
    void probe(const Pair& pair);
    void they_answered(const Pair& pair, bool granted);
    void failed(const Pair& pair, const Element& stanza);

    Door door(const Pair& pair) const;
    bool admit(const Pair& pair);
    void shut_out(const Pair& pair);
    void wait_for_consent(const Pair& pair, const Element& stanza);
    void ask_for_consent(const Pair& pair, Roster::Entry& entry);
    void ask_back(const Pair& pair, Roster::Entry& entry);
    void take_verdicts();
    void look(const Pair& pair, Roster::Entry& entry, int& pushes);
    void look_at_waiting(const Pair& pair, Roster::Entry& entry);
    void push(const Pair& pair, Roster::Entry& entry, int& pushes);
    void show(const Pair& pair, Roster::Entry* entry);
    Availability shown_to(const Pair& pair) const;
    std::optional<Pair> pair_of(const Key& key, const std::string& language) const;
    void refuse(const Element& stanza, const StanzaError& error) const;
    void say(const Pair& pair, std::string_view type) const;
    BoxTime now() const { return gate_.office.clock().box(); }
    std::int64_t wall_s() const { return to_ms(gate_.office.clock().wall()) / 1000; }

    Gate& gate_;
    Accounts accounts_;
    const std::shared_ptr<Asked> asked_ = std::make_shared<Asked>();

    mutable std::mutex mutex_;  // of all below
    Roster roster_;
    AskLimit limit_;  // of domains outside
    bool up_ = false;
    Key looked_at_;
};

}  // namespace waypost::xmpp
