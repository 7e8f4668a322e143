// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_alarms.h"
#include "gateway/delivery/desk_neighbours.h"
#include "gateway/delivery/health_watch.h"
#include "gateway/signal_test.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

bool tests_signal(Desk& desk, const TransportId& id) {
    const auto transport = desk.office().transports().find(id);
    return dynamic_cast<const TestsSignal*>(transport.get()) != nullptr;
}

Json::Ptr transport(Desk& desk, const TransportReport& report) {
    Json::Ptr o = new Json;
    o->set("id", report.id);
    o->set("network", report.network);
    o->set("up", report.status.up);
    o->set("why", report.status.why);
    if (report.heard_ms > 0) o->set("heard_ms", Poco::Int64(report.heard_ms));
    o->set("tests_signal", tests_signal(desk, report.id));
    o->set("airtime_limited", report.status.airtime_limited);
    o->set("airtime_used_ms", Poco::Int64(report.status.airtime_used.count()));
    o->set("airtime_left_ms", Poco::Int64(report.status.airtime_left.count()));
    Json::Ptr details = new Json;
    for (const auto& [key, value] : report.status.details) details->set(key, value);
    o->set("details", details);
    return o;
}

// Those of the last day: who looks at the box must not miss them.
JsonList::Ptr neighbours_alarms(Desk& desk, std::int64_t now_ms) {
    constexpr std::int64_t kDayMs = 86'400'000;
    JsonList::Ptr alarms = new JsonList;
    const auto all = neighbour_reports(desk.office());
    if (!all.ok()) return alarms;
    for (const NeighbourReport& each : *all) {
        if (each.alarm == 0 || now_ms - each.alarm_ms > kDayMs) continue;
        Json::Ptr o = new Json;
        o->set("neighbour", each.name);
        o->set("message", Poco::Int64(each.alarm));
        o->set("text", each.alarm_text);
        o->set("time_ms", Poco::Int64(each.alarm_ms));
        alarms->add(o);
    }
    return alarms;
}

Json::Ptr power(const PowerFacts& facts) {
    Json::Ptr o = new Json;
    if (facts.percent) o->set("percent", *facts.percent);
    if (facts.millivolts) o->set("millivolts", *facts.millivolts);
    if (facts.mains) o->set("mains", *facts.mains);
    o->set("charging", facts.charging);
    o->set("undervoltage", facts.undervoltage);
    o->set("level", to_string(facts.level));
    o->set("words", in_words(facts));
    return o;
}

Json::Ptr own_backups(const BackupFacts& facts) {
    Json::Ptr o = new Json;
    o->set("to", facts.to);
    o->set("here", facts.here);
    o->set("last", facts.last);
    o->set("last_ms", Poco::Int64(facts.last_ms));
    o->set("due_in_ms", Poco::Int64(facts.due_in_ms));
    o->set("problem", facts.problem);
    return o;
}

JsonList::Ptr workers(const std::vector<WorkerFacts>& all) {
    JsonList::Ptr list = new JsonList;
    for (const WorkerFacts& each : all) {
        Json::Ptr o = new Json;
        o->set("name", each.name);
        o->set("release", each.release);
        o->set("began_ms", Poco::Int64(each.began_ms));
        o->set("here", each.here);
        o->set("has_work", each.has_work);
        list->add(o);
    }
    return list;
}

Reply status(Desk& desk, const Request&) {
    const BoxReport report = desk.status();
    Reply reply;
    reply.body->set("domain", report.domain);
    reply.body->set("village", report.village);
    reply.body->set("time_ms", Poco::Int64(report.wall_ms));
    reply.body->set("time_doubt", report.time_doubt);
    reply.body->set("disk_free", Poco::UInt64(report.disk_free));
    reply.body->set("disk_full", report.disk_full);
    reply.body->set("store_problem", report.store_problem);
    if (desk.health() != nullptr) {
        const HealthReport health = desk.health()->report();
        reply.body->set("health", to_string(health.health));
        if (health.facts.power.told()) reply.body->set("power", power(health.facts.power));
    }
    if (const BackupFacts backups = desk.own_backups(); backups.planned)
        reply.body->set("own_backups", own_backups(backups));
    if (const auto all = desk.workers(); !all.empty()) reply.body->set("workers", workers(all));
    JsonList::Ptr keys = new JsonList;
    for (const auto& each : report.changed_keys) {
        Json::Ptr o = new Json;
        o->set("address", each.address.uri());
        o->set("person", each.person);
        keys->add(o);
    }
    reply.body->set("changed_keys", keys);
    reply.body->set("neighbours_alarms", neighbours_alarms(desk, report.wall_ms));
    reply.body->set("responders", list_of(report.responders.reachable));
    reply.body->set("responders_unreachable", list_of(report.responders.unreachable));
    const auto alarms = open_alarms(desk.office());
    reply.body->set("open_alarms", alarms.ok() ? static_cast<int>(alarms->size()) : 0);
    reply.body->set("transports", list_of(report.transports,
                                          [&](const auto& each) { return transport(desk, each); }));
    JsonList::Ptr counts = new JsonList;
    for (const auto& each : report.counts) {
        Json::Ptr o = new Json;
        o->set("network", each.network);
        o->set("state", to_string(each.state));
        o->set("count", Poco::Int64(each.count));
        counts->add(o);
    }
    reply.body->set("deliveries", counts);
    return reply;
}

Reply confirm_time(Desk& desk, const Request&) {
    desk.confirm_time();
    return {};
}

Reply set_time(Desk& desk, const Request& request) {
    const auto time_ms = request.body->optValue<Poco::Int64>("time_ms", 0);
    const auto set = desk.set_time(wall_from_ms(time_ms));
    return set.ok() ? Reply{} : fail(set.error());
}

Reply backup(Desk& desk, const Request& request) {
    const auto path = request.body->optValue<std::string>("path", "");
    if (path.empty() || path[0] != '/')
        return fail(400, "bad-input", "path is the full path of a new folder");
    const auto done = desk.backup(path);
    if (!done.ok()) return fail(done.error());
    Reply reply;
    reply.body->set("path", path);
    return reply;
}

}  // namespace

std::vector<Route> status_routes() {
    return {{"GET", "/status", status},
            {"POST", "/time/confirm", confirm_time},
            {"PUT", "/time", set_time},
            {"POST", "/backup", backup, Role::Admin}};
}

}  // namespace waypost::api
