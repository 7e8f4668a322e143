// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_neighbours.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

Json::Ptr neighbour(const NeighbourReport& report) {
    Json::Ptr o = new Json;
    o->set("name", report.name);
    o->set("domains", list_of(report.domains));
    o->set("messages_today", Poco::Int64(report.messages_today));
    o->set("messages_per_day", report.messages_per_day);
    o->set("alarms_today", Poco::Int64(report.alarms_today));
    o->set("alarms", report.alarms_on_radio ? "radio" : "console");
    o->set("tell_alarms", report.told_alarms);
    o->set("heard_ms", Poco::Int64(report.heard_ms));
    o->set("problem", report.problem);
    o->set("problem_ms", Poco::Int64(report.problem_ms));
    o->set("alarm", Poco::Int64(report.alarm));
    o->set("alarm_text", report.alarm_text);
    o->set("alarm_ms", Poco::Int64(report.alarm_ms));
    return o;
}

Reply neighbours(Desk& desk, const Request&) {
    return listed("neighbours", neighbour_reports(desk.office()), neighbour);
}

}  // namespace

std::vector<Route> neighbour_routes() { return {{"GET", "/neighbours", neighbours}}; }

}  // namespace waypost::api
