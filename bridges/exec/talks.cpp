// SPDX-License-Identifier: Apache-2.0
#include "bridges/exec/talks.h"

#include <charconv>

#include "gateway/message/text.h"

namespace waypost::exec {
namespace {

constexpr char kPrefix[] = "talk/";
constexpr std::int64_t kTalkMs = 30LL * 24 * 3600 * 1000;
constexpr std::int64_t kNoteAgainMs = 24LL * 3600 * 1000;
constexpr std::size_t kLongestHandle = 40;

// "@ana hello": ana, and the text is "hello".
std::string take_name(std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || text[first] != '@') return {};
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", first), text.size());
    std::string name = lower_ascii(std::string_view(text).substr(first + 1, end - first - 1));
    while (!name.empty() && (name.back() == ':' || name.back() == ',')) name.pop_back();
    if (name.empty() || name.size() > kLongestHandle ||
        name.find_first_of("@:/") != std::string::npos)
        return {};
    const std::size_t rest = text.find_first_not_of(" \t\r\n", end);
    if (rest == std::string::npos) return {};
    text.erase(0, rest);
    return name;
}

}  // namespace

bool Talks::Talk::goes_on(WallTime now) const { return at_ms + kTalkMs > to_ms(now); }

// "ana 1767225600000"
Talks::Talk Talks::read(const std::string& kept) {
    const std::size_t space = kept.find(' ');
    Talk talk;
    if (space == std::string::npos) return talk;
    const auto read =
        std::from_chars(kept.data() + space + 1, kept.data() + kept.size(), talk.at_ms);
    if (read.ec == std::errc()) talk.handle = kept.substr(0, space);
    return talk;
}

Talks::Talks(TransportState& state, WallTime now) : state_(state) {
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

std::string Talks::meant(const Address& outsider, std::string& text, WallTime now) {
    if (std::string named = take_name(text); !named.empty()) return named;
    const std::lock_guard lock(mutex_);
    const Talk* talk = talks_.find(kPrefix + outsider.uri());
    return talk != nullptr && talk->goes_on(now) ? talk->handle : std::string();
}

}  // namespace waypost::exec
