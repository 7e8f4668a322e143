// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/link.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace waypost::trunk {
namespace {

using std::chrono::ceil;
using std::chrono::microseconds;

constexpr int kTurnFrames = 32;
constexpr microseconds kTurn = std::chrono::seconds(24);
constexpr microseconds kShortTurn = std::chrono::seconds(8);  // the other has something, too
constexpr int kSnrEvery = 16;                                 // reports
constexpr std::size_t kMostReport = 100;
constexpr int kRenewAfter = 8;  // answers that did not come
constexpr BoxTime kNever = BoxTime::max();

}  // namespace

Link::Link(LinkSettings settings, const Air& air, Random& random, const StateMap& state)
    : settings_(std::move(settings)),
      air_(air),
      random_(random),
      handshake_(settings_.psk.reveal(), settings_.link, settings_.second, random),
      outbox_(settings_.psk.reveal(), settings_.second),
      inbox_(settings_.psk.reveal(), !settings_.second) {
    if (settings_.psk.reveal().size() != kKey || settings_.facts.size() > kMostFacts)
        throw std::logic_error("a link needs a key of 32 bytes and short facts");
    outbox_.restore(state);
    restored_ = inbox_.restore(state);
    if (const auto row = state.find("speed"); row != state.end()) {
        std::uint32_t& speed = wanted_speed_;
        std::from_chars(row->second.data(), row->second.data() + row->second.size(), speed);
    }
}

Result<void> Link::offer(Object object, BoxTime now) {
    auto taken = outbox_.offer(std::move(object), now);
    next_tick_ = std::min(next_tick_, now);
    return taken;
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

// False if it is not that time yet: then the next tick is.
bool Link::later(BoxTime when, BoxTime now) {
    if (when <= now) return false;
    next_tick_ = std::min(next_tick_, when);
    return true;
}

void Link::pump(BoxTime now, LinkActions& actions) {
    next_tick_ = kNever;
    if (flight_ || actions.send) return;
    if (air_.limits().payload <= kMostReport + kHelloTag) {  // no modem yet
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
    if (trial_until_ != BoxTime{} && now >= trial_until_) fall_back(now, actions);
    if (phase_ == Phase::Waiting) {
        if (!later(wait_until_, now)) silence(now, actions);
        return;
    }
    ask_if_due(now, actions);
    if (actions.send || !session_ || flight_) return;
    if (ask_first_) return send_poll(now, actions);
    if (send_notice(now, actions)) return;
    const auto due = outbox_.due(now);
    if (due && !later(*due, now)) send_piece(now, actions);
}

bool Link::transmit(Flight flight, std::string packet, bool urgent, BoxTime now,
                    LinkActions& actions) {
    flight.airtime = air_.airtime(packet.size());
    if (later(air_.may_send(now, flight.airtime, urgent), now)) return false;
    flight.id = ++last_id_;
    actions.send = FrameOut{flight.id, std::move(packet), {}};
    flight_ = std::move(flight);
    return true;
}

// Frames that this turn may still have, after one more.
int Link::turn_left() const {
    const microseconds limit = peer_waits_ ? kShortTurn : kTurn;
    const microseconds full = air_.airtime(outbox_.payload());
    const auto room = (limit - turn_.airtime) / full;
    return static_cast<int>(std::clamp<std::int64_t>(
        std::min<std::int64_t>(room, kTurnFrames - turn_.frames - 1), 0, kTurnFrames));
}

void Link::send_piece(BoxTime now, LinkActions& actions) {
    if (phase_ == Phase::Idle) turn_ = {};
    const auto piece = outbox_.next(actions.keep);
    if (!piece) {
        phase_ = Phase::Idle;
        return;
    }
    const int remaining = std::min({outbox_.left(), turn_left(), kMostRemaining});
    if (!transmit({0, Kind::Piece, piece, remaining, remaining == 0, false, {}},
                  seal_piece(*piece, remaining), piece->urgent, now, actions))
        outbox_.unsent(*piece);
}

std::string Link::seal_piece(const Piece& piece, int remaining) {
    Frame frame;
    frame.type = piece.type;
    frame.remaining = remaining;
    frame.second = settings_.second;
    frame.epoch = session_->epoch;
    frame.number = static_cast<std::uint16_t>(piece.number & 0xFFFF);
    frame.index = static_cast<std::uint8_t>(piece.row);
    const bool fragment = piece.type == FrameType::Fragment;
    const Use use =
        fragment ? Use::Fragment : (piece.type == FrameType::Bundle ? Use::Bundle : Use::Single);
    return session_->keys.ours.seal({use, piece.number, frame.index, 0}, encode_head(frame),
                                    piece.bytes, fragment ? kFragmentTag : kSingleTag);
}

std::string Link::short_packet(FrameType type, std::uint64_t number, int remaining) {
    Frame frame;
    frame.type = type;
    frame.remaining = remaining;
    frame.second = settings_.second;
    frame.epoch = session_->epoch;
    const Use use = type == FrameType::Poll ? Use::Poll : Use::Hold;
    return session_->keys.ours.seal({use, number}, encode_head(frame), {}, kReportTag);
}

std::optional<std::string> Link::report_packet(const Report& report, int remaining) {
    Frame frame;
    frame.type = FrameType::Report;
    frame.remaining = remaining;
    frame.second = settings_.second;
    frame.epoch = session_->epoch;
    const std::uint64_t counter = session_->counter;
    frame.number = static_cast<std::uint16_t>(counter & 0xFFFF);
    std::string packet = session_->keys.ours.seal({Use::Report, counter}, encode_head(frame),
                                                  encode_report(report), kReportTag);
    if (packet.size() > air_.limits().payload) return std::nullopt;
    return packet;
}

// The signal goes along where it costs nothing, and now and then where it costs.
Report Link::make_report() const {
    Report report = inbox_.report(kMostReport);
    report.waiting = !outbox_.empty();
    if (!snr_quarter_) return report;
    Report with = report;
    with.snr_quarter = snr_quarter_;
    const std::size_t bytes = 3 + kReportTag + encode_report(report).size();
    const bool free = air_.airtime(bytes) == air_.airtime(bytes + 2);
    return free || reports_ % kSnrEvery == 0 ? with : report;
}

void Link::send_answer(BoxTime now, LinkActions& actions) {
    Report report = make_report();
    const std::size_t used = 3 + kReportTag + encode_report(report).size() + 3 + kFragmentTag;
    const std::size_t payload = std::min(outbox_.payload(), air_.limits().payload);
    std::optional<Piece> behind;
    if (used < payload) behind = outbox_.next_short(payload - used, actions.keep);
    if (behind)
        report.behind = Behind{behind->type == FrameType::Bundle,
                               static_cast<std::uint16_t>(behind->number & 0xFFFF),
                               behind->bytes + object_tag(settings_.psk.reveal(), settings_.second,
                                                          behind->number, behind->bytes)
                                                   .substr(0, kFragmentTag)};
    turn_ = {};
    const int remaining = std::min({outbox_.left(), turn_left(), kMostRemaining});
    const bool plain = inbox_.plain() && !behind && (!snr_quarter_ || ++reports_ % kSnrEvery != 0);
    std::optional<std::string> packet;
    if (plain)
        packet = short_packet(FrameType::Hold, inbox_.low(), remaining);
    else
        packet = report_packet(report, remaining);
    const bool urgent = behind && behind->urgent;
    const bool patient = !inbox_.plain() && remaining == 0;
    if (packet &&
        transmit({0, Kind::Answer, behind, remaining, behind && remaining == 0, patient, {}},
                 std::move(*packet), urgent, now, actions)) {
        if (!plain) ++session_->counter;
        owe_ = false;
        largest_heard_ = 0;
    } else if (behind) {
        outbox_.unsent(*behind);
    }
}

void Link::send_poll(BoxTime now, LinkActions& actions) {
    if (transmit({0, Kind::Poll, {}, 0, true, false, {}},
                 short_packet(FrameType::Poll, outbox_.next_number(), 0), false, now, actions))
        ask_first_ = false;
}

bool Link::send_notice(BoxTime now, LinkActions& actions) {
    if (!beacon_ && !closing_) return false;
    Frame frame;
    frame.type = FrameType::Extension;
    frame.extension = beacon_ ? ExtensionKind::Beacon : ExtensionKind::Close;
    frame.second = settings_.second;
    frame.epoch = session_->epoch;
    frame.number = static_cast<std::uint16_t>(session_->counter & 0xFFFF);
    const Nonce nonce{beacon_ ? Use::Beacon : Use::Close, session_->counter};
    const std::string body = beacon_ ? encode_beacon(*beacon_) : std::string();
    std::string packet = session_->keys.ours.seal(nonce, encode_head(frame), body, kReportTag);
    if (!transmit({0, Kind::Notice, {}, 0, false, false, {}}, std::move(packet), false, now,
                  actions))
        return true;
    ++session_->counter;
    if (beacon_) {
        beacon_.reset();
    } else {
        closing_ = false;
    }
    return true;
}

// Half of what is unanswered may be there already: a poll costs little and tells. What is short is
// cheaper repeated at once.
bool Link::better_repeat(const Piece& piece) const {
    const bool whole = piece.type != FrameType::Fragment;
    const auto repeat =
        air_.airtime(piece.bytes.size() + (whole ? kSingleOverhead : kFragmentOverhead));
    const auto poll = air_.airtime(1 + kReportTag);
    const double there = 1 - health_.loss;
    const auto us = [](microseconds t) { return static_cast<double>(t.count()); };
    return there * us(repeat - poll) < us(poll) * (1 + there);
}

void Link::silence(BoxTime now, LinkActions& actions) {
    ++silent_;
    ++health_.silences;
    phase_ = Phase::Idle;
    if (silent_ >= 3) fall_back(now, actions);
    if (silent_ % kRenewAfter == 0) {
        ask_again_ = !handshake_.asking();
        renew(now);
    }
    // Either the frame or its answer was lost.
    health_.loss += kLossWeight * (1 / (2 - health_.loss) - health_.loss);
    const auto lone = outbox_.lone_unanswered();
    if (lone && better_repeat(*lone)) {
        outbox_.unsent(*lone);
    } else {
        ask_first_ = true;
    }
    const milliseconds report = ceil<milliseconds>(air_.airtime(11));
    milliseconds pause(
        static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(report.count()) + 1)));
    if (silent_ > 3)
        pause += std::min<milliseconds>(milliseconds(1000) * (1 << std::min(silent_ - 3, 6)),
                                        milliseconds(60'000));
    free_at_ = now + pause;
    pump(now, actions);
}

milliseconds Link::hello_wait() const {
    const std::size_t bytes = 2 + kSalt + kHelloTag + 16 + kMostFacts;
    return ceil<milliseconds>(air_.airtime(bytes)) +
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
    if (flight.kind == Kind::HelloAnswer) {
        hello_answer_.clear();
        free_at_ = now + answer_wait();  // the first frame of the session is the other's
        return;
    }
    if (flight.kind == Kind::Question) free_at_ = now + hello_wait();
    if (flight.kind == Kind::Question || flight.kind == Kind::Notice) return;
    ++turn_.frames;
    turn_.airtime += flight.airtime;
    phase_ = flight.remaining > 0 ? Phase::Sending : Phase::Idle;
    if (flight.asks ||
        (flight.kind == Kind::Answer && flight.remaining == 0 && outbox_.unanswered()))
        phase_ = Phase::Waiting;
    if (phase_ == Phase::Waiting) wait_until_ = now + answer_wait();
    if (phase_ == Phase::Idle && flight.patient) free_at_ = now + answer_wait();
}

void Link::not_aired(const Flight& flight, FrameFate fate, BoxTime now) {
    if (flight.piece) outbox_.unsent(*flight.piece);
    if (flight.kind == Kind::Answer) owe_ = true;
    if (flight.kind == Kind::Poll) ask_first_ = true;
    if (fate == FrameFate::TooLong) renew(now);
    const bool busy = fate == FrameFate::Busy || fate == FrameFate::NoRoom;
    const milliseconds chance(static_cast<std::int64_t>(random_.below(200)));
    free_at_ = now + chance +
               (busy ? ceil<milliseconds>(air_.airtime(30))
                     : milliseconds(fate == FrameFate::NoAirtime ? 10'000 : 2'000));
}

}  // namespace waypost::trunk
