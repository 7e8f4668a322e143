// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/inbox.h"

#include <algorithm>

#include "bridges/activitypub/vocab/note_text.h"
#include "gateway/base/log.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr char kTaken[] = "taken/";      // id of a note: the number of its message, and when
constexpr char kBlocked[] = "blocked/";  // one of ours, and the id of an actor who blocks him
constexpr std::size_t kNameBytes = 60;
constexpr std::size_t kFlagBytes = 2000;

Answer plain(int status, std::string text) {
    Answer answer;
    answer.status = status;
    answer.type = "text/plain; charset=utf-8";
    answer.body = std::move(text) + '\n';
    return answer;
}

Answer accepted() { return plain(202, "taken"); }

Answer of_error(const Error& error, int otherwise) {
    if (!error.retry) return plain(otherwise, error.text);
    Answer later = plain(503, error.text);
    later.headers["Retry-After"] = "300";
    return later;
}

bool is_json(const std::string& type) {
    const std::string small = lower_ascii(type);
    return small.rfind("application/activity+json", 0) == 0 ||
           small.rfind("application/ld+json", 0) == 0;
}

Answer of_verdict(const Verdict& verdict) {
    if (verdict.kept()) return accepted();
    if (verdict.kind == Verdict::Kind::Later) {
        Answer later = plain(503, verdict.text);
        later.headers["Retry-After"] = "900";
        return later;
    }
    return plain(verdict.reason == Verdict::Reason::UnknownRecipient ? 404 : 403, verdict.text);
}

}  // namespace

struct Inbox::Came {
    Activity activity;
    Actor signer;
    std::string address;  // of the signer: "bob@social.example"
    std::int64_t now = 0;
};

InboxCounters Inbox::counters() const { return {taken_, passed_, refused_, forged_}; }

Answer Inbox::post(const Request& request) {
    if (!is_json(request.header("content-type")))
        return plain(415, "send application/activity+json");
    auto activity = parse_activity(request.body);
    if (!activity.ok()) {
        ++refused_;
        return plain(400, activity.error().text);
    }
    Came came;
    came.activity = std::move(*activity);
    came.now = gate_.now();
    if (!gate_.allowed(came.activity.actor)) {
        ++refused_;
        return plain(403, "this server does not speak to yours");
    }
    // Of somebody nobody here knows, who deletes his account: his key is gone with it.
    if (came.activity.type == "Delete" && came.activity.object == came.activity.actor &&
        !gate_.state.get("actor/" + came.activity.actor)) {
        ++passed_;
        return accepted();
    }
    if (auto refused = check(request, came)) {
        ++refused_;
        return std::move(*refused);
    }
    Answer answer = take(came);
    if (answer.status >= 400) ++refused_;
    return answer;
}

std::optional<Answer> Inbox::check(const Request& request, Came& came) {
    SignedMessage message{request.method, request.target, "https", request.headers, request.body};
    const auto claim = read_signature(message, {gate_.site.host(), came.now});
    if (!claim.ok()) return plain(401, claim.error().text);
    for (const bool fresh : {false, true}) {
        auto owner = gate_.remote.owner_of(claim->key_id, fresh);
        if (!owner.ok()) {
            if (fresh || !owner.error().retry) return of_error(owner.error(), 401);
            continue;
        }
        const bool eddsa = claim->key_id == owner->ed25519_id;
        if (!verify(*claim, eddsa ? owner->ed25519 : owner->key_pem)) continue;
        came.signer = std::move(*owner);
        gate_.remote.heard_flavour(host_of(came.signer.id), claim->flavour);
        if (!gate_.allowed(came.signer.id))
            return plain(403, "this server does not speak to yours");
        if (!is_authors(came)) {
            ++forged_;
            return plain(401, "the signature is not its actor's");
        }
        return std::nullopt;
    }
    ++forged_;
    return plain(401, "the signature does not fit the key");
}

// Else it was passed on by somebody: what its own server says of it counts.
bool Inbox::is_authors(Came& came) {
    Activity& a = came.activity;
    if (a.actor == came.signer.id) return !a.note || a.note->attributed_to == a.actor;
    if (a.type != "Create" && a.type != "Update") return false;
    if (host_of(a.object) != host_of(a.actor) || !gate_.allowed(a.object)) return false;
    auto note = gate_.remote.note(a.object);
    auto author = gate_.remote.actor(a.actor);
    if (!note.ok() || !author.ok() || note->attributed_to != a.actor) return false;
    a.note = std::move(*note);
    came.signer = std::move(*author);
    return true;
}

Answer Inbox::take(Came& came) {
    const Activity& a = came.activity;
    const auto address = gate_.remote.acct_of(came.signer);
    if (!address.ok()) return of_error(address.error(), 403);
    came.address = *address;
    if (a.type == "Create") return create(came, false);
    if (a.type == "Update" && a.note) return create(came, true);
    if (a.type == "Update") {
        if (a.object == came.signer.id) gate_.remote.forget(came.signer.id);
        return accepted();
    }
    if (a.type == "Delete") return remove(came);
    if (a.type == "Follow") {
        const int status = follows_.follow(a, came.signer, came.address);
        return status == 202 ? accepted() : plain(status, "not followed");
    }
    if (a.type == "Accept" || a.type == "Reject") {
        follows_.answered(came.signer.id, a.type == "Accept");
        return accepted();
    }
    if (a.type == "Like" || a.type == "EmojiReact") return react(came, false);
    if (a.type == "Announce") return react(came, true);
    if (a.type == "Undo") return undo(came);
    if (a.type == "Block") return block(came, true);
    if (a.type == "Flag") return flag(came);
    ++passed_;
    return accepted();
}

// Ours who are named or written to, and the feed of an author whom people here follow.
std::vector<Address> Inbox::readers_of(const Came& came, const Note& note) const {
    std::vector<std::string> names;
    const auto add = [&](const std::string& name) {
        if (!name.empty() && name != gate_.site.domain() &&
            std::find(names.begin(), names.end(), name) == names.end() && gate_.is_actor(name))
            names.push_back(name);
    };
    for (const auto* ids : {&note.to, &note.cc})
        for (const std::string& id : *ids) add(gate_.site.name_of(id));
    for (const Mention& mention : note.mentions) add(gate_.site.name_of(mention.href));
    add(gate_.site.author_of(note.in_reply_to));
    std::vector<Address> readers;
    for (const std::string& name : names)
        readers.push_back({"acct", name + '@' + gate_.office.domain()});
    const Visibility seen = visibility(note, came.signer.followers);
    const bool open = seen == Visibility::Public || seen == Visibility::Unlisted;
    const std::string feed = follows_.feed_of(came.signer.id);
    // Who says something to somebody else speaks to him.
    const bool aside = !note.in_reply_to.empty() && note.mentions.size() > names.size();
    if (open && !feed.empty() && !aside && !came.signer.no_bridge)
        readers.push_back({"group", feed});
    return readers;
}

Message Inbox::message_of(const Came& came, const Note& note, bool updated) const {
    Message message;
    message.from = {"acct", came.address};
    message.network = "activitypub";
    message.transport = gate_.transport;
    message.origin_id = updated ? note.id + "#" + std::to_string(note.updated) : note.id;
    message.written = note.published;
    message.from_name = one_line(clean_name(came.signer.name), kNameBytes);
    message.verified_sender = true;
    const Visibility seen = visibility(note, came.signer.followers);
    message.privacy = seen == Visibility::Direct ? Privacy::TlsVerified : Privacy::InClear;
    NoteTextOptions options;
    options.most = gate_.policy.note_bytes;
    for (const Mention& mention : note.mentions)
        if (gate_.site.is_ours(mention.href)) options.known_mentions.push_back(mention.href);
    message.text = (updated ? "* " : "") + note_text(note, options);
    if (updated) {
        message.references.push_back(note.id);
    } else if (!note.in_reply_to.empty()) {
        message.references.push_back(note.in_reply_to);
    }
    return message;
}

Answer Inbox::create(Came& came, bool updated) {
    if (!came.activity.note) {
        ++passed_;
        return accepted();
    }
    const Note& note = *came.activity.note;
    if (host_of(note.id) != host_of(came.signer.id))
        return plain(403, "the note is on another server than its author");
    // An edit goes on where the first one went.
    if (updated && !gate_.state.get(kTaken + note.id)) {
        ++passed_;
        return accepted();
    }
    Message message = message_of(came, note, updated);
    message.to = readers_of(came, note);
    if (message.to.empty()) {
        ++passed_;
        return accepted();
    }
    return custody(came, std::move(message), note.id);
}

Answer Inbox::custody(const Came& came, Message message, const std::string& id) {
    const auto verdicts = gate_.office.accept_and_wait(std::move(message));
    const auto kept = std::find_if(verdicts.begin(), verdicts.end(),
                                   [](const Verdict& each) { return each.kept(); });
    if (kept != verdicts.end()) {
        ++taken_;
        if (kept->kind == Verdict::Kind::Accepted && kept->message != 0)
            gate_.state.put(kTaken + id,
                            std::to_string(kept->message) + ' ' + std::to_string(came.now));
        return accepted();
    }
    return verdicts.empty() ? plain(503, "try later") : of_verdict(verdicts.front());
}

// A note, or its author with all that is known of him.
Answer Inbox::remove(const Came& came) {
    const std::string& id = came.activity.object;
    if (id == came.signer.id) {
        gate_.remote.forget(id);
        for (const auto& each : gate_.people.persons()) follows_.unfollow(each.handle, id);
        for (const auto& each : gate_.people.groups()) follows_.unfollow(each.name, id);
        return accepted();
    }
    if (host_of(id) != host_of(came.signer.id)) return plain(403, "that is on another server");
    const auto taken = gate_.state.get(kTaken + id);
    if (!taken) {
        ++passed_;
        return accepted();
    }
    gate_.office.retract(gate_.transport, std::strtoll(taken->c_str(), nullptr, 10), {});
    gate_.state.erase(kTaken + id);
    return accepted();
}

// Counted; its author is told as "read", once for the first and then as they double.
Answer Inbox::react(const Came& came, bool share) {
    const std::string& id = came.activity.object;
    if (!gate_.site.author_of(id).empty() && gate_.posts.find(id) &&
        gate_.posts.react(id, came.signer.id, share)) {
        tell_reactions(id, came.address);
    } else {
        ++passed_;
    }
    return accepted();
}

void Inbox::tell_reactions(const std::string& id, const std::string& by) {
    const Reactions all = gate_.posts.reactions(id);
    const int sum = all.likes + all.shares;
    if ((sum & (sum - 1)) != 0) return;
    Proof proof;
    proof.kind = Proof::Kind::Read;
    proof.code = "liked " + std::to_string(all.likes) + ", shared " + std::to_string(all.shares);
    proof.detail = "lately by " + by;
    gate_.office.proof(gate_.transport, id, proof);
}

Answer Inbox::undo(const Came& came) {
    const Activity& a = came.activity;
    const std::string& what = a.object_of_object;
    if (!a.object_actor.empty() && a.object_actor != came.signer.id)
        return plain(403, "that is not yours to undo");
    if (a.object_type == "Follow") follows_.unfollow(gate_.site.name_of(what), came.signer.id);
    if (a.object_type == "Like" || a.object_type == "EmojiReact")
        gate_.posts.unreact(what, came.signer.id, false);
    if (a.object_type == "Announce") gate_.posts.unreact(what, came.signer.id, true);
    if (a.object_type == "Block") return block(came, false);
    return accepted();
}

// Of one of ours: nothing of ours goes there any more.
Answer Inbox::block(const Came& came, bool blocks) {
    const Activity& a = came.activity;
    const std::string name = gate_.site.name_of(blocks ? a.object : a.object_of_object);
    if (name.empty()) return accepted();
    follows_.unfollow(name, came.signer.id);
    const std::string key = kBlocked + name + ' ' + came.signer.id;
    blocks ? gate_.state.put(key, "") : gate_.state.erase(key);
    return accepted();
}

// Somebody complains of one of ours: to the operator.
Answer Inbox::flag(const Came& came) {
    Message message;
    message.from = {"acct", came.address};
    message.to = {{"acct", "postmaster@" + gate_.office.domain()}};
    message.network = "activitypub";
    message.transport = gate_.transport;
    message.origin_id = came.activity.id;
    message.from_name = one_line(clean_name(came.signer.name), kNameBytes);
    message.verified_sender = true;
    message.subject = "A complaint about " + gate_.site.name_of(came.activity.object);
    message.text = one_line(came.activity.content, kFlagBytes) + "\n\n" + came.activity.object;
    return custody(came, std::move(message), came.activity.id);
}

}  // namespace waypost::activitypub
