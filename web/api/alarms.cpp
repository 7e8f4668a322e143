// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_alarms.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

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
    Reply reply =
        listed("alarms", all ? all_alarms(desk.office()) : open_alarms(desk.office()), alarm_json);
    if (all || reply.status != 200) return reply;
    const auto rest = alarms_not_closed(desk.office());
    if (!rest.ok()) return fail(rest.error());
    reply.body->set("not_closed", list_of(*rest, alarm_json));
    return reply;
}

Reply acknowledge(Desk& desk, const Request& request) {
    return done(acknowledge_alarm(desk.office(), number_in(request, 0),
                                  request.body->optValue<std::string>("text", "")));
}

Reply close(Desk& desk, const Request& request) {
    return done(close_alarm(desk.office(), number_in(request, 0)));
}

Json::Ptr check_in_json(const store::CheckInRow& row, store::Ms now) {
    Json::Ptr o = new Json;
    o->set("person", row.owner);
    o->set("contacts", list_of(row.contacts));
    o->set("after_ms", Poco::Int64(row.after_ms));
    o->set("left_ms", Poco::Int64(row.end_box_ms - now));
    o->set("heard_ms", Poco::Int64(row.heard_ms));
    o->set("told", row.told);
    return o;
}

Reply list_checks(Desk& desk, const Request&) {
    const store::Ms now = desk.office().box().box_ms();
    return listed("check_ins", check_ins(desk.office()),
                  [now](const store::CheckInRow& row) { return check_in_json(row, now); });
}

Reply end_check(Desk& desk, const Request& request) {
    return done(end_check_in(desk.office(), request.path.at(0)));
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
