// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/talks.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "gateway/base/encoding.h"

namespace waypost::xmpp {
namespace {

constexpr char kTalk[] = "talk/";  // HASH: handle, when, when told
constexpr char kSent[] = "sent/";  // SLOT: wire id, handle
constexpr char kNext[] = "next-sent";
constexpr std::string_view kNobody = "-";

std::string key_of(const Jid& jid) { return short_hash(jid.bare_text()); }
std::int64_t seconds_of(WallTime now) { return to_ms(now) / 1000; }

std::string slot_key(std::size_t slot) { return kSent + std::to_string(slot); }

}  // namespace

Talks::Talks(TransportState& state, std::chrono::seconds lasting)
    : state_(state), lasting_(lasting), slots_(kMost) {
    for (const auto& [key, value] : state_.with_prefix(kTalk)) {
        Talk talk;
        std::istringstream in(value);
        if (!(in >> talk.handle >> talk.at >> talk.told)) continue;
        if (talk.handle == kNobody) talk.handle.clear();
        talks_[key.substr(sizeof kTalk - 1)] = talk;
    }
    for (const auto& [key, value] : state_.with_prefix(kSent)) {
        const std::size_t slot = std::strtoul(key.c_str() + sizeof kSent - 1, nullptr, 10);
        Sent sent;
        std::istringstream in(value);
        if (slot >= kMost || !(in >> sent.id >> sent.handle)) continue;
        by_id_[sent.id] = slot;
        slots_[slot] = std::move(sent);
    }
    if (const auto next = state_.get(kNext))
        next_ = std::strtoul(next->c_str(), nullptr, 10) % kMost;
}

Talks::Talk& Talks::talk_with(const std::string& key) {
    if (talks_.size() >= kMost && talks_.count(key) == 0) {
        const auto oldest =
            std::min_element(talks_.begin(), talks_.end(), [](const auto& a, const auto& b) {
                return std::max(a.second.at, a.second.told) < std::max(b.second.at, b.second.told);
            });
        state_.erase(kTalk + oldest->first);
        talks_.erase(oldest);
    }
    return talks_[key];
}

void Talks::keep(const std::string& key) {
    const Talk& talk = talks_[key];
    state_.put(kTalk + key, (talk.handle.empty() ? std::string(kNobody) : talk.handle) + ' ' +
                                std::to_string(talk.at) + ' ' + std::to_string(talk.told));
}

void Talks::talked(const Jid& with, const std::string& handle, WallTime now) {
    const std::string key = key_of(with);
    Talk& talk = talk_with(key);
    // Each word of a talk need not be written down: an hour's difference says the same.
    constexpr std::int64_t kSame = 3600;
    const bool same = talk.handle == handle && seconds_of(now) - talk.at < kSame;
    if (same) return;
    talk.handle = handle;
    talk.at = seconds_of(now);
    keep(key);
}

void Talks::sent(const WireId& id, const std::string& handle, const Jid& to, WallTime now) {
    const std::lock_guard lock(mutex_);
    talked(to, handle, now);
    if (by_id_.count(id) != 0) return;
    by_id_.erase(slots_[next_].id);
    slots_[next_] = {id, handle};
    by_id_[id] = next_;
    state_.put(slot_key(next_), id + ' ' + handle);
    next_ = (next_ + 1) % kMost;
    state_.put(kNext, std::to_string(next_));
}

void Talks::heard(const Jid& from, const std::string& handle, WallTime now) {
    const std::lock_guard lock(mutex_);
    talked(from, handle, now);
}

std::string Talks::who_sent(const WireId& id) const {
    if (id.empty()) return {};
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? std::string() : slots_[found->second].handle;
}

std::string Talks::last_with(const Jid& from, WallTime now) const {
    const std::lock_guard lock(mutex_);
    const auto found = talks_.find(key_of(from));
    if (found == talks_.end() || seconds_of(now) - found->second.at > lasting_.count()) return {};
    return found->second.handle;
}

bool Talks::knows(const Jid& from) const {
    const std::lock_guard lock(mutex_);
    const auto found = talks_.find(key_of(from));
    return found != talks_.end() && !found->second.handle.empty();
}

bool Talks::may_tell(const Jid& from, WallTime now) {
    constexpr std::int64_t kAgain = std::chrono::seconds(kOnceIn).count();
    const std::lock_guard lock(mutex_);
    const std::string key = key_of(from);
    Talk& talk = talk_with(key);
    if (talk.told != 0 && seconds_of(now) - talk.told < kAgain) return false;
    talk.told = seconds_of(now);
    keep(key);
    return true;
}

}  // namespace waypost::xmpp
