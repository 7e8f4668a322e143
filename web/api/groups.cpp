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

Json::Ptr group_json(const GroupReport& report) {
    Json::Ptr o = new Json;
    o->set("name", report.row.name);
    o->set("title", report.row.title);
    o->set("mode", kModes.at(static_cast<std::size_t>(report.row.mode)));
    o->set("post", kPosters.at(static_cast<std::size_t>(report.row.posters)));
    o->set("moderators", list_of(report.moderators));
    o->set("members", report.members);
    return o;
}

Reply list(Desk& desk, const Request&) {
    return listed("groups", desk.groups().list(), group_json);
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

Json::Ptr member_json(const store::MemberRow& row) {
    Json::Ptr o = new Json;
    o->set("address", row.address.uri());
    o->set("moderator", row.moderator);
    o->set("digest", row.digest);
    o->set("failures", row.failures);
    return o;
}

Reply members(Desk& desk, const Request& request) {
    const auto found = request.query.find("after");
    const std::string after = found == request.query.end() ? "" : found->second;
    return listed("members", desk.groups().members(request.path.at(0), after, kPage), member_json);
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

Json::Ptr post_json(const WaitingPost& post) {
    Json::Ptr o = new Json;
    o->set("id", post.message);
    o->set("author", post.author);
    o->set("text", post.text);
    o->set("at", post.at_ms);
    return o;
}

Reply waiting(Desk& desk, const Request& request) {
    return listed("posts", desk.groups().waiting(request.path.at(0)), post_json);
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
