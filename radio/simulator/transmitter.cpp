// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/transmitter.h"

#include <cmath>

namespace waypost::simulator {
namespace {

using std::chrono::minutes;

constexpr double kSlotSymbols = 2.5;
constexpr double kSlotFixedUs = 7600;

std::chrono::microseconds slot_of(const LoraParams& lora) {
    const double symbol_us = std::pow(2.0, lora.spreading_factor) / lora.bandwidth_hz * 1e6;
    return std::chrono::microseconds(std::llround(kSlotSymbols * symbol_us + kSlotFixedUs));
}

}  // namespace

Transmitter::Transmitter(Scheduler& scheduler, Air& air, Random& random, int region)
    : scheduler_(scheduler), air_(air), random_(random), slot_(slot_of(air.lora())) {
    const double share = meshtastic_duty_cycle(region);
    ledger_.set_budget(milliseconds(std::llround(3'600'000 * share)), milliseconds(0));
}

milliseconds Transmitter::slots(double count) const {
    return milliseconds(std::llround(count * static_cast<double>(slot_.count()) / 1000));
}

milliseconds Transmitter::some_slots(int window) {
    const auto most = std::uint64_t{1} << window;
    return slots(static_cast<double>(random_.below(most + 1)));
}

int Transmitter::contention_window() const {
    return 3 + static_cast<int>(std::clamp(channel_utilization(), 0.0F, 100.0F) / 20);
}

bool Transmitter::may_spend(milliseconds airtime) const {
    return ledger_.may_spend(scheduler_.now(), airtime, false);
}

void Transmitter::heard(milliseconds airtime) {
    busy_.emplace_back(scheduler_.now(), airtime);
    while (scheduler_.now() - busy_.front().first > minutes(1)) busy_.pop_front();
}

float Transmitter::channel_utilization() const {
    milliseconds sum{0};
    for (const auto& [at, airtime] : busy_) {
        if (scheduler_.now() - at <= minutes(1)) sum += airtime;
    }
    return std::min(100.0F, static_cast<float>(sum.count()) / 600.0F);
}

float Transmitter::air_util_tx() const {
    return static_cast<float>(ledger_.used(scheduler_.now()).count()) / 36'000.0F;
}

void Transmitter::turn(bool on) {
    on_ = on;
    if (!on) queue_.clear();
}

void Transmitter::queue(OnAir frame, milliseconds delay) {
    if (!on_ || free() == 0) return;
    queue_.push_back({std::move(frame), scheduler_.now() + delay});
    scheduler_.after(delay, [this] { pump(); });
}

bool Transmitter::waiting(std::uint32_t from, std::uint32_t id) const {
    return std::any_of(queue_.begin(), queue_.end(), [&](const Waiting& each) {
        return each.frame.packet.from() == from && each.frame.packet.id() == id;
    });
}

void Transmitter::cancel(std::uint32_t from, std::uint32_t id) {
    queue_.erase(std::remove_if(queue_.begin(), queue_.end(),
                                [&](const Waiting& each) {
                                    return each.frame.packet.from() == from &&
                                           each.frame.packet.id() == id;
                                }),
                 queue_.end());
}

std::vector<Transmitter::Waiting>::iterator Transmitter::most_urgent() {
    auto best = queue_.end();
    for (auto each = queue_.begin(); each != queue_.end(); ++each) {
        if (each->due > scheduler_.now()) continue;
        const bool better =
            best == queue_.end() || each->frame.packet.priority() > best->frame.packet.priority();
        if (better) best = each;
    }
    return best;
}

// One at a time, and not while somebody else is heard.
void Transmitter::pump() {
    if (sending_ || listening_ || !on_) return;
    const auto next = most_urgent();
    if (next == queue_.end()) return;
    if (air_.busy(antenna_)) {
        listening_ = true;
        scheduler_.after(slots(1) + some_slots(contention_window()), [this] {
            listening_ = false;
            pump();
        });
        return;
    }
    const OnAir frame = std::move(next->frame);
    queue_.erase(next);
    if (may_spend(air_.airtime(frame.packet))) {
        transmit(frame);
    } else {
        pump();
    }
}

void Transmitter::transmit(const OnAir& frame) {
    const milliseconds airtime = air_.airtime(frame.packet);
    sending_ = true;
    ledger_.spend(scheduler_.now(), airtime);
    heard(airtime);
    air_.transmit(antenna_, frame);
    if (on_start) on_start(frame);
    scheduler_.after(airtime, [this, frame] {
        sending_ = false;
        if (on_ && on_left) on_left(frame);
        pump();
    });
}

}  // namespace waypost::simulator
