// SPDX-License-Identifier: Apache-2.0
// What the office does by itself: starting, listening, keeping house.
#include <algorithm>

#include "gateway/base/log.h"
#include "gateway/custody/alarm_text.h"
#include "gateway/custody/attempts.h"
#include "gateway/custody/codes.h"
#include "gateway/custody/matters.h"
#include "gateway/custody/outside.h"
#include "gateway/custody/profile.h"
#include "gateway/delivery/durable_state.h"
#include "gateway/delivery/office.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kHouseEvery = std::chrono::seconds(20);
constexpr milliseconds kShortestPause = std::chrono::seconds(1);
constexpr milliseconds kRetireEvery = std::chrono::hours(1);
constexpr std::chrono::hours kKeepAudit{24 * 400};
constexpr std::chrono::hours kKeepSamples{24 * 8};
constexpr milliseconds kNoteClockEvery = std::chrono::minutes(5);
constexpr milliseconds kNoteHeardEvery = std::chrono::minutes(10);
constexpr milliseconds kWakeAgainAfter = std::chrono::minutes(2);
// Couriers are slow: a repeat is recognised for the longest expiry plus 60 days.
constexpr milliseconds kKnowDuplicates = std::chrono::hours(24 * (180 + 60));

// Anybody can say a key in somebody's name: it raises a doubt, and only the holder of the pinned
// key ends it. What the device remembers is no news. True: the row is another.
bool take_in(store::EndpointRow& row, const Heard& heard) {
    const store::EndpointRow before = row;
    const std::string& key = heard.public_key;
    if (!heard.name.empty()) row.name = clean_name(heard.name);
    if (key.empty()) return row.name != before.name;
    if (row.public_key.empty()) {
        row.public_key = key;
    } else if (key != row.public_key) {
        if (heard.key != Heard::Key::Remembered) row.new_key = key;
    } else if (heard.key == Heard::Key::Proven) {
        row.new_key.clear();
    }
    return row.name != before.name || row.public_key != before.public_key ||
           row.new_key != before.new_key;
}

}  // namespace

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
        milliseconds pause = kHouseEvery;
        for (const auto& call : {next_call(), house_call_}) {
            if (call)
                pause =
                    std::min(pause, std::max(milliseconds(*call - box_.box_ms()), kShortestPause));
        }
        std::unique_lock lock(mutex_);
        house_.wait_for(lock, pause, [this] { return stopping_; });
        if (stopping_) return;
    }
}

void GatewayOffice::keep_house() {
    std::vector<std::pair<AttemptId, Outcome>> again;
    bool believed = false;
    milliseconds jump{0};
    {
        const std::lock_guard lock(mutex_);
        again.swap(unwritten_);
        const bool before = trust_->why().empty();
        believed = trust_->look();
        jump = std::exchange(jump_owed_, milliseconds(0)) + trust_->take_jump();
        if (before && !believed) log(Level::Error, "clock", "doubted", {{"why", trust_->why()}});
    }
    for (auto& [attempt, outcome] : again) report(attempt, std::move(outcome));
    room_on_disk();  // to be logged also while nobody asks
    const bool clock = jump != milliseconds(0) || clock_is_worth_writing();
    if (clock) remember_clock(believed, jump);
    end_matters();
    keep_alarms();  // by box time, whatever the clock on the wall shows
    const store::Ms sampled = sampled_box_ms_;
    take_samples(believed && jump == milliseconds(0));
    // In one write with them, instead of the next time.
    if (!clock && sampled != sampled_box_ms_) remember_clock(believed, milliseconds(0));
    if (on_house_) house_call_ = on_house_();
    // After a jump the times on record have to follow first.
    if (!believed || jump != milliseconds(0)) return;
    expire();
    tell_the_late();
    tell_what_waits({});
    keep_groups({});
    if (box_.box_ms() - retired_box_ms_ >= kRetireEvery.count()) {
        retired_box_ms_ = box_.box_ms();
        retire();
    }
}

// Whatever is on record is so before the clock that is remembered, which is what a restart goes on
// from. While nothing happens it is not worth a write that wears out a card.
bool GatewayOffice::clock_is_worth_writing() {
    const store::Ms now = box_.box_ms();
    const auto rows = box_.store.writer().changed_rows();
    const std::lock_guard lock(mutex_);
    return !rows || rows != clock_rows_ || !store_problem_.empty() ||
           now - clock_noted_ms_ >= kNoteClockEvery.count();
}

void GatewayOffice::note_store(const Result<void>& stored) {
    const std::string problem = stored.ok() ? std::string() : stored.error().text;
    const std::lock_guard lock(mutex_);
    if (store_problem_.empty() == problem.empty()) return;
    store_problem_ = problem;
    if (stored.ok()) {
        log(Level::Info, "store", "writes-again");
    } else {
        log(Level::Error, "store", "cannot-write", {{"why", problem}});
    }
}

void GatewayOffice::expire() {
    submit([](Ledger& ledger) {
        for (auto& row : ledger.tables().deliveries.expired(ledger.now(), kBatch)) {
            if (row.state == State::Sending) continue;  // its outcome is coming
            give_up(ledger, row, State::Expired, "expired", {});
        }
    });
}

// By box time, which no jump of the clock moves.
void GatewayOffice::end_matters() {
    submit([](Ledger& ledger) {
        carry_out_due(ledger);
        drop_old_codes(ledger);
    });
}

void GatewayOffice::tell_the_late() {
    submit([](Ledger& ledger) { return tell_late(ledger, kBatch); }, [this] { tell_the_late(); });
}

void GatewayOffice::retire() {
    box_.store.writer().submit(
        [this](store::Tables& t) {
            t.state.forget_duplicates(box_.wall_ms() - kKnowDuplicates.count());
            t.state.forget_use(box_.day() - 1);
            t.console.forget_audit(box_.wall_ms() - milliseconds(kKeepAudit).count());
            t.places.forget(box_.wall_ms() - milliseconds(kKeepPlaces).count());
            t.samples.forget(box_.wall_ms() - milliseconds(kKeepSamples).count(), box_.wall_ms());
        },
        {});
    retire_batch();
    forget_unheard();
}

bool GatewayOffice::closing() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void GatewayOffice::retire_batch() {
    auto forgotten = std::make_shared<std::vector<store::Forgotten>>();
    box_.store.writer().submit(
        [this, forgotten](store::Tables& t) {
            const store::Ms now = box_.wall_ms();
            *forgotten = t.messages.forget_ended(
                now - milliseconds(box_.settings->retention).count(), kBatch);
            for (const store::Forgotten& each : *forgotten) {
                t.deliveries.forget_names(each.message);
                t.events.forget_names(each.message);
                t.items.forget(each.message);
                t.kept.forget(each.message);
                t.wishes.forget(each.message);
                t.posts.forget(each.message);
                t.alarms.forget(each.message);
                t.owed.forget(each.message);
            }
        },
        [this, forgotten](const Result<void>& stored) {
            if (!stored.ok()) return;
            for (const store::Forgotten& each : *forgotten) {
                box_.store.bodies().remove(each.body_file);
            }
            // A busy box retires more than one batch an hour; others get their turn between.
            if (forgotten->size() == kBatch && !closing()) retire_batch();
        });
}

void GatewayOffice::heard(const TransportId& transport, const Address& node, Heard heard) {
    note_came(transport);
    const auto people = box_.directory.get();
    const std::string network = box_.router.network_of(node);
    const store::EndpointRow* known = people->endpoint(node);
    store::EndpointRow row = known ? *known : store::EndpointRow{};
    const bool turned_away = known == nullptr && !room_for_stranger();
    if (!turned_away)
        heard_radios_.note(node, {transport, box_.clock.box(), heard.hops,
                                  heard.snr == 0 ? std::nullopt : std::optional(heard.snr)});
    const bool changed = take_in(row, heard) || known == nullptr;
    if (!turned_away && (changed || box_.wall_ms() - row.heard_ms > kNoteHeardEvery.count())) {
        submit([=, this](Ledger& ledger) { note_heard(ledger, transport, node, heard); });
    }
    if (heard.place && !turned_away) note_place(node, *heard.place);
    wake_recipient(network, node.uri());
    if (const Person* person = people->person_of(node)) {
        wake_recipient(network, waypost::person(person->row.handle).uri());
    }
    if (!outage_.empty() && box_.wall_ms() < outage_told_until_) tell_outage(node);
}

// From the row as it is by now: what came in between, a name above all, must not be undone.
void GatewayOffice::note_heard(Ledger& ledger, const TransportId& transport, const Address& node,
                               const Heard& heard) {
    auto& tables = ledger.tables();
    store::EndpointRow row = tables.people.endpoint(node).value_or(store::EndpointRow{});
    const std::string doubt = row.new_key;
    take_in(row, heard);
    const bool other = row.new_key != doubt;
    if (other) {
        log(row.new_key.empty() ? Level::Info : Level::Warning, "people",
            row.new_key.empty() ? "key-proven" : "key-changed", {{"radio", node.uri()}});
    }
    row.address = node;
    row.heard_ms = box_.wall_ms();
    row.transport = transport;
    tables.people.put_endpoint(row);
    ledger.effects().people_changed = true;
    ledger.effects().networks.insert(ledger.box().router.network_of(node));
    if (other && row.new_key.empty()) key_settled(ledger, node, "its pinned key is heard again");
    if (other) ask_about_key(ledger, row);
}

void GatewayOffice::wake_recipient(const std::string& network, const std::string& uri) {
    const store::Ms now = box_.box_ms();
    {
        const std::lock_guard lock(mutex_);
        const auto found = waiting_.find({network, uri});
        if (found == waiting_.end() ||
            (found->second != 0 && now - found->second < kWakeAgainAfter.count())) {
            return;
        }
        found->second = now;
    }
    auto woken = std::make_shared<std::size_t>(0);
    box_.store.writer().submit(
        [=](store::Tables& t) { *woken = t.deliveries.wake_recipient(network, uri, now); },
        [=, this](const Result<void>& stored) {
            if (stored.ok() && *woken == 0) {
                const std::lock_guard lock(mutex_);
                waiting_.erase({network, uri});
            }
            dispatcher_.wake(network);
        });
}

std::size_t GatewayOffice::hoped_for() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

TransportState& GatewayOffice::state(const TransportId& transport) {
    const std::lock_guard lock(mutex_);
    auto& state = states_[transport];
    if (!state) state = std::make_unique<DurableState>(box_.store, transport);
    return *state;
}

void GatewayOffice::reload_people() {
    auto snapshot = box_.store.read([](store::Tables& t) {
        return std::make_shared<const Directory>(t.people.persons(), t.people.endpoints(),
                                                 t.groups.all(), profiles(t));
    });
    if (snapshot.ok()) box_.directory.set(*snapshot);
    const Result<void> told = on_people_ ? on_people_() : Result<void>();
    const std::lock_guard lock(mutex_);
    const std::string problem = told.ok() ? std::string() : told.error().text;
    if (problem != people_problem_ && !told.ok())
        log(Level::Error, "people", "not-told", {{"why", problem}});
    people_problem_ = problem;
}

std::string GatewayOffice::people_problem() const {
    const std::lock_guard lock(mutex_);
    return people_problem_;
}

bool GatewayOffice::room_on_disk() {
    const store::Ms now = box_.box_ms();
    if (disk_looked_ >= 0 && now - disk_looked_ < 1000) return disk_room_;
    disk_looked_ = now;
    const bool room = box_.store.bodies().free_bytes() > box_.settings->keep_free_bytes;
    if (disk_room_.exchange(room) != room) {
        log(room ? Level::Info : Level::Error, "store", room ? "disk-has-room" : "disk-full");
    }
    return room;
}

std::string GatewayOffice::store_problem() const {
    const std::lock_guard lock(mutex_);
    return store_problem_;
}

bool GatewayOffice::disk_full() { return !room_on_disk(); }

}  // namespace waypost
