// SPDX-License-Identifier: Apache-2.0
// A villager's own affairs.
#include "gateway/delivery/desk_preferences.h"
#include "web/api/letters.h"

namespace waypost::api {

namespace {

Reply me(Desk& desk, const Request& request) {
    const auto people = desk.office().box().directory.get();
    const Person* person = people->find(request.visitor.handle);
    if (person == nullptr) return fail(404, "not-found", "on the box itself nobody is signed in");
    Reply reply;
    Json& o = *reply.body;
    o.set("handle", person->row.handle);
    o.set("name", person->row.name);
    o.set("language", person->row.language);
    o.set("quiet", person->row.quiet);
    o.set("address", person->row.handle + '@' + desk.office().box().settings->domain);
    o.set("endpoints", list_of(person->endpoints));
    return reply;
}

Reply change(Desk& desk, const Request& request) {
    const std::string& handle = request.visitor.handle;
    if (request.body->has("language")) {
        const auto changed =
            desk.put_person(handle, {}, request.body->getValue<std::string>("language"), {});
        if (!changed.ok()) return fail(changed.error());
    }
    if (request.body->has("quiet"))
        return done(set_quiet(desk.office(), handle, request.body->getValue<std::string>("quiet")));
    return {};
}

// Alarms have their own way, with a question before.
Reply send(Desk& desk, const Request& request) {
    return send_as(desk, request, request.visitor.handle, static_cast<int>(Priority::Urgent));
}

}  // namespace

std::vector<Route> own_routes() {
    return {{"GET", "/me", me, Role::Villager},
            {"PUT", "/me", change, Role::Villager},
            {"POST", "/me/messages", send, Role::Villager}};
}

}  // namespace waypost::api
