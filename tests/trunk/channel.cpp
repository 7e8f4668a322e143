// SPDX-License-Identifier: Apache-2.0
#include "tests/trunk/channel.h"

#include <algorithm>

namespace waypost::trunk {
namespace {

constexpr double kLostInBurst = 0.9;
constexpr double kLeaveBurst = 1.0 / 3;

}  // namespace

Channel::Channel(ChannelOptions options) : options_(options), random_(seeded_random(options.seed)) {
    bad_ = options_.bursts && chance(options_.loss / kLostInBurst);
}

int Channel::join(Hear hear) {
    members_.push_back({std::move(hear), {}});
    return static_cast<int>(members_.size()) - 1;
}

bool Channel::chance(double share) {
    return static_cast<double>(random_->next() >> 11) * 0x1p-53 < share;
}

bool Channel::lost() {
    if (!options_.bursts) return chance(options_.loss);
    const bool lost = bad_ && chance(kLostInBurst);
    const double in_burst = options_.loss / kLostInBurst;
    bad_ = bad_ ? !chance(kLeaveBurst) : chance(kLeaveBurst * in_burst / (1 - in_burst));
    return lost;
}

void Channel::send(int station, std::string packet, BoxTime now, Ended ended) {
    const auto airtime = this->airtime(packet.size());
    all_airtime_ += airtime;
    bytes_ += packet.size();
    OnAir frame{station, std::move(packet), now, now + std::chrono::ceil<milliseconds>(airtime),
                false,   std::move(ended)};
    for (OnAir& other : on_air_) other.spoilt = frame.spoilt = true;
    on_air_.push_back(std::move(frame));
}

void Channel::gone(int station) {
    for (OnAir& frame : on_air_)
        if (frame.station == station) frame.ended = [](BoxTime) {};
}

BoxTime Channel::next() const {
    BoxTime next = BoxTime::max();
    for (const OnAir& frame : on_air_) next = std::min(next, frame.ends);
    return next;
}

void Channel::run(BoxTime now) {
    const auto done = std::find_if(on_air_.begin(), on_air_.end(),
                                   [&](const OnAir& frame) { return frame.ends <= now; });
    if (done == on_air_.end()) return;
    const OnAir frame = std::move(*done);
    on_air_.erase(done);
    members_[static_cast<std::size_t>(frame.station)].deaf_until = now + options_.turn_round;
    spoilt_ += frame.spoilt ? 1 : 0;
    frame.ended(now);
    if (!frame.spoilt && !lost()) deliver(frame, now);
    mischief(frame, now);
}

void Channel::deliver(const OnAir& frame, BoxTime now) {
    std::string packet = frame.packet;
    if (chance(options_.flips)) {
        const std::size_t bit = random_->below(packet.size() * 8);
        packet[bit / 8] = static_cast<char>(packet[bit / 8] ^ 1 << bit % 8);
    }
    const int times = chance(options_.duplicates) ? 2 : 1;
    for (std::size_t i = 0; i < members_.size(); ++i) {
        if (static_cast<int>(i) == frame.station || members_[i].deaf_until > frame.began) continue;
        for (int n = 0; n < times; ++n) members_[i].hear(packet, now);
    }
}

void Channel::mischief(const OnAir& frame, BoxTime now) {
    if (options_.replays > 0) old_.push_back(frame.packet);
    if (chance(options_.replays)) {
        const std::string again = old_[random_->below(old_.size())];
        for (Member& member : members_) member.hear(again, now);
    }
    if (!chance(options_.strangers)) return;
    std::string noise(random_->below(256), '\0');
    for (char& c : noise) c = static_cast<char>(random_->below(256));
    for (Member& member : members_) member.hear(noise, now);
}

}  // namespace waypost::trunk
