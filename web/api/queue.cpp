// SPDX-License-Identifier: Apache-2.0
#include "web/api/letters.h"

namespace waypost::api {

Json::Ptr delivery_json(const store::DeliveryRow& row) {
    Json::Ptr o = new Json;
    o->set("id", Poco::Int64(row.id));
    o->set("message", Poco::Int64(row.message));
    o->set("to", row.recipient.uri());
    o->set("network", row.network);
    o->set("transport", row.transport);
    o->set("state", to_string(row.state));
    o->set("priority", static_cast<int>(row.priority));
    o->set("attempts", row.attempts);
    o->set("code", row.code);
    o->set("detail", row.detail);
    o->set("created_ms", Poco::Int64(row.created_ms));
    o->set("changed_ms", Poco::Int64(row.changed_ms));
    o->set("expires_ms", Poco::Int64(row.expires_ms));
    return o;
}

namespace {

constexpr int kMostRows = 500;

std::optional<State> parse_state(const std::string& name) {
    for (int i = 0; i <= static_cast<int>(State::Unknown); ++i) {
        if (name == to_string(static_cast<State>(i))) return static_cast<State>(i);
    }
    return std::nullopt;
}

Reply list(Desk& desk, const Request& request) {
    QueueView view;
    if (const auto found = request.query.find("state"); found != request.query.end()) {
        view.ended_too = found->second == "all";
        if (!view.ended_too) view.state = parse_state(found->second);
        if (!view.ended_too && !view.state)
            return fail(400, "bad-input", found->second + " is no state of a delivery");
    }
    const auto most = static_cast<int>(
        std::clamp<std::int64_t>(query_number(request, "limit", 50), 1, kMostRows));
    const auto after = query_number(request, "after", 0);
    if (const auto found = request.query.find("network"); found != request.query.end())
        view.network = found->second;
    return listed("deliveries", desk.queue(view, after, most), delivery_json);
}

Reply act(Desk& desk, const Request& request, QueueAct what) {
    return done(desk.act(what, number_in(request, 0)));
}

Route action(const char* name, QueueAct what) {
    return {"POST", std::string("/queue/{id}/") + name,
            [what](Desk& desk, const Request& request) { return act(desk, request, what); }};
}

}  // namespace

std::vector<Route> queue_routes() {
    return {{"GET", "/queue", list},
            action("hold", QueueAct::Hold),
            action("release", QueueAct::Release),
            action("bump", QueueAct::Bump),
            action("cancel", QueueAct::Cancel),
            action("retry", QueueAct::Retry)};
}

}  // namespace waypost::api
