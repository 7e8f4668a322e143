// SPDX-License-Identifier: Apache-2.0
// What the office does by itself: starting, listening, keeping house.
#include <ctime>

#include "gateway/base/log.h"
#include "gateway/commands/catalogue.h"
#include "gateway/delivery/attempts.h"
#include "gateway/delivery/office.h"
#include "gateway/delivery/receipts.h"
#include "gateway/delivery/talk.h"

namespace waypost {
namespace {

using std::chrono::milliseconds;

constexpr char kClock[] = "clock";
constexpr milliseconds kHouseEvery = std::chrono::seconds(20);
constexpr milliseconds kRetireEvery = std::chrono::hours(1);
constexpr milliseconds kNoteHeardEvery = std::chrono::minutes(10);
constexpr milliseconds kWakeAgainAfter = std::chrono::minutes(2);
constexpr milliseconds kOutage = std::chrono::minutes(15);
constexpr int kBatch = 200;
// Couriers are slow: a repeat is recognised for the longest expiry plus 60 days.
constexpr milliseconds kKnowDuplicates = std::chrono::hours(24 * (180 + 60));

std::string hour_minute(store::Ms wall_ms) {
    const std::time_t seconds = wall_ms / 1000;
    std::tm local{};
    ::localtime_r(&seconds, &local);
    char text[8];
    std::strftime(text, sizeof text, "%H:%M", &local);
    return text;
}

std::int64_t number_of(const std::optional<std::string>& text) {
    return text && !text->empty() ? std::stoll(*text) : 0;
}

}  // namespace

// Values are small and few (a ledger, a node database): kept in memory, written behind.
class GatewayOffice::DurableState final : public TransportState {
  public:
    DurableState(Box& box, TransportId id) : box_(box), id_(std::move(id)) {}

    std::optional<std::string> get(const std::string& key) const override {
        {
            const std::lock_guard lock(mutex_);
            const auto found = values_.find(key);
            if (found != values_.end()) return found->second;
        }
        auto stored = box_.store.read([&](store::Tables& t) { return t.state.get(id_, key); });
        return stored.ok() ? stored.value() : std::nullopt;
    }
    void put(const std::string& key, std::string value) override {
        {
            const std::lock_guard lock(mutex_);
            values_[key] = value;
        }
        box_.store.writer().submit([id = id_, key, value = std::move(value)](
                                       store::Tables& t) { t.state.put(id, key, value); },
                                   {});
    }
    void erase(const std::string& key) override {
        {
            const std::lock_guard lock(mutex_);
            values_[key] = std::nullopt;
        }
        box_.store.writer().submit([id = id_, key](store::Tables& t) { t.state.erase(id, key); },
                                   {});
    }

  private:
    Box& box_;
    TransportId id_;
    mutable std::mutex mutex_;
    std::map<std::string, std::optional<std::string>> values_;
};

void GatewayOffice::load() {
    reload_people();
    store::Ms last_wall = 0;
    (void)box_.store.read([&](store::Tables& t) {
        last_wall = number_of(t.state.get(kClock, "wall"));
        for (const std::string& network : box_.router.ordered_networks()) {
            for (std::string& uri : t.deliveries.deferred_recipients(network))
                waiting_.emplace(std::move(uri), 0);
        }
        return 0;
    });
    trust_ = std::make_unique<TimeTrust>(box_.clock, last_wall);
    const store::Ms now = box_.wall_ms();
    if (last_wall > 0 && now - last_wall > kOutage.count() && trust_->why().empty()) {
        outage_ = hour_minute(last_wall) + '-' + hour_minute(now);
    }
    log(Level::Info, "office", "open",
        {{"resumed", std::to_string(box_.store.resumed())},
         {"people", std::to_string(box_.directory.get()->persons().size())}});
}

void GatewayOffice::start() {
    dispatcher_.start();
    house_thread_ = std::thread([this] { house_loop(); });
}

void GatewayOffice::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    house_.notify_all();
    if (house_thread_.joinable()) house_thread_.join();
    dispatcher_.stop();
}

void GatewayOffice::step() {
    dispatcher_.wake_all();
    for (bool moved = true; moved;) {
        moved = box_.store.writer().step() > 0;
        moved = dispatcher_.step() > 0 || moved;
    }
}

void GatewayOffice::house_loop() {
    for (;;) {
        keep_house();
        std::unique_lock lock(mutex_);
        house_.wait_for(lock, kHouseEvery, [this] { return stopping_; });
        if (stopping_) return;
    }
}

void GatewayOffice::keep_house() {
    std::vector<std::pair<AttemptId, Outcome>> again;
    bool believed = false;
    {
        const std::lock_guard lock(mutex_);
        again.swap(unwritten_);
        const bool before = trust_->why().empty();
        believed = trust_->look();
        if (before && !believed) log(Level::Error, "clock", "doubted", {{"why", trust_->why()}});
    }
    for (auto& [attempt, outcome] : again) report(attempt, std::move(outcome));
    box_.store.writer().submit(
        [wall = box_.wall_ms(), tick = box_.box_ms(), believed](store::Tables& t) {
            if (believed) t.state.put(kClock, "wall", std::to_string(wall));
            t.state.put(kClock, "box", std::to_string(tick));
        },
        {});
    if (!believed) return;
    expire();
    if (box_.box_ms() - retired_box_ms_ >= kRetireEvery.count()) {
        retired_box_ms_ = box_.box_ms();
        retire();
    }
}

void GatewayOffice::expire() {
    auto effects = std::make_shared<Effects>();
    box_.store.writer().submit(
        [this, effects](store::Tables& tables) {
            *effects = {};
            Ledger ledger(tables, box_, *effects);
            for (store::DeliveryRow& row : tables.deliveries.expired(ledger.now(), kBatch)) {
                if (row.state == State::Sending) continue;  // its outcome is coming
                give_up(ledger, row, State::Expired, "expired", {});
            }
        },
        [this, effects](const Result<void>& stored) {
            if (stored.ok()) follow(*effects);
        });
}

void GatewayOffice::retire() {
    auto files = std::make_shared<std::vector<std::string>>();
    box_.store.writer().submit(
        [this, files](store::Tables& t) {
            const store::Ms now = box_.wall_ms();
            *files = t.messages.forget_ended(now - milliseconds(box_.settings.retention).count(),
                                             kBatch);
            t.state.forget_duplicates(now - kKnowDuplicates.count());
        },
        [this, files](const Result<void>& stored) {
            if (!stored.ok()) return;
            for (const std::string& file : *files) box_.store.bodies().remove(file);
        });
}

void GatewayOffice::heard(const TransportId& transport, const Address& node, Heard heard) {
    const auto people = box_.directory.get();
    const store::EndpointRow* known = people->endpoint(node);
    store::EndpointRow row = known ? *known : store::EndpointRow{};
    const store::Ms now = box_.wall_ms();
    bool changed = known == nullptr;
    if (!heard.name.empty() && heard.name != row.name) changed = true;
    if (!heard.public_key.empty() && row.public_key.empty()) {
        row.public_key = heard.public_key;
        changed = true;
    } else if (!heard.public_key.empty() && heard.public_key != row.public_key &&
               heard.public_key != row.new_key) {
        row.new_key = heard.public_key;
        changed = true;
        log(Level::Warning, "people", "key-changed", {{"radio", node.uri()}});
    }
    if (changed || now - row.heard_ms > kNoteHeardEvery.count()) {
        row.address = node;
        if (!heard.name.empty()) row.name = heard.name;
        row.heard_ms = now;
        row.transport = transport;
        box_.store.writer().submit([row](store::Tables& t) { t.people.put_endpoint(row); },
                                   [this](const Result<void>& stored) {
                                       if (stored.ok()) reload_people();
                                   });
    }
    const std::string network = box_.router.network_of(node);
    wake_recipient(network, node.uri());
    if (const Person* person = people->person_of(node)) {
        wake_recipient(network, waypost::person(person->row.handle).uri());
    }
    if (!outage_.empty()) tell_outage(node);
}

void GatewayOffice::wake_recipient(const std::string& network, const std::string& uri) {
    const store::Ms now = box_.box_ms();
    {
        const std::lock_guard lock(mutex_);
        const auto found = waiting_.find(uri);
        if (found == waiting_.end() ||
            (found->second != 0 && now - found->second < kWakeAgainAfter.count())) {
            return;
        }
        found->second = now;
    }
    box_.store.writer().submit(
        [network, uri, now](store::Tables& t) { t.deliveries.wake_recipient(network, uri, now); },
        [this](const Result<void>&) { dispatcher_.wake_all(); });
}

// Once to each radio that has used the box before, when it is heard again.
void GatewayOffice::tell_outage(const Address& node) {
    auto effects = std::make_shared<Effects>();
    box_.store.writer().submit(
        [this, node, effects](store::Tables& tables) {
            *effects = {};
            if (!tables.state.get("talk", node.uri())) return;
            Talk talk = load_talk(tables, node);
            if (talk.shut_told == outage_) return;
            talk.shut_told = outage_;
            save_talk(tables, node, talk);
            Ledger ledger(tables, box_, *effects);
            const std::size_t dash = outage_.find('-');
            const std::string owner = box_.directory.get()->owner_of(node);
            ledger.say(node,
                       catalogue(language_of(box_, owner))
                           .say("shut", {{"from", outage_.substr(0, dash)},
                                         {"to", outage_.substr(dash + 1)}}),
                       store::Kind::Notice);
        },
        [this, effects](const Result<void>& stored) {
            if (stored.ok()) follow(*effects);
        });
}

TransportState& GatewayOffice::state(const TransportId& transport) {
    const std::lock_guard lock(mutex_);
    auto& state = states_[transport];
    if (!state) state = std::make_unique<DurableState>(box_, transport);
    return *state;
}

void GatewayOffice::reload_people() {
    auto snapshot = box_.store.read([](store::Tables& t) {
        return std::make_shared<const Directory>(t.people.persons(), t.people.endpoints());
    });
    if (snapshot.ok()) box_.directory.set(*snapshot);
}

bool GatewayOffice::room_on_disk() {
    const store::Ms now = box_.box_ms();
    if (disk_looked_ >= 0 && now - disk_looked_ < 1000) return disk_room_;
    disk_looked_ = now;
    const bool room = box_.store.bodies().free_bytes() > box_.settings.keep_free_bytes;
    if (disk_room_.exchange(room) != room) {
        log(room ? Level::Info : Level::Error, "store", room ? "disk-has-room" : "disk-full");
    }
    return room;
}

void GatewayOffice::confirm_time() {
    const std::lock_guard lock(mutex_);
    trust_->confirm();
}

std::string GatewayOffice::time_doubt() const {
    const std::lock_guard lock(mutex_);
    return trust_ ? trust_->why() : std::string();
}

}  // namespace waypost
