// SPDX-License-Identifier: Apache-2.0
// What this gateway serves and sends, as JSON text (ActivityPub, WebFinger RFC 7033, NodeInfo 2.0
// and 2.1). Texts become clean UTF-8. Pure; any thread.
#pragma once

#include "bridges/activitypub/vocab/activity.h"

namespace waypost::activitypub {

// The ids of one actor of ours, "ana" of https://hill.example.
struct OwnActor {
    std::string base;    // "https://hill.example", no slash at its end
    std::string domain;  // behind the @: "hill.example"
    std::string name;    // preferredUsername: "ana"; "actor" is the box itself

    std::string id() const;  // base/ap/ana; nobody may be named "inbox"
    std::string key_id() const { return id() + "#main-key"; }
    std::string inbox() const { return id() + "/inbox"; }
    std::string outbox() const { return id() + "/outbox"; }
    std::string followers() const { return id() + "/followers"; }
    std::string following() const { return id() + "/following"; }
    std::string shared_inbox() const { return base + "/ap/inbox"; }
    std::string acct() const { return name + '@' + domain; }
};

struct OwnProfile {
    std::string type;  // "Person", "Group", "Service", "Application"
    std::string display_name;
    std::string summary;         // plain text
    std::string key_pem;         // RSA, SPKI
    std::int64_t published = 0;  // Unix seconds; 0: not said
    bool locked = true;
    bool indexable = false, discoverable = false;
};

// A picture of a note of ours.
struct OwnMedia {
    std::string url, type;    // type: media type
    std::string description;  // for those who do not see it; may be empty
    int width = 0, height = 0;
};

// A note of ours before it goes out. `content` is HTML.
struct OwnNote {
    OwnActor author;
    std::string id;
    std::string content;
    std::string source;    // the plain text
    std::string language;  // may be empty
    std::string warning;
    std::string in_reply_to;
    std::string conversation;
    std::int64_t published = 0;
    std::vector<std::string> to, cc;
    std::vector<Mention> mentions;
    std::vector<OwnMedia> media{};
};

std::string actor_json(const OwnActor& actor, const OwnProfile& profile);
std::string note_json(const OwnNote& note, bool with_context);
// The note embedded, under ID#create.
std::string create_json(const OwnNote& note);
// The note is gone: Delete of a Tombstone, to whom it had gone.
std::string delete_json(const OwnActor& actor, const std::string& note_id,
                        const std::vector<std::string>& to, std::int64_t at);
std::string tombstone_json(const std::string& note_id, std::int64_t at);
std::string follow_json(const OwnActor& actor, const std::string& id, const std::string& whom);
std::string undo_follow_json(const OwnActor& actor, const std::string& id, const std::string& whom);
// Accept or Reject, the whole Follow embedded.
std::string answer_follow_json(const OwnActor& actor, bool accept, const std::string& id,
                               const Activity& follow);
// OrderedCollection; `items` are JSON texts (activities) or, with `links`, ids. Where there are
// none of a `total` they are not said.
std::string collection_json(const std::string& id, std::size_t total,
                            const std::vector<std::string>& items, bool links);
std::string webfinger_json(const OwnActor& actor);
std::string nodeinfo_links_json(const std::string& base);  // to base/nodeinfo/2.0 and 2.1
// `version`: of the schema, as the links name it.
std::string nodeinfo_json(const std::string& version, std::size_t users, std::size_t posts);
std::string host_meta_xml(const std::string& base);  // RFC 6415

}  // namespace waypost::activitypub
