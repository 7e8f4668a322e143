// SPDX-License-Identifier: Apache-2.0
#include "tests/trunk/station.h"

#include <algorithm>
#include <stdexcept>

namespace waypost::trunk {

StationOptions side(bool second, std::uint64_t seed) {
    StationOptions options;
    options.second = second;
    options.seed = seed * 2 + (second ? 1 : 0);
    return options;
}

Station::Station(Channel& channel, StationOptions options)
    : channel_(channel), options_(std::move(options)), random_(seeded_random(options_.seed)) {
    number_ = channel_.join([this](const std::string& packet, BoxTime now) {
        if (!off_) act(link_->heard(packet, 5.0F, now), now);
    });
    boot(BoxTime{});
}

FrameLimits Station::limits() const {
    FrameLimits limits;
    limits.payload = options_.payload;
    return limits;
}

void Station::want(ObjectId id, std::string bytes, Priority priority, BoxTime now) {
    wanted_[id] = {bytes, priority};
    if (!off_ && !link_->offer({id, std::move(bytes), priority}, now).ok())
        throw std::logic_error("the link refuses an object");
}

void Station::boot(BoxTime now) {
    off_ = false;
    ++life_;
    LinkSettings settings;
    settings.psk = Secret(options_.psk);
    settings.link = options_.link;
    settings.second = options_.second;
    link_ = std::make_unique<Link>(std::move(settings), *this, *random_, disk_);
    for (const auto& [id, wanted] : wanted_)
        if (!link_->offer({id, wanted.bytes, wanted.priority}, now).ok())
            throw std::logic_error("the link refuses an object");
    act(link_->start(now), now);
}

void Station::cut_power(BoxTime now) {
    ++cuts_;
    off_ = true;
    commits_.clear();
    channel_.gone(number_);
    off_until_ = now + milliseconds(static_cast<std::int64_t>(random_->below(20'000)));
}

bool Station::power_fails() {
    if (cut_at_ >= 0 && cut_at_-- == 0) return true;
    return options_.power_cuts > 0 &&
           static_cast<double>(random_->below(1'000'000)) < options_.power_cuts * 1e6;
}

// In the order that LinkActions asks for; between any two steps power may fail.
void Station::act(LinkActions actions, BoxTime now) {
    if (off_) return;
    for (const StateRow& row : actions.keep) {
        if (power_fails()) return cut_power(now);
        if (row.value.empty()) {
            disk_.erase(row.key);
        } else {
            disk_[row.key] = row.value;
        }
    }
    for (const ObjectId id : actions.delivered) {
        if (power_fails()) return cut_power(now);
        delivered_.push_back(id);
        wanted_.erase(id);
    }
    for (Received& received : actions.received) {
        const milliseconds wait(static_cast<std::int64_t>(
            random_->below(static_cast<std::uint64_t>(options_.slowest_disk.count()) + 1)));
        commits_.push_back({now + wait, std::move(received)});
    }
    if (!actions.send) return;
    if (power_fails()) return cut_power(now);
    channel_.send(number_, actions.send->bytes, now,
                  [this, id = actions.send->id, life = life_](BoxTime end) {
                      if (life == life_ && !off_)
                          act(link_->fate({id, FrameFate::Sent, 0}, end), end);
                  });
    if (power_fails()) cut_power(now);
}

void Station::commit(const Received& received) {
    for (const std::string& bytes : received.objects) taken_.push_back(bytes);
    disk_[received.keep.key] = received.keep.value;
}

void Station::run(BoxTime now) {
    if (off_) {
        if (now >= off_until_) boot(now);
        return;
    }
    while (!off_ && !commits_.empty() && commits_.front().at <= now) {
        const Received received = std::move(commits_.front().received);
        commits_.pop_front();
        commit(received);
        if (power_fails()) return cut_power(now);
        act(link_->confirm(received.number, now), now);
    }
    if (!off_ && link_->next_tick() <= now) act(link_->tick(now), now);
}

BoxTime Station::next() const {
    if (off_) return off_until_;
    const BoxTime commit = commits_.empty() ? BoxTime::max() : commits_.front().at;
    return std::min(link_->next_tick(), commit);
}

bool run_until_done(Channel& channel, std::vector<Station*> stations, BoxTime& now, BoxTime until) {
    const auto done = [](const Station* s) { return s->done(); };
    while (!std::all_of(stations.begin(), stations.end(), done)) {
        BoxTime next = channel.next();
        for (const Station* station : stations) next = std::min(next, station->next());
        if (next > until) return false;
        now = std::max(now, next);
        while (channel.next() <= now) channel.run(now);
        for (Station* station : stations)
            if (station->next() <= now) station->run(now);
    }
    return true;
}

}  // namespace waypost::trunk
