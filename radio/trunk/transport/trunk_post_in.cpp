// SPDX-License-Identifier: Apache-2.0
// The way in.
#include <algorithm>

#include "bridges/post/letters.h"
#include "gateway/base/log.h"
#include "radio/trunk/transport/trunk_post.h"

namespace waypost::trunk {
namespace {

constexpr milliseconds kPutOff{30'000};
constexpr std::size_t kMostAside = 50;
constexpr char kAside[] = "aside/";

}  // namespace

void TrunkPost::arrived(Received received, BoxTime now) {
    auto arrival = std::make_shared<Arrival>();
    for (const std::string& object : received.objects) {
        if (const auto done = read(object, *arrival); !done.ok())
            set_aside(received.number, object, done.error());
    }
    arrival->received = std::move(received);
    if (arrival->handed.empty()) return judged(arrival, now);
    hand_over(arrival);
}

Result<void> TrunkPost::read(const std::string& object, Arrival& arrival) {
    auto read = post::decode_short(object, theirs_, names_.name_of(), options_.unpack);
    if (!read.ok()) return read.error();
    names_.heard(read->said);
    const post::Batch& batch = read->batch;
    for (const post::Letter& letter : batch.letters) {
        for (const post::Copy& copy : letter.copies) {
            auto message = post::message_of(letter, copy, office_.domain());
            if (!message.ok()) return message.error();
            Arrival::Handed handed{std::move(*message)};
            if (!copy.return_path.empty())
                handed.refusal = post::refusal_of(letter, copy, office_.clock().wall());
            arrival.handed.push_back(std::move(handed));
        }
    }
    for (const post::Event& event : batch.events)
        arrival.handed.push_back({post::message_of(event, batch.origin)});
    if (!batch.spoiled.empty()) return Error{Code::BadInput, batch.spoiled.front().why, false};
    return {};
}

// The verdicts come on the store's thread, after the commit.
void TrunkPost::hand_over(const std::shared_ptr<Arrival>& arrival) {
    for (std::size_t i = 0; i < arrival->handed.size(); ++i) {
        if (arrival->handed[i].verdict) continue;
        ++arrival->open;
        Message message = arrival->handed[i].message;
        message.transport = id_;
        message.peer = "trunk:" + options_.peer;
        message.trusted = options_.trusted;
        office_.accept(std::move(message), [posted = posted_, this, arrival,
                                            i](std::vector<Verdict> verdicts) {
            posted->put([this, arrival, i, verdict = std::move(verdicts.at(0))](BoxTime now) {
                --arrival->open;
                if (verdict.kind != Verdict::Kind::Later) arrival->handed[i].verdict = verdict;
                if (arrival->open == 0) judged(arrival, now);
            });
        });
    }
}

void TrunkPost::judged(const std::shared_ptr<Arrival>& arrival, BoxTime now) {
    const bool all = std::all_of(arrival->handed.begin(), arrival->handed.end(),
                                 [](const Arrival::Handed& each) { return each.verdict; });
    if (!all || !tell_refused(*arrival, now).ok()) return put_off(arrival, now);
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
    for (const Arrival::Handed& each : arrival.handed) {
        if (each.verdict->kept() || !each.refusal) continue;
        post::Event event = *each.refusal;
        event.status = post::status_of(each.verdict->reason);
        event.diagnostic = each.verdict->text;
        batch.events.push_back(std::move(event));
    }
    if (batch.events.empty()) return {};
    post::ShortForm form = post::encode_short(batch, ours_, names_.number_of(), options_.pack);
    const Parcel parcel{{}, Priority::Mail, std::move(form.said), std::move(form.bytes)};
    return offer(parcels_.own_id(office_.random()), parcel, now);
}

void TrunkPost::finish(const std::shared_ptr<Arrival>& arrival) {
    const StateRow& row = arrival->received.keep;
    if (!row.key.empty()) keep({row});
    state_.when_durable([posted = posted_, this, arrival](bool on_disk) {
        posted->put([this, arrival, on_disk](BoxTime now) {
            if (!on_disk) return finish(arrival);
            act(link_->confirm(arrival->received.number, now), now);
        });
    });
}

// Kept for the operator: the other box thinks it in our hands, and so it is.
void TrunkPost::set_aside(std::uint64_t number, const std::string& object, const Error& why) {
    log(Level::Error, "trunk", "put-aside",
        {{"id", id_}, {"object", std::to_string(number)}, {"why", why.text}});
    if (aside_ < kMostAside) state_.put(kAside + std::to_string(number), object);
    ++aside_;
}

}  // namespace waypost::trunk
