// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/air.h"

#include <cmath>

namespace waypost::simulator {
namespace {

constexpr std::size_t kRadioHeader = 16;  // to, from, id, flags, channel hash, next hop, relay node
constexpr std::size_t kPkcOverhead = 12;  // tag and extra nonce of a sealed direct message
constexpr double kChance = 1'000'000;

// The weakest signal that LoRa still reads, in dB over noise (SX126x data sheet, 6.1.1.1).
double snr_limit(const LoraParams& lora) { return -7.5 - 2.5 * (lora.spreading_factor - 7); }

}  // namespace

Link link_over(double metres, const LoraParams& lora) {
    const double snr = 10 - 29 * std::log10(std::max(metres, 20.0) / 500);
    const double margin = snr - snr_limit(lora);
    if (margin < -5) return {1, static_cast<float>(snr)};
    return {1 / (1 + std::exp(1.2 * margin)), static_cast<float>(std::min(snr, 12.0))};
}

Air::Air(Scheduler& scheduler, Random& random, AirOptions options)
    : scheduler_(scheduler), random_(random), options_(options) {}

int Air::add(Antenna& antenna) {
    antennas_.push_back(&antenna);
    return static_cast<int>(antennas_.size()) - 1;
}

void Air::link(int a, int b, Link link) { links_[std::minmax(a, b)] = link; }

void Air::place(int antenna, double x, double y) { places_[antenna] = {x, y}; }

std::optional<Link> Air::hears(int a, int b) const {
    Link link{options_.loss};
    const auto given = links_.find(std::minmax(a, b));
    const auto here = places_.find(a);
    const auto there = places_.find(b);
    if (given != links_.end()) {
        link = given->second;
    } else if (here != places_.end() && there != places_.end()) {
        const double metres = std::hypot(here->second.first - there->second.first,
                                         here->second.second - there->second.second);
        link = link_over(metres, options_.lora);
        link.loss = 1 - (1 - link.loss) * (1 - options_.loss);
    }
    if (link.loss >= 1) return std::nullopt;
    return link;
}

milliseconds Air::airtime(const pb::MeshPacket& packet) const {
    const std::size_t bytes = kRadioHeader + packet.decoded().ByteSizeLong() +
                              (packet.pki_encrypted() ? kPkcOverhead : 0);
    return std::chrono::ceil<milliseconds>(
        time_on_air(options_.lora, std::min<std::size_t>(bytes, 255)));
}

bool Air::busy(int listener) const {
    return std::any_of(sending_.begin(), sending_.end(), [&](const auto& entry) {
        const int sender = entry.second.sender;
        return sender == listener || hears(sender, listener).has_value();
    });
}

void Air::tell(AirEvent::What what, int from, int to, std::uint32_t id) {
    if (watcher_) watcher_({scheduler_.now(), what, from, to, id});
}

// Who sends hears nothing; who hears two at once hears the much stronger one, or neither.
void Air::collide(Sending& mine, Sending& other) {
    mine.spoiled.insert(other.sender);
    other.spoiled.insert(mine.sender);
    bool spoiled = false;
    for (int i = 0; i < static_cast<int>(antennas_.size()); ++i) {
        if (i == mine.sender || i == other.sender) continue;
        const auto a = hears(mine.sender, i);
        const auto b = hears(other.sender, i);
        if (!a || !b) continue;
        const float stronger = a->snr - b->snr;
        if (stronger < options_.capture_db) mine.spoiled.insert(i);
        if (-stronger < options_.capture_db) other.spoiled.insert(i);
        spoiled = true;
    }
    if (spoiled) ++collisions_;
}

void Air::transmit(int sender, const OnAir& frame) {
    const milliseconds length = airtime(frame.packet);
    const std::uint64_t number = ++transmissions_;
    Sending mine{sender, {}};
    for (auto& [other_number, other] : sending_) collide(mine, other);
    sending_.emplace(number, std::move(mine));
    used_ += length;
    tell(AirEvent::What::Sent, sender, -1, frame.packet.id());
    scheduler_.after(length, [this, number, frame] { finish(number, frame); });
}

void Air::finish(std::uint64_t number, const OnAir& frame) {
    const Sending done = sending_.at(number);
    sending_.erase(number);
    for (int i = 0; i < static_cast<int>(antennas_.size()); ++i) {
        Antenna& listener = *antennas_[static_cast<std::size_t>(i)];
        if (i == done.sender || !listener.on()) continue;
        const auto link = hears(done.sender, i);
        if (!link) continue;
        const std::uint32_t id = frame.packet.id();
        if (done.spoiled.count(i) > 0) {
            tell(AirEvent::What::Collided, done.sender, i, id);
        } else if (static_cast<double>(random_.below(1'000'000)) < link->loss * kChance) {
            tell(AirEvent::What::Lost, done.sender, i, id);
        } else {
            tell(AirEvent::What::Heard, done.sender, i, id);
            listener.receive(frame, link->snr);
        }
    }
}

}  // namespace waypost::simulator
