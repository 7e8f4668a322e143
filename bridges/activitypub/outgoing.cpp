// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/outgoing.h"

#include "bridges/activitypub/vocab/content_warning.h"
#include "bridges/html/html_write.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr int kTokenBytes = 12;

Outcome of_error(const Error& error) {
    if (error.retry) return outcome(Outcome::Kind::Retry, "network", error.text);
    if (error.code == Code::NotFound)
        return outcome(Outcome::Kind::Failed, "550 5.1.1", error.text);
    return outcome(Outcome::Kind::Failed, "550 5.4.4", error.text);
}

Outcome of_posted(const Posted& posted, const std::string& inbox) {
    const std::string code = posted.status == 0 ? "network" : std::to_string(posted.status);
    const auto said = [&](Outcome::Kind kind, const std::string& what, std::string detail) {
        return outcome(kind, what, std::move(detail), ProofClass::Reported);
    };
    if (posted.taken()) {
        Outcome sent = said(Outcome::Kind::Sent, code, {});
        if (inbox.rfind("https://", 0) == 0) sent.privacy = Privacy::TlsVerified;
        return sent;
    }
    if (posted.may_go_well_later()) {
        Outcome later = said(Outcome::Kind::Retry, code, posted.detail);
        later.retry_after = posted.retry_after;
        return later;
    }
    if (posted.status == 404 || posted.status == 410)
        return said(Outcome::Kind::Failed, code + " 5.1.1", "no such address");
    return said(Outcome::Kind::Failed, code + " 5.7.1",
                posted.detail.empty() ? "the other server refused it" : posted.detail);
}

}  // namespace

Outgoing::Outgoing(const Gate& gate, int threads, AttachedFiles* files, std::uint64_t room)
    : gate_(gate),
      files_(files),
      room_(room),
      deletions_(gate),
      letters_(
          gate.office, threads, [](const Delivery& d) { return std::string(d.to.domain()); },
          [this](const Letter& letter) { return send(letter); }) {}

// Who speaks: a person by his name, a group by its; the box for all else.
std::string Outgoing::author_of(const Delivery& d) const {
    if (d.list) return std::string(d.list->address.local_part());
    const std::string local(d.from.local_part());
    const std::string name = local.substr(0, local.find('+'));
    const bool ours = d.from.domain() == gate_.office.domain();
    const bool here = ours && (gate_.people.resident(name) || gate_.is_published(name));
    return here ? name : gate_.site.domain();
}

void Outgoing::deliver(Delivery delivery) {
    WireId wire;
    if (delivery.wire_id) {
        wire = *delivery.wire_id;
    } else if (!delivery.takes_back.empty()) {
        wire = delivery.takes_back + "#delete";
    } else {
        wire = gate_.site.note_id(gate_.site.actor(author_of(delivery)),
                                  gate_.office.random().hex(kTokenBytes));
    }
    letters_.deliver({std::move(delivery), wire});
}

Outcome Outgoing::take_back(const Letter& letter) {
    const Outcome back = deletions_.take_back(letter.delivery.takes_back);
    if (back.kind == Outcome::Kind::Sent) ++taken_back_;
    return back;
}

Outcome Outgoing::send(const Letter& letter) {
    if (!letter.delivery.takes_back.empty()) return take_back(letter);
    const std::string author = author_of(letter.delivery);
    const auto person = gate_.people.resident(author);
    if (person && !Gate::is_shown(*person))
        return outcome(Outcome::Kind::Failed, "550 5.7.1",
                       "its author has no profile in the fediverse");
    if (letter.delivery.to != public_address(gate_.office.domain())) return to_one(letter, author);
    const Outcome published = to_all(letter, author);
    ++posts_;
    return published;
}

OwnNote Outgoing::note_of(const Letter& letter, const std::string& author) const {
    const Delivery& d = letter.delivery;
    OwnNote note;
    note.author = gate_.site.actor(author);
    note.id = letter.wire;
    std::string text = d.text;
    if (!d.subject.empty() && !d.report) text = d.subject + "\n\n" + text;
    Warned warned = split_warning(text);
    note.warning = std::move(warned.warning);
    text = std::move(warned.text);
    // Who is not the author that the note has says it himself: a group's member, somebody outside.
    const bool other = d.list || author == gate_.site.domain();
    if (other && !d.from_name.empty() && !d.automatic) text = d.from_name + ": " + text;
    note.source = text;
    if (const auto person = gate_.people.resident(d.author.empty() ? author : d.author)) {
        note.language = person->language;
    } else if (d.to == public_address(gate_.office.domain()) && !d.list) {
        note.language = gate_.people.language();  // it speaks for the village
    }
    note.published = to_ms(d.written) / 1000;
    if (!d.references.empty()) note.in_reply_to = d.references.front();
    return note;
}

Outcome Outgoing::to_one(const Letter& letter, const std::string& author) {
    const Delivery& d = letter.delivery;
    const auto actor = gate_.remote.find(d.to.value);
    if (!actor.ok()) return of_error(actor.error());
    if (!gate_.allowed(actor->id))
        return outcome(Outcome::Kind::Failed, "550 5.7.1", "that server is not spoken to");
    if (actor->no_bridge)
        return outcome(Outcome::Kind::Failed, "550 5.7.1",
                       "wants no messages from other networks, its profile says");
    if (gate_.is_blocked(author, actor->id))
        return outcome(Outcome::Kind::Failed, "550 5.7.1", "takes no messages from here");
    OwnNote note = note_of(letter, author);
    attach(d, note);
    note.to = {actor->id};
    note.mentions = {{actor->id, '@' + d.to.value}};
    note.content = text_to_html(
        note.source, {{note.mentions[0].name, actor->url.empty() ? actor->id : actor->url}});
    const auto key = gate_.keys.of(author);
    Post post{note.id, note_json(note, true), false, {actor->id}, note.published, 0};
    post.inbox = actor->inbox;
    gate_.posts.put(author, post);
    const Posted posted =
        gate_.remote.post(actor->inbox, create_json(note), {key.get(), note.author.key_id()});
    if (posted.status == 410 || posted.status == 404) gate_.remote.forget(actor->id);
    return of_posted(posted, actor->inbox);
}

// It is published when it can be fetched here and is on its way on disk.
Outcome Outgoing::to_all(const Letter& letter, const std::string& author) {
    OwnNote note = note_of(letter, author);
    // It was, before a restart.
    if (gate_.posts.find(note.id)) return outcome(Outcome::Kind::Sent, "published");
    attach(letter.delivery, note);
    note.to = {std::string(kPublic)};
    note.cc = {note.author.followers()};
    note.content = text_to_html(note.source, {});
    std::vector<std::string> inboxes = gate_.followers.inboxes(author);
    std::erase_if(inboxes, [&](const std::string& inbox) { return !gate_.allowed(inbox); });
    gate_.queue.add_for_all(inboxes, author, "create " + note.id, create_json(note));
    // Last: after a crash before it all of them go again, under the same ids.
    gate_.posts.put(author, {note.id, note_json(note, true), true, {}, note.published, 0});
    return outcome(Outcome::Kind::Sent, "published",
                   "on this server, to " + std::to_string(inboxes.size()) + " others");
}

}  // namespace waypost::activitypub
