// SPDX-License-Identifier: Apache-2.0
// What the page shows first, in one answer.
#include "web/api/api.h"

namespace waypost::api {
namespace {

// Of each part the path, under which the page knows it.
std::vector<std::string> parts_of(Role role) {
    std::vector<std::string> parts{"/session"};  // first: what comes later is newer than its news
    if (role == Role::Villager) parts.emplace_back("/me/messages?box=in&limit=50");
    if (role >= Role::Operator) parts.insert(parts.end(), {"/status", "/matters", "/setup"});
    return parts;
}

// Each as its own route answers this visitor; what that route refuses him is left out.
Reply start(Desk& desk, const Request& request) {
    Asked asked;
    asked.method = "GET";
    asked.visitor = request.visitor;
    asked.caller = request.caller;
    Reply reply;
    for (const std::string& path : parts_of(request.visitor.role)) {
        asked.uri = path;
        const Reply part = answer(desk, asked);
        if (part.status == 200) reply.body->set(path, part.body);
    }
    return reply;
}

}  // namespace

std::vector<Route> start_routes() { return {{"GET", "/start", start, Role::Anyone}}; }

}  // namespace waypost::api
