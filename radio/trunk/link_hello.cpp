// SPDX-License-Identifier: Apache-2.0
// Sessions and speeds: who asks, who answers, and from when on the new keys count.
#include <algorithm>
#include <utility>

#include "radio/trunk/link.h"

namespace waypost::trunk {
namespace {

constexpr milliseconds kFirstRepeat{3000};      // of a question, beside its answer's airtime
constexpr milliseconds kLastRepeat{300'000};    // a gateway may be off all night
constexpr int kIdleQuestions = 3;               // with nothing to send: then the other may ask
constexpr milliseconds kIdleRepeat{1'800'000};  // it may have given up as well
constexpr milliseconds kNewAnswers{5000};       // to one question after another
constexpr int kQuestionsAtSpeed = 3;
constexpr milliseconds kTrial{60'000};  // of a speed

}  // namespace

Hello Link::our_hello() const {
    Hello hello;
    hello.features = settings_.features;
    hello.next = outbox_.next_number();
    hello.oldest = outbox_.oldest();
    hello.low = inbox_.low();
    const FrameLimits limits = air_.limits();
    hello.deaf_ms =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(limits.deaf.count(), 0, 60'000));
    hello.payload = static_cast<std::uint32_t>(std::min<std::size_t>(limits.payload, 255));
    hello.speed = wanted_speed_;
    hello.facts = settings_.facts;
    return hello;
}

void Link::renew(BoxTime now) {
    next_question_ = std::min(next_question_, now);
    next_tick_ = std::min(next_tick_, now);
    if (payload() < least_payload()) return;  // no modem: it would say so for a whole session
    drop_old_question();
    if (!handshake_.asking()) {
        questions_ = 0;
        told_features_ = settings_.features;
    }
    ask(our_hello());
}

const std::string& Link::ask(const Hello& hello) {
    if (!handshake_.asking()) asked_ = hello;
    return handshake_.question(hello);
}

// One that says what is not so any more of the modem or the speed.
void Link::drop_old_question() {
    if (!handshake_.asking()) return;
    const Hello hello = our_hello();
    if (asked_.payload != hello.payload || asked_.deaf_ms != hello.deaf_ms ||
        asked_.speed != hello.speed)
        handshake_.drop_question();
}

void Link::set_facts(std::string facts, BoxTime now) {
    settings_.facts = std::move(facts);
    tell_anew(now);
}

void Link::set_features(std::uint32_t features, BoxTime now) {
    settings_.features = features;
    if (session_ && told_features_ != features) tell_anew(now);
}

void Link::tell_anew(BoxTime now) {
    pending_.reset();  // it was answered with what was before
    hello_answer_.clear();
    handshake_.drop_question();
    next_question_ = now;
    renew(now);
}

void Link::propose_speed(std::uint32_t preset, BoxTime now) {
    wanted_speed_ = preset;
    handshake_.drop_question();
    next_question_ = now;
    renew(now);
}

void Link::expect(BoxTime until, BoxTime now) {
    expected_until_ = until;
    next_tick_ = std::min(next_tick_, now);
}

bool Link::gave_up_asking(BoxTime now) const {
    return outbox_.empty() && questions_ >= kIdleQuestions && now >= expected_until_;
}

void Link::ask_if_due(BoxTime now, LinkActions& actions) {
    if (session_ && !handshake_.asking()) return;
    const milliseconds idle = gave_up_asking(now) ? kIdleRepeat : milliseconds(0);
    if (later(next_question_ + idle, now)) return;
    if (questions_ >= kQuestionsAtSpeed) fall_back(now, actions);
    drop_old_question();
    if (!handshake_.asking()) told_features_ = settings_.features;
    const std::string packet = ask(our_hello());
    const auto airtime = std::chrono::ceil<milliseconds>(air_.airtime(packet.size()));
    if (!transmit({0, Kind::Question, {}, 0, false, false, {}}, packet, true, now, actions)) return;
    milliseconds wait = 3 * airtime + kFirstRepeat * (1 << std::min(questions_, 7));
    wait =
        std::min(wait, kLastRepeat) + milliseconds(static_cast<std::int64_t>(random_.below(2000)));
    next_question_ = now + wait;
    ++questions_;
}

void Link::heard_hello(const Frame& frame, BoxTime now, LinkActions& actions) {
    if (auto session = handshake_.answered(frame)) {
        actions.ours = true;
        session_ = std::move(*session);
        pending_.reset();
        begin_session(now, actions);
        ask_first_ = true;  // the first frame under the new keys: the other waits for it
        free_at_ = now + settings_.turn_round;
        exchange_until_ = free_at_ + kToAir;
        phase_ = Phase::Idle;
        owe_ = false;
        if (session_->theirs.speed != speed_) set_speed(session_->theirs.speed, now, actions);
        return;
    }
    const auto theirs = handshake_.asked(frame);
    if (!theirs) {
        if (handshake_.asked_in_other_form(frame)) health_.other_form = true;
        return;
    }
    const bool again = handshake_.answered_before(frame) && pending_;
    // Both ask: the first side's question counts, while it asks.
    const bool asking = handshake_.asking() && questions_ > 0 && !gave_up_asking(now);
    if (asking && !settings_.second && !again) return;
    if (!again && now < next_new_answer_) return;
    actions.ours = true;
    if (!again) {
        next_new_answer_ = now + kNewAnswers;
        const bool epoch = session_ ? !session_->epoch : false;
        Hello ours = our_hello();
        const bool agreed =
            std::count(settings_.speeds.begin(), settings_.speeds.end(), theirs->speed) > 0;
        ours.speed = answered_speed_ = agreed ? theirs->speed : 0;
        auto answer = handshake_.answer(frame, ours, *theirs, epoch);
        told_features_ = settings_.features;
        pending_ = std::move(answer.session);
        last_answer_ = std::move(answer.packet);
    }
    hello_answer_ = last_answer_;
    answer_at_ = now + settings_.turn_round;
    end_pause();
    exchange_until_ = answer_at_ + kToAir;
    next_question_ = std::max(next_question_, now + 2 * (hello_wait() + answer_wait()));
    if (answered_speed_ != speed_) speed_after_ = answered_speed_;
}

void Link::begin_session(BoxTime now, LinkActions& actions) {
    session_->begun = true;
    ++health_.sessions;
    questions_ = 0;
    const Hello& theirs = session_->theirs;
    inbox_.peer_at(theirs.oldest);
    const std::size_t payload = std::min<std::size_t>(
        {air_.limits().payload, std::max<std::size_t>(theirs.payload, 60), 255});
    const auto ended = outbox_.resume(theirs.low, payload);
    actions.delivered.insert(actions.delivered.end(), ended.begin(), ended.end());
    actions.facts = theirs.facts;
    ask_first_ = outbox_.unanswered();
    silent_ = 0;
    stale_ = 0;
    hello_answer_.clear();
    if (phase_ != Phase::Waiting) phase_ = Phase::Idle;
    ask_again_ = false;
    handshake_.drop_question();
    free_at_ = now;
    if (told_features_ != settings_.features) tell_anew(now);
}

void Link::set_speed(std::uint32_t preset, BoxTime now, LinkActions& actions) {
    speed_ = wanted_speed_ = preset;
    speed_after_.reset();
    actions.speed = preset;
    actions.keep.push_back({"speed", preset == 0 ? std::string() : std::to_string(preset)});
    trial_until_ = preset == 0 ? BoxTime{} : now + kTrial;
}

// Back to where both can hear each other for certain.
void Link::fall_back(BoxTime now, LinkActions& actions) {
    trial_until_ = {};
    if (speed_ == 0) return;
    wanted_speed_ = 0;
    set_speed(0, now, actions);
}

}  // namespace waypost::trunk
