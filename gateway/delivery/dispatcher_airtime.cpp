// SPDX-License-Identifier: Apache-2.0
// The dispatcher's turns on networks of radios, where what is shared is airtime.
#include <algorithm>
#include <array>

#include "gateway/delivery/dispatcher.h"

namespace waypost {
namespace {

constexpr std::array kTakeTurns{Priority::Urgent, Priority::Normal, Priority::Bulk};
constexpr int kMostTurns = 4000;  // people that one round looks at: more than a mesh holds

}  // namespace

// Who waits is read once a round, by one step in an index for each of them; who comes meanwhile
// wakes the next round.
std::size_t Dispatcher::fill_by_airtime(const std::string& network) {
    std::size_t handed = 0;
    Looked looked;
    while (any_room(network, Priority::Alarm) && hand_next(network, Priority::Alarm, looked))
        ++handed;
    if (!any_room(network, Priority::Urgent)) return handed;
    std::vector<Waiting> waiting = waiting_on(network);
    const milliseconds hour = hourly_airtime(network);
    while (!waiting.empty() && any_room(network, Priority::Urgent)) {
        {
            const std::lock_guard lock(mutex_);
            turns_of(network).set_budget(hour);
            turns_of(network).sort(waiting, box_.clock.box());
        }
        const auto next = std::find_if(waiting.begin(), waiting.end(), [&](const Waiting& each) {
            Ready& ready = looked[{each.priority, each.turn}];
            return hand_one(network, each.turn, ready, [&](store::Tables& t, int most) {
                return t.deliveries.ready_of_turn(network, each.priority, each.turn, most);
            });
        });
        if (next == waiting.end()) return handed;
        ++handed;
        // Those before him have nothing that can go now.
        waiting.erase(waiting.begin(), next);
    }
    return handed;
}

std::vector<Waiting> Dispatcher::waiting_on(const std::string& network) const {
    std::vector<Waiting> waiting;
    const store::Ms wall = box_.wall_ms();
    const BoxTime now = box_.clock.box();
    for (const Priority priority : kTakeTurns) {
        const auto turns = box_.store.read(
            [&](store::Tables& t) { return t.deliveries.turns(network, priority, kMostTurns); });
        if (!turns.ok()) continue;
        for (const store::TurnRow& row : *turns) {
            const milliseconds age(std::max<store::Ms>(wall - row.since_ms, 0));
            waiting.push_back({priority, row.turn, now - age});
        }
    }
    return waiting;
}

milliseconds Dispatcher::hourly_airtime(const std::string& network) const {
    milliseconds sum{0};
    for (const auto& transport : transports_.of_network(network)) {
        const Status status = transport->status();
        if (status.airtime_limited) sum += status.airtime_used + status.airtime_left;
    }
    return sum;
}

// Nobody pays for an alarm.
void Dispatcher::charge(const store::DeliveryRow& row, Hand& hand) {
    if (!box_.router.ordered(row.network) || row.priority == Priority::Alarm) return;
    Turns& turns = turns_of(row.network);
    hand.charged = turns.estimate();
    turns.take(hand.turn, hand.charged, box_.clock.box());
}

void Dispatcher::spent(DeliveryId id, const Outcome& outcome) {
    const std::lock_guard lock(mutex_);
    const auto found = hands_.find(id);
    if (found == hands_.end()) return;
    Hand& hand = found->second;
    if (hand.charged == milliseconds(0)) return;
    if (outcome.kind == Outcome::Kind::NotTried) {
        if (outcome.code != kNoAirtime || !outcome.retry_after) return;
        BoxTime& until = paused_[hand.transport];
        until = std::max(until, box_.clock.box() + *outcome.retry_after);
        return;
    }
    hand.counted = true;
    if (outcome.airtime == milliseconds(0)) return;  // it does not say: the estimate stands
    Turns& turns = turns_of(hand.network);
    turns.learn(outcome.airtime);
    turns.spend(hand.turn, outcome.airtime - hand.charged, box_.clock.box());
}

std::optional<BoxTime> Dispatcher::pause_ends() const {
    const std::lock_guard lock(mutex_);
    std::optional<BoxTime> first;
    for (const auto& [id, until] : paused_) first = std::min(first.value_or(until), until);
    return first;
}

void Dispatcher::wake_paused() {
    const std::lock_guard lock(mutex_);
    std::erase_if(paused_, [&](const auto& each) {
        if (box_.clock.box() < each.second) return false;
        if (const auto transport = transports_.find(each.first))
            woken_.insert(transport->network());
        return true;
    });
}

Turns& Dispatcher::turns_of(const std::string& network) {
    return turns_.try_emplace(network, box_.settings->fair_use).first->second;
}

std::map<std::string, std::map<std::string, milliseconds>> Dispatcher::accounts() const {
    const std::lock_guard lock(mutex_);
    std::map<std::string, std::map<std::string, milliseconds>> all;
    for (const auto& [network, turns] : turns_) all[network] = turns.all(box_.clock.box());
    return all;
}

}  // namespace waypost
