// SPDX-License-Identifier: Apache-2.0
// The way in.
#include <algorithm>
#include <utility>

#include "bridges/post/letters.h"
#include "gateway/base/log.h"
#include "radio/trunk/transport/amateur_post.h"
#include "radio/trunk/transport/trunk_post.h"

namespace waypost::trunk {
namespace {

constexpr milliseconds kPutOff{30'000};
constexpr std::size_t kMostAside = 50;

}  // namespace

void TrunkPost::arrived(Received received, BoxTime now) {
    auto arrival = std::make_shared<Arrival>();
    arrival->received = std::move(received);
    for (std::size_t i = 0; i < arrival->received.objects.size(); ++i) arrival->unread.insert(i);
    take_up(arrival, now);
}

// What was put off is read once more: there may be room now.
void TrunkPost::take_up(const std::shared_ptr<Arrival>& arrival, BoxTime now) {
    if (!wrong_peer_.empty()) return put_off(arrival, now);  // of another box: not ours to take
    const Received& received = arrival->received;
    std::erase_if(arrival->unread, [&](std::size_t i) {
        const std::string& object = received.objects[i];
        if (read_cast_word(object, now)) return true;
        const auto done = read(object, *arrival);
        if (done.ok()) return true;
        if (!set_aside(received.number, i, object, done.error())) return false;
        miss(*arrival, now);
        return true;
    });
    hand_over(arrival, now);
    if (arrival->open == 0) judged(arrival, now);
}

// Whatever names its objects said, this box has not read: the other has to learn that before it
// learns that they are held, or it would go on by numbers that mean nothing here.
void TrunkPost::miss(Arrival& arrival, BoxTime now) {
    if (arrival.session > 0) return;
    ask_for_names(now);
    arrival.session = link_->health().sessions + 1;
}

// Error: nothing of it was taken, and nobody can be told.
Result<void> TrunkPost::read(const std::string& object, Arrival& arrival) {
    if (is_freight(object)) return read_freight(object, arrival);
    auto read = post::decode_short(object, theirs_, names_.name_of(), options_.unpack);
    if (!read.ok()) return read.error();
    names_.heard(read->said);
    return read_batch(read->batch, arrival);
}

Result<void> TrunkPost::read_batch(const post::Batch& batch, Arrival& arrival) {
    for (const post::Letter& letter : batch.letters) {
        for (const post::Copy& copy : letter.copies) {
            auto message = post::message_of(letter, copy, office_.domain());
            if (!message.ok()) {
                refuse(letter, copy, message.error(), arrival);
                continue;
            }
            Arrival::Handed handed{std::move(*message)};
            if (!copy.return_path.empty())
                handed.refusal = post::refusal_of(letter, copy, office_.clock().wall());
            arrival.handed.push_back(std::move(handed));
        }
    }
    for (const post::Event& event : batch.events)
        arrival.handed.push_back({post::message_of(event, batch.origin)});
    return read_spoiled(batch, arrival);
}

// Who sent such a letter is told, where one of its copies can be read. Error: there was nothing
// else in the batch, and nobody could be told.
Result<void> TrunkPost::read_spoiled(const post::Batch& batch, Arrival& arrival) {
    bool use = !batch.letters.empty() || !batch.events.empty();
    for (const auto& [letter, why] : batch.spoiled) {
        for (const post::Copy& copy : letter.copies) {
            if (letter.id.empty() || copy.to.empty()) continue;
            refuse(letter, copy, {Code::BadInput, why, false}, arrival);
            use = true;
        }
    }
    if (!use && !batch.spoiled.empty())
        return Error{Code::BadInput, batch.spoiled.front().why, false};
    return {};
}

void TrunkPost::refuse(const post::Letter& letter, const post::Copy& copy, const Error& why,
                       Arrival& arrival) {
    log(Level::Warning, "trunk", "refused", {{"id", id_}, {"why", why.text}});
    if (copy.return_path.empty()) return;
    post::Event event = post::refusal_of(letter, copy, office_.clock().wall());
    event.status = post::status_of(why);
    event.diagnostic = why.text;
    arrival.refused.push_back(std::move(event));
}

// The verdicts come on the store's thread, after the commit.
void TrunkPost::hand_over(const std::shared_ptr<Arrival>& arrival, BoxTime now) {
    hand_over_freight(arrival, now);
    for (std::size_t i = 0; i < arrival->handed.size(); ++i) {
        if (arrival->handed[i].verdict) continue;
        ++arrival->open;
        Message message = arrival->handed[i].message;
        message.transport = id_;
        message.peer = "trunk:" + options_.peer;
        message.trusted = options_.trusted;
        message.privacy = privacy();
        office_.accept(std::move(message), [posted = posted_, this, arrival,
                                            i](std::vector<Verdict> verdicts) {
            posted->put([this, arrival, i, verdict = std::move(verdicts.at(0))](BoxTime at) {
                --arrival->open;
                if (verdict.kind != Verdict::Kind::Later) arrival->handed[i].verdict = verdict;
                if (arrival->open == 0) judged(arrival, at);
            });
        });
    }
}

void TrunkPost::judged(const std::shared_ptr<Arrival>& arrival, BoxTime now) {
    const bool all = std::all_of(arrival->handed.begin(), arrival->handed.end(),
                                 [](const Arrival::Handed& each) { return each.verdict; });
    const bool read = arrival->unread.empty() && link_->health().sessions >= arrival->session;
    if (!all || !read || !freight_ended(*arrival, now) || !tell_refused(*arrival, now).ok())
        return put_off(arrival, now);
    for (const Arrival::Handed& each : arrival->handed)
        messages_in_ += each.verdict->kept() ? 1 : 0;
    finish(arrival);
}

void TrunkPost::put_off(const std::shared_ptr<Arrival>& arrival, BoxTime now) {
    BoxTime when = now + kPutOff;
    while (again_.count(when) > 0) when += milliseconds(1);
    again_[when] = arrival;
}

// Before the object counts as held: then the other side hears of it whatever happens here. Error:
// the link has no room for that now.
Result<void> TrunkPost::tell_refused(const Arrival& arrival, BoxTime now) {
    post::Batch batch;
    batch.origin = office_.domain();
    batch.events = arrival.refused;
    for (const Arrival::Handed& each : arrival.handed) {
        if (each.verdict->kept() || !each.refusal) continue;
        post::Event event = *each.refusal;
        event.status = post::status_of(each.verdict->reason);
        event.diagnostic = each.verdict->text;
        batch.events.push_back(std::move(event));
    }
    if (batch.events.empty()) return {};
    if (options_.licensed) std::for_each(batch.events.begin(), batch.events.end(), take_off_text);
    post::ShortForm form = post::encode_short(batch, ours_, names_.number_of(), options_.pack);
    const Parcel parcel{{}, Priority::Mail, std::move(form.said), std::move(form.bytes)};
    return offer(parcels_.own_id(office_.random()), parcel, now);
}

void TrunkPost::finish(const std::shared_ptr<Arrival>& arrival) {
    const StateRow& row = arrival->received.keep;
    if (!row.key.empty()) keep({row});
    confirm_on_disk(arrival);
}

void TrunkPost::confirm_on_disk(const std::shared_ptr<Arrival>& arrival) {
    state_.when_durable([posted = posted_, this, arrival](bool on_disk) {
        posted->put([this, arrival, on_disk](BoxTime now) {
            if (!on_disk) {
                unconfirmed_.push_back(arrival);
                return not_on_disk(now);
            }
            if (arrival->cast) return casts_in_.held(*arrival->cast);
            act(link_->confirm(arrival->received.number, now), now);
        });
    });
}

// Kept for the operator: the other box thinks it in our hands, and so it is. False: no room; then
// it stays with the other.
bool TrunkPost::set_aside(std::uint64_t number, std::size_t index, const std::string& object,
                          const Error& why) {
    std::string key = kAside + std::to_string(number) + "/" + std::to_string(index);
    // Numbers start anew with a new pairing.
    while (aside_.count(key) > 0 && aside_[key] != object) key += '+';
    if (aside_.count(key) > 0) return true;  // before a restart
    const bool room = aside_.size() < kMostAside;
    if (room || !std::exchange(no_room_said_, true))
        log(Level::Error, "trunk", room ? "put-aside" : "no-room-aside",
            {{"id", id_}, {"object", std::to_string(number)}, {"why", why.text}});
    if (!room) return false;
    state_.put(key, object);
    aside_[key] = object;
    return true;
}

}  // namespace waypost::trunk
