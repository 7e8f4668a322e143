// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/frame_air.h"

#include <algorithm>
#include <stdexcept>

namespace waypost::simulator {

FrameAir::FrameAir(Random& random, FrameAirOptions options) : random_(random), options_(options) {}

int FrameAir::attach(Hear hear) {
    stations_.push_back(std::move(hear));
    channels_.push_back(0);
    return static_cast<int>(stations_.size()) - 1;
}

void FrameAir::tune(int station, std::uint32_t channel) {
    auto& tuned = channels_.at(static_cast<std::size_t>(station));
    if (tuned == channel) return;
    tuned = channel;
    for (auto& [end, flight] : on_air_) flight.spoiled.insert(station);
}

void FrameAir::link(int from, int to, FrameLoss loss) { links_[{from, to}] = {loss, false}; }

FrameAir::Link& FrameAir::link_between(int from, int to) {
    return links_.try_emplace({from, to}, Link{options_.loss, false}).first->second;
}

bool FrameAir::hears(int from, int to) const {
    const auto known = links_.find({from, to});
    return (known == links_.end() ? options_.loss : known->second.loss).rate < 1;
}

bool FrameAir::chance(double share) {
    constexpr double kSteps = 1U << 31;
    return static_cast<double>(random_.below(1U << 31)) < share * kSteps;
}

bool FrameAir::lost(Link& link) {
    const FrameLoss& loss = link.loss;
    if (loss.burst <= 0 || loss.rate >= loss.inside) return chance(loss.rate);
    const double bad_share = loss.rate / loss.inside;
    const double leave_bad = 1 / std::max(loss.burst, 1.0);
    const double enter_bad = leave_bad * bad_share / (1 - bad_share);
    if (chance(link.bad ? leave_bad : enter_bad)) link.bad = !link.bad;
    return link.bad && chance(loss.inside);
}

BoxTime FrameAir::transmit(int station, std::string bytes, microseconds airtime, BoxTime now) {
    if (sending(station, now)) throw std::logic_error("a station sends one frame at a time");
    const BoxTime end = now + std::chrono::ceil<milliseconds>(airtime);
    Flight flight{{station, std::move(bytes), options_.rssi_dbm, options_.snr_db, end},
                  channels_.at(static_cast<std::size_t>(station)),
                  {station}};
    for (auto& [other_end, other] : on_air_) {
        if (other_end <= now) continue;
        other.spoiled.insert(station);  // half duplex
        flight.spoiled.insert(other.frame.from);
        if (other.channel == flight.channel) collide(flight, other);
    }
    on_air_.emplace(end, std::move(flight));
    used_ += airtime;
    ++frames_;
    return end;
}

void FrameAir::collide(Flight& one, Flight& other) {
    ++collisions_;
    for (int listener = 0; listener < static_cast<int>(stations_.size()); ++listener) {
        if (!hears(one.frame.from, listener) || !hears(other.frame.from, listener)) continue;
        one.spoiled.insert(listener);
        other.spoiled.insert(listener);
    }
}

bool FrameAir::busy(int station, BoxTime now) const {
    const auto channel = channels_.at(static_cast<std::size_t>(station));
    return std::any_of(on_air_.begin(), on_air_.end(), [&](const auto& entry) {
        const auto& [end, flight] = entry;
        return end > now && flight.channel == channel && flight.frame.from != station &&
               hears(flight.frame.from, station);
    });
}

bool FrameAir::sending(int station, BoxTime now) const {
    return std::any_of(on_air_.begin(), on_air_.end(), [&](const auto& entry) {
        return entry.first > now && entry.second.frame.from == station;
    });
}

void FrameAir::step(BoxTime now) {
    while (!on_air_.empty() && on_air_.begin()->first <= now) {
        const Flight flight = std::move(on_air_.extract(on_air_.begin()).mapped());
        deliver(flight);
    }
}

BoxTime FrameAir::next() const { return on_air_.empty() ? BoxTime::max() : on_air_.begin()->first; }

void FrameAir::deliver(const Flight& flight) {
    for (int to = 0; to < static_cast<int>(stations_.size()); ++to) {
        if (to == flight.frame.from || channels_[static_cast<std::size_t>(to)] != flight.channel)
            continue;
        // Drawn also for frames that are spoiled: the weather does not depend on the traffic.
        const bool lost_to_noise = lost(link_between(flight.frame.from, to));
        if (lost_to_noise || flight.spoiled.count(to) != 0) continue;
        AirFrame heard = flight.frame;
        if (!heard.bytes.empty() && chance(options_.damaged)) {
            const auto bit = random_.below(heard.bytes.size() * 8);
            heard.bytes[bit / 8] = static_cast<char>(heard.bytes[bit / 8] ^ (1 << bit % 8));
        }
        stations_[static_cast<std::size_t>(to)](heard);
    }
}

}  // namespace waypost::simulator
