// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/remote/remote.h"

#include "bridges/activitypub/remote/actor_cache.h"
#include "bridges/activitypub/remote/host_memory.h"
#include "bridges/activitypub/remote/signed_http.h"
#include "bridges/activitypub/remote/webfinger.h"
#include "bridges/fetch/web_url.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::chrono::hours kFresh{24};
constexpr std::chrono::hours kUsableWhileUnreachable{7 * 24};
constexpr std::size_t kMostWebFingerBytes = 64u << 10;
const char kAccept[] =
    "application/activity+json, application/ld+json; "
    "profile=\"https://www.w3.org/ns/activitystreams\"";

std::string authority_of(const std::string& url) {
    const auto parsed = parse_web_url(url);
    return parsed.ok() ? parsed->authority() : std::string();
}

bool same_host(const std::string& one, const std::string& other) {
    const std::string host = authority_of(one);
    return !host.empty() && host == authority_of(other);
}

Error busy(const std::string& host) {
    return {Code::Busy, host + " was asked a moment ago; try again in some minutes", true};
}

bool lists(const Actor& actor, const std::string& key_id) {
    if (key_id.empty()) return false;
    return (key_id == actor.key_id && !actor.key_pem.empty()) ||
           (key_id == actor.ed25519_id && !actor.ed25519.empty());
}

// What a server says of keys of another host says nothing.
void drop_foreign_keys(Actor& actor) {
    if (!same_host(actor.id, actor.key_id)) actor.key_id.clear();
    if (!same_host(actor.id, actor.ed25519_id)) actor.ed25519_id.clear();
}

}  // namespace

struct Remote::Parts {
    Parts(TransportState& state, const Clock& clock, FetchOptions options, Signer signer)
        : reader(std::move(signer)),
          fetcher(std::move(options)),
          hosts(clock),
          http(fetcher, hosts, clock),
          actors(state, clock) {}

    // Within what a host is asked, and not soon again where it failed.
    Result<Document> get(const DocumentRequest& request);
    Result<Document> activity_document(const std::string& url);
    // What has this id: Value is Actor or Note. Where it calls itself otherwise than where it came
    // from, its own id is asked.
    template <class Value>
    Result<Value> by_id(const std::string& id, Result<Value> (*parse)(std::string_view));
    Result<Actor> fetch_actor(const std::string& id);
    Result<WebFinger> webfinger(const Acct& acct);
    Result<std::string> confirmed(const Actor& actor, const Acct& name, const WebFinger& says);

    const Signer reader;
    Fetcher fetcher;
    HostMemory hosts;
    const SignedHttp http;
    ActorCache actors;
    const std::shared_ptr<std::atomic<int>> strangers = std::make_shared<std::atomic<int>>(0);
};

Result<Document> Remote::Parts::get(const DocumentRequest& request) {
    if (const auto error = hosts.failed_lately(request.url)) return *error;
    const std::string host = authority_of(request.url);
    if (host.empty()) return bad_input("this is no link");
    if (!hosts.may_ask(host)) return busy(host);
    auto document = http.get(request);
    if (!document.ok()) hosts.note_failure(request.url, document.error());
    return document;
}

// Only what is served as such: else a file that somebody uploaded could be taken for it.
Result<Document> Remote::Parts::activity_document(const std::string& url) {
    return get({url,
                kAccept,
                {std::string(kActivityJson), "application/ld+json"},
                kMostActivityBytes,
                reader});
}

template <class Value>
Result<Value> Remote::Parts::by_id(const std::string& id,
                                   Result<Value> (*parse)(std::string_view)) {
    std::string url = id;
    for (int tries = 0; tries < 2; ++tries) {
        const auto document = activity_document(url);
        if (!document.ok()) return document.error();
        auto value = parse(document->body);
        if (!value.ok() || value->id == url || value->id == document->url) return value;
        url = value->id;
    }
    return Error{Code::Refused, "what is at " + one_line(id, 200) + " is something else", false};
}

Result<Actor> Remote::Parts::fetch_actor(const std::string& id) {
    auto actor = by_id<Actor>(id, parse_actor);
    if (!actor.ok()) return actor;
    if (actor->inbox.empty()) return bad_input("an actor without an inbox: " + actor->id);
    drop_foreign_keys(*actor);
    actors.put(*actor);
    return actor;
}

Result<WebFinger> Remote::Parts::webfinger(const Acct& acct) {
    DocumentRequest request{"https://" + acct.host + webfinger_path(acct),
                            "application/jrd+json, application/json",
                            {"application/jrd+json", "application/json"},
                            kMostWebFingerBytes,
                            {}};
    auto document = get(request);
    const std::string plain = "http" + request.url.substr(5);
    // Without TLS only what the operator lists.
    if (!document.ok() && document.error().code == Code::Network && fetcher.check(plain).ok()) {
        request.url = plain;
        document = get(request);
    }
    if (!document.ok()) return document.error();
    return parse_webfinger(document->body);
}

// `says`: what the server of this name, which is on the actor's own host, says of it. It may call
// him by another domain, which has to say so too.
Result<std::string> Remote::Parts::confirmed(const Actor& actor, const Acct& name,
                                             const WebFinger& says) {
    if (says.actor != actor.id)
        return Error{Code::Refused, name.text() + " is somebody else", false};
    const auto subject = parse_acct(says.subject);
    std::string acct = name.text();
    if (subject.ok() && !subject->is(name)) {
        const auto there = webfinger(*subject);
        if (!there.ok() && there.error().retry) return there.error();
        if (there.ok() && there->actor == actor.id) acct = subject->text();
    }
    actors.set_acct(actor.id, acct);
    return acct;
}

Remote::Remote(TransportState& state, const Clock& clock, FetchOptions options, Signer reader)
    : parts_(std::make_shared<Parts>(state, clock, std::move(options), std::move(reader))) {}

Result<Actor> Remote::actor(const std::string& id, bool fresh) {
    const auto kept = parts_->actors.find(id);
    if (kept && !fresh && kept->age < kFresh) return *kept->actor;
    if (kept && fresh) {
        const std::string host = authority_of(id);
        if (!parts_->hosts.may_refetch(host)) return busy(host);
    }
    auto fetched = parts_->fetch_actor(id);
    if (fetched.ok()) return fetched;
    if (fetched.error().code == Code::NotFound) parts_->actors.erase(id);
    const bool passing = fetched.error().retry && !fresh;
    if (kept && passing && kept->age < kUsableWhileUnreachable) return *kept->actor;
    return fetched;
}

Result<std::string> Remote::acct_of(const Actor& actor) {
    const auto kept = parts_->actors.find(actor.id);
    if (kept && !kept->acct.empty()) return kept->acct;
    const auto name = parse_acct(actor.preferred_username + '@' + authority_of(actor.id));
    if (!name.ok()) return Error{Code::Refused, actor.id + " has no name", false};
    const auto says = parts_->webfinger(*name);
    if (!says.ok()) return says.error();
    return parts_->confirmed(actor, *name, *says);
}

Result<Actor> Remote::find(const std::string& acct, bool fresh) {
    const auto name = parse_acct(acct);
    if (!name.ok()) return name.error();
    const std::string known = parts_->actors.of_acct(name->text());
    if (!known.empty() && !fresh) return actor(known);
    const auto says = parts_->webfinger(*name);
    if (!says.ok()) return says.error();
    auto found = actor(says->actor, fresh);
    // Kept, and not to be asked for again just now.
    if (!found.ok() && found.error().code == Code::Busy) found = actor(says->actor);
    if (!found.ok()) return found;
    const Acct own{found->preferred_username, authority_of(found->id)};
    const auto verified = name->is(own) ? parts_->confirmed(*found, own, *says) : acct_of(*found);
    if (!verified.ok()) return verified.error();
    return found;
}

Result<Actor> Remote::owner_of(const std::string& key_id, bool fresh) {
    const Error unlisted{Code::Refused, "its owner does not list the key " + one_line(key_id, 200),
                         false};
    if (const std::string known = parts_->actors.of_key(key_id); !known.empty()) {
        auto owner = actor(known, fresh);
        if (owner.ok() && !lists(*owner, key_id)) return unlisted;
        return owner;
    }
    const auto document = parts_->activity_document(key_id.substr(0, key_id.find('#')));
    if (!document.ok()) return document.error();
    const auto key = parse_key(document->body, key_id);
    if (!key.ok()) return key.error();
    if (!same_host(key->owner, key_id))
        return Error{Code::Refused, "the key's owner is of another host", false};
    // Most keys are a part of their owner, who is thus here already.
    auto owner = parse_actor(document->body);
    if (owner.ok() && owner->id == key->owner && owner->id == document->url &&
        !owner->inbox.empty()) {
        drop_foreign_keys(*owner);
        parts_->actors.put(*owner);
    } else {
        owner = actor(key->owner);
        // Kept from before it had this key.
        if (owner.ok() && !lists(*owner, key_id)) owner = actor(key->owner, true);
    }
    if (owner.ok() && !lists(*owner, key_id)) return unlisted;
    return owner;
}

Result<Note> Remote::note(const std::string& id) {
    auto note = parts_->by_id<Note>(id, parse_note);
    if (note.ok() && !same_host(note->attributed_to, note->id))
        return Error{Code::Refused, "the note's author is of another host", false};
    return note;
}

Posted Remote::post(const std::string& inbox, const std::string& json, const Signer& as) {
    return parts_->http.post(inbox, json, as);
}

// That a host signs by the draft does not say that it knows nothing newer.
void Remote::heard_flavour(const std::string& host, Flavour flavour) {
    if (flavour == Flavour::Rfc9421) parts_->hosts.set_flavour(host, flavour);
}

bool Remote::knows(const std::string& actor_id) const { return parts_->actors.has(actor_id); }

void Remote::forget(const std::string& actor_id) { parts_->actors.erase(actor_id); }

std::optional<Remote::Visit> Remote::may_visit(const std::string& key_id) {
    const auto kept = parts_->actors.find(parts_->actors.of_key(key_id));
    Visit visit;
    if (kept && !kept->acct.empty() && kept->age < kFresh) return visit;
    visit.strangers_ = parts_->strangers;
    if (++*visit.strangers_ > kMostStrangers) return std::nullopt;
    return visit;
}

void Remote::cut() { parts_->fetcher.cut(); }

}  // namespace waypost::activitypub
