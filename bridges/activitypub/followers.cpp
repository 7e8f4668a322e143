// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/followers.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <sstream>

namespace waypost::activitypub {
namespace {

// "follower/NAME ACTOR"; who waits has a row "asks/NAME ACTOR" instead.
constexpr char kFollows[] = "follower/";
constexpr char kAsks[] = "asks/";
constexpr char kLeft[] = "left/";  // NAME INBOX

std::string key(const char* kind, const std::string& name, const std::string& actor) {
    return kind + name + ' ' + actor;
}

std::string written(const Follower& f) {
    Poco::JSON::Object o;
    o.set("inbox", f.inbox);
    o.set("follow", f.follow);
    o.set("address", f.address);
    o.set("since", Poco::Int64(f.since));
    std::ostringstream out;
    o.stringify(out);
    return out.str();
}

Follower read(const std::string& row_key, const std::string& text) {
    Follower f;
    f.actor = row_key.substr(row_key.find(' ') + 1);
    f.waits = row_key.rfind(kAsks, 0) == 0;
    const auto o = Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>();
    f.inbox = o->optValue<std::string>("inbox", "");
    f.follow = o->optValue<std::string>("follow", "");
    f.address = o->optValue<std::string>("address", "");
    f.since = o->optValue<Poco::Int64>("since", 0);
    return f;
}

}  // namespace

std::optional<Follower> Followers::find(const std::string& name, const std::string& actor) const {
    for (const char* kind : {kFollows, kAsks}) {
        const std::string at = key(kind, name, actor);
        if (const auto text = state_.get(at)) return read(at, *text);
    }
    return std::nullopt;
}

bool Followers::put(const std::string& name, const Follower& follower) {
    const std::lock_guard lock(mutex_);
    const auto known = find(name, follower.actor);
    std::size_t& count = counted(name);
    if (!known && count >= kMost) return false;
    if (!known && follower.waits && state_.with_prefix(kAsks + name + ' ').size() >= kMostWaiting)
        return false;
    if (known && known->waits != follower.waits)
        state_.erase(key(known->waits ? kAsks : kFollows, name, follower.actor));
    state_.put(key(follower.waits ? kAsks : kFollows, name, follower.actor), written(follower));
    if (known && !known->waits) --count;
    if (!follower.waits) ++count;
    return true;
}

bool Followers::remove(const std::string& name, const std::string& actor) {
    const std::lock_guard lock(mutex_);
    const auto known = find(name, actor);
    if (!known) return false;
    std::size_t& count = counted(name);
    state_.erase(key(known->waits ? kAsks : kFollows, name, actor));
    if (known->waits) return true;
    --count;
    const std::string left = key(kLeft, name, known->inbox);
    if (!state_.get(left) && state_.with_prefix(kLeft + name + ' ').size() < kMostLeft)
        state_.put(left, "");
    return true;
}

std::vector<std::string> Followers::left(const std::string& name) const {
    std::vector<std::string> all;
    for (const auto& [at, none] : state_.with_prefix(kLeft + name + ' '))
        all.push_back(at.substr(at.find(' ') + 1));
    return all;
}

void Followers::forget_left(const std::string& name, const std::string& inbox) {
    state_.erase(key(kLeft, name, inbox));
}

std::vector<std::string> Followers::inboxes(const std::string& name) const {
    std::vector<std::string> all;
    for (const auto& [at, text] : state_.with_prefix(kFollows + name + ' '))
        all.push_back(read(at, text).inbox);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

std::vector<Follower> Followers::all(const std::string& name) const {
    std::vector<Follower> found;
    for (const auto& [at, text] : state_.with_prefix(kFollows + name + ' '))
        found.push_back(read(at, text));
    return found;
}

std::vector<std::pair<std::string, Follower>> Followers::waiting() const {
    std::vector<std::pair<std::string, Follower>> found;
    const std::size_t head = std::char_traits<char>::length(kAsks);
    for (const auto& [at, text] : state_.with_prefix(kAsks))
        found.emplace_back(at.substr(head, at.find(' ') - head), read(at, text));
    return found;
}

std::size_t Followers::count(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    return counted(name);
}

// Under the lock.
std::size_t& Followers::counted(const std::string& name) const {
    const auto known = counts_.find(name);
    if (known != counts_.end()) return known->second;
    return counts_[name] = state_.with_prefix(kFollows + name + ' ').size();
}

}  // namespace waypost::activitypub
