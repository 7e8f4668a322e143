// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/courier.h"

#include <algorithm>

namespace waypost::nncp {

constexpr std::chrono::seconds kSoon{5};  // what is busy is tried again
constexpr int kMostTries = 12;            // a stick waits a minute for a call to end
constexpr char kRefused[] = "it is not to be used";

using State = StickStatus::State;
using Kind = CourierEvent::Kind;

const char* to_string(State state) {
    switch (state) {
        case State::Asking:
            return "asking";
        case State::Refused:
            return "refused";
        case State::Working:
            return "working";
        case State::Safe:
            return "safe";
        case State::Failed:
            break;
    }
    return "failed";
}

Courier::Courier(const NodeConfig& config, const Spool& spool, CourierOptions options,
                 OnEvent event, CourierParts parts)
    : config_(config),
      spool_(spool),
      options_(std::move(options)),
      event_(std::move(event)),
      parts_(std::move(parts)),
      clock_(parts_.clock != nullptr ? *parts_.clock : system_clock_),
      led_(options_.led),
      old_(folders_in(options_.places.roots)) {
    if (!parts_.devices) parts_.devices = udev_devices();
    if (!parts_.mounter) parts_.mounter = system_mounter(options_.places.mount_folder);
    if (auto book = CourierBook::open(spool, options_.exchange.sync); book.ok())
        book_ = std::move(book).value();
    else
        no_book_ = book.error();
}

Courier::~Courier() { stop(); }

Result<void> Courier::accept(const std::string& id) {
    if (!book_) return *no_book_;
    return book_->set_state(id, StickRecord::State::Accepted);
}

Result<void> Courier::refuse(const std::string& id) {
    if (!book_) return *no_book_;
    const auto done = book_->set_state(id, StickRecord::State::Refused);
    if (done.ok())
        change(id, [this](StickStatus& stick) {
            if (stick.state != State::Asking) return;
            stick.state = State::Refused;
            stick.why = kRefused;
            stick.at = clock_.wall();
        });
    return done;
}

std::vector<StickStatus> Courier::status() const {
    const std::lock_guard lock(mutex_);
    std::vector<StickStatus> all;
    for (const auto& [id, stick] : sticks_) all.push_back(stick);
    return all;
}

void Courier::turn() {
    if (!book_) return;
    const auto changed = folders_.take();
    for (const std::string& key : changed) next_.erase(key);
    if (looking_.exchange(false) || changed.count(kEverywhere) > 0)
        for (const StickStatus& each : status())
            if (each.directory) next_.erase(each.id);
    const auto places = find_places(options_.places, *parts_.devices, old_);
    drop_gone(places);
    watch_folders(places);
    for (const Place& each : places) {
        if (stopping_) break;
        if (due(each)) try_visit(each);
    }
    show();
}

void Courier::drop_gone(const std::vector<Place>& places) {
    const auto here = [&](const std::string& id) {
        return std::any_of(places.begin(), places.end(),
                           [&](const Place& each) { return each.id == id; });
    };
    for (const StickStatus& each : status()) {
        if (here(each.id)) continue;
        served_.erase(each.id);
        tries_.erase(each.id);
        next_.erase(each.id);
        tell(Kind::Gone, each.id);
        const std::lock_guard lock(mutex_);
        sticks_.erase(each.id);
    }
    std::erase_if(old_, [](const auto& each) {
        std::error_code none;
        return !std::filesystem::exists(each, none);
    });
}

bool Courier::due(const Place& place) {
    if (!place.directory && served_.count(place.id) == 0) return true;
    const auto next = next_.find(place.id);
    return next == next_.end() ? place.directory : clock_.box() >= next->second;
}

bool Courier::may_use(const Place& place) {
    const auto& known = options_.known;
    if (std::find(known.begin(), known.end(), place.id) != known.end()) return true;
    const auto record = book_->find(place.id);
    if (record && record->state == StickRecord::State::Accepted) return true;
    const bool refused = record && record->state == StickRecord::State::Refused;
    const State state = refused ? State::Refused : State::Asking;
    for (const StickStatus& each : status())
        if (each.id == place.id && each.state == state) return false;
    if (!record) (void)book_->set_state(place.id, StickRecord::State::Asked, place.name);
    set(place, state, refused ? kRefused : "is this stick to be used?");
    if (!refused) tell(Kind::Ask, place.id);
    return false;
}

// What a visit throws is the trouble of this stick, not of the others nor of the gateway.
void Courier::try_visit(const Place& place) {
    try {
        visit(place);
    } catch (const std::exception& thrown) {
        set(place, State::Failed, thrown.what());
    }
}

void Courier::visit(const Place& place) {
    next_.erase(place.id);
    if (place.directory)
        next_[place.id] = clock_.box() + options_.every;
    else if (may_use(place))
        served_.insert(place.id);
    else
        return;
    serve(place);
}

// Of a directory only what is done there is told: it is visited often.
void Courier::serve(const Place& place) {
    begun_ = !place.directory;
    set(place, State::Working);
    if (begun_) tell(Kind::Began, place.id);
    auto report = carry(place);
    const bool safe = report.ok() && report->safe;
    const auto why =
        !report.ok() ? report.error() : report->stopped.value_or(Error{Code::Internal, {}, true});
    if (why.code == Code::Busy) next_[place.id] = clock_.box() + kSoon;
    if (report.ok()) count(place.id, *report);
    if (safe && report->busy && tries_[place.id]++ < kMostTries) {
        next_[place.id] = clock_.box() + kSoon;
        return set(place, State::Working, "a call is going on; once more when it has ended");
    }
    tries_.erase(place.id);
    set(place, safe ? State::Safe : State::Failed, why.text);
    if (begun_ || !safe) tell(Kind::Ended, place.id, report.ok() ? &*report : nullptr);
}

bool Courier::is_mounted(const Place& place) const {
    for (const Mount& each : read_mounts(options_.places.mountinfo))
        if (each.path == place.path && each.device == place.device.node) return true;
    return false;
}

Result<ExchangeReport> Courier::carry(const Place& found) {
    Place place = found;
    if (place.path.empty()) {
        auto mounted = parts_.mounter->mount(place.device);
        if (!mounted.ok()) return mounted.error();
        place.path = *mounted;
        place.mounted_by_us = true;
        change(place.id, [&](StickStatus& stick) { stick.path = place.path; });
    }
    // Pulled since: its path would lead to the disk below.
    if (!found.path.empty() && !found.device.node.empty() && !is_mounted(found))
        return Error{Code::NotFound, place.path.string() + " is gone: put it back", true};
    auto report = exchange_with_place(place);
    if (!place.mounted_by_us) return report;
    const auto unmounted = parts_.mounter->unmount(place.path);
    if (unmounted.ok()) {
        change(place.id, [](StickStatus& stick) { stick.path.clear(); });
    } else if (report.ok() && report->safe) {
        report->safe = false;
        report->stopped = unmounted.error();
    }
    return report;
}

// Throws nothing: what we mounted is unmounted whatever comes of it.
Result<ExchangeReport> Courier::exchange_with_place(const Place& place) {
    ExchangeOptions how = options_.exchange;
    how.folder = options_.places.folder;
    how.progress = [&](Phase phase, const Progress& now) {
        change(place.id, [&](StickStatus& stick) {
            stick.phase = phase;
            stick.progress = now;
        });
        if (!begun_ && now.all_packets > 0) {
            begun_ = true;
            tell(Kind::Began, place.id);
        }
        if (begun_) tell(Kind::Progress, place.id);
        return !stopping_;
    };
    try {
        return exchange_with(config_, spool_, *book_, place, how, clock_);
    } catch (const std::exception& thrown) {
        return Error{Code::Internal, thrown.what(), true};
    }
}

Result<StickStatus> Courier::exchange(const std::filesystem::path& named) {
    if (!book_) return *no_book_;
    const auto place = place_at(named, options_.places, *parts_.devices);
    if (!place.ok()) return place.error();
    if (place->path.empty() && options_.places.mount_folder.empty())
        return Error{Code::Refused, "mount it first, and name the directory", false};
    const auto accepted = book_->set_state(place->id, StickRecord::State::Accepted, place->name);
    if (!accepted.ok()) return accepted.error();
    tries_[place->id] = kMostTries;  // whoever asked for it decides what to do
    serve(*place);
    const std::lock_guard lock(mutex_);
    return sticks_.at(place->id);
}

void Courier::count(const std::string& id, const ExchangeReport& report) {
    using Outcome = Transfer::Outcome;
    change(id, [&](StickStatus& stick) {
        stick.received = report.received.count(Outcome::Moved, Way::Rx);
        stick.sent = report.sent.count(Outcome::Moved, Way::Tx);
        stick.bytes = report.received.bytes + report.sent.bytes;
        stick.free = report.free;
        stick.left = 0;
        stick.why_left.clear();
        for (const TransferReport* each : {&report.received, &report.sent})
            for (const Transfer& packet : each->transfers)
                if (packet.outcome == Outcome::Left || packet.outcome == Outcome::Damaged) {
                    ++stick.left;
                    if (stick.why_left.empty()) stick.why_left = packet.why;
                }
    });
}

void Courier::set(const Place& place, State state, const std::string& why) {
    {
        const std::lock_guard lock(mutex_);
        StickStatus& stick = sticks_[place.id];
        stick.id = place.id;
        stick.name = place.name;
        stick.directory = place.directory;
        if (state == State::Working || state == State::Asking) stick.path = place.path;
        if (state == State::Working) stick.progress = {};
        stick.state = state;
        stick.why = why;
        stick.at = clock_.wall();
    }
    show();
}

void Courier::change(const std::string& id, const std::function<void(StickStatus&)>& how) {
    const std::lock_guard lock(mutex_);
    const auto found = sticks_.find(id);
    if (found != sticks_.end()) how(found->second);
}

void Courier::tell(Kind kind, const std::string& id, const ExchangeReport* report) {
    CourierEvent event{kind, {}, report};
    {
        const std::lock_guard lock(mutex_);
        event.stick = sticks_.at(id);
    }
    if (event_) event_(event);
}

void Courier::show() {
    bool any[5] = {};
    for (const StickStatus& each : status())
        if (!each.directory) any[static_cast<std::size_t>(each.state)] = true;
    const auto is = [&](State state) { return any[static_cast<std::size_t>(state)]; };
    led_.show(is(State::Working)  ? Led::Show::Busy
              : is(State::Failed) ? Led::Show::Failed
              : is(State::Asking) ? Led::Show::Ask
              : is(State::Safe)   ? Led::Show::Done
                                  : Led::Show::Off);
}

}  // namespace waypost::nncp
