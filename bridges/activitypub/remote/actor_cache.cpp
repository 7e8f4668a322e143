// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/remote/actor_cache.h"

#include <array>
#include <cstdlib>

#include "bridges/activitypub/remote/webfinger.h"
#include "bridges/activitypub/vocab/json_write.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

const char kPrefix[] = "actor/";
constexpr std::size_t kMostKept = 2000;
constexpr std::size_t kSummaryBytes = 2000;
constexpr std::size_t kMostOtherNames = 20;

// What is kept of it.
Actor bounded(Actor actor) {
    actor.summary = cut_bytes(actor.summary, kSummaryBytes);
    if (actor.also_known_as.size() > kMostOtherNames) actor.also_known_as.resize(kMostOtherNames);
    return actor;
}

std::string document_of(const Actor& actor) {
    JsonWriter json;
    json.set("id", actor.id).set("type", actor.type);
    json.set_if("preferredUsername", actor.preferred_username).set_if("name", actor.name);
    json.set_if("summary", actor.summary).set_if("url", actor.url).set_if("inbox", actor.inbox);
    json.set_if("sharedInbox", actor.shared_inbox).set_if("outbox", actor.outbox);
    json.set_if("followers", actor.followers).set_if("movedTo", actor.moved_to);
    if (!actor.key_pem.empty())
        json.set("publicKey",
                 JsonWriter().set_if("id", actor.key_id).set("publicKeyPem", actor.key_pem));
    if (!actor.ed25519.empty())
        json.set("assertionMethod", JsonWriter()
                                        .set_if("id", actor.ed25519_id)
                                        .set("type", "Multikey")
                                        .set("publicKeyMultibase", actor.ed25519));
    if (!actor.also_known_as.empty()) json.set("alsoKnownAs", actor.also_known_as);
    json.set("manuallyApprovesFollowers", actor.locked);
    if (actor.no_bridge)
        json.set("tag", JsonWriter().set("type", "Hashtag").set("name", "#nobridge"));
    return json.text();
}

std::string word(const std::string& text) { return text.empty() ? "-" : text; }

// The words of the first line.
std::array<std::string, 4> head_of(const std::string& value) {
    std::array<std::string, 4> words;
    std::string_view line = std::string_view(value).substr(0, value.find('\n'));
    for (std::string& each : words) {
        const std::string_view one = line.substr(0, line.find(' '));
        if (one != "-") each = one;
        line.remove_prefix(std::min(one.size() + 1, line.size()));
    }
    return words;
}

}  // namespace

ActorCache::ActorCache(TransportState& state, const Clock& clock)
    : state_(state), clock_(clock), entries_(kMostKept) {
    for (const auto& [key, value] : state_.with_prefix(kPrefix)) {
        auto [fetched, key_id, ed25519_id, acct] = head_of(value);
        add(key.substr(std::size(kPrefix) - 1),
            {box_from_ms(std::strtoll(fetched.c_str(), nullptr, 10)), std::move(key_id),
             std::move(ed25519_id), std::move(acct), nullptr});
    }
}

// Who was used longest ago goes for it, from the state too.
void ActorCache::add(const std::string& id, Entry entry) {
    index(id, entries_.put(id, std::move(entry), [this](const std::string& gone, const Entry& old) {
        unindex(gone, old);
        state_.erase(kPrefix + gone);
    }));
}

void ActorCache::index(const std::string& id, const Entry& entry) {
    for (const std::string* key : {&entry.key_id, &entry.ed25519_id})
        if (!key->empty()) by_key_[*key] = id;
    if (const auto acct = parse_acct(entry.acct); acct.ok())
        by_acct_[lower_ascii(acct->text())] = id;
}

void ActorCache::unindex(const std::string& id, const Entry& entry) {
    const auto drop = [&](std::map<std::string, std::string>& ids, const std::string& key) {
        const auto found = ids.find(key);
        if (found != ids.end() && found->second == id) ids.erase(found);
    };
    drop(by_key_, entry.key_id);
    drop(by_key_, entry.ed25519_id);
    drop(by_acct_, lower_ascii(entry.acct));
}

std::shared_ptr<const Actor> ActorCache::load(const std::string& id) const {
    const auto value = state_.get(kPrefix + id);
    if (!value) return nullptr;
    auto actor = parse_actor(value->substr(std::min(value->find('\n'), value->size())));
    return actor.ok() ? std::make_shared<const Actor>(std::move(*actor)) : nullptr;
}

void ActorCache::save(const std::string& id, const Entry& entry) {
    state_.put(kPrefix + id, std::to_string(to_ms(entry.fetched)) + ' ' + word(entry.key_id) + ' ' +
                                 word(entry.ed25519_id) + ' ' + word(entry.acct) + '\n' +
                                 document_of(*entry.actor));
}

std::optional<KeptActor> ActorCache::find(const std::string& id) {
    const auto kept = [this](const Entry& entry) {
        // A store that was put back from elsewhere may have been ahead: then it is old.
        const auto age = clock_.box() - entry.fetched;
        return KeptActor{entry.actor, age.count() < 0 ? milliseconds::max() : age, entry.acct};
    };
    {
        const std::lock_guard lock(mutex_);
        const Entry* entry = entries_.find(id);
        if (entry == nullptr) return std::nullopt;
        if (entry->actor) return kept(*entry);
    }
    const auto actor = load(id);
    const std::lock_guard lock(mutex_);
    Entry* entry = entries_.find(id);
    if (entry == nullptr || (!entry->actor && !actor)) return std::nullopt;
    if (!entry->actor) entry->actor = actor;
    return kept(*entry);
}

bool ActorCache::has(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return entries_.find(id) != nullptr;
}

std::string ActorCache::of_key(const std::string& key_id) {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key_id);
    return found == by_key_.end() ? std::string() : found->second;
}

std::string ActorCache::of_acct(const std::string& acct) {
    const std::lock_guard lock(mutex_);
    const auto found = by_acct_.find(lower_ascii(acct));
    return found == by_acct_.end() ? std::string() : found->second;
}

void ActorCache::put(const Actor& actor) {
    const auto before = find(actor.id);
    Entry entry{clock_.box(),
                actor.key_id,
                actor.ed25519_id,
                {},
                std::make_shared<const Actor>(bounded(actor))};
    if (before && before->actor->preferred_username == actor.preferred_username)
        entry.acct = before->acct;
    const std::lock_guard lock(mutex_);
    if (const Entry* old = entries_.find(actor.id)) unindex(actor.id, *old);
    save(actor.id, entry);
    add(actor.id, std::move(entry));
}

void ActorCache::set_acct(const std::string& id, const std::string& acct) {
    if (!find(id)) return;  // and it is in memory now
    const std::lock_guard lock(mutex_);
    Entry* entry = entries_.find(id);
    if (entry == nullptr || !entry->actor) return;
    unindex(id, *entry);
    entry->acct = acct;
    index(id, *entry);
    save(id, *entry);
}

void ActorCache::erase(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const Entry* entry = entries_.find(id);
    if (entry == nullptr) return;
    unindex(id, *entry);
    entries_.erase(id);
    state_.erase(kPrefix + id);
}

}  // namespace waypost::activitypub
