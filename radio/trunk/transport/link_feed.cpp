// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/link_feed.h"

#include <cmath>

namespace waypost::trunk {
namespace {

constexpr double kLossy = 0.3;
constexpr double kClear = 0.15;  // well below, so that it is not told to and fro
constexpr float kStep = 3;       // dB: twice the power, or half
constexpr std::chrono::minutes kSignalsEvery{1};
constexpr std::uint64_t kSome = 20;  // frames; before that the loss is a guess

std::int64_t whole(double value) { return std::llround(value); }

bool changed(const std::optional<float>& told, const std::optional<float>& now) {
    return now && (!told || std::fabs(*now - *told) >= kStep);
}

std::string percent(double loss) {
    return std::to_string(whole(loss * 100)) + " % of the frames are lost";
}

}  // namespace

void LinkFeed::look(bool up, const std::string& why, const LinkHealth& health, BoxTime now) {
    if (up_ != up || (!up && why_ != why)) {
        up_ = up;
        why_ = why;
        tell(up ? "up" : "down", up ? "works" : why, health);
    }
    if (!up) return;
    look_at_loss(health);
    look_at_signal(health, now);
}

void LinkFeed::look_at_loss(const LinkHealth& health) {
    if (health.sent < kSome) return;
    if (!lossy_ && health.loss > kLossy) {
        lossy_ = true;
        tell("lossy", percent(health.loss), health);
    } else if (lossy_ && health.loss < kClear) {
        lossy_ = false;
        tell("clear", percent(health.loss), health);
    }
}

void LinkFeed::look_at_signal(const LinkHealth& health, BoxTime now) {
    if (now < next_signal_) return;
    if (!changed(here_, health.their_snr_db) && !changed(there_, health.our_snr_db)) return;
    next_signal_ = now + kSignalsEvery;
    here_ = health.their_snr_db;
    there_ = health.our_snr_db;
    tell("signal", {}, health);
}

void LinkFeed::tell(const char* what, const std::string& words, const LinkHealth& health) {
    LiveEvent event{"link", {}, 0};
    event.details = {{"transport", transport_},
                     {"neighbour", neighbour_},
                     {"what", std::string(what)},
                     {"words", words},
                     {"loss_percent", whole(health.loss * 100)}};
    if (health.their_snr_db) event.details["heard_here_db"] = whole(*health.their_snr_db);
    if (health.our_snr_db) event.details["heard_there_db"] = whole(*health.our_snr_db);
    feed_.tell(std::move(event));
}

}  // namespace waypost::trunk
