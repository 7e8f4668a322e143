// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/air.h"

#include <algorithm>

namespace waypost::simulator {
namespace {

constexpr std::size_t kRadioHeader = 16;  // to, from, id, flags, channel hash, next hop, relay node
constexpr std::size_t kPkcOverhead = 12;  // tag and extra nonce of a sealed direct message

}  // namespace

Air::Air(Scheduler& scheduler, Random& random, AirOptions options)
    : scheduler_(scheduler), random_(random), options_(options) {}

int Air::add(Antenna& antenna) {
    antennas_.push_back(&antenna);
    return static_cast<int>(antennas_.size()) - 1;
}

void Air::link(int a, int b, double loss) { links_[std::minmax(a, b)] = loss; }

double Air::loss(int a, int b) const {
    const auto found = links_.find(std::minmax(a, b));
    return found == links_.end() ? options_.loss : found->second;
}

milliseconds Air::airtime(const pb::MeshPacket& packet) const {
    const std::size_t bytes = kRadioHeader + packet.decoded().ByteSizeLong() +
                              (packet.pki_encrypted() ? kPkcOverhead : 0);
    return std::chrono::duration_cast<milliseconds>(
               time_on_air(options_.lora, std::min<std::size_t>(bytes, 255))) +
           milliseconds(1);
}

bool Air::busy(int listener) const {
    return std::any_of(sending_.begin(), sending_.end(), [&](const auto& entry) {
        return entry.second.sender != listener && loss(entry.second.sender, listener) < 1;
    });
}

void Air::transmit(int sender, const pb::MeshPacket& packet) {
    const milliseconds length = airtime(packet);
    const std::uint64_t number = ++transmissions_;
    Sending mine{sender, scheduler_.now(), scheduler_.now() + length, {}};
    // Who hears two at once hears neither; who sends hears nothing.
    for (auto& [other_number, other] : sending_) {
        for (int i = 0; i < static_cast<int>(antennas_.size()); ++i) {
            const bool hears_both = loss(sender, i) < 1 && loss(other.sender, i) < 1;
            if (!hears_both && i != sender && i != other.sender) continue;
            mine.spoiled.push_back(i);
            other.spoiled.push_back(i);
        }
        ++collisions_;
    }
    sending_.emplace(number, std::move(mine));
    used_ += length;
    scheduler_.after(length, [this, number, packet] { finish(number, packet); });
}

void Air::finish(std::uint64_t number, const pb::MeshPacket& packet) {
    const Sending done = sending_.at(number);
    sending_.erase(number);
    for (int i = 0; i < static_cast<int>(antennas_.size()); ++i) {
        if (i == done.sender || !antennas_[static_cast<std::size_t>(i)]->on()) continue;
        if (std::find(done.spoiled.begin(), done.spoiled.end(), i) != done.spoiled.end()) continue;
        const double lost = loss(done.sender, i);
        if (static_cast<double>(random_.below(1'000'000)) < lost * 1e6) continue;
        antennas_[static_cast<std::size_t>(i)]->receive(packet, static_cast<float>(10 - 12 * lost));
    }
}

}  // namespace waypost::simulator
