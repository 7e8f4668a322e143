// SPDX-License-Identifier: Apache-2.0
// Asking for parts: which, how many at once, and when again.
#include <algorithm>

#include "radio/reticulum/resource/incoming_resource.h"

namespace waypost::reticulum {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLeastWindow = 2;
constexpr std::size_t kSlowWindow = 4;  // on a link of under 2 kbit/s
constexpr std::size_t kWindow = 10;
constexpr std::int64_t kFastRate = 6250;  // bytes in a second
constexpr std::int64_t kSlowRate = 250;
constexpr int kFastRounds = 4;  // one after the other
constexpr int kSlowRounds = 2;
constexpr int kMostRetries = 16;
constexpr auto kGrace = 250ms;
constexpr auto kPauseEachRetry = 500ms;

}  // namespace

ResourceFrames IncomingResource::start(BoxTime now) {
    if (state_ != State::Receiving) return {};
    return request_next(now);
}

ResourceFrames IncomingResource::request_next(BoxTime now) {
    PartRequest request;
    request.resource = hash();
    const std::size_t known = map_.size() / kMapHash;
    asked_end_ = std::min(low_ + window_, known);
    for (std::size_t i = low_; i < asked_end_; ++i)
        if (parts_[i].empty()) request.wanted.append(map_, i * kMapHash, kMapHash);
    awaits_hashmap_ = low_ + window_ > known && known < parts();
    if (awaits_hashmap_) request.last_known = map_.substr(map_.size() - kMapHash);
    asked_ = now;
    bytes_when_asked_ = received_bytes_;
    wait_for_parts(now, 4);
    return {{Context::ResourceRequest, part_request_bytes(request)}};
}

std::size_t IncomingResource::missing() const {
    const auto begin = parts_.begin() + static_cast<std::ptrdiff_t>(low_);
    const auto end = parts_.begin() + static_cast<std::ptrdiff_t>(std::max(low_, asked_end_));
    return static_cast<std::size_t>(
        std::count_if(begin, end, [](const std::string& part) { return part.empty(); }));
}

void IncomingResource::wait_for_parts(BoxTime now, int round_trips) {
    next_tick_ = now + round_trips * link_.rtt + kGrace + retries_ * kPauseEachRetry +
                 static_cast<int>(missing() + 2) * link_.part_time;
}

ResourceFrames IncomingResource::on_part(std::string_view bytes, BoxTime now) {
    if (state_ != State::Receiving || !take_part(bytes)) return {};
    retries_ = 0;
    if (received_ == parts()) return assemble();
    wait_for_parts(now, 2);
    if (missing() > 0 || awaits_hashmap_) return {};
    widen(now);
    return request_next(now);
}

bool IncomingResource::take_part(std::string_view bytes) {
    if (bytes.empty() || bytes.size() > part_bytes(link_)) return false;
    const std::string hash = map_hash(bytes, advertisement_.salt);
    // Only so near are hashes told apart: parts of one request, or late ones of the last.
    const std::size_t end = std::min(low_ + kMostRequested, map_.size() / kMapHash);
    for (std::size_t i = low_; i < end; ++i) {
        if (map_.compare(i * kMapHash, kMapHash, hash) != 0 || !parts_[i].empty()) continue;
        parts_[i] = bytes;
        ++received_;
        received_bytes_ += bytes.size();
        while (low_ < parts() && !parts_[low_].empty()) ++low_;
        return true;
    }
    return false;
}

void IncomingResource::widen(BoxTime now) {
    const auto took = std::max<std::int64_t>((now - asked_).count(), 1);
    const auto bytes = static_cast<std::int64_t>(received_bytes_ - bytes_when_asked_);
    const std::int64_t rate = bytes * 1000 / took;
    fast_rounds_ = rate > kFastRate ? fast_rounds_ + 1 : 0;
    slow_rounds_ = rate < kSlowRate ? slow_rounds_ + 1 : 0;
    if (fast_rounds_ >= kFastRounds) most_window_ = kMostRequested;
    if (slow_rounds_ >= kSlowRounds) most_window_ = kSlowWindow;
    if (slow_rounds_ == 0 && most_window_ == kSlowWindow) most_window_ = kWindow;
    window_ = std::min(window_ + 1, most_window_);
}

ResourceFrames IncomingResource::on_hashmap(std::string_view body, BoxTime now) {
    const auto update = parse_hashmap_update(body);
    const std::size_t known = map_.size() / kMapHash;
    const bool expected = state_ == State::Receiving && awaits_hashmap_ &&
                          std::size_t{update->segment} * kHashesInPacket == known;
    if (!expected) return {};
    const std::size_t more = std::min(parts() - known, kHashesInPacket);
    if (update->hashmap.size() != more * kMapHash)
        return refuse("the resource's map does not go on where it ended");
    map_ += update->hashmap;
    awaits_hashmap_ = false;
    retries_ = 0;
    return request_next(now);
}

ResourceFrames IncomingResource::tick(BoxTime now) {
    if (now < next_tick_ || state_ != State::Receiving) return {};
    if (++retries_ > kMostRetries) return refuse("its sender sends nothing more");
    window_ = std::max(window_ - 1, kLeastWindow);
    return request_next(now);
}

}  // namespace waypost::reticulum
