// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/link.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace waypost::trunk {
namespace {

using std::chrono::ceil;
using std::chrono::microseconds;

constexpr std::size_t kLeastPayload = 108;   // a report of many objects
constexpr milliseconds kLastPause{300'000};  // between polls
constexpr int kRenewAfter = 8;               // answers that did not come
constexpr BoxTime kNever = BoxTime::max();

constexpr std::size_t hello_bytes(std::size_t facts) {
    constexpr std::size_t kNumbers = 16;
    return 2 + kSalt + kHelloTag + kNumbers + facts;
}

}  // namespace

Link::Link(LinkSettings settings, const Air& air, Random& random, const StateMap& state)
    : settings_(std::move(settings)),
      air_(air),
      random_(random),
      handshake_(settings_.psk.reveal(), settings_.link, settings_.second, settings_.form, random),
      outbox_(settings_.psk.reveal(), settings_.second),
      inbox_(settings_.psk.reveal(), !settings_.second) {
    if (settings_.psk.reveal().size() != kKey || settings_.facts.size() > kMostFacts)
        throw std::logic_error("a link needs a key of 32 bytes and short facts");
    outbox_.restore(state);
    restored_ = inbox_.restore(state);
    if (const auto row = state.find("speed"); row != state.end()) {
        std::uint32_t& speed = wanted_speed_;
        std::from_chars(row->second.data(), row->second.data() + row->second.size(), speed);
        const auto& known = settings_.speeds;  // the operator's list may be another by now
        if (std::find(known.begin(), known.end(), speed) == known.end()) speed = 0;
    }
}

Result<void> Link::offer(Object object, BoxTime now) {
    auto taken = outbox_.offer(std::move(object), now);
    next_tick_ = std::min(next_tick_, now);
    return taken;
}

void Link::hold_objects(bool hold) {
    if (held_ != hold) next_tick_ = BoxTime{};
    held_ = hold;
}

LinkActions Link::start(BoxTime now) {
    LinkActions actions;
    for (Received& received : restored_) take_received(std::move(received), actions);
    restored_.clear();
    next_question_ = now;
    if (wanted_speed_ != speed_) set_speed(wanted_speed_, now, actions);
    pump(now, actions);
    return actions;
}

LinkActions Link::tick(BoxTime now) {
    LinkActions actions;
    pump(now, actions);
    return actions;
}

LinkActions Link::confirm(std::uint64_t number, BoxTime now) {
    LinkActions actions;
    inbox_.confirm(number, actions.keep);
    pump(now, actions);
    return actions;
}

std::size_t Link::least_payload() const {
    return std::max(kLeastPayload, hello_bytes(settings_.facts.size()));
}

// False if it is not that time yet: then the next tick is.
bool Link::later(BoxTime when, BoxTime now) {
    if (when <= now) return false;
    next_tick_ = std::min(next_tick_, when);
    return true;
}

void Link::pump(BoxTime now, LinkActions& actions) {
    next_tick_ = kNever;
    if (flight_ || actions.send) return;
    if (payload() < least_payload()) {  // no modem yet
        next_tick_ = now + milliseconds(1000);
        return;
    }
    if (later(free_at_, now)) return;
    if (!hello_answer_.empty()) {
        if (!later(answer_at_, now))
            transmit({0, Kind::HelloAnswer, {}, 0, false, true, {}}, hello_answer_, true, now,
                     actions);
        return;
    }
    if (owe_ && session_) {
        if (later(answer_at_, now)) return;
        if (!inbox_.unconfirmed() || !later(confirm_by_, now)) send_answer(now, actions);
        return;
    }
    if (trial_until_ != BoxTime{} && !later(trial_until_, now)) fall_back(now, actions);
    if (phase_ == Phase::Waiting) {
        if (later(wait_until_, now)) return;
        if (!std::exchange(put_off_, false)) return silence(now, actions);
        phase_ = Phase::Idle;
        ask_first_ = true;
    }
    ask_if_due(now, actions);
    if (actions.send || !session_ || flight_) return;
    if (ask_first_) return send_poll(now, actions);
    if (send_notice(now, actions)) return;
    if (held_) return;
    const auto due = outbox_.due(now);
    if (due && !later(*due, now)) send_piece(now, actions);
}

bool Link::transmit(Flight flight, std::string packet, bool urgent, BoxTime now,
                    LinkActions& actions) {
    flight.airtime = air_.airtime(packet.size());
    if (later(air_.may_send(now, flight.airtime, urgent), now)) return false;
    flight.id = ++last_id_;
    actions.send = FrameOut{flight.id, std::move(packet), {}};
    actions.urgent = urgent;
    flight_ = std::move(flight);
    return true;
}

void Link::silence(BoxTime now, LinkActions& actions) {
    ++silent_;
    ++health_.silences;
    phase_ = Phase::Idle;
    exchange_until_ = now;
    if (silent_ >= 3) fall_back(now, actions);
    if (silent_ % kRenewAfter == 0) {
        ask_again_ = !handshake_.asking();
        renew(now);
    }
    // Either the frame or its answer was lost.
    health_.loss += kLossWeight * (1 / (2 - health_.loss) - health_.loss);
    const auto lone = outbox_.lone_unanswered();
    if (lone && !held_ && better_repeat(*lone)) {
        outbox_.unsent(*lone);
    } else {
        ask_first_ = true;
    }
    const milliseconds report = ceil<milliseconds>(air_.airtime(11));
    milliseconds pause(
        static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(report.count()) + 1)));
    if (silent_ > 3)
        pause += std::min(milliseconds(1000) * (1 << std::min(silent_ - 3, 9)), kLastPause);
    free_at_ = now + pause;
    pump(now, actions);
}

milliseconds Link::hello_wait() const {
    return ceil<milliseconds>(air_.airtime(hello_bytes(kMostFacts))) +
           3 * (settings_.turn_round + air_.limits().latency);
}

// Long enough for an answer with an object behind it.
milliseconds Link::answer_wait() const {
    const FrameLimits limits = air_.limits();
    const auto longest = air_.airtime(std::min<std::size_t>(limits.payload, 255));
    const milliseconds theirs(session_ ? session_->theirs.deaf_ms : 0);
    return ceil<milliseconds>(longest) + 2 * (settings_.turn_round + limits.latency) + theirs +
           settings_.confirm_wait;
}

LinkActions Link::fate(const FrameReport& report, BoxTime now) {
    LinkActions actions;
    if (!flight_ || flight_->id != report.id) return actions;
    const Flight flight = std::move(*flight_);
    flight_.reset();
    if (was_on_air(report.fate)) {
        health_.airtime += flight.airtime * (1 + report.retries);
        ++health_.sent;
        aired(flight, now);
        if (report.fate == FrameFate::NotAcked && flight.piece) outbox_.unsent(*flight.piece);
        if (flight.kind == Kind::HelloAnswer && speed_after_)
            set_speed(*speed_after_, now, actions);
    } else {
        not_aired(flight, report.fate, now);
    }
    pump(now, actions);
    return actions;
}

void Link::aired(const Flight& flight, BoxTime now) {
    const milliseconds deaf(session_ ? session_->theirs.deaf_ms : 0);
    free_at_ = now + deaf;
    exchange_until_ = now;
    switch (flight.kind) {
        case Kind::HelloAnswer:
            hello_answer_.clear();
            // The first frame of the session is the other's.
            exchange_until_ = free_at_ = now + answer_wait();
            return;
        case Kind::Question:
            exchange_until_ = free_at_ = now + hello_wait();
            return;
        case Kind::Notice:
            return;
        case Kind::Piece:
        case Kind::Answer:
        case Kind::Poll:
            return aired_piece(flight, now);
    }
}

void Link::aired_piece(const Flight& flight, BoxTime now) {
    ++turn_.frames;
    turn_.airtime += flight.airtime;
    phase_ = flight.remaining > 0 ? Phase::Sending : Phase::Idle;
    if (flight.asks ||
        (flight.kind == Kind::Answer && flight.remaining == 0 && outbox_.unanswered()))
        phase_ = Phase::Waiting;
    if (phase_ == Phase::Waiting) exchange_until_ = wait_until_ = now + answer_wait();
    if (phase_ == Phase::Idle && flight.patient) exchange_until_ = free_at_ = now + answer_wait();
    if (phase_ == Phase::Sending) exchange_until_ = free_at_ + kToAir;
}

void Link::not_aired(const Flight& flight, FrameFate fate, BoxTime now) {
    if (flight.piece) outbox_.unsent(*flight.piece);
    if (flight.kind == Kind::Answer) owe_ = true;
    if (flight.kind == Kind::Poll) ask_first_ = true;
    if (fate == FrameFate::TooLong) renew(now);
    exchange_until_ = now;
    const bool busy = fate == FrameFate::Busy || fate == FrameFate::NoRoom;
    const milliseconds chance(static_cast<std::int64_t>(random_.below(200)));
    free_at_ = now + chance +
               (busy ? ceil<milliseconds>(air_.airtime(30))
                     : milliseconds(fate == FrameFate::NoAirtime ? 10'000 : 2'000));
}

}  // namespace waypost::trunk
