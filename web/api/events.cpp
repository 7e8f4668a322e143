// SPDX-License-Identifier: Apache-2.0
// Live events: what happens to deliveries, transports, links and sticks; for a villager, what
// happens to letters of his own.
#include <Poco/JSONString.h>
#include <Poco/NumberParser.h>

#include <set>

#include "gateway/base/live_feed.h"
#include "gateway/delivery/desk_letters.h"
#include "web/api/event_stream.h"

namespace waypost::api {
namespace {

std::string json_of(const std::string& text) { return Poco::toJSON(text); }
std::string json_of(std::int64_t number) { return std::to_string(number); }
std::string json_of(bool yes) { return yes ? "true" : "false"; }

std::string json_of(const LiveEvent& event) {
    std::string json = "{";
    for (const auto& [key, value] : event.details) {
        if (json.size() > 1) json += ',';
        json += json_of(key) + ':';
        json += std::visit([](const auto& plain) { return json_of(plain); }, value);
    }
    return json + '}';
}

std::string missed_text(const LiveBatch& batch) {
    return batch.missed() ? event_text(batch.last(), "missed", "{}") : std::string();
}

std::string text_for_operators(const LiveBatch& batch) {
    std::string text = missed_text(batch);
    for (const auto& each : batch.events())
        text += event_text(each->number, each->kind, json_of(*each));
    return text;
}

// Which letters of his have changed; what became of them they say themselves, when he looks at
// them. What he may not see there, he does not hear of here.
std::string text_for_villager(GatewayOffice& office, const std::string& handle,
                              const LiveBatch& batch) {
    std::string text = missed_text(batch);
    std::set<MessageId> told;
    for (const auto& each : batch.events()) {
        const auto message = each->details.find("message");
        if (message == each->details.end()) continue;
        const MessageId id = std::get<std::int64_t>(message->second);
        if (!told.insert(id).second || !is_own_letter(office, handle, id)) continue;
        text += event_text(each->number, "letter", "{\"id\":" + json_of(id) + '}');
    }
    return text;
}

// From now on, or behind a number: what was kept of it comes first.
Reply events(Desk& desk, const Request& request) {
    LiveFeed* feed = desk.live();
    std::uint64_t after = feed == nullptr ? 0 : feed->last();
    if (const std::string said = query_text(request, "after"); !said.empty())
        after = Poco::NumberParser::parseUnsigned64(said);
    std::string owner;  // empty: all
    LiveBatch::Write write = text_for_operators;
    if (request.visitor.role < Role::Operator) {
        owner = request.visitor.handle;
        write = [&office = desk.office(), owner](const LiveBatch& batch) {
            return text_for_villager(office, owner, batch);
        };
    }
    return event_stream(desk, request, [=](auto time) mutable -> EventText {
        const auto batch = feed->batch(owner, after, time);
        if (!batch) return nullptr;
        after = batch->last();
        return {batch, &batch->text(write)};
    });
}

}  // namespace

std::vector<Route> event_routes() { return {{"GET", "/events", events, Role::Villager}}; }

}  // namespace waypost::api
