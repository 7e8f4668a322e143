// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_preferences.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

Reply put_quiet(Desk& desk, const Request& request) {
    return done(set_quiet(desk.office(), request.path.at(0),
                          request.body->optValue<std::string>("hours", "")));
}

Json::Ptr account_json(const AirtimeUse& use) {
    Json::Ptr o = new Json;
    o->set("network", use.network);
    o->set("who", use.who);
    o->set("left_ms", Poco::Int64(use.left.count()));
    return o;
}

Reply turns(Desk& desk, const Request&) {
    return listed("accounts", airtime_use(desk.office()), account_json);
}

}  // namespace

std::vector<Route> preference_routes() {
    return {{"PUT", "/people/{handle}/quiet", put_quiet}, {"GET", "/turns", turns}};
}

}  // namespace waypost::api
