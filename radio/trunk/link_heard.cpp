// SPDX-License-Identifier: Apache-2.0
// What comes from the air. Nothing changes before a tag was checked.
#include <algorithm>
#include <cmath>

#include "radio/trunk/link.h"

namespace waypost::trunk {
namespace {

constexpr int kStaleAnswers = 30;
constexpr milliseconds kKeepSpeed{600'000};
constexpr std::uint64_t kHoldCandidates = 8;

}  // namespace

LinkActions Link::heard(std::string_view packet, std::optional<float> snr_db, BoxTime now) {
    LinkActions actions;
    const auto frame = parse_frame(packet);
    if (!frame.ok()) {
        ++(frame.error().code == Code::NotFound ? health_.unknown : health_.refused);
        return actions;
    }
    if (frame->second == settings_.second) return actions;  // an echo of ours, or another pair's
    if (frame->type == FrameType::Hello) {
        heard_hello(*frame, now, actions);
    } else {
        heard_frame(*frame, packet.size(), now, actions);
    }
    if (!actions.ours) {
        ++health_.refused;
        return actions;
    }
    ++health_.heard;
    health_.last_heard = now;
    health_.other_form = false;
    // Both go back when nothing is said for long: who comes back later finds the other there.
    if (!actions.speed) trial_until_ = speed_ == 0 ? BoxTime{} : now + kKeepSpeed;
    if (snr_db) {
        health_.their_snr_db = *snr_db;
        snr_quarter_ = std::clamp(static_cast<int>(std::lround(*snr_db * 4)), -128, 127);
    }
    pump(now, actions);
    return actions;
}

void Link::heard_frame(const Frame& frame, std::size_t bytes, BoxTime now, LinkActions& actions) {
    if (pending_ && pending_->epoch == frame.epoch) {
        // Only what the new keys open makes them count.
        Session session = std::move(*pending_);
        pending_.reset();
        std::optional<Session> before = std::move(session_);
        session_ = std::move(session);
        if (open_with(*session_, frame, bytes, now, actions)) return;
        pending_ = std::move(session_);
        session_ = std::move(before);
    }
    if (session_ && session_->epoch == frame.epoch)
        open_with(*session_, frame, bytes, now, actions);
}

bool Link::open_with(Session& session, const Frame& frame, std::size_t bytes, BoxTime now,
                     LinkActions& actions) {
    switch (frame.type) {
        case FrameType::Single:
        case FrameType::Bundle:
        case FrameType::Fragment:
            return open_data(session, frame, bytes, now, actions);
        case FrameType::Poll:
            return open_poll(session, frame, now, actions);
        case FrameType::Hold:
            return open_hold(session, frame, now, actions);
        case FrameType::Report:
            return open_counted(session, frame, now, actions);
        case FrameType::Hello:
            return false;
        case FrameType::Extension:
            break;
    }
    // Rows of a cast are not of this session (cast.h).
    return frame.extension != ExtensionKind::Repair && open_counted(session, frame, now, actions);
}

// The first frame that its keys open makes a session the present one.
void Link::promote(Session& session, BoxTime now, LinkActions& actions) {
    actions.ours = true;
    if (!session.begun) begin_session(now, actions);
}

bool Link::open_data(Session& session, const Frame& frame, std::size_t bytes, BoxTime now,
                     LinkActions& actions) {
    const std::uint64_t number = inbox_.whole_number(frame.number);
    const Nonce nonce{use_of(frame), number, frame.index};
    auto text = session.keys.theirs.open(nonce, frame.head, frame.body, frame.tag);
    if (!text) return false;
    promote(session, now, actions);
    const std::size_t up = actions.received.size();
    const std::size_t kept = actions.keep.size();
    if (nonce.use == Use::Fragment) {
        take_received(inbox_.fragment(number, frame.index, std::move(*text), actions.keep),
                      actions);
    } else {
        take_received(inbox_.whole(number, nonce.use == Use::Bundle, std::move(*text)), actions);
    }
    const bool news = actions.received.size() > up || actions.keep.size() > kept;
    stale_ = news ? 0 : stale_ + 1;
    if (stale_ < kStaleAnswers) owe(frame.remaining, bytes, now);
    return true;
}

void Link::take_received(std::optional<Received> received, LinkActions& actions) {
    if (!received) return;
    if (!received->objects.empty()) {
        actions.received.push_back(std::move(*received));
        return;
    }
    // Its objects are no more: only the number has to end.
    actions.keep.push_back(received->keep);
    inbox_.confirm(received->number, actions.keep);
}

void Link::owe(int remaining, std::size_t bytes, BoxTime now) {
    using std::chrono::ceil;
    largest_heard_ = std::max(largest_heard_, bytes);
    const milliseconds each = ceil<milliseconds>(air_.airtime(largest_heard_)) +
                              settings_.turn_round + air_.limits().deaf;
    owe_ = true;
    answer_at_ = now + settings_.turn_round + remaining * each;
    if (remaining > 0) answer_at_ += settings_.turn_round;
    confirm_by_ = answer_at_ + settings_.confirm_wait;
    exchange_until_ = confirm_by_ + kToAir;
    end_pause();
}

// Who did not answer for a while speaks again: a pause that was for it is over.
void Link::end_pause() {
    silent_ = 0;
    free_at_ = std::min(free_at_, answer_at_);
}

bool Link::open_poll(Session& session, const Frame& frame, BoxTime now, LinkActions& actions) {
    for (std::uint64_t next = inbox_.low(); next <= inbox_.low() + kWindow; ++next) {
        if (!session.keys.theirs.open({Use::Poll, next}, frame.head, {}, frame.tag)) continue;
        promote(session, now, actions);
        if (++stale_ < kStaleAnswers) owe(0, 0, now);
        return true;
    }
    return false;
}

bool Link::open_hold(Session& session, const Frame& frame, BoxTime now, LinkActions& actions) {
    const std::uint64_t next = outbox_.next_number();
    const std::uint64_t oldest = outbox_.oldest();
    for (std::uint64_t back = 0; back <= next - oldest; ++back) {
        if (back > kHoldCandidates && back != next - oldest) continue;
        if (!session.keys.theirs.open({Use::Hold, next - back}, frame.head, {}, frame.tag))
            continue;
        promote(session, now, actions);
        take_tally(outbox_.hold(next - back, actions.delivered), now);
        if (frame.remaining > 0) owe(frame.remaining, 255, now);
        return true;
    }
    return false;
}

bool Link::open_counted(Session& session, const Frame& frame, BoxTime now, LinkActions& actions) {
    const std::uint64_t counter = session.window.whole(frame.number);
    if (!session.window.fresh(counter)) return false;
    const Use use = use_of(frame);
    const auto text = session.keys.theirs.open({use, counter}, frame.head, frame.body, frame.tag);
    if (!text) return false;
    session.window.take(counter);
    promote(session, now, actions);
    if (use == Use::Beacon) {
        if (auto beacon = parse_beacon(*text); beacon.ok()) actions.beacon = *beacon;
    } else if (use == Use::Close) {
        session_.reset();
        exchange_until_ = now;
        phase_ = Phase::Idle;
        owe_ = false;
        next_question_ = now + std::chrono::minutes(1);
    } else if (auto report = parse_report(*text); report.ok()) {
        take_report(std::move(*report), now, actions);
        if (frame.remaining > 0) owe(frame.remaining, 255, now);
    }
    return true;
}

void Link::take_report(Report report, BoxTime now, LinkActions& actions) {
    peer_waits_ = report.waiting;
    if (report.snr_quarter) health_.our_snr_db = static_cast<float>(*report.snr_quarter) / 4;
    const std::size_t delivered = actions.delivered.size();
    const Tally tally = outbox_.report(report, actions.delivered);
    if (actions.delivered.size() > delivered) put_off_wait_ = kFirstPutOff;
    take_tally(tally, now);
    if (!report.behind || report.behind->bytes.size() < kFragmentTag) return;
    Behind& behind = *report.behind;
    const std::uint64_t number = inbox_.whole_number(behind.number);
    const std::string tag = behind.bytes.substr(behind.bytes.size() - kFragmentTag);
    behind.bytes.resize(behind.bytes.size() - kFragmentTag);
    if (object_tag(settings_.psk.reveal(), !settings_.second, number, behind.bytes)
            .substr(0, kFragmentTag) != tag)
        return;
    take_received(inbox_.whole(number, behind.bundle, std::move(behind.bytes)), actions);
    owe(0, 0, now);
}

void Link::take_tally(const Tally& tally, BoxTime now) {
    for (int i = 0; i < tally.sent; ++i)
        health_.loss += kLossWeight * ((i < tally.missing ? 1.0 : 0.0) - health_.loss);
    for (const auto& [size, frames] : tally.fragments)
        if (size > 0) sizes_.count(size + kFragmentOverhead, frames.first, frames.second);
    outbox_.set_fragment_payload(
        sizes_.next(outbox_.payload(), [this](std::size_t bytes) { return air_.airtime(bytes); }));
    silent_ = 0;
    ask_first_ = false;
    if (ask_again_) handshake_.drop_question();
    ask_again_ = false;
    if (phase_ != Phase::Waiting) return;
    phase_ = Phase::Idle;
    free_at_ = exchange_until_ = now + settings_.turn_round;
    // Whole there and not durable: ask again later, unless something else is to be sent first.
    if (outbox_.unanswered() && outbox_.left() == 0) {
        phase_ = Phase::Waiting;
        put_off_ = true;
        wait_until_ = now + put_off_wait_;
        put_off_wait_ = std::min(2 * put_off_wait_, settings_.last_put_off);
    }
}

}  // namespace waypost::trunk
