// SPDX-License-Identifier: Apache-2.0
// Sticks that the courier sees, and a word of the operator on those that are not known.
#include "gateway/couriers.h"

#include "gateway/message/text.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

Json::Ptr json_of(const CourierStick& stick) {
    Json::Ptr json = new Json;
    json->set("id", clean_utf8(stick.id));
    json->set("label", clean_utf8(stick.label));
    json->set("state", stick.state);
    json->set("text", clean_utf8(stick.text));
    json->set("in", stick.in);
    json->set("out", stick.out);
    json->set("bytes", stick.bytes);
    if (stick.free) json->set("free", *stick.free);
    json->set("safe", stick.safe);
    json->set("at_ms", stick.at_ms);
    return json;
}

Reply list(Desk& desk, const Request&) {
    const CourierDesk* couriers = desk.couriers();
    Reply reply = listed(
        "sticks", couriers == nullptr ? std::vector<CourierStick>() : couriers->sticks(), json_of);
    reply.body->set("enabled", couriers != nullptr && couriers->enabled());
    return reply;
}

Reply decide(Desk& desk, const Request& request, bool accept) {
    CourierDesk* couriers = desk.couriers();
    if (couriers == nullptr) return fail(404, "not-found", "nothing here has couriers");
    return done(couriers->decide(request.path.at(0), accept));
}

Reply accept(Desk& desk, const Request& request) { return decide(desk, request, true); }

Reply refuse(Desk& desk, const Request& request) { return decide(desk, request, false); }

}  // namespace

std::vector<Route> courier_routes() {
    return {{"GET", "/couriers", list},
            {"POST", "/couriers/{id}/accept", accept},
            {"POST", "/couriers/{id}/refuse", refuse}};
}

}  // namespace waypost::api
