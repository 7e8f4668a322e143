// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/posts.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "bridges/activitypub/pictures/media.h"

namespace waypost::activitypub {
namespace {

constexpr char kPost[] = "post/";       // its id
constexpr char kOpen[] = "open/";       // AUTHOR, the time in 12 digits of base 16, its id
constexpr char kReaction[] = "react/";  // its id, like or share, the actor's id: an inbox
constexpr std::int64_t kKeptFor = 60LL * 24 * 60 * 60;  // seconds
constexpr std::size_t kMostReactions = 10'000;          // of one post

std::string open_key(const std::string& author, const Post& post) {
    char at[13];
    std::snprintf(at, sizeof at, "%012llx", static_cast<unsigned long long>(post.at));
    return kOpen + author + ' ' + at + ' ' + post.id;
}

std::string reaction_key(const std::string& id, const std::string& actor, bool share) {
    return kReaction + id + (share ? " share " : " like ") + actor;
}

std::string written(const Post& post) {
    Poco::JSON::Object o;
    o.set("json", post.json);
    o.set("open", post.open);
    o.set("at", Poco::Int64(post.at));
    o.set("gone", Poco::Int64(post.gone));
    if (!post.inbox.empty()) o.set("inbox", post.inbox);
    if (post.asked != 0) o.set("asked", post.asked);
    Poco::JSON::Array::Ptr readers = new Poco::JSON::Array;
    for (const std::string& reader : post.readers) readers->add(reader);
    o.set("readers", readers);
    std::ostringstream out;
    o.stringify(out);
    return out.str();
}

Post read(const std::string& id, const std::string& text) {
    const auto o = Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>();
    Post post;
    post.id = id;
    post.json = o->optValue<std::string>("json", "");
    post.open = o->optValue<bool>("open", false);
    post.at = o->optValue<Poco::Int64>("at", 0);
    post.gone = o->optValue<Poco::Int64>("gone", 0);
    post.inbox = o->optValue<std::string>("inbox", "");
    post.asked = o->optValue<int>("asked", 0);
    if (const auto readers = o->getArray("readers"))
        for (std::size_t i = 0; i < readers->size(); ++i)
            post.readers.push_back(readers->getElement<std::string>(static_cast<unsigned>(i)));
    return post;
}

}  // namespace

void Posts::put(const std::string& author, const Post& post) {
    state_.put(kPost + post.id, written(post));
    if (!post.open || post.gone != 0) return;
    state_.put(open_key(author, post), "");
    auto all = state_.with_prefix(kOpen + author + ' ');
    for (; all.size() > kMostOpen; all.erase(all.begin())) {
        const std::string& oldest = all.begin()->first;
        const std::string id = oldest.substr(oldest.rfind(' ') + 1);
        state_.erase(kPost + id);
        Media(state_).forget(id);
        state_.erase(oldest);
    }
}

std::optional<Post> Posts::find(const std::string& id) const {
    const auto text = state_.get(kPost + id);
    return text ? std::optional(read(id, *text)) : std::nullopt;
}

void Posts::remove(const std::string& author, const std::string& id, int asked) {
    auto post = find(id);
    if (!post || post->gone != 0) return;
    state_.erase(open_key(author, *post));
    for (const auto& [key, none] : state_.with_prefix(kReaction + id + ' ')) state_.erase(key);
    Media(state_).forget(id);
    post->gone = to_ms(clock_.wall()) / 1000;
    post->json.clear();
    post->asked = asked;
    state_.put(kPost + id, written(*post));
}

std::vector<std::string> Posts::open(const std::string& author) const {
    const auto all = state_.with_prefix(kOpen + author + ' ');
    std::vector<std::string> ids;
    for (auto each = all.rbegin(); each != all.rend(); ++each)
        ids.push_back(each->first.substr(each->first.rfind(' ') + 1));
    return ids;
}

std::optional<Reactions> Posts::react(const std::string& id, const std::string& actor, bool share,
                                      const std::string& inbox) {
    const std::string key = reaction_key(id, actor, share);
    if (state_.get(key)) return std::nullopt;
    const auto known = state_.with_prefix(kReaction + id + ' ');
    if (known.size() >= kMostReactions) return std::nullopt;
    state_.put(key, inbox);
    const std::string liked = kReaction + id + " like ";
    const auto likes = std::count_if(known.begin(), known.end(), [&](const auto& each) {
        return each.first.rfind(liked, 0) == 0;
    });
    Reactions all{static_cast<int>(likes),
                  static_cast<int>(known.size()) - static_cast<int>(likes)};
    ++(share ? all.shares : all.likes);
    return all;
}

std::vector<std::string> Posts::reacted(const std::string& id) const {
    std::vector<std::string> inboxes;
    for (const auto& [key, inbox] : state_.with_prefix(kReaction + id + ' '))
        if (!inbox.empty()) inboxes.push_back(inbox);
    return inboxes;
}

void Posts::unreact(const std::string& id, const std::string& actor, bool share) {
    state_.erase(reaction_key(id, actor, share));
}

void Posts::forget_old() {
    const std::int64_t before = to_ms(clock_.wall()) / 1000 - kKeptFor;
    for (const auto& [key, text] : state_.with_prefix(kPost)) {
        const Post post = read(key.substr(sizeof kPost - 1), text);
        if ((post.open && post.gone == 0) || std::max(post.at, post.gone) >= before) continue;
        state_.erase(key);
        Media(state_).forget(post.id);
    }
    Media(state_).forget_unwritten(before,
                                   [this](const std::string& id) { return find(id).has_value(); });
}

}  // namespace waypost::activitypub
