// SPDX-License-Identifier: Apache-2.0
#include "gateway/talks.h"

#include <charconv>

namespace waypost {
namespace {

constexpr char kPrefix[] = "talk/";
constexpr std::int64_t kTalkMs = 30LL * 24 * 3600 * 1000;
constexpr std::int64_t kNoteAgainMs = 24LL * 3600 * 1000;

}  // namespace

bool Talks::Talk::goes_on(WallTime now) const { return at_ms + kTalkMs > to_ms(now); }

Talks::Talk Talks::read(const std::string& kept) {
    const std::size_t space = kept.find(' ');
    Talk talk;
    if (space == std::string::npos) return talk;
    const auto read =
        std::from_chars(kept.data() + space + 1, kept.data() + kept.size(), talk.at_ms);
    if (read.ec == std::errc()) talk.handle = kept.substr(0, space);
    return talk;
}

Talks::Talks(TransportState& state, std::size_t most, WallTime now) : state_(state), talks_(most) {
    for (const auto& [key, kept] : state_.with_prefix(kPrefix)) {
        Talk talk = read(kept);
        if (talk.goes_on(now))
            talks_.put(key, std::move(talk));
        else
            state_.erase(key);
    }
}

void Talks::talked(const Address& outsider, const std::string& handle, WallTime now) {
    const std::string key = kPrefix + outsider.uri();
    const std::lock_guard lock(mutex_);
    const Talk* last = talks_.find(key);
    if (last != nullptr && last->handle == handle && to_ms(now) - last->at_ms < kNoteAgainMs)
        return;
    talks_.put(key, {handle, to_ms(now)},
               [this](const std::string& oldest, const Talk&) { state_.erase(oldest); });
    state_.put(key, handle + ' ' + std::to_string(to_ms(now)));
}

std::string Talks::last(const Address& outsider, WallTime now) {
    const std::lock_guard lock(mutex_);
    const Talk* talk = talks_.find(kPrefix + outsider.uri());
    return talk != nullptr && talk->goes_on(now) ? talk->handle : std::string();
}

}  // namespace waypost
