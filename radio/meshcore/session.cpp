// SPDX-License-Identifier: Apache-2.0
// The line of a session: one command at a time, its reply, and who waits for what.
#include "radio/meshcore/session.h"

#include <algorithm>
#include <utility>

#include "gateway/message/text.h"

namespace waypost::meshcore {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kMostSilent = 2;  // asks without a reply: the device is gone
constexpr int kMostRepeats = 2;
constexpr seconds kHalfFrameWait{2};
constexpr minutes kLookAlive{1};
constexpr std::uint64_t kBootNoise = 16;  // bytes outside frames: it prints as it boots
constexpr std::size_t kMostAsks = 256;
constexpr std::size_t kMostWaiting = 64;

template <class First, class... More>
bool holds(const Reply& reply) {
    if constexpr (sizeof...(More) > 0) {
        if (holds<More...>(reply)) return true;
    }
    return std::holds_alternative<First>(reply);
}

}  // namespace

Session::Session(SessionOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock) {}
Session::~Session() = default;

Actions Session::closed(BoxTime now) {
    Actions actions;
    actions.changed = phase_ == Phase::Ready;
    phase_ = Phase::Closed;
    parser_.reset();
    if (unsorted_) take_direct(*std::exchange(unsorted_, std::nullopt), true, now, actions);
    take_waiting(now, actions);
    const auto written = asked_ && asked_->what == What::SendText ? asked_->about : std::string();
    asks_.clear();
    asked_.reset();
    for (const Outgoing& out : pending_) not_tried(out, line_is_down(), actions);
    pending_.clear();
    std::vector<std::string> never_left;
    for (auto& [id, flight] : flights_) {
        if (id == written) spend_try(flight, now, actions);
        if (flight.tries == 0) never_left.push_back(id);
        if (flight.asked) flight.deadline = now + options_.reply_wait * 2;
        flight.asked = false;
    }
    for (const std::string& id : never_left) {
        not_tried(flights_.at(id).out, line_is_down(), actions);
        flights_.erase(id);
    }
    return done(std::move(actions), now);
}

Actions Session::give_back(BoxTime now) {
    Actions actions = closed(now);
    while (!flights_.empty()) end_without_verdict(flights_.begin()->first, actions);
    return actions;
}

Actions Session::received(std::string_view bytes, BoxTime now) {
    Actions actions;
    last_bytes_ = now;
    for (const std::string& payload : parser_.feed(bytes)) take(payload, now, actions);
    look_alive(now, actions);
    pump(now, actions);
    write_next(now, actions);
    return done(std::move(actions), now);
}

Actions Session::send(Outgoing out, BoxTime now) {
    Actions actions;
    if (out.dropped) {
        actions.spent = promised_.erase(out.wire_id) > 0;
    } else if (phase_ == Phase::Closed) {
        not_tried(out, line_is_down(), actions);
    } else if (out.alarm) {
        pending_.push_front(std::move(out));
    } else {
        pending_.push_back(std::move(out));
    }
    pump(now, actions);
    write_next(now, actions);
    return done(std::move(actions), now);
}

Actions Session::decided(bool done_with, BoxTime now) {
    Actions actions;
    if (undecided_ && done_with) {
        undecided_.reset();
        fetch_ = true;
        take_waiting(now, actions);
    } else if (undecided_) {
        give_again_ = now + options_.reply_wait;
    }
    write_next(now, actions);
    return done(std::move(actions), now);
}

Actions Session::tick(BoxTime now) {
    Actions actions;
    if (asked_ && now >= ask_deadline_) give_up_ask(now, actions);
    if (parser_.begun() && now - last_bytes_ >= kHalfFrameWait) {
        for (const std::string& payload : parser_.give_up_begun()) take(payload, now, actions);
    }
    if (undecided_ && now >= give_again_) {
        give_again_ = BoxTime::max();
        actions.text = undecided_;
    }
    if (phase_ == Phase::Ready) {
        if (now - last_reply_ >= kLookAlive) fetch_ = true;
        work_of_ready(now, actions);
    }
    expire(now, actions);
    pump(now, actions);
    write_next(now, actions);
    return done(std::move(actions), now);
}

Actions Session::done(Actions actions, BoxTime now) {
    ledger_.hold(promised());
    BoxTime next = now + minutes(1);
    if (asked_) next = std::min(next, ask_deadline_);
    if (parser_.begun()) next = std::min(next, last_bytes_ + kHalfFrameWait);
    if (undecided_) next = std::min(next, give_again_);
    for (const auto& [id, flight] : flights_)
        if (!flight.asked) next = std::min(next, flight.deadline);
    if (!pending_.empty()) next = std::min(next, std::max(next_send_, now + milliseconds(50)));
    if (phase_ == Phase::Ready && !undecided_ && !asked_)
        next = std::min(next, last_reply_ + kLookAlive);
    next_tick_ = std::max(next, now + milliseconds(1));
    return actions;
}

void Session::ask(What what, std::string payload, std::string about) {
    if (asks_.size() < kMostAsks) asks_.push_back({what, std::move(payload), std::move(about)});
}

void Session::ask_first(What what, std::string payload, std::string about) {
    asks_.push_front({what, std::move(payload), std::move(about)});
}

bool Session::is_asked(What what, const std::string& about) const {
    const auto same = [&](const Ask& each) { return each.what == what && each.about == about; };
    return (asked_ && same(*asked_)) || std::any_of(asks_.begin(), asks_.end(), same);
}

// What waits in the device is fetched behind all else, and one at a time: it is nowhere but here
// until the office has it.
void Session::write_next(BoxTime now, Actions& actions) {
    if (asked_ || phase_ == Phase::Closed) return;
    if (phase_ == Phase::Ready && contacts_stale_ && !is_asked(What::Contacts)) {
        contacts_stale_ = false;
        // The second of the last change again: the device leaves out what changed in it later.
        ask(What::Contacts, get_contacts(contacts_changed_ == 0 ? 0 : contacts_changed_ - 1));
    }
    const bool may_fetch =
        phase_ == Phase::Ready && fetch_ && !undecided_ && !unsorted_ && waiting_.empty();
    if (asks_.empty() && may_fetch) {
        fetch_ = false;
        ask(What::NextMessage, next_message());
    }
    if (asks_.empty()) return;
    asked_ = std::move(asks_.front());
    asks_.pop_front();
    ask_deadline_ = now + options_.reply_wait;
    actions.sends = actions.sends || asked_->what == What::SendText;
    actions.write += frame(Direction::ToRadio, asked_->payload);
}

// What comes late, after its time was over, answers nothing that is asked now.
bool Session::answers(What what, const Reply& reply) {
    if (holds<Failed>(reply)) return true;
    switch (what) {
        case What::DeviceQuery:
            return holds<DeviceInfo>(reply);
        case What::AppStart:
            return holds<SelfInfo>(reply);
        case What::Contacts:
            return holds<ContactsStart, Contact, ContactsEnd>(reply);
        case What::Channel:
            return holds<Channel>(reply);
        case What::NextMessage:
            return holds<WaitingText, NoMore, Unknown>(reply);
        case What::Stats:
            return holds<RadioStats>(reply);
        case What::SendText:
        case What::Login:
            return holds<Sent>(reply);
        default:
            return holds<Done>(reply);
    }
}

void Session::give_up_ask(BoxTime now, Actions& actions) {
    Ask lost = std::move(*asked_);
    asked_.reset();
    if (lost.what == What::Stats) {
        next_stats_ = BoxTime::max();
        return;
    }
    ++silent_;
    // Many a device boots as its line is opened, and hears nothing meanwhile.
    if (phase_ == Phase::Handshake && lost.repeats++ < kMostRepeats) {
        asks_.push_front(std::move(lost));
        return;
    }
    if (phase_ == Phase::Handshake || silent_ >= kMostSilent) {
        actions.reopen = true;
        return;
    }
    if (lost.what == What::NextMessage) fetch_ = true;
    if (lost.what == What::Contacts) contacts_stale_ = true;
    const auto flight = flights_.find(lost.about);
    if (lost.what == What::SendText && flight != flights_.end()) {
        // It may be on air, under an ack that we were not told.
        flight->second.asked = false;
        spend_try(flight->second, now, actions);
        flight->second.deadline = now;
    }
}

void Session::take(const std::string& payload, BoxTime now, Actions& actions) {
    const auto reply = decode_reply(payload);
    if (!reply) return;
    if (is_push(payload)) return take_push(*reply, now, actions);
    // Late or not, nobody else has it any more.
    if (const auto* text = std::get_if<WaitingText>(&*reply)) {
        if (waiting_.size() < kMostWaiting) waiting_.push_back(*text);
        fetch_ = true;
    }
    if (asked_ && answers(asked_->what, *reply)) take_reply(*reply, now, actions);
    take_waiting(now, actions);
}

void Session::take_waiting(BoxTime now, Actions& actions) {
    while (!undecided_ && !unsorted_ && !waiting_.empty()) {
        const WaitingText text = std::move(waiting_.front());
        waiting_.pop_front();
        take_text(text, now, actions);
    }
}

void Session::take_reply(const Reply& reply, BoxTime now, Actions& actions) {
    const What what = asked_->what;
    last_reply_ = now;
    if (const auto* contact = std::get_if<Contact>(&reply)) take_contact(*contact, now, actions);
    if (std::holds_alternative<Contact>(reply) || std::holds_alternative<ContactsStart>(reply)) {
        ask_deadline_ = now + options_.reply_wait;  // the list goes on
        return;
    }
    if (const auto* info = std::get_if<DeviceInfo>(&reply)) {
        device_ = *info;
        device_.firmware = one_line(clean_utf8(info->firmware), 40);
    }
    if (const auto* self = std::get_if<SelfInfo>(&reply)) {
        self_ = *self;
        self_.name = one_line(clean_utf8(self->name), kNameBytes + 8);
    }
    if (const auto* channel = std::get_if<Channel>(&reply)) take_channel(*channel);
    if (const auto* end = std::get_if<ContactsEnd>(&reply)) contacts_ended(*end, now, actions);
    if (const auto* stats = std::get_if<RadioStats>(&reply)) take_stats(*stats, now);
    if (std::holds_alternative<Unknown>(reply)) fetch_ = true;  // data of a channel, and the like
    const auto* taken = std::get_if<Sent>(&reply);
    if (taken != nullptr && what == What::SendText) sent(*taken, now, actions);
    if (what == What::Advert) actions.advertised = true;
    if (const auto* failed = std::get_if<Failed>(&reply)) take_failure(what, *failed, now, actions);
    asked_.reset();
    silent_ = 0;
    if (phase_ == Phase::Handshake && asks_.empty()) become_ready(now, actions);
}

void Session::take_failure(What what, const Failed& failed, BoxTime now, Actions& actions) {
    switch (what) {
        case What::AppStart:
            actions.reopen = true;
            return;
        case What::SendText:
            return refused(failed, now, actions);
        case What::AddContact:
            return not_added(failed);
        case What::Contacts:
            return contacts_ended({}, now, actions);
        case What::Stats:
            next_stats_ = BoxTime::max();
            return;
        case What::Channel:  // it has no more of them
            std::erase_if(asks_, [](const Ask& each) { return each.what == What::Channel; });
            return;
        default:
            return;
    }
}

// A device that has booted behind a serial line has a clock of 1970 and another state than we
// believe: what it prints then tells.
void Session::look_alive(BoxTime now, Actions& actions) {
    const bool noise = parser_.skipped() - skipped_ >= kBootNoise;
    if (noise) skipped_ = parser_.skipped();
    if (!noise || phase_ != Phase::Ready || now < handshake_again_) return;
    actions.changed = true;
    Actions closing = closed(now);
    Actions again = opened(now);
    actions.write += again.write;
    for (auto& each : closing.outcomes) actions.outcomes.push_back(std::move(each));
    actions.spent = actions.spent || closing.spent;
}

}  // namespace waypost::meshcore
