// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/tools/pipe_end.h"

#include <algorithm>

namespace waypost::trunk {
namespace {

constexpr char kFacts[] = "wpipe";
constexpr std::size_t kRun = 4;
constexpr int kLeastUnanswered = 4;         // frames before the other counts as gone
constexpr milliseconds kConfirmWait{200};   // of either end: what comes is taken at once
constexpr milliseconds kAskedAgain{4'000};  // what was not confirmed at once (link_heard.cpp)
constexpr int kQuietWaits = 4;              // for an answer that was lost on its way

LinkSettings with_facts(LinkSettings link, Random& random) {
    link.facts = kFacts + random_bytes(random, kRun);
    link.confirm_wait = kConfirmWait;
    return link;
}

}  // namespace

PipeEnd::PipeEnd(PipeSettings settings, const Air& air, Random& random)
    : give_up_(settings.give_up),
      air_(air),
      link_(with_facts(std::move(settings.link), random), air, random, {}) {}

void PipeEnd::end(State state, std::string why) {
    if (state_ != State::Open) return;
    state_ = state;
    why_ = std::move(why);
    frame_.reset();
}

void PipeEnd::start(BoxTime now) { act(link_.start(now), now); }

void PipeEnd::heard(const FrameIn& frame, BoxTime now) {
    if (state_ != State::Open) return;
    LinkActions actions = link_.heard(frame.bytes, frame.snr_db, now);
    if (actions.ours) {
        last_heard_ = now;
        unanswered_since_.reset();
        unanswered_ = 0;
    }
    act(std::move(actions), now);
}

void PipeEnd::fate(const FrameReport& report, BoxTime now) {
    if (state_ != State::Open) return;
    if (was_on_air(report.fate)) {
        told_ |= report.id > told_by_;
        if (!unanswered_since_) unanswered_since_ = now;
        ++unanswered_;
    }
    act(link_.fate(report, now), now);
}

void PipeEnd::tick(BoxTime now) {
    if (state_ != State::Open) return;
    LinkActions none;
    act(std::move(none), now);
    if (state_ == State::Open && link_.next_tick() <= now) act(link_.tick(now), now);
}

// What the other tells of itself comes before anything of this stream: who was started anew must
// not get what the one before was to have.
void PipeEnd::act(LinkActions actions, BoxTime now) {
    if (actions.facts) greeted(*actions.facts);
    if (state_ != State::Open) return;
    for (const ObjectId id : actions.delivered) stream_.delivered(id);
    for (const Received& received : actions.received) {
        if (const auto taken = stream_.received(received); !taken.ok())
            return end(State::Broken, taken.error().text);
    }
    hand_out(actions);
    pump(now);
    look(now);
}

void PipeEnd::hand_out(LinkActions& actions) {
    if (!actions.send) return;
    last_id_ = actions.send->id;
    frame_ = std::move(actions.send);
}

void PipeEnd::greeted(const std::string& facts) {
    if (facts.size() != sizeof kFacts - 1 + kRun ||
        facts.compare(0, sizeof kFacts - 1, kFacts) != 0)
        return end(State::Broken,
                   "the other end has this code and is no pipe: pair the pipes with a code of "
                   "their own (waypost trunk code)");
    if (!their_facts_.empty() && their_facts_ != facts)
        return end(State::Broken, "the other end was started anew: what was under way is lost");
    their_facts_ = facts;
}

void PipeEnd::pump(BoxTime now) {
    for (const std::uint64_t number : stream_.take_confirmable()) {
        told_by_ = last_id_;
        told_ = false;
        confirmed_at_ = now;
        LinkActions actions = link_.confirm(number, now);
        hand_out(actions);
    }
    while (link_.up()) {
        auto object = stream_.next();
        if (!object) break;
        if (!link_.offer(std::move(*object), now).ok())
            return end(State::Broken, "the link takes nothing more");
    }
    if (!link_.take_refused().empty())
        end(State::Broken, "the modem carries too few bytes in a frame");
}

void PipeEnd::look(BoxTime now) {
    if (stream_.given_up()) {
        if (!given_up_by_) given_up_by_ = now + quiet_time();
        if (now >= *given_up_by_) end(State::Broken, "the other end gave up");
    }
    if (stop_by_) {
        const bool told = !stream_.under_way() && (link_.idle() || !link_.up());
        if (told || now >= *stop_by_) end(State::Broken, "stopped before all had arrived");
    }
    if (all_arrived() && link_.idle() && now >= quiet_until()) end(State::Done, {});
    if (give_up_ == milliseconds(0) || !met()) return;
    if (unanswered_since_ && unanswered_ >= kLeastUnanswered &&
        now >= *unanswered_since_ + give_up_)
        end(State::Broken, "no answer from the other end any more");
    if (!all_arrived() && now >= last_heard_ + give_up_ / 2) stream_.ask();
}

// What was confirmed after its turn the other hears when it asks.
BoxTime PipeEnd::quiet_until() const {
    return std::max(last_heard_, confirmed_at_) + quiet_time() +
           (told_ ? milliseconds(0) : 2 * kAskedAgain);
}

// As long as the other may still ask whether its last frames are here.
milliseconds PipeEnd::quiet_time() const {
    const FrameLimits limits = air_.limits();
    const auto longest = air_.airtime(std::min<std::size_t>(limits.payload, 255));
    return kQuietWaits * (std::chrono::ceil<milliseconds>(longest) + kConfirmWait + limits.deaf +
                          2 * (milliseconds(50) + limits.latency));
}

BoxTime PipeEnd::next_tick() const {
    BoxTime next = link_.next_tick();
    if (stop_by_) next = std::min(next, *stop_by_);
    if (given_up_by_) next = std::min(next, *given_up_by_);
    if (all_arrived()) next = std::min(next, quiet_until());
    if (give_up_ > milliseconds(0) && met()) {
        const BoxTime by =
            unanswered_since_ ? *unanswered_since_ + give_up_ : last_heard_ + give_up_ / 2;
        next = std::min(next, by);
    }
    return next;
}

void PipeEnd::stop(BoxTime until) {
    if (stop_by_) return;
    stop_by_ = until;
    stream_.give_up();
}

}  // namespace waypost::trunk
