// SPDX-License-Identifier: Apache-2.0
// Who sees whose presence, and who asks to: on record, and bounded whatever comes from outside.
// One thread at a time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "gateway/base/clock.h"
#include "gateway/transport.h"

namespace waypost::xmpp {

struct RosterLimits {
    std::size_t contacts = 5'000;          // in all, who wait among them
    std::size_t contacts_of_person = 500;  // likewise
    std::size_t waiting = 500;             // for consent
    std::size_t waiting_for_person = 20;
    std::size_t waiting_of_domain = 20;    // their domain
    std::size_t new_a_day_of_domain = 10;  // since the start, then in each day of box time
    std::size_t new_a_day = 100;
};

struct Contact {
    enum class Stage {
        Unasked = 0,     // waits for consent; his letter that asks for it is not yet in custody
        Asked = 1,       // waits for consent
        Subscribed = 2,  // sees the presence
    };
    // Whether we see his.
    enum class Back { None = 0, Asked = 1, Granted = 2, Denied = 3 };

    Stage stage = Stage::Unasked;
    Back back = Back::None;
    std::int64_t since = 0;  // Unix seconds at which he asked
    std::string language;    // "pt-br", as he asked; may be empty

    bool waits() const { return stage != Stage::Subscribed; }
};

// Of one contact, and not on record.
struct ContactNow {
    std::string shown;  // what he was told last; empty: nothing since the stream is up
    BoxTime shown_at{};
    BoxTime again{};  // no earlier is his letter handed over again
};

class Roster {
  public:
    // Whose presence (a handle as it was asked for, empty: the gateway's), and the bare JID that
    // asked.
    using Key = std::pair<std::string, std::string>;
    struct Entry {
        Contact contact;
        ContactNow now;
    };

    // Reads the record: throws std::runtime_error if the store cannot be read. What is no record of
    // ours in it is dropped.
    explicit Roster(TransportState& state, RosterLimits limits = {});

    Entry* find(const Key& key);
    const Entry* find(const Key& key) const;
    // nullptr: no room. Who waits counts against the limits of `domain`.
    Entry* add(const Key& key, const Contact& contact, const std::string& domain, BoxTime now);
    // Puts what was changed in its contact on record.
    void save(const Key& key);
    void set_stage(const Key& key, Contact::Stage stage);
    void erase(const Key& key);
    // The next one behind this key, round and round; nullptr: there is none.
    const Key* after(const Key& key) const;
    // Somebody here is asked already, or has answered, whether we see the presence of this JID.
    bool sees(const std::string& jid) const;
    void forget_shown();

    std::size_t size() const { return entries_.size(); }
    std::size_t waiting() const { return waiting_; }

  private:
    bool has_room(const Key& key, bool waits, const std::string& domain, BoxTime now);
    void count(const Key& key, bool waits, int by);

    TransportState& state_;
    const RosterLimits limits_;
    std::map<Key, Entry> entries_;
    std::size_t waiting_ = 0;
    std::map<std::string, int> of_person_, waiting_for_, waiting_of_;  // none that is 0
    std::map<std::string, std::size_t> new_today_;                     // by domain
    std::size_t all_new_today_ = 0;
    std::optional<BoxTime> day_began_;
};

}  // namespace waypost::xmpp
