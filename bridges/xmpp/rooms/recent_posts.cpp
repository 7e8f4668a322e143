// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/rooms/recent_posts.h"

#include <algorithm>
#include <utility>

namespace waypost::xmpp {

void RecentPosts::said(Said said) {
    if (find(said.room, said.id) != nullptr) return;
    said_.push_back(std::move(said));
    if (said_.size() > most_) said_.pop_front();
}

const RecentPosts::Said* RecentPosts::find(const std::string& room, const std::string& id) const {
    const auto found = std::find_if(said_.rbegin(), said_.rend(), [&](const Said& each) {
        return each.id == id && each.room == room;
    });
    return found == said_.rend() ? nullptr : &*found;
}

void RecentPosts::sent(const std::string& room, const std::string& id, const WireId& wire,
                       std::vector<Element> as_chat) {
    const auto again = std::find_if(sent_.begin(), sent_.end(),
                                    [&](const Sent& each) { return each.wire == wire; });
    if (again != sent_.end()) return;
    std::size_t bytes = 0;
    for (const Element& each : as_chat) bytes += to_xml(each).size();
    sent_.push_back({room, id, wire, std::move(as_chat), bytes});
    bytes_ += bytes;
    while (sent_.size() > most_ || (bytes_ > most_bytes_ && sent_.size() > 1)) {
        bytes_ -= sent_.front().bytes;
        sent_.pop_front();
    }
}

std::vector<Element> RecentPosts::take_chat(const WireId& wire, const std::string& bare) {
    for (Sent& each : sent_) {
        if (each.wire != wire || each.as_chat.empty()) continue;
        if (each.as_chat.front().get("to") != bare) continue;
        bytes_ -= std::exchange(each.bytes, 0);
        return std::exchange(each.as_chat, {});
    }
    return {};
}

std::vector<std::string> RecentPosts::references(const std::string& room,
                                                 const std::string& id) const {
    for (auto each = sent_.rbegin(); each != sent_.rend(); ++each) {
        if (each->room == room && (each->id == id || each->wire == id))
            return {each->id, each->wire};
    }
    return {id};
}

std::vector<WireId> RecentPosts::wires(const std::string& room, const std::string& id) const {
    std::vector<WireId> found;
    for (const Sent& each : sent_)
        if (each.room == room && (each.id == id || each.wire == id)) found.push_back(each.wire);
    return found;
}

}  // namespace waypost::xmpp
