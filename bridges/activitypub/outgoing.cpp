// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/outgoing.h"

#include <algorithm>

#include "bridges/html/html_write.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr int kTokenBytes = 12;
constexpr char kPublicName[] = "public";

Outcome outcome(Outcome::Kind kind, std::string code, std::string detail) {
    Outcome o;
    o.kind = kind;
    o.code = std::move(code);
    o.detail = std::move(detail);
    return o;
}

Outcome sent(std::string code, std::string detail) {
    Outcome o = outcome(Outcome::Kind::Sent, std::move(code), std::move(detail));
    o.privacy = Privacy::TlsVerified;
    return o;
}

Outcome of_error(const Error& error) {
    if (error.retry) return outcome(Outcome::Kind::Retry, "network", error.text);
    if (error.code == Code::NotFound)
        return outcome(Outcome::Kind::Failed, "550 5.1.1", error.text);
    return outcome(Outcome::Kind::Failed, "550 5.4.4", error.text);
}

Outcome of_posted(const Posted& posted) {
    const std::string code = std::to_string(posted.status);
    if (posted.status >= 200 && posted.status < 300) return sent(code, {});
    if (posted.status == 0 || posted.status >= 500 || posted.status == 408 ||
        posted.status == 425 || posted.status == 429) {
        Outcome o =
            outcome(Outcome::Kind::Retry, posted.status == 0 ? "network" : code, posted.detail);
        o.retry_after = posted.retry_after;
        return o;
    }
    if (posted.status == 404 || posted.status == 410)
        return outcome(Outcome::Kind::Failed, code + " 5.1.1", "no such address");
    return outcome(Outcome::Kind::Failed, code + " 5.7.1",
                   posted.detail.empty() ? "the other server refused it" : posted.detail);
}

}  // namespace

void Outgoing::start() {
    for (int i = 0; i < thread_count_; ++i) threads_.emplace_back([this] { work(); });
}

void Outgoing::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

void Outgoing::give_back() {
    std::map<DeliveryId, AttemptId> left;
    {
        const std::lock_guard lock(mutex_);
        left.swap(in_hand_);
        ready_.clear();
    }
    for (const auto& [id, attempt] : left)
        gate_.office.report(attempt, outcome(Outcome::Kind::NotTried, "stopped", "it was stopped"));
}

// Who speaks: a person by his name, a group by its; the box for all else.
std::string Outgoing::author_of(const Delivery& d) const {
    if (d.list) return std::string(d.list->address.local_part());
    const std::string local(d.from.local_part());
    const std::string name = local.substr(0, local.find('+'));
    const bool ours = d.from.domain() == gate_.office.domain();
    return ours && gate_.people.resident(name) ? name : gate_.site.domain();
}

WireId Outgoing::new_wire(const Delivery& d) const {
    const OwnActor author = gate_.site.actor(author_of(d));
    return gate_.site.note_id(author, gate_.office.random().hex(kTokenBytes));
}

void Outgoing::deliver(Delivery delivery) {
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_) in_hand_[delivery.attempt.delivery] = delivery.attempt;
    }
    const WireId wire = delivery.wire_id ? *delivery.wire_id : new_wire(delivery);
    begin({std::move(delivery), wire});
}

void Outgoing::begin(Job job) {
    const AttemptId attempt = job.delivery.attempt;
    const WireId wire = job.wire;
    gate_.office.begin(attempt, wire, [this, job = std::move(job)](bool go) mutable {
        {
            const std::lock_guard lock(mutex_);
            if (!go) in_hand_.erase(job.delivery.attempt.delivery);
            if (go) ready_.push_back(std::move(job));
        }
        changed_.notify_all();
    });
}

// The first whose host nobody writes to just now.
std::optional<Outgoing::Job> Outgoing::take(std::unique_lock<std::mutex>& lock) {
    std::deque<Job>::iterator next;
    changed_.wait(lock, [&] {
        next = std::find_if(ready_.begin(), ready_.end(), [&](const Job& job) {
            return busy_.count(std::string(job.delivery.to.domain())) == 0;
        });
        return stopping_ || next != ready_.end();
    });
    if (stopping_) return std::nullopt;
    Job job = std::move(*next);
    ready_.erase(next);
    busy_.insert(std::string(job.delivery.to.domain()));
    return job;
}

void Outgoing::work() {
    std::unique_lock lock(mutex_);
    while (auto job = take(lock)) {
        lock.unlock();
        const Outcome became = carry_out(*job);
        lock.lock();
        busy_.erase(std::string(job->delivery.to.domain()));
        changed_.notify_all();
        // Cut short by the end: it is offered again under its wire id.
        if (stopping_ && became.kind == Outcome::Kind::Retry) return;
        if (in_hand_.erase(job->delivery.attempt.delivery) == 0) continue;
        if (became.kind == Outcome::Kind::Failed) ++counters_.failed;
        lock.unlock();
        gate_.office.report(job->delivery.attempt, became);
        lock.lock();
    }
}

Outcome Outgoing::carry_out(const Job& job) {
    const Address& to = job.delivery.to;
    const bool all = to.local_part() == kPublicName && to.domain() == gate_.office.domain();
    try {
        return all ? to_all(job) : to_one(job);
    } catch (const std::exception& e) {
        return outcome(Outcome::Kind::Retry, "local", e.what());
    }
}

OwnNote Outgoing::note_of(const Job& job, const std::string& author) const {
    const Delivery& d = job.delivery;
    OwnNote note;
    note.author = gate_.site.actor(author);
    note.id = job.wire;
    std::string text = d.text;
    if (!d.subject.empty() && !d.report) text = d.subject + "\n\n" + text;
    // Who is not the author that the note has says it himself: a group's member, somebody outside.
    const bool other = d.list || author == gate_.site.domain();
    if (other && !d.from_name.empty() && !d.automatic) text = d.from_name + ": " + text;
    note.source = text;
    if (const auto person = gate_.people.resident(author)) note.language = person->language;
    note.published = to_ms(d.written) / 1000;
    if (!d.references.empty()) note.in_reply_to = d.references.front();
    return note;
}

Outcome Outgoing::to_one(const Job& job) {
    const Delivery& d = job.delivery;
    const auto actor = gate_.remote.find(d.to.value);
    if (!actor.ok()) return of_error(actor.error());
    if (!gate_.allowed(actor->id))
        return outcome(Outcome::Kind::Failed, "550 5.7.1", "that server is not spoken to");
    if (actor->no_bridge)
        return outcome(Outcome::Kind::Failed, "550 5.7.1",
                       "wants no messages from other networks, its profile says");
    const std::string author = author_of(d);
    if (gate_.state.get("blocked/" + author + ' ' + actor->id))
        return outcome(Outcome::Kind::Failed, "550 5.7.1", "takes no messages from here");
    OwnNote note = note_of(job, author);
    note.to = {actor->id};
    note.mentions = {{actor->id, '@' + d.to.value}};
    note.content = text_to_html(
        note.source, {{note.mentions[0].name, actor->url.empty() ? actor->id : actor->url}});
    const auto key = gate_.keys.of(author);
    gate_.posts.put(author,
                    {note.id, note_json(note, true), false, {actor->id}, note.published, 0});
    const Posted posted =
        gate_.remote.post(actor->inbox, create_json(note), {key.get(), note.author.key_id()});
    if (posted.status == 410 || posted.status == 404) gate_.remote.forget(actor->id);
    const Outcome became = of_posted(posted);
    const std::lock_guard lock(mutex_);
    if (became.kind == Outcome::Kind::Sent) ++counters_.letters;
    return became;
}

// It is published when it can be fetched here and is on its way on disk.
Outcome Outgoing::to_all(const Job& job) {
    const std::string author = author_of(job.delivery);
    OwnNote note = note_of(job, author);
    note.to = {std::string(kPublic)};
    note.cc = {note.author.followers()};
    note.content = text_to_html(note.source, {});
    if (gate_.posts.find(note.id)) return sent("published", {});  // it was, before a restart
    const std::string body = "create " + note.id;
    gate_.queue.keep(body, create_json(note));
    std::vector<Parcel> parcels;
    for (const std::string& inbox : gate_.followers.inboxes(author))
        if (gate_.allowed(inbox)) parcels.push_back({inbox, author, {}, body});
    gate_.queue.add(parcels);
    // Last: after a crash before it all of them go again, under the same ids.
    gate_.posts.put(author, {note.id, note_json(note, true), true, {}, note.published, 0});
    {
        const std::lock_guard lock(mutex_);
        ++counters_.posts;
    }
    return sent("published", "on this server, to " + std::to_string(parcels.size()) + " others");
}

OutgoingCounters Outgoing::counters() const {
    const std::lock_guard lock(mutex_);
    OutgoingCounters all = counters_;
    all.waiting = in_hand_.size();
    return all;
}

}  // namespace waypost::activitypub
