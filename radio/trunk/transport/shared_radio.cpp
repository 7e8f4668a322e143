// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/shared_radio.h"

#include <algorithm>

namespace waypost::trunk {

SharedRadio::SharedRadio(const Air& air, Random& random)
    : air_(air), casts_air_(air, turns_), casts_(casts_air_, random) {
    casts_air_.speaks_for(casts_);
    turns_.join(casts_);
}

void SharedRadio::join(TrunkPost& post) {
    members_.push_back({&post, false});
    turns_.join(post);
    post.join_casts(casts_);
}

void SharedRadio::leave(TrunkPost& post) {
    std::erase_if(members_, [&post](const Member& each) { return each.post == &post; });
    turns_.leave(post);
    casts_.leave(post);
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
    casts_.run(now);
    was_free_ = turns_.free(now);
}

void SharedRadio::share_air() {
    int wait = 0, urgent = 0;
    const auto waits = [](const TrunkPost& post) { return post.up() && !post.link().idle(); };
    const auto hurries = [](const TrunkPost& post) {
        return post.up() && post.link().urgent_waits();
    };
    for (const Member& each : members_) {
        wait += waits(*each.post) ? 1 : 0;
        urgent += hurries(*each.post) ? 1 : 0;
    }
    casts_.share_air(wait > 0, urgent > 0);
    for (const Member& each : members_)
        each.post->share_air(wait > (waits(*each.post) ? 1 : 0),
                             urgent > (hurries(*each.post) ? 1 : 0));
}

BoxTime SharedRadio::next() const {
    BoxTime next = casts_.next();
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
        const std::uint32_t link_id = std::exchange(frame->id, ++last_id_);
        in_air_ = InAir{last_id_, link_id, post, false};
        last_ = post;
        return Leaving{std::move(*frame), urgent, post};
    }
    auto row = casts_.frame();
    if (!row) return std::nullopt;
    in_air_ = InAir{++last_id_, 0, nullptr, true};
    return Leaving{{last_id_, std::move(*row), {}}, false, nullptr};
}

// All posts write to one store, in the order in which they ask.
bool SharedRadio::on_disk() const { return members_.empty() || members_.front().post->on_disk(); }

void SharedRadio::wait_for_disk() {
    if (!members_.empty()) members_.front().post->wait_for_disk();
}

const TrunkPost* SharedRadio::heard(const FrameIn& frame, BoxTime now) {
    for (const Member& each : members_)
        if (each.started && each.post->heard(frame, now)) return each.post;
    if (const auto time = still_to_come(frame.bytes, air_)) turns_.overheard(now, *time);
    return nullptr;
}

void SharedRadio::fate(const FrameReport& report, BoxTime now) {
    if (!in_air_ || report.id != in_air_->id) return;
    const InAir ended = *std::exchange(in_air_, std::nullopt);
    if (ended.cast) casts_.ended(was_on_air(report.fate), now);
    if (ended.post != nullptr) ended.post->fate({ended.link_id, report.fate, report.retries}, now);
}

void SharedRadio::renew(BoxTime now) {
    for (const Member& each : members_)
        if (each.started) each.post->renew(now);
}

}  // namespace waypost::trunk
