// SPDX-License-Identifier: Apache-2.0
// What the parts of the village in the fediverse share.
#pragma once

#include "bridges/activitypub/followers.h"
#include "bridges/activitypub/keys.h"
#include "bridges/activitypub/posts.h"
#include "bridges/activitypub/remote/remote.h"
#include "bridges/activitypub/send_queue.h"
#include "bridges/activitypub/site.h"
#include "gateway/transport.h"

namespace waypost::activitypub {

struct Policy {
    bool authorised_fetch = false;          // actors and notes only for those who sign
    std::vector<std::string> allow, block;  // domains; with `allow`: those alone
    std::size_t note_bytes = 5000;          // of a note's text that comes in
};

struct Gate {
    Office& office;
    PeopleView& people;
    TransportState& state;
    const Site& site;
    const TransportId& transport;
    const Policy& policy;
    Keys& keys;
    Remote& remote;
    Followers& followers;
    Posts& posts;
    SendQueue& queue;

    std::int64_t now() const { return to_ms(office.clock().wall()) / 1000; }
    // A person who is to be seen there: no child, and nobody who said that he wants none of it.
    static bool is_shown(const Resident& person);
    // Ours: such a person, a radio without a name, a published group or the box itself.
    bool is_actor(const std::string& name) const;
    bool is_here(const std::string& name) const;  // one of ours, shown there or not
    bool is_published(const std::string& group) const;
    OwnProfile profile(const std::string& name) const;
    bool allowed(std::string_view url) const;  // by domain
    // This actor wants nothing of one of ours.
    bool is_blocked(const std::string& name, const std::string& actor) const;
    void set_blocked(const std::string& name, const std::string& actor, bool blocks) const;
    // Whom the old one wanted nothing of, this one wants nothing of.
    void keep_blocks(const std::string& old, const std::string& now) const;
    // What this actor, called so, says: all but to whom, what and under which id.
    Message message_from(const std::string& address, const Actor& actor) const;
    Address address_of(const std::string& name) const;  // one of ours
    // Of who reads it: that of all its readers, else the village's.
    std::string language_of(const std::vector<Address>& readers) const;
};

}  // namespace waypost::activitypub
