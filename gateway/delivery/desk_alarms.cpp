// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_alarms.h"

#include "gateway/custody/alarm.h"
#include "gateway/custody/alarm_text.h"

namespace waypost {
namespace {

constexpr int kMost = 100;
constexpr char kOperator[] = "operator";

Result<std::vector<AlarmReport>> list(
    GatewayOffice& office,
    const std::function<std::vector<store::AlarmRow>(store::Tables&)>& which) {
    const Box& box = office.box();
    return office.box().store.read([&](store::Tables& tables) {
        std::vector<AlarmReport> reports;
        for (store::AlarmRow& alarm : which(tables)) {
            AlarmReport report;
            report.callers = tables.alarms.count_callers(alarm.id);
            report.place = place_of(tables, box, catalogue(box.settings->language), alarm.caller);
            Reached reached = reached_by(tables, alarm);
            report.told = std::move(reached.told);
            report.heard = std::move(reached.heard);
            report.alarm = std::move(alarm);
            reports.push_back(std::move(report));
        }
        return reports;
    });
}

Result<void> decide(GatewayOffice& office, store::AlarmId id,
                    const std::function<bool(Alarms&, const store::AlarmRow&)>& what) {
    return office.decide<void>([&](Ledger& ledger) -> Result<void> {
        const auto alarm = ledger.tables().alarms.find(id);
        if (!alarm) return Error{Code::NotFound, "no alarm " + std::to_string(id), false};
        Alarms alarms(ledger);
        if (what(alarms, *alarm)) return {};
        return Error{Code::Conflict,
                     "alarm " + std::to_string(id) + " is " + to_string(alarm->state), false};
    });
}

}  // namespace

Result<std::vector<AlarmReport>> open_alarms(GatewayOffice& office) {
    return list(office, [](store::Tables& t) { return t.alarms.list(false, kMost); });
}

Result<std::vector<AlarmReport>> alarms_not_closed(GatewayOffice& office) {
    return list(office, [](store::Tables& t) { return t.alarms.not_closed(kMost); });
}

Result<std::vector<AlarmReport>> all_alarms(GatewayOffice& office) {
    return list(office, [](store::Tables& t) { return t.alarms.list(true, kMost); });
}

Result<void> acknowledge_alarm(GatewayOffice& office, store::AlarmId id, const std::string& text) {
    return decide(office, id, [&](Alarms& alarms, const store::AlarmRow& alarm) {
        return alarms.acknowledge(alarm, kOperator, text);
    });
}

Result<void> close_alarm(GatewayOffice& office, store::AlarmId id) {
    return decide(office, id, [](Alarms& alarms, const store::AlarmRow& alarm) {
        return alarms.close(alarm, kOperator);
    });
}

Result<std::vector<store::CheckInRow>> check_ins(GatewayOffice& office) {
    return office.box().store.read([](store::Tables& tables) { return tables.check_ins.list(); });
}

Result<void> end_check_in(GatewayOffice& office, const std::string& handle) {
    return office.decide<void>([&](Ledger& ledger) -> Result<void> {
        if (ledger.tables().check_ins.remove(handle)) return {};
        return Error{Code::NotFound, handle + " has no check-in", false};
    });
}

}  // namespace waypost
