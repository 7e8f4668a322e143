// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "gateway/delivery/desk_history.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

constexpr double kFine = 1000;  // no chart shows more

JsonList::Ptr values(const Series& series) {
    return list_of(series, [](const std::optional<double>& value) {
        return value ? Poco::Dynamic::Var(std::round(*value * kFine) / kFine)
                     : Poco::Dynamic::Var();
    });
}

Json::Ptr transport(const TransportHistory& history) {
    Json::Ptr o = new Json;
    o->set("id", history.id);
    o->set("network", history.network);
    Json::Ptr series = new Json;
    for (const auto& [metric, each] : history.series) series->set(metric, values(each));
    o->set("series", series);
    return o;
}

Reply history_of(Desk& desk, const Request& request) {
    const std::int64_t hours = query_number(request, "hours", 24);
    if (hours < 1 || hours > kMostHistoryHours)
        return fail(400, "bad-input", "hours is 1 to " + std::to_string(kMostHistoryHours));
    const auto all = history(desk.office(), static_cast<int>(hours));
    if (!all.ok()) return fail(all.error());
    Reply reply;
    reply.body->set("from_ms", Poco::Int64(all->from_ms));
    reply.body->set("step_ms", Poco::Int64(all->step_ms));
    reply.body->set("transports", list_of(all->transports, transport));
    return reply;
}

}  // namespace

std::vector<Route> history_routes() { return {{"GET", "/history", history_of}}; }

}  // namespace waypost::api
