// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/shared_radio.h"

#include <algorithm>

namespace waypost::trunk {

void SharedRadio::join(TrunkPost& post) {
    members_.push_back({&post, false});
    turns_.join(post);
}

void SharedRadio::leave(TrunkPost& post) {
    std::erase_if(members_, [&post](const Member& each) { return each.post == &post; });
    turns_.leave(post);
    if (last_ == &post) last_ = nullptr;
    if (in_air_ && in_air_->post == &post) in_air_->post = nullptr;
}

// Who has something urgent comes first; the others from behind the one who sent last.
std::vector<TrunkPost*> SharedRadio::in_turn() const {
    std::vector<TrunkPost*> all;
    for (const Member& each : members_) all.push_back(each.post);
    const auto last = std::find(all.begin(), all.end(), last_);
    if (last != all.end()) std::rotate(all.begin(), last + 1, all.end());
    std::stable_partition(all.begin(), all.end(),
                          [](const TrunkPost* each) { return each->link().urgent_waits(); });
    return all;
}

void SharedRadio::run(BoxTime now) {
    for (Member& each : members_)
        if (!std::exchange(each.started, true)) each.post->start(now);
    const bool free = turns_.free(now);
    share_air();
    // Whoever waited for the air looks again in this order, and not when its own time comes.
    for (TrunkPost* post : in_turn()) post->run(now, free && !was_free_);
    was_free_ = turns_.free(now);
}

void SharedRadio::share_air() {
    for (const Member& each : members_) {
        bool wait = false, urgent = false;
        for (const Member& other : members_) {
            if (other.post == each.post || !other.post->up()) continue;
            wait |= !other.post->link().idle();
            urgent |= other.post->link().urgent_waits();
        }
        each.post->share_air(wait, urgent);
    }
}

BoxTime SharedRadio::next() const {
    BoxTime next = BoxTime::max();
    for (const Member& each : members_)
        next = std::min(next, each.started ? each.post->next() : BoxTime{});
    return next;
}

std::optional<SharedRadio::Leaving> SharedRadio::frame() {
    if (in_air_) return std::nullopt;
    for (TrunkPost* post : in_turn()) {
        const bool urgent = post->frame_is_urgent();
        auto frame = post->frame();
        if (!frame) continue;
        in_air_ = InAir{++last_id_, std::exchange(frame->id, last_id_), post};
        last_ = post;
        return Leaving{std::move(*frame), urgent};
    }
    return std::nullopt;
}

// All posts write to one store, in the order in which they ask.
bool SharedRadio::on_disk() const { return members_.empty() || members_.front().post->on_disk(); }

void SharedRadio::wait_for_disk() {
    if (!members_.empty()) members_.front().post->wait_for_disk();
}

void SharedRadio::heard(const FrameIn& frame, BoxTime now) {
    for (const Member& each : members_)
        if (each.post->heard(frame, now)) return;
    if (const auto time = still_to_come(frame.bytes, air_)) turns_.overheard(now + *time);
}

void SharedRadio::fate(const FrameReport& report, BoxTime now) {
    if (!in_air_ || report.id != in_air_->id) return;
    const InAir ended = *std::exchange(in_air_, std::nullopt);
    if (ended.post != nullptr) ended.post->fate({ended.link_id, report.fate, report.retries}, now);
}

void SharedRadio::renew(BoxTime now) {
    for (const Member& each : members_) each.post->renew(now);
}

}  // namespace waypost::trunk
