// SPDX-License-Identifier: Apache-2.0
// Tokens for programs: `Authorization: Bearer TOKEN`.
#include "web/api/api.h"

namespace waypost::api {
namespace {

Reply tokens(Desk& desk, const Request&) {
    return listed("tokens", desk.console().tokens(), [](const store::ConsoleTokenRow& row) {
        Json::Ptr o = new Json;
        o->set("id", row.id);
        o->set("name", row.name);
        o->set("role", row.role);
        o->set("made_by", row.handle);
        o->set("created_ms", Poco::Int64(row.created_ms));
        o->set("used_ms", Poco::Int64(row.used_ms));
        return o;
    });
}

Reply make(Desk& desk, const Request& request) {
    const auto made =
        desk.console().make_token(request.visitor, request.body->getValue<std::string>("name"),
                                  request.body->getValue<std::string>("role"));
    if (!made.ok()) return fail(made.error());
    Reply reply;
    reply.body->set("id", made->id);
    reply.body->set("token", std::string(made->token.reveal()));
    return reply;
}

Reply end(Desk& desk, const Request& request) {
    return done(desk.console().end_token(request.path.at(0)));
}

}  // namespace

std::vector<Route> token_routes() {
    return {{"GET", "/tokens", tokens, Role::Admin},
            {"POST", "/tokens", make, Role::Admin},
            {"DELETE", "/tokens/{id}", end, Role::Admin}};
}

}  // namespace waypost::api
