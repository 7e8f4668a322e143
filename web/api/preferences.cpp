// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_preferences.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

Reply put_quiet(Desk& desk, const Request& request) {
    const auto done = set_quiet(desk.office(), request.path.at(0),
                                request.body->optValue<std::string>("hours", ""));
    return done.ok() ? Reply{} : fail(done.error());
}

Reply turns(Desk& desk, const Request&) {
    Reply reply;
    JsonList::Ptr all = new JsonList;
    for (const AirtimeUse& use : airtime_use(desk.office())) {
        Json::Ptr o = new Json;
        o->set("network", use.network);
        o->set("who", use.who);
        o->set("left_ms", Poco::Int64(use.left.count()));
        all->add(o);
    }
    reply.body->set("accounts", all);
    return reply;
}

}  // namespace

std::vector<Route> preference_routes() {
    return {{"PUT", "/people/{handle}/quiet", put_quiet}, {"GET", "/turns", turns}};
}

}  // namespace waypost::api
