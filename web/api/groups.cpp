// SPDX-License-Identifier: Apache-2.0
#include <Poco/NumberParser.h>

#include <algorithm>
#include <array>

#include "web/api/api.h"

namespace waypost::api {
namespace {

constexpr std::array<const char*, 3> kModes{"open", "moderated", "closed"};
constexpr std::array<const char*, 2> kPosters{"members", "anyone"};
constexpr int kPage = 500;

Reply done(const Result<void>& result) { return result.ok() ? Reply{} : fail(result.error()); }

template <std::size_t N>
Result<int> one_of(const std::array<const char*, N>& words, const std::string& word) {
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) return bad_input(word + " is none of what may stand there");
    return static_cast<int>(found - words.begin());
}

Result<GroupWish> wish_of(const Json& body) {
    GroupWish wish;
    if (body.has("title")) wish.title = body.getValue<std::string>("title");
    if (body.has("mode")) {
        const auto mode = one_of(kModes, body.getValue<std::string>("mode"));
        if (!mode.ok()) return mode.error();
        wish.mode = static_cast<store::GroupMode>(*mode);
    }
    if (body.has("post")) {
        const auto posters = one_of(kPosters, body.getValue<std::string>("post"));
        if (!posters.ok()) return posters.error();
        wish.posters = static_cast<store::Posters>(*posters);
    }
    if (body.has("moderators")) {
        const auto list = body.getArray("moderators");
        if (!list) return bad_input("moderators is a list of handles");
        wish.moderators.emplace();
        for (const auto& each : *list) wish.moderators->push_back(each.toString());
    }
    return wish;
}

Reply list(Desk& desk, const Request&) {
    const auto groups = desk.groups().list();
    if (!groups.ok()) return fail(groups.error());
    Reply reply;
    JsonList::Ptr all = new JsonList;
    for (const GroupReport& each : *groups) {
        Json::Ptr o = new Json;
        o->set("name", each.row.name);
        o->set("title", each.row.title);
        o->set("mode", kModes.at(static_cast<std::size_t>(each.row.mode)));
        o->set("post", kPosters.at(static_cast<std::size_t>(each.row.posters)));
        JsonList::Ptr moderators = new JsonList;
        for (const std::string& handle : each.moderators) moderators->add(handle);
        o->set("moderators", moderators);
        o->set("members", each.members);
        all->add(o);
    }
    reply.body->set("groups", all);
    return reply;
}

Reply add(Desk& desk, const Request& request) {
    const auto wish = wish_of(*request.body);
    if (!wish.ok()) return fail(wish.error());
    return done(desk.groups().add(request.body->optValue<std::string>("name", ""), *wish));
}

Reply set(Desk& desk, const Request& request) {
    const auto wish = wish_of(*request.body);
    return wish.ok() ? done(desk.groups().set(request.path.at(0), *wish)) : fail(wish.error());
}

Reply remove(Desk& desk, const Request& request) {
    return done(desk.groups().remove(request.path.at(0)));
}

Reply members(Desk& desk, const Request& request) {
    const auto after = request.query.find("after");
    const auto rows = desk.groups().members(
        request.path.at(0), after == request.query.end() ? std::string() : after->second, kPage);
    if (!rows.ok()) return fail(rows.error());
    Reply reply;
    JsonList::Ptr all = new JsonList;
    for (const store::MemberRow& row : *rows) {
        Json::Ptr o = new Json;
        o->set("address", row.address.uri());
        o->set("moderator", row.moderator);
        o->set("digest", row.digest);
        o->set("failures", row.failures);
        all->add(o);
    }
    reply.body->set("members", all);
    return reply;
}

Reply join(Desk& desk, const Request& request) {
    const Json& b = *request.body;
    return done(desk.groups().join(request.path.at(0), b.optValue<std::string>("who", ""),
                                   b.optValue<bool>("digest", false)));
}

Reply leave(Desk& desk, const Request& request) {
    return done(
        desk.groups().leave(request.path.at(0), request.body->optValue<std::string>("who", "")));
}

Reply waiting(Desk& desk, const Request& request) {
    const auto posts = desk.groups().waiting(request.path.at(0));
    if (!posts.ok()) return fail(posts.error());
    Reply reply;
    JsonList::Ptr all = new JsonList;
    for (const WaitingPost& post : *posts) {
        Json::Ptr o = new Json;
        o->set("id", post.message);
        o->set("author", post.author);
        o->set("text", post.text);
        o->set("at", post.at_ms);
        all->add(o);
    }
    reply.body->set("posts", all);
    return reply;
}

Reply decide(Desk& desk, const Request& request, bool passes) {
    Poco::Int64 id = 0;
    if (!Poco::NumberParser::tryParse64(request.path.at(1), id))
        return fail(bad_input("not the number of a post"));
    return done(desk.groups().decide(request.path.at(0), id, passes));
}

Reply pass(Desk& desk, const Request& request) { return decide(desk, request, true); }
Reply drop(Desk& desk, const Request& request) { return decide(desk, request, false); }

}  // namespace

std::vector<Route> group_routes() {
    return {{"GET", "/groups", list},
            {"POST", "/groups", add},
            {"PUT", "/groups/{name}", set},
            {"DELETE", "/groups/{name}", remove},
            {"GET", "/groups/{name}/members", members},
            {"POST", "/groups/{name}/members", join},
            {"DELETE", "/groups/{name}/members", leave},
            {"GET", "/groups/{name}/posts", waiting},
            {"POST", "/groups/{name}/posts/{id}/pass", pass},
            {"POST", "/groups/{name}/posts/{id}/drop", drop}};
}

}  // namespace waypost::api
