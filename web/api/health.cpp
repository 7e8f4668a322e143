// SPDX-License-Identifier: Apache-2.0
// What is wrong with the box: in one word for everybody, in full for operators.
#include "gateway/commands/catalogue.h"
#include "gateway/delivery/health_watch.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

// Says nothing of the village: whoever reaches the console may ask.
Reply health(Desk& desk, const Request&) {
    Reply reply;
    const Health health = desk.health() ? desk.health()->report().health : Health::Ok;
    reply.body->set("health", to_string(health));
    if (health == Health::Down) reply.status = 503;
    return reply;
}

Json::Ptr matter_json(const HealthMatter& matter) {
    Json::Ptr o = new Json;
    o->set("kind", to_string(matter.trouble));
    o->set("of", matter.of);
    o->set("text", said_trouble(catalogue("en"), matter.trouble, matter.of, matter.grave));
    o->set("detail", matter.detail);
    o->set("grave", matter.grave);
    o->set("since_ms", Poco::Int64(matter.since_ms));
    return o;
}

Json::Ptr told_json(const AlertEnds& ends) {
    Json::Ptr o = new Json;
    o->set("who", ends.who);
    o->set("radio", ends.by_radio);
    o->set("mail", ends.by_mail);
    o->set("other", ends.otherwise);
    return o;
}

Reply matters(Desk& desk, const Request&) {
    if (desk.health() == nullptr)
        return fail(404, "not-found", "this gateway does not watch itself");
    const HealthReport report = desk.health()->report();
    const auto told = desk.health()->told();
    Reply reply = listed("matters", report.matters, matter_json);
    reply.body->set("health", to_string(report.health));
    reply.body->set("told", list_of(told.ok() ? *told : std::vector<AlertEnds>{}, told_json));
    return reply;
}

}  // namespace

std::vector<Route> health_routes() {
    return {{"GET", "/health", health, Role::Anyone}, {"GET", "/health/matters", matters}};
}

}  // namespace waypost::api
