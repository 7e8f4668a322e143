// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_neighbours.h"
#include "gateway/delivery/desk_stolen.h"
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
    o->set("stolen_ms", Poco::Int64(report.stolen_ms));
    o->set("stolen_by", report.stolen_by);
    return o;
}

Reply neighbours(Desk& desk, const Request&) {
    return listed("neighbours", neighbour_reports(desk.office()), neighbour);
}

// Transports give up a key, and take another, with the next opening only.
Reply said(Desk& desk, const Result<std::size_t>& count, const char* name, bool opens_anew) {
    if (!count.ok()) return fail(count.error());
    const bool anew = opens_anew && desk.control() != nullptr && desk.control()->restart().ok();
    Reply reply;
    reply.body->set(name, Poco::UInt64(*count));
    reply.body->set("restarts", anew);
    return reply;
}

Reply stolen(Desk& desk, const Request& request) {
    const std::string& who = request.visitor.handle;
    const auto held =
        say_stolen(desk.office(), request.path.at(0), who.empty() ? "an operator" : who);
    return said(desk, held, "held", true);
}

Reply paired(Desk& desk, const Request& request) {
    return said(desk, say_paired_anew(desk.office(), request.path.at(0)), "released", false);
}

}  // namespace

std::vector<Route> neighbour_routes() {
    return {{"GET", "/neighbours", neighbours},
            {"POST", "/neighbours/{name}/stolen", stolen},
            {"POST", "/neighbours/{name}/paired", paired}};
}

}  // namespace waypost::api
