// SPDX-License-Identifier: Apache-2.0
#include <Poco/NumberParser.h>

#include "gateway/delivery/desk_alarms.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

JsonList::Ptr list_of(const std::vector<std::string>& values) {
    JsonList::Ptr all = new JsonList;
    for (const std::string& each : values) all->add(each);
    return all;
}

Json::Ptr alarm_json(const AlarmReport& report) {
    const store::AlarmRow& alarm = report.alarm;
    Json::Ptr o = new Json;
    o->set("id", Poco::Int64(alarm.id));
    o->set("message", Poco::Int64(alarm.message));
    o->set("state", to_string(alarm.state));
    o->set("who", alarm.who);
    o->set("proven", alarm.proven);
    o->set("radio", alarm.caller.empty() ? std::string() : alarm.caller.uri());
    o->set("callers", report.callers);
    o->set("text", alarm.text);
    o->set("place", report.place);
    o->set("opened_ms", Poco::Int64(alarm.opened_ms));
    o->set("repeats", alarm.repeats);
    o->set("told", list_of(report.told));
    o->set("heard", list_of(report.heard));
    o->set("acknowledged_by", alarm.acknowledged_by);
    o->set("acknowledged_ms", Poco::Int64(alarm.acknowledged_ms));
    o->set("answer", alarm.answer);
    o->set("all_clear_ms", Poco::Int64(alarm.cleared_ms));
    o->set("closed_by", alarm.closed_by);
    o->set("closed_ms", Poco::Int64(alarm.closed_ms));
    return o;
}

Reply list(Desk& desk, const Request& request) {
    const auto found = request.query.find("all");
    const bool all = found != request.query.end() && found->second == "1";
    const auto reports = all ? all_alarms(desk.office()) : open_alarms(desk.office());
    if (!reports.ok()) return fail(reports.error());
    JsonList::Ptr alarms = new JsonList;
    for (const AlarmReport& each : *reports) alarms->add(alarm_json(each));
    Reply reply;
    reply.body->set("alarms", alarms);
    return reply;
}

Reply acknowledge(Desk& desk, const Request& request) {
    const auto done =
        acknowledge_alarm(desk.office(), Poco::NumberParser::parse64(request.path.at(0)),
                          request.body->optValue<std::string>("text", ""));
    return done.ok() ? Reply{} : fail(done.error());
}

Reply close(Desk& desk, const Request& request) {
    const auto done = close_alarm(desk.office(), Poco::NumberParser::parse64(request.path.at(0)));
    return done.ok() ? Reply{} : fail(done.error());
}

Reply list_checks(Desk& desk, const Request&) {
    const auto rows = check_ins(desk.office());
    if (!rows.ok()) return fail(rows.error());
    const store::Ms now = desk.office().box().box_ms();
    JsonList::Ptr all = new JsonList;
    for (const store::CheckInRow& row : *rows) {
        Json::Ptr o = new Json;
        JsonList::Ptr contacts = new JsonList;
        for (const Address& each : row.contacts) contacts->add(each.uri());
        o->set("person", row.owner);
        o->set("contacts", contacts);
        o->set("after_ms", Poco::Int64(row.after_ms));
        o->set("left_ms", Poco::Int64(row.end_box_ms - now));
        o->set("heard_ms", Poco::Int64(row.heard_ms));
        o->set("told", row.told);
        all->add(o);
    }
    Reply reply;
    reply.body->set("check_ins", all);
    return reply;
}

Reply end_check(Desk& desk, const Request& request) {
    const auto done = end_check_in(desk.office(), request.path.at(0));
    return done.ok() ? Reply{} : fail(done.error());
}

}  // namespace

std::vector<Route> alarm_routes() {
    return {{"GET", "/alarms", list},
            {"POST", "/alarms/{id}/acknowledge", acknowledge},
            {"POST", "/alarms/{id}/close", close},
            {"GET", "/check-ins", list_checks},
            {"DELETE", "/check-ins/{handle}", end_check}};
}

}  // namespace waypost::api
