// SPDX-License-Identifier: Apache-2.0
// What fediverse servers say to one another (ActivityStreams 2.0 vocabulary, ActivityPub section 3
// and 7), as values: what of it counts here. Terms that are not known are passed over, one value
// and a list of one are the same, and so are a link and an object that has only an id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace waypost::activitypub {

inline constexpr std::string_view kPublic = "https://www.w3.org/ns/activitystreams#Public";
inline constexpr std::string_view kActivityJson = "application/activity+json";

struct Mention {
    std::string href;  // the actor's id
    std::string name;  // "@ana@hill.example"; may be empty, or lie
};

struct MediaLink {
    std::string url;
    std::string type;         // media type; "image/*" where no more is said; may be empty
    std::string description;  // its text for those who do not see it; may be empty
};

struct PollChoice {
    std::string name;
    std::int64_t votes = -1;  // -1: not said
};

// The words of a note in one language; empty where it has none of a kind.
struct NoteWords {
    std::string language;  // in small letters: "pt-br"
    std::string content, title, warning;
};

// Note, Article, Page, Question and what else has a content and an author.
struct Note {
    std::string id;             // http or https URL: the caller decides which he takes
    std::string type;           // "Note"
    std::string attributed_to;  // an actor's id
    std::string content;        // HTML as it came: hostile
    std::string title;          // of an Article; plain text. Of a vote in a poll what it is for
    std::string warning;        // content warning ("summary" of a Note); plain text
    bool sensitive = false;
    std::string language;             // "sw"; may be empty
    std::vector<NoteWords> others;    // the same in each language that it names, a few at most
    std::string url;                  // for browsers; may be empty
    std::string in_reply_to;          // an id; may be empty
    std::string conversation;         // may be empty
    std::int64_t published = 0;       // Unix seconds; 0: not said
    std::int64_t updated = 0;         // likewise
    std::vector<std::string> to, cc;  // with bto, bcc and audience: ids, kPublic in this form
    std::vector<Mention> mentions;
    std::vector<MediaLink> media;
    std::vector<PollChoice> choices;  // of a Question
    bool several = false;             // more than one may be chosen
    std::int64_t ends = 0;            // Unix seconds at which voting ends; 0: not said
    bool closed = false;              // it says that voting is over
};

enum class Visibility {
    Public,         // kPublic in to
    Unlisted,       // kPublic in cc
    FollowersOnly,  // a collection of followers, not kPublic
    Direct,         // neither (whether its people stand in to or in cc)
};

// `followers`: the id of the author's collection; empty where it is not known: then whatever ends
// in "/followers" is one.
Visibility visibility(const Note& note, std::string_view followers = {});

struct Activity {
    std::string id;
    std::string type;   // "Create", "Follow", "Undo", ...
    std::string actor;  // an id
    // What it is about: its id, and where it came embedded its type and, of what has content, all
    // of it. Of Undo, Accept and Reject the inner activity: its type, id, actor and object.
    std::string object;
    std::vector<std::string> more_objects;  // of Flag: what else is complained about
    std::string object_type;                // "Note", "Tombstone", "Follow", "Person"; may be empty
    std::string object_actor;               // of an inner activity
    std::string object_of_object;           // of an inner activity
    std::optional<Note> note;
    std::string target;  // of Move
    std::vector<std::string> to, cc;
    std::string content;  // of EmojiReact, Like and Flag; plain text
    std::int64_t published = 0;
};

struct Actor {
    std::string id;
    std::string type;  // "Person", "Service", "Group", ...
    std::string preferred_username;
    std::string name;     // plain text, cleaned
    std::string summary;  // HTML as it came
    std::string url;
    std::string inbox;         // empty: only a part of an actor, for its key
    std::string shared_inbox;  // empty: none
    std::string outbox, followers;
    std::string key_id;   // of publicKey; may be empty
    std::string key_pem;  // its publicKeyPem
    std::string ed25519;  // Multikey of assertionMethod, or empty
    std::string ed25519_id;
    std::string moved_to;  // may be empty
    std::vector<std::string> also_known_as;
    bool locked = false;     // approves followers by hand
    bool no_bridge = false;  // its profile says that it is not to be bridged (hashtag nobridge)
};

// What stands at the id of a key: the key by itself, or an actor that has it.
struct PublicKey {
    std::string id;
    std::string owner;  // an actor's id: says so, and has to list the key itself
    std::string key;    // PEM, or a Multikey
};

// Limits of what is read; beyond them: an error with a sentence for a log.
inline constexpr std::size_t kMostActivityBytes = 1u << 20;
inline constexpr int kMostDepth = 32;
inline constexpr std::size_t kMostListed = 1000;   // of to, cc, tag, attachment, any list
inline constexpr std::size_t kMostValues = 20000;  // in all

// Errors are BadInput. Any thread; pure. What has no id, or in the place of an id anything but an
// http or https URL of at most 2048 bytes, is an error where it is the thing itself, and passed
// over where it is named by another.
Result<Activity> parse_activity(std::string_view json);
Result<Actor> parse_actor(std::string_view json);
Result<Note> parse_note(std::string_view json);
// The key with this id.
Result<PublicKey> parse_key(std::string_view json, const std::string& key_id);

}  // namespace waypost::activitypub
