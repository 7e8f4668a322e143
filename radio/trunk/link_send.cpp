// SPDX-License-Identifier: Apache-2.0
// What one frame of ours is, and which comes next within a turn.
#include <algorithm>

#include "radio/trunk/link.h"

namespace waypost::trunk {
namespace {

using std::chrono::microseconds;

constexpr int kTurnFrames = 32;
constexpr microseconds kTurn = std::chrono::seconds(24);
constexpr microseconds kShortTurn = std::chrono::seconds(8);  // the other has something, too
constexpr int kSnrEvery = 16;                                 // reports
constexpr std::size_t kMostReport = 100;

}  // namespace

// Frames that this turn may still have, after one more.
int Link::turn_left() const {
    if (others_urgent_ && !outbox_.urgent_waits()) return 0;
    const microseconds limit = peer_waits_ || others_wait_ ? kShortTurn : kTurn;
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
                  seal({.type = piece->type,
                        .remaining = remaining,
                        .index = static_cast<std::uint8_t>(piece->row)},
                       piece->number, piece->bytes),
                  piece->urgent, now, actions))
        outbox_.unsent(*piece);
}

// In this session: `number` whole, of which the head tells the low bits.
std::string Link::seal(Frame frame, std::uint64_t number, std::string_view text) const {
    frame.second = settings_.second;
    frame.epoch = session_->epoch;
    frame.number = static_cast<std::uint16_t>(number & 0xFFFF);
    return session_->keys.ours.seal({use_of(frame), number, frame.index, 0}, encode_head(frame),
                                    text, tag_bytes(frame));
}

std::optional<std::string> Link::report_packet(const Report& report, int remaining) const {
    std::string packet = seal({.type = FrameType::Report, .remaining = remaining},
                              session_->counter, encode_report(report));
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
    if (used < payload && !held_) behind = outbox_.next_short(payload - used, actions.keep);
    if (behind)
        report.behind = Behind{behind->type == FrameType::Bundle,
                               static_cast<std::uint16_t>(behind->number & 0xFFFF),
                               behind->bytes + object_tag(settings_.psk.reveal(), settings_.second,
                                                          behind->number, behind->bytes)
                                                   .substr(0, kFragmentTag)};
    turn_ = {};
    const int remaining = held_ ? 0 : std::min({outbox_.left(), turn_left(), kMostRemaining});
    const bool plain = inbox_.plain() && !behind && (!snr_quarter_ || ++reports_ % kSnrEvery != 0);
    std::optional<std::string> packet;
    if (plain)
        packet = seal({.type = FrameType::Hold, .remaining = remaining}, inbox_.low(), {});
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
                 seal({.type = FrameType::Poll}, outbox_.next_number(), {}), false, now, actions))
        ask_first_ = false;
}

bool Link::send_notice(BoxTime now, LinkActions& actions) {
    if (!beacon_ && !closing_) return false;
    std::string packet = seal({.type = FrameType::Extension,
                               .extension = beacon_ ? ExtensionKind::Beacon : ExtensionKind::Close},
                              session_->counter, beacon_ ? encode_beacon(*beacon_) : std::string());
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

}  // namespace waypost::trunk
