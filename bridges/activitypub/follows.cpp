// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/follows.h"

#include "bridges/activitypub/network.h"
#include "gateway/base/log.h"
#include "gateway/commands/catalogue.h"

namespace waypost::activitypub {
namespace {

constexpr char kFeed[] = "feed/";       // an account: the id of its actor, "asked" or "accepted"
constexpr char kFeedOf[] = "feed-of/";  // the id of an actor: its account
constexpr char kTried[] = "feed-tried/";
constexpr std::int64_t kAskFor = 90LL * 24 * 60 * 60;  // seconds
constexpr std::int64_t kTryAgain = 60 * 60;
constexpr std::int64_t kLookAtBlocked = 10 * 60;
constexpr int kIdBytes = 12;

}  // namespace

int Follows::follow(const Activity& follow, const Actor& actor, const std::string& address) {
    const std::string name = gate_.site.name_of(follow.object);
    if (name.empty() || !gate_.is_actor(name)) return 404;
    const bool open = name == gate_.site.domain() || gate_.people.group(name);
    Follower follower{actor.id, actor.shared_inbox.empty() ? actor.inbox : actor.shared_inbox,
                      false,    follow.id,
                      address,  gate_.now()};
    if (!open) {
        const auto person = gate_.people.resident(name);
        const auto consent = gate_.people.consent(name, {kScheme, address});
        if (!consent.ok()) return 503;
        if (*consent == Consent::Refused || (person && person->minor)) {
            answer(name, follower, false);
            return 202;
        }
        follower.waits = *consent != Consent::Given;
    }
    const bool asked = gate_.followers.find(name, actor.id).has_value();
    if (!gate_.followers.put(name, follower)) return 429;
    if (!follower.waits) {
        answer(name, follower, true);
        return 202;
    }
    if (asked) return 202;
    Message message = gate_.message_from(address, actor);
    message.to = {gate_.address_of(name)};
    message.origin_id = follow.id;
    message.privacy = Privacy::TlsVerified;
    message.text = catalogue(gate_.language_of(message.to)).say("follow_asks");
    const auto verdicts = gate_.office.accept_and_wait(std::move(message));
    return !verdicts.empty() && verdicts[0].kept() ? 202 : 503;
}

void Follows::answer(const std::string& name, const Follower& follower, bool accept) {
    const OwnActor ours = gate_.site.actor(name);
    Activity follow;
    follow.id = follower.follow;
    follow.type = "Follow";
    follow.actor = follower.actor;
    follow.object = ours.id();
    const std::string id = ours.id() + "#answer-" + gate_.office.random().hex(kIdBytes);
    auto actor = gate_.remote.actor(follower.actor);
    const std::string inbox = actor.ok() ? actor->inbox : follower.inbox;
    gate_.queue.add({inbox, name, answer_follow_json(ours, accept, id, follow)});
}

void Follows::unfollow(const std::string& name, const std::string& actor) {
    gate_.followers.remove(name, actor);
}

void Follows::look() {
    const std::lock_guard lock(mutex_);
    look_at_waiting();
    look_at_blocked();
    look_at_feeds();
}

void Follows::look_at_waiting() {
    for (auto& [name, follower] : gate_.followers.waiting()) {
        const auto consent = gate_.people.consent(name, {kScheme, follower.address});
        if (!consent.ok()) return;
        const bool over = gate_.now() - follower.since > kAskFor;
        if (*consent == Consent::Given) {
            follower.waits = false;
            gate_.followers.put(name, follower);
            answer(name, follower, true);
        } else if (*consent == Consent::Refused || over || !gate_.is_actor(name)) {
            gate_.followers.remove(name, follower.actor);
            answer(name, follower, false);
        }
    }
}

// Each is asked about on the disk: now and then.
void Follows::look_at_blocked() {
    if (gate_.now() - looked_at_blocked_ < kLookAtBlocked) return;
    looked_at_blocked_ = gate_.now();
    for (const Resident& person : gate_.people.persons())
        for (const Follower& each : gate_.followers.all(person.handle)) {
            const auto consent = gate_.people.consent(person.handle, {kScheme, each.address});
            if (!consent.ok()) return;
            if (*consent != Consent::Refused) continue;
            gate_.followers.remove(person.handle, each.actor);
            answer(person.handle, each, false);
        }
}

std::string Follows::feed_of(const std::string& actor) const {
    return gate_.state.get(kFeedOf + actor).value_or("");
}

void Follows::answered(const std::string& actor, bool accepted) {
    const std::string account = feed_of(actor);
    if (account.empty()) return;
    log(Level::Info, "activitypub", accepted ? "follows" : "not-let-in", {{"account", account}});
    gate_.state.put(kFeed + account, actor + (accepted ? " accepted" : " refused"));
}

void Follows::look_at_feeds() {
    std::set<std::string> wanted;
    for (const Address& feed : gate_.people.feeds()) wanted.insert(feed.value);
    const auto have = gate_.state.with_prefix(kFeed);
    for (const auto& [key, text] : have) {
        const std::string account = key.substr(sizeof kFeed - 1);
        if (wanted.erase(account) == 0) end(account, text.substr(0, text.find(' ')));
    }
    for (const std::string& account : wanted) begin(account);
}

void Follows::begin(const std::string& account) {
    const std::int64_t tried =
        std::strtoll(gate_.state.get(kTried + account).value_or("0").c_str(), nullptr, 10);
    if (gate_.now() - tried < kTryAgain) return;
    gate_.state.put(kTried + account, std::to_string(gate_.now()));
    const auto actor = gate_.remote.find(account);
    if (!actor.ok() || actor->no_bridge || !gate_.allowed(actor->id)) {
        log(Level::Warning, "activitypub", "cannot-follow",
            {{"account", account}, {"why", actor.ok() ? "not wanted" : actor.error().text}});
        return;
    }
    const OwnActor box = gate_.site.box();
    const std::string id = box.id() + "#follow-" + gate_.office.random().hex(kIdBytes);
    gate_.state.put(kFeedOf + actor->id, account);
    gate_.state.put(kFeed + account, actor->id + " asked");
    gate_.queue.add({actor->inbox, box.name, follow_json(box, id, actor->id)});
}

void Follows::end(const std::string& account, const std::string& actor_id) {
    const OwnActor box = gate_.site.box();
    const std::string id = box.id() + "#unfollow-" + gate_.office.random().hex(kIdBytes);
    gate_.state.erase(kFeed + account);
    gate_.state.erase(kTried + account);
    gate_.state.erase(kFeedOf + actor_id);
    const auto actor = gate_.remote.actor(actor_id);
    if (actor.ok()) gate_.queue.add({actor->inbox, box.name, undo_follow_json(box, id, actor_id)});
}

}  // namespace waypost::activitypub
