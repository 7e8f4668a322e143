// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_neighbours.h"

#include <algorithm>

#include "gateway/custody/stolen.h"

namespace waypost {
namespace {

NeighbourReport report_of(store::Tables& tables, const Box& box, const Neighbour& neighbour) {
    NeighbourReport report;
    report.name = neighbour.name;
    report.domains = neighbour.domains;
    report.messages_per_day = neighbour.messages_per_day;
    report.messages_today = brought_today(tables, box, neighbour.name, Brought::Mails);
    report.alarms_today = brought_today(tables, box, neighbour.name, Brought::Alarms);
    report.alarms_on_radio = neighbour.alarms_on_radio;
    report.told_alarms = neighbour.tell_alarms;
    const store::NeighbourRow row = tables.neighbours.get(neighbour.name);
    report.heard_ms = row.heard_ms;
    report.problem = row.problem;
    report.problem_ms = row.problem_ms;
    report.alarm = row.alarm;
    report.alarm_ms = row.alarm_ms;
    if (auto stolen = stolen_box(tables, neighbour.name)) {
        report.stolen_ms = stolen->at_ms;
        report.stolen_by = std::move(stolen->by);
    }
    if (row.alarm == 0) return report;
    // Its text goes with the message's.
    if (const auto message = tables.messages.find(row.alarm))
        report.alarm_text = message->message.text;
    return report;
}

}  // namespace

Result<std::vector<NeighbourReport>> neighbour_reports(GatewayOffice& office) {
    const Box& box = office.box();
    return office.box().store.read([&](store::Tables& tables) {
        std::vector<NeighbourReport> all;
        for (const Neighbour& each : box.neighbours.all())
            all.push_back(report_of(tables, box, each));
        std::sort(all.begin(), all.end(),
                  [](const auto& a, const auto& b) { return a.name < b.name; });
        return all;
    });
}

}  // namespace waypost
