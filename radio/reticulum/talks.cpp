// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/talks.h"

#include <cstdlib>

namespace waypost::reticulum {
namespace {

constexpr char kPrefix[] = "talk/";
constexpr std::int64_t kLasts = 30LL * 24 * 3600 * 1000;
constexpr std::int64_t kNoteAgain = 24LL * 3600 * 1000;

}  // namespace

bool Talks::Talk::goes_on(WallTime now) const { return at_ms + kLasts > to_ms(now); }

// In the state: "TIME ana".
Talks::Talks(TransportState& state, WallTime now) : state_(state) {
    for (const auto& [key, kept] : state_.with_prefix(kPrefix)) {
        const std::size_t space = kept.find(' ');
        const Talk talk{space == std::string::npos ? std::string() : kept.substr(space + 1),
                        std::strtoll(kept.c_str(), nullptr, 10)};
        if (talk.handle.empty() || !talk.goes_on(now))
            state_.erase(key);
        else
            talks_.put(key.substr(sizeof kPrefix - 1), talk);
    }
}

void Talks::wrote(const std::string& address, const std::string& handle, WallTime now) {
    const std::lock_guard lock(mutex_);
    const Talk* last = talks_.find(address);
    if (last != nullptr && last->handle == handle && to_ms(now) - last->at_ms < kNoteAgain) return;
    talks_.put(address, {handle, to_ms(now)},
               [this](const std::string& oldest, const Talk&) { state_.erase(kPrefix + oldest); });
    state_.put(kPrefix + address, std::to_string(to_ms(now)) + ' ' + handle);
}

std::string Talks::partner(const std::string& address, WallTime now) {
    const std::lock_guard lock(mutex_);
    const Talk* talk = talks_.find(address);
    return talk != nullptr && talk->goes_on(now) ? talk->handle : std::string();
}

}  // namespace waypost::reticulum
