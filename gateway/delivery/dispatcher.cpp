// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/dispatcher.h"

#include <algorithm>
#include <array>

#include "gateway/base/log.h"

namespace waypost {
namespace {

constexpr std::array kPriorities{Priority::Alarm, Priority::Urgent, Priority::Normal,
                                 Priority::Bulk};
// The thread looks round all networks this often, whoever calls for one of them: what has waited in
// vain for an instance to open has no other call. Box time runs on while the machine sleeps
// lightly.
constexpr std::chrono::seconds kLongestSleep{5};
constexpr int kAlarmRoom = 16;                        // beside an instance's window
constexpr int kOwnersALook = 16, kOfOwnerALook = 32;  // for what waits for an instance that is down
constexpr int kLookPast = 8;  // of one turn's, to find one for which there is a way now
constexpr int kRead = 64;     // of one turn's that are ready and not in hand

}  // namespace

Dispatcher::Dispatcher(Box& box, Transports& transports)
    : box_(box), began_(box.clock.box()), transports_(transports) {}
Dispatcher::~Dispatcher() { stop(); }

void Dispatcher::start() {
    wake_all();
    thread_ = std::thread([this] { loop(); });
}

void Dispatcher::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Dispatcher::wake(const std::string& network) {
    {
        const std::lock_guard lock(mutex_);
        woken_.insert(network);
    }
    changed_.notify_one();
}

void Dispatcher::wake_all() {
    for (const auto& transport : transports_.all()) wake(transport->network());
}

void Dispatcher::release(DeliveryId id, bool try_more) {
    {
        const std::lock_guard lock(mutex_);
        const auto hand = hands_.find(id);
        if (hand == hands_.end()) return;
        const Hand& held = hand->second;
        if (try_more) woken_.insert(held.network);
        if (!held.counted && held.charged > milliseconds(0))
            turns_of(held.network).give_back(held.turn, held.charged, box_.clock.box());
        let_go(hand);
    }
    changed_.notify_one();
}

void Dispatcher::release_all_of(const TransportId& transport) {
    std::vector<DeliveryId> all;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, hand] : hands_)
            if (hand.transport == transport) all.push_back(id);
    }
    for (const DeliveryId id : all) release(id);
}

std::size_t Dispatcher::held_by(const TransportId& transport) const {
    const std::lock_guard lock(mutex_);
    const auto held = held_.find(transport);
    return held == held_.end() ? 0 : static_cast<std::size_t>(held->second);
}

Shown Dispatcher::shown(DeliveryId id) const {
    const std::lock_guard lock(mutex_);
    const auto hand = hands_.find(id);
    return hand == hands_.end() ? Shown{} : hand->second.shown;
}

TransportId Dispatcher::transport_of(DeliveryId id) const {
    const std::lock_guard lock(mutex_);
    const auto hand = hands_.find(id);
    return hand == hands_.end() ? TransportId{} : hand->second.transport;
}

bool Dispatcher::in_hand(DeliveryId id) const {
    const std::lock_guard lock(mutex_);
    return hands_.count(id) > 0;
}

void Dispatcher::loop() {
    for (BoxTime looked = box_.clock.box();;) {
        step();
        const auto next = box_.store.read([](store::Tables& t) { return t.deliveries.next_due(); });
        std::unique_lock lock(mutex_);
        if (stopping_) return;
        std::chrono::milliseconds sleep = kLongestSleep;
        for (const auto& [id, until] : paused_)
            sleep = std::clamp(until - box_.clock.box(), std::chrono::milliseconds(1), sleep);
        if (next.ok() && next.value()) {
            const std::chrono::milliseconds until(*next.value() - box_.box_ms());
            sleep = std::clamp(until, std::chrono::milliseconds(1), sleep);
        }
        const bool called =
            changed_.wait_for(lock, sleep, [this] { return stopping_ || !woken_.empty(); });
        if (stopping_) return;
        lock.unlock();
        if (called && box_.clock.box() - looked < kLongestSleep) continue;
        looked = box_.clock.box();
        wake_all();
    }
}

std::size_t Dispatcher::step() {
    wake_due();
    wake_paused();
    std::set<std::string> networks;
    {
        const std::lock_guard lock(mutex_);
        networks.swap(woken_);
    }
    std::size_t handed = 0;
    for (const std::string& network : networks) {
        handed += fill(network);
        tell_wanted(network);
    }
    return handed;
}

void Dispatcher::wake_due() {
    const store::Ms now = box_.box_ms();
    const auto next = box_.store.read([](store::Tables& t) { return t.deliveries.next_due(); });
    if (!next.ok() || !next.value() || *next.value() > now || due_pending_.exchange(true)) return;
    auto networks = std::make_shared<std::vector<std::string>>();
    box_.store.writer().submit(
        [networks, now](store::Tables& t) { *networks = t.deliveries.wake_due(now); },
        [this, networks](const Result<void>&) {
            due_pending_ = false;
            for (const std::string& network : *networks) wake(network);
        });
}

std::size_t Dispatcher::fill(const std::string& network) {
    if (box_.router.ordered(network)) return fill_by_airtime(network);
    std::size_t handed = 0;
    Looked looked;
    for (const Priority priority : kPriorities) {
        while (any_room(network, priority) && hand_next(network, priority, looked)) ++handed;
    }
    return handed;
}

// One turn: the next owner in order after the one served last who has something that can go.
bool Dispatcher::hand_next(const std::string& network, Priority priority, Looked& looked) {
    std::string& last = turn_[network + '/' + std::to_string(static_cast<int>(priority))];
    const std::string first_tried = last;
    bool wrapped = false;
    for (;;) {
        const auto next = box_.store.read(
            [&](store::Tables& t) { return t.deliveries.next_owner(network, priority, last); });
        if (!next.ok()) return false;
        if (!next.value()) {
            if (wrapped || last.empty()) return false;
            wrapped = true;
            last.clear();
            continue;
        }
        last = **next;
        const bool handed =
            hand_one(network, last, looked[{priority, last}], [&](store::Tables& t, int most) {
                return t.deliveries.ready_of(network, priority, last, most);
            });
        if (handed) return true;
        if (wrapped && last >= first_tried) return false;
    }
}

// What is ready by now and was not then wakes the next look.
bool Dispatcher::hand_one(
    const std::string& network, const std::string& turn, Ready& ready,
    const std::function<std::vector<DeliveryId>(store::Tables&, int most)>& read) {
    auto& [ids, more] = ready;
    if (ids.empty() && more) {
        const int most = in_hand_of(network, turn) + kRead;
        const auto all = box_.store.read([&](store::Tables& t) { return read(t, most); });
        if (!all.ok()) return false;
        more = all->size() == static_cast<std::size_t>(most);
        std::copy_if(all->begin(), all->end(), std::back_inserter(ids),
                     [this](DeliveryId id) { return !in_hand(id); });
    }
    for (int tried = 0; tried < kLookPast && !ids.empty(); ++tried) {
        const DeliveryId id = ids.front();
        ids.pop_front();
        if (hand_over(id, turn)) return true;
    }
    return false;
}

std::vector<store::DeliveryRow> Dispatcher::waiting_of(const std::string& network,
                                                       Priority priority,
                                                       const std::string& owner) const {
    const auto rows = box_.store.read([&](store::Tables& t) {
        std::vector<store::DeliveryRow> found;
        for (const DeliveryId id : t.deliveries.ready_of(network, priority, owner, kOfOwnerALook)) {
            if (in_hand(id)) continue;
            if (auto row = t.deliveries.find(id)) found.push_back(std::move(*row));
        }
        return found;
    });
    return rows.ok() ? *rows : std::vector<store::DeliveryRow>{};
}

// So many owners a look, the next look goes on behind them: all are seen, and none costs much.
void Dispatcher::tell_wanted(const std::string& network) {
    BoxTime& look_at = look_at_[network];
    if (box_.clock.box() < look_at) return;
    look_at = box_.clock.box() + kLongestSleep;
    std::set<TransportId> down;
    for (const auto& transport : transports_.of_network(network))
        if (!transport->up()) down.insert(transport->id());
    for (const Priority priority : kPriorities) {
        if (down.empty()) return;
        std::string& last = looked_at_[network + '/' + std::to_string(static_cast<int>(priority))];
        for (int owners = 0; owners < kOwnersALook && !down.empty(); ++owners) {
            const auto next = box_.store.read(
                [&](store::Tables& t) { return t.deliveries.next_owner(network, priority, last); });
            last = next.ok() && next.value() ? **next : std::string();
            if (last.empty()) break;
            for (const store::DeliveryRow& row : waiting_of(network, priority, last)) {
                Address endpoint;
                const auto transport = choose(row, endpoint, false);
                if (transport && down.erase(transport->id()) > 0) transport->wanted();
            }
        }
    }
}

std::optional<Dispatcher::Prepared> Dispatcher::prepare(store::Tables& tables,
                                                        DeliveryId id) const {
    auto row = tables.deliveries.find(id);
    if (!row || row->state != State::Ready) return std::nullopt;
    const auto message = tables.messages.find(row->message);
    if (!message) {
        log(Level::Error, "dispatcher", "unreadable", {{"delivery", std::to_string(id)}});
        return std::nullopt;
    }
    const bool back = message->kind == store::Kind::TakeBack;
    Address endpoint = row->recipient;
    auto transport = back ? left_by(*row) : choose(*row, endpoint);
    if (!transport || room(*transport, row->priority) <= 0) return std::nullopt;
    auto composed = compose(tables, box_, *row, *message, endpoint, transport->limits());
    return Prepared{std::move(*row), std::move(transport), std::move(composed)};
}

bool Dispatcher::hand_over(DeliveryId id, const std::string& turn) {
    auto read = box_.store.read_together([&](store::Tables& t) { return prepare(t, id); });
    if (!read.ok()) {
        log(Level::Error, "dispatcher", "unreadable",
            {{"delivery", std::to_string(id)}, {"why", read.error().text}});
        return false;
    }
    if (!read.value()) return false;
    auto& [row, transport, composed] = *read.value();
    {
        Hand hand{row.network, turn, transport->id(), composed.shown, {}, false};
        const std::lock_guard lock(mutex_);
        charge(row, hand);
        take_in_hand(id, std::move(hand));
    }
    transport->deliver(std::move(composed.delivery));
    return true;
}

void Dispatcher::take_in_hand(DeliveryId id, Hand hand) {
    ++held_[hand.transport];
    ++turns_in_hand_[{hand.network, hand.turn}];
    hands_[id] = std::move(hand);
}

void Dispatcher::let_go(std::map<DeliveryId, Hand>::iterator hand) {
    const auto less = [](auto& counts, const auto& key) {
        const auto count = counts.find(key);
        if (count != counts.end() && --count->second == 0) counts.erase(count);
    };
    less(held_, hand->second.transport);
    less(turns_in_hand_, std::pair(hand->second.network, hand->second.turn));
    hands_.erase(hand);
}

// An alarm waits for no verdict on what went before it.
int Dispatcher::room(const Transport& transport, Priority priority) const {
    const std::lock_guard lock(mutex_);
    if (priority != Priority::Alarm && paused_.count(transport.id()) > 0) return 0;
    const auto held = held_.find(transport.id());
    const int window = transport.limits().window + (priority == Priority::Alarm ? kAlarmRoom : 0);
    return window - (held == held_.end() ? 0 : held->second);
}

bool Dispatcher::any_room(const std::string& network, Priority priority) const {
    const auto instances = transports_.of_network(network);
    return std::any_of(instances.begin(), instances.end(), [&](const auto& transport) {
        return transport->up() && room(*transport, priority) > 0;
    });
}

int Dispatcher::in_hand_of(const std::string& network, const std::string& turn) const {
    const std::lock_guard lock(mutex_);
    const auto found = turns_in_hand_.find({network, turn});
    return found == turns_in_hand_.end() ? 0 : found->second;
}

}  // namespace waypost
