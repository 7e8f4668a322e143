// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/folder_state.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace waypost::email {
namespace {

constexpr std::size_t kMostLeft = 500;
// The clocks of two machines and a mail's way between them.
constexpr std::chrono::hours kMargin{48};
// The office knows repeats for this long after its longest expiry; older ones are not asked for.
constexpr std::chrono::hours kLongestLookBack{60 * 24};

template <class Number>
bool take_number(std::string_view& text, Number& number) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    if (!text.empty()) {
        if (text.front() != ' ') return false;
        text.remove_prefix(1);
    }
    return true;
}

}  // namespace

std::string encode(const FolderState& state) {
    std::string text = std::to_string(state.validity) + ' ' + std::to_string(state.taken) + ' ' +
                       std::to_string(state.since) + ' ' + std::to_string(state.looked);
    for (const std::uint32_t uid : state.left) text += ' ' + std::to_string(uid);
    return text;
}

std::optional<FolderState> parse_folder_state(std::string_view text) {
    FolderState state;
    if (!take_number(text, state.validity) || !take_number(text, state.taken) ||
        !take_number(text, state.since) || !take_number(text, state.looked)) {
        return std::nullopt;
    }
    while (!text.empty() && state.left.size() < kMostLeft) {
        std::uint32_t uid = 0;
        if (!take_number(text, uid)) return std::nullopt;
        state.left.insert(uid);
    }
    return state;
}

FolderState opened(const FolderState& before, const FolderNow& folder, std::int64_t now,
                   std::chrono::seconds look_back) {
    if (before.validity == folder.validity && before.validity != 0) return before;
    FolderState state;
    state.validity = folder.validity;
    state.looked = before.looked;
    const std::int64_t earliest = now - std::chrono::seconds(kLongestLookBack).count();
    const std::int64_t last = before.looked - std::chrono::seconds(kMargin).count();
    state.since = before.validity == 0 ? now - look_back.count() : std::max(last, earliest);
    // A look back that was under way is not cut short by a second change.
    if (before.since != 0) state.since = std::min(state.since, before.since);
    state.since = std::max<std::int64_t>(state.since, 1);
    return state;
}

void settle(FolderState& state, std::uint32_t uid, bool left) {
    state.taken = std::max(state.taken, uid);
    if (!left) {
        state.left.erase(uid);
    } else if (state.left.size() < kMostLeft) {
        state.left.insert(uid);
    }
}

void looked_to_the_end(FolderState& state, std::uint32_t next, std::int64_t now) {
    if (next > 0) state.taken = std::max(state.taken, next - 1);
    state.since = 0;
    state.looked = now;
}

std::uint64_t UidlState::hash(std::string_view uidl) {
    unsigned char bytes[crypto_generichash_BYTES_MIN];
    crypto_generichash(bytes, sizeof bytes, reinterpret_cast<const unsigned char*>(uidl.data()),
                       uidl.size(), nullptr, 0);
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

std::optional<UidlState> UidlState::parse(std::string_view bytes) {
    if (bytes.size() % sizeof(std::uint64_t) != 0 || bytes.size() / sizeof(std::uint64_t) > kMost)
        return std::nullopt;
    UidlState state;
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t value = 0;
        std::memcpy(&value, bytes.data() + at, sizeof value);
        state.known_.insert(value);
    }
    return state;
}

std::string UidlState::encode() const {
    std::string bytes;
    bytes.reserve(known_.size() * sizeof(std::uint64_t));
    for (const std::uint64_t value : known_)
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    return bytes;
}

bool UidlState::settle(std::string_view uidl) {
    if (known_.size() >= kMost) return settled(uidl);
    known_.insert(hash(uidl));
    return true;
}

bool UidlState::keep_only(const std::vector<std::string>& listed) {
    std::set<std::uint64_t> kept;
    for (const std::string& uidl : listed) {
        if (settled(uidl)) kept.insert(hash(uidl));
    }
    const bool fewer = kept.size() < known_.size();
    known_ = std::move(kept);
    return fewer;
}

}  // namespace waypost::email
