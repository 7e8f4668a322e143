// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "bridges/activitypub/vocab/activity.h"
#include "bridges/activitypub/vocab/actor_read.h"
#include "bridges/activitypub/vocab/json_read.h"
#include "bridges/activitypub/vocab/no_bridge.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::size_t kNameBytes = 500;
constexpr std::size_t kLongestKey = 16 * 1024;

bool says_no_bridge(const Json& json) {
    if (has_no_bridge(string_at(json, "name"))) return true;
    if (html_has_no_bridge(string_at(json, "summary"))) return true;
    for (const JsonValue& value : values_at(json, "tag")) {
        const Json::Ptr tag = object_of(value);
        if (!tag || type_of(*tag) != "Hashtag") continue;
        std::string name = string_at(*tag, "name");
        if (!name.empty() && name.front() != '#') name.insert(0, 1, '#');
        if (has_no_bridge(name)) return true;
    }
    for (const JsonValue& value : values_at(json, "attachment")) {  // the fields of a profile
        const Json::Ptr field = object_of(value);
        if (!field || type_of(*field) != "PropertyValue") continue;
        if (has_no_bridge(string_at(*field, "name")) ||
            html_has_no_bridge(string_at(*field, "value"))) {
            return true;
        }
    }
    return false;
}

std::string key_at(const Json& json, const std::string& name) {
    std::string key = string_at(json, name);
    return key.size() <= kLongestKey ? key : std::string();
}

std::string owner_of(const Json& key) {
    const std::string owner = id_at(key, "owner");
    return owner.empty() ? id_at(key, "controller") : owner;
}

// What is said to be somebody else's is none of his keys.
bool is_key_of(const Json& key, const std::string& actor) {
    const std::string owner = owner_of(key);
    return owner.empty() || owner == actor;
}

void read_keys(Actor& actor, const Json& json) {
    for (const JsonValue& value : values_at(json, "publicKey")) {
        const Json::Ptr key = object_of(value);
        if (!key || !actor.key_pem.empty() || !is_key_of(*key, actor.id)) continue;
        actor.key_pem = key_at(*key, "publicKeyPem");
        actor.key_id = actor.key_pem.empty() ? std::string() : id_of(*key);
    }
    for (const JsonValue& value : values_at(json, "assertionMethod")) {
        const Json::Ptr key = object_of(value);
        if (!key || !actor.ed25519.empty() || !is_key_of(*key, actor.id)) continue;
        const std::string text = key_at(*key, "publicKeyMultibase");
        if (type_of(*key) != "Multikey" || text.compare(0, 4, "z6Mk") != 0) continue;
        actor.ed25519 = text;
        actor.ed25519_id = id_of(*key);
    }
}

// preferredUsername goes behind an @ and before another.
std::string user_name(const std::string& name) {
    const bool good = name.size() <= 200 && clean_name(name) == name &&
                      name.find_first_of("@/ :\"<>?#") == std::string::npos;
    return good ? name : std::string();
}

std::string first_url(const Json& json) {
    const auto links = links_at(json, "url");
    return links.empty() ? std::string() : links.front().href;
}

void read_places(Actor& actor, const Json& json) {
    actor.url = first_url(json);
    actor.inbox = id_at(json, "inbox");
    actor.outbox = id_at(json, "outbox");
    actor.followers = id_at(json, "followers");
    const Json::Ptr endpoints = object_at(json, "endpoints");
    if (endpoints) actor.shared_inbox = id_at(*endpoints, "sharedInbox");
    if (actor.shared_inbox.empty()) actor.shared_inbox = id_at(json, "sharedInbox");
    actor.moved_to = id_at(json, "movedTo");
    append_ids(actor.also_known_as, json, "alsoKnownAs");
}

Result<PublicKey> key_of(const Json& json, const std::string& owner, const std::string& key_id) {
    PublicKey key{id_of(json), owner_of(json), key_at(json, "publicKeyPem")};
    if (key.owner.empty()) key.owner = owner;
    if (key.key.empty()) key.key = key_at(json, "publicKeyMultibase");
    if (key.id != key_id || key.owner.empty() || key.key.empty())
        return bad_input("no key with this id and an owner: " + key_id);
    return key;
}

}  // namespace

bool is_actor_type(std::string_view type) {
    static constexpr std::array<std::string_view, 5> kTypes = {"Person", "Service", "Group",
                                                               "Organization", "Application"};
    return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

Result<Actor> parse_actor(std::string_view text) {
    const auto read = read_json(text);
    if (!read.ok()) return read.error();
    const Json& json = **read;
    Actor actor;
    actor.id = id_of(json);
    actor.type = type_of(json);
    if (actor.id.empty()) return bad_input("an actor without an id that is a web address");
    if (actor.type.empty()) return bad_input("an actor without a type: " + actor.id);
    actor.preferred_username = user_name(string_at(json, "preferredUsername"));
    actor.name =
        one_line(clean_name(cut_bytes(string_at(json, "name"), 4 * kNameBytes)), kNameBytes);
    actor.summary = string_at(json, "summary");
    read_places(actor, json);
    read_keys(actor, json);
    if (actor.inbox.empty() && actor.key_pem.empty() && actor.ed25519.empty())
        return bad_input("no actor, it has neither an inbox nor a key: " + actor.id);
    actor.locked = is_true_at(json, "manuallyApprovesFollowers");
    actor.no_bridge = says_no_bridge(json);
    return actor;
}

Result<PublicKey> parse_key(std::string_view text, const std::string& key_id) {
    const auto read = read_json(text);
    if (!read.ok()) return read.error();
    const Json& json = **read;
    for (const char* list : {"publicKey", "assertionMethod"}) {
        for (const JsonValue& value : values_at(json, list)) {
            const Json::Ptr object = object_of(value);
            if (!object) continue;
            if (auto key = key_of(*object, id_of(json), key_id); key.ok()) return key;
        }
    }
    return key_of(json, {}, key_id);
}

}  // namespace waypost::activitypub
