// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/inbox.h"

#include <algorithm>

#include "bridges/activitypub/signer.h"
#include "bridges/activitypub/vocab/note_text.h"
#include "gateway/base/encoding.h"
#include "gateway/commands/catalogue.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

// Id of a note, for an edit with # and its time: the number of its message, when it came, and a
// hash of its text.
constexpr char kTaken[] = "taken/";
constexpr std::int64_t kTakenFor = 60LL * 24 * 60 * 60;  // seconds in which it may be taken back
constexpr std::size_t kFlagBytes = 2000;
constexpr std::size_t kFlagged = 20;  // posts that one complaint names, beside the first

Answer accepted() { return plain_answer(202, "taken"); }

Answer not_allowed() { return plain_answer(403, "this server does not speak to yours"); }

Answer later(std::string text, const char* seconds) {
    Answer answer = plain_answer(503, std::move(text));
    answer.headers["Retry-After"] = seconds;
    return answer;
}

Answer of_another_server() {
    return plain_answer(403, "that is on another server than its author");
}

Answer of_error(const Error& error, int otherwise) {
    return error.retry ? later(error.text, "300") : plain_answer(otherwise, error.text);
}

bool is_json(const std::string& type) {
    const std::string small = lower_ascii(type);
    return small.rfind("application/activity+json", 0) == 0 ||
           small.rfind("application/ld+json", 0) == 0;
}

// Under which it is known when it comes again. That a poll is over is said once.
std::string origin_of(const Note& note, bool updated, std::int64_t now) {
    if (!updated) return note.id;
    if (is_over(note, now)) return note.id + "#over";
    return note.id + '#' + std::to_string(note.updated);
}

// What stands in the record of what was taken.
std::string record_of(MessageId message, std::int64_t at, const std::string& text) {
    return std::to_string(message) + ' ' + std::to_string(at) + ' ' + short_hash(text);
}

// An edit of nothing that is read here: of a picture, or how many have voted in a poll that runs.
bool says_the_same(const std::string& record, const std::string& text) {
    return record.size() > 32 && record.substr(record.size() - 32) == short_hash(text);
}

Answer of_verdict(const Verdict& verdict) {
    if (verdict.kept()) return accepted();
    if (verdict.kind == Verdict::Kind::Later) return later(verdict.text, "900");
    return plain_answer(verdict.reason == Verdict::Reason::UnknownRecipient ? 404 : 403,
                        verdict.text);
}

}  // namespace

struct Inbox::Came {
    Activity activity;
    Actor signer;
    std::string address;  // of the signer: "bob@social.example"
    Remote::Visit visit{};
    std::string signature{};
    bool signature_kept = false;  // by kept_once()
};

InboxCounters Inbox::counters() const { return {taken_, passed_, refused_, forged_}; }

// What was put on record is on disk before yes is said.
Answer Inbox::kept() {
    return gate_.state.wait_durable() ? accepted() : later("try again later", "300");
}

// Behind its effect: never known without it.
Answer Inbox::kept_once(Came& came) {
    came.signature_kept = true;
    seen_.keep(came.signature, gate_.now());
    return kept();
}

Answer Inbox::passed() {
    ++passed_;
    return accepted();
}

Answer Inbox::post(const Request& request) {
    Answer answer = answer_to(request);
    if (answer.status >= 400) ++refused_;
    return answer;
}

Answer Inbox::answer_to(const Request& request) {
    if (!is_json(request.header("content-type")))
        return plain_answer(415, "send application/activity+json");
    auto activity = parse_activity(request.body);
    if (!activity.ok()) return plain_answer(400, activity.error().text);
    Came came;
    came.activity = std::move(*activity);
    if (!gate_.allowed(came.activity.actor)) return not_allowed();
    // Of somebody nobody here knows, who deletes his account: his key is gone with it.
    if (came.activity.type == "Delete" && came.activity.object == came.activity.actor &&
        !gate_.remote.knows(came.activity.actor))
        return passed();
    auto signer = signer_of(gate_, request, came.visit, &came.signature);
    if (!signer.ok()) {
        if (signer.error().code == Code::Conflict) ++forged_;
        return of_error(signer.error(), 401);
    }
    came.signer = std::move(*signer);
    if (!gate_.allowed(came.signer.id)) return not_allowed();
    if (seen_.has(came.signature)) return accepted();
    if (!is_authors(came)) {
        ++forged_;
        return plain_answer(401, "the signature is not its actor's");
    }
    Answer answer = take(came);
    if (answer.status == 202) seen_.note(came.signature, came.signature_kept);
    return answer;
}

// Else it was passed on by somebody: what its own server says of it counts.
bool Inbox::is_authors(Came& came) {
    Activity& a = came.activity;
    if (a.actor == came.signer.id) return !a.note || a.note->attributed_to == a.actor;
    if (a.type == "Move") {
        auto old = moves_.said_by_server(a.actor, a.target);
        if (old) came.signer = std::move(*old);
        return old.has_value();
    }
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
    if (a.type == "Create") return create(came);
    if (a.type == "Update" && a.note) return edit(came);
    if (a.type == "Update") {
        if (a.object == came.signer.id) gate_.remote.forget(came.signer.id);
        return kept();
    }
    if (a.type == "Delete") return remove(came);
    if (a.type == "Move") return move(came);
    if (a.type == "Follow") {
        const int status = follows_.follow(a, came.signer, came.address);
        return status == 202 ? kept_once(came) : plain_answer(status, "not followed");
    }
    if (a.type == "Accept" || a.type == "Reject") {
        follows_.answered(came.signer.id, a.type == "Accept");
        return kept_once(came);
    }
    if (a.type == "Like" || a.type == "EmojiReact") return react(came, false);
    if (a.type == "Announce") return react(came, true);
    if (a.type == "Undo") return undo(came);
    if (a.type == "Block") return block(came, true);
    if (a.type == "Flag") return flag(came);
    return passed();
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
    for (const std::string& name : names) readers.push_back(gate_.address_of(name));
    const Visibility seen = visibility(note, came.signer.followers);
    const bool open = seen == Visibility::Public || seen == Visibility::Unlisted;
    const std::string feed = follows_.feed_of(came.signer.id);
    // Who says something to somebody else speaks to him.
    const bool aside = !note.in_reply_to.empty() && note.mentions.size() > names.size();
    if (open && !feed.empty() && !aside && !came.signer.no_bridge)
        readers.push_back({"group", feed});
    return readers;
}

Message Inbox::message_of(const Came& came, const Note& note, bool updated,
                          const std::vector<Address>& readers) const {
    Message message = gate_.message_from(came.address, came.signer);
    message.origin_id = origin_of(note, updated, gate_.now());
    message.to = readers;
    message.written = note.published;
    const Visibility seen = visibility(note, came.signer.followers);
    message.privacy = seen == Visibility::Direct ? Privacy::TlsVerified : Privacy::InClear;
    NoteTextOptions options;
    options.most = gate_.policy.note_bytes;
    options.words = &catalogue(gate_.language_of(readers));
    options.now = gate_.now();
    for (const Mention& mention : note.mentions)
        if (gate_.site.is_ours(mention.href)) options.known_mentions.push_back(mention.href);
    message.text = note_text(note, options);
    if (updated) {
        message.references.push_back(note.id);
    } else if (!note.in_reply_to.empty()) {
        message.references.push_back(note.in_reply_to);
    }
    return message;
}

Answer Inbox::create(const Came& came) {
    if (!came.activity.note) return passed();
    const Note& note = *came.activity.note;
    if (host_of(note.id) != host_of(came.signer.id)) return of_another_server();
    if (gate_.state.get(kTaken + note.id)) return kept();
    const std::vector<Address> readers = readers_of(came, note);
    if (readers.empty()) return passed();
    Message message = message_of(came, note, false, readers);
    return put_aside(note, message) ? kept() : custody(std::move(message));
}

// It goes on where the first form went.
Answer Inbox::edit(const Came& came) {
    const Note& note = *came.activity.note;
    if (host_of(note.id) != host_of(came.signer.id)) return of_another_server();
    const auto first = gate_.state.get(kTaken + note.id);
    if (!first) return waits(note.id) ? later("its first form is on its way here", "60") : passed();
    if (gate_.state.get(kTaken + origin_of(note, true, gate_.now()))) return kept();
    const std::vector<Address> readers = readers_of(came, note);
    if (readers.empty()) return passed();
    Message message = message_of(came, note, true, readers);
    const std::string text = message.text;
    if (says_the_same(*first, text)) return passed();
    message.text = "* " + text;
    const Verdict verdict = into_custody(std::move(message));
    if (!verdict.kept()) return of_verdict(verdict);
    gate_.state.put(kTaken + note.id,
                    record_of(std::strtoll(first->c_str(), nullptr, 10), gate_.now(), text));
    return kept();
}

Answer Inbox::custody(Message message) {
    const Verdict verdict = into_custody(std::move(message));
    return verdict.kept() ? kept() : of_verdict(verdict);
}

Verdict Inbox::into_custody(Message message) {
    const std::string taken = kTaken + message.origin_id;
    const std::string text = message.text;
    const auto verdicts = gate_.office.accept_and_wait(std::move(message));
    const auto is_kept = std::find_if(verdicts.begin(), verdicts.end(),
                                      [](const Verdict& each) { return each.kept(); });
    if (is_kept == verdicts.end())
        return verdicts.empty() ? Verdict{Verdict::Kind::Later, Verdict::Reason::Busy, "try later"}
                                : verdicts.front();
    ++taken_;
    // A repeat has its row, unless the gateway ended between the two.
    if (is_kept->message != 0 && !gate_.state.get(taken))
        gate_.state.put(taken, record_of(is_kept->message, gate_.now(), text));
    return *is_kept;
}

// A note with its edits, or its author with all that is known of him.
Answer Inbox::remove(const Came& came) {
    const std::string& id = came.activity.object;
    if (id == came.signer.id) {
        gate_.remote.forget(id);
        follows_.unfollow(gate_.site.domain(), id);
        for (const auto& each : gate_.people.persons()) follows_.unfollow(each.handle, id);
        for (const auto& each : gate_.people.groups()) follows_.unfollow(each.name, id);
        return kept();
    }
    if (host_of(id) != host_of(came.signer.id)) return of_another_server();
    bool any = waiting_ != nullptr && waiting_->drop(id);
    for (const auto& [key, message] : gate_.state.with_prefix(kTaken + id)) {
        const std::string rest = key.substr(sizeof kTaken - 1 + id.size());
        if (!rest.empty() && rest[0] != '#') continue;  // of another note
        any = true;
        // On disk before what is put behind it.
        gate_.office.retract(gate_.transport, std::strtoll(message.c_str(), nullptr, 10), {});
        gate_.state.erase(key);
    }
    return any ? kept() : passed();
}

void Inbox::forget_old() {
    seen_.forget_old(gate_.now());
    for (const auto& [key, text] : gate_.state.with_prefix(kTaken)) {
        const std::int64_t at = std::strtoll(text.c_str() + text.find(' ') + 1, nullptr, 10);
        if (gate_.now() - at > kTakenFor) gate_.state.erase(key);
    }
}

Answer Inbox::move(const Came& came) {
    const Activity& a = came.activity;
    if (a.object != came.signer.id) return plain_answer(403, "that account is not yours to move");
    if (a.target.empty() || a.target == a.object) return passed();
    const auto became = moves_.move(came.signer, came.address, a.target);
    if (!became.ok()) return of_error(became.error(), 403);
    if (*became == Moves::Became::OfNoConcern) return passed();
    if (*became == Moves::Became::Moved) return kept();
    ++forged_;
    return plain_answer(403, "the new account does not name the old one (alsoKnownAs)");
}

// Counted; its author is told as "read", once for the first and then as they double.
Answer Inbox::react(Came& came, bool share) {
    const std::string& id = came.activity.object;
    if (gate_.site.author_of(id).empty() || !gate_.posts.find(id)) return passed();
    const Actor& who = came.signer;
    const auto all = gate_.posts.react(id, who.id, share,
                                       who.shared_inbox.empty() ? who.inbox : who.shared_inbox);
    if (!all) return passed();
    const int sum = all->likes + all->shares;
    if ((sum & (sum - 1)) == 0) {
        Proof proof;
        proof.kind = Proof::Kind::Read;
        proof.code =
            "liked " + std::to_string(all->likes) + ", shared " + std::to_string(all->shares);
        proof.detail = "lately by " + came.address;
        gate_.office.proof(gate_.transport, id, proof);
    }
    return kept_once(came);
}

Answer Inbox::undo(Came& came) {
    const Activity& a = came.activity;
    const std::string& what = a.object_of_object;
    if (!a.object_actor.empty() && a.object_actor != came.signer.id)
        return plain_answer(403, "that is not yours to undo");
    if (a.object_type == "Follow") follows_.unfollow(gate_.site.name_of(what), came.signer.id);
    if (a.object_type == "Like" || a.object_type == "EmojiReact")
        gate_.posts.unreact(what, came.signer.id, false);
    if (a.object_type == "Announce") gate_.posts.unreact(what, came.signer.id, true);
    if (a.object_type == "Block") return block(came, false);
    return kept_once(came);
}

// Of one of ours: nothing of ours goes there any more.
Answer Inbox::block(Came& came, bool blocks) {
    const Activity& a = came.activity;
    const std::string name = gate_.site.name_of(blocks ? a.object : a.object_of_object);
    if (!gate_.is_here(name)) return passed();
    follows_.unfollow(name, came.signer.id);
    gate_.set_blocked(name, came.signer.id, blocks);
    return kept_once(came);
}

// Somebody complains of one of ours: to the operator.
Answer Inbox::flag(const Came& came) {
    Message message = gate_.message_from(came.address, came.signer);
    message.to = {gate_.address_of("postmaster")};
    message.origin_id = came.activity.id;
    const Activity& a = came.activity;
    if (gate_.state.get(kTaken + a.id)) return kept();
    const std::string whom = gate_.site.name_of(a.object);
    message.subject = "A complaint about " + (whom.empty() ? gate_.site.author_of(a.object) : whom);
    message.text = one_line(a.content, kFlagBytes) + "\n\n" + a.object;
    const std::size_t more = std::min(a.more_objects.size(), kFlagged);
    for (std::size_t i = 0; i < more; ++i) message.text += '\n' + a.more_objects[i];
    return custody(std::move(message));
}

}  // namespace waypost::activitypub
