// SPDX-License-Identifier: Apache-2.0
#include "web/api/letters.h"

namespace waypost::api {

namespace {

constexpr std::size_t kMostRecipients = 100;

const char* kind_name(Verdict::Kind kind) {
    switch (kind) {
        case Verdict::Kind::Accepted:
            return "accepted";
        case Verdict::Kind::Duplicate:
            return "duplicate";
        case Verdict::Kind::Refused:
            return "refused";
        case Verdict::Kind::Later:
            return "later";
    }
    return "refused";
}

const char* reason_name(Verdict::Reason reason) {
    switch (reason) {
        case Verdict::Reason::None:
            return "";
        case Verdict::Reason::UnknownRecipient:
            return "unknown";
        case Verdict::Reason::NotAllowed:
            return "not-allowed";
        case Verdict::Reason::TooLarge:
            return "too-large";
        case Verdict::Reason::Loop:
            return "loop";
        case Verdict::Reason::BadInput:
            return "bad-input";
        case Verdict::Reason::QuotaFull:
            return "quota";
        case Verdict::Reason::StorageFull:
            return "full";
        case Verdict::Reason::Busy:
            return "busy";
    }
    return "";
}

std::string privacy_name(const std::optional<Privacy>& privacy) {
    return privacy ? to_string(*privacy) : "";
}

// Of the newest hop of this delivery that is known.
std::optional<Privacy> last_hop(const Trace& trace, DeliveryId delivery) {
    std::optional<Privacy> last;
    for (const auto& event : trace.events) {
        if (event.delivery == delivery && event.privacy) last = event.privacy;
    }
    return last;
}

}  // namespace

Reply send_as(Desk& desk, const Request& request, const std::string& from, int most_urgent) {
    std::vector<std::string> to;
    if (const auto list = request.body->getArray("to")) {
        for (const auto& each : *list) to.push_back(each.toString());
    }
    if (to.size() > kMostRecipients)
        return fail(400, "bad-input", "a message goes to 100 at most: make a group of them");
    const int priority = request.body->optValue<int>("priority", 2);
    if (priority < most_urgent || priority > 3)
        return fail(400, "bad-input",
                    "priority is " + std::to_string(most_urgent) + " to 3 (bulk); 0 is an alarm");
    const auto sent =
        desk.send(from, to, request.body->optValue<std::string>("subject", ""),
                  request.body->optValue<std::string>("text", ""), static_cast<Priority>(priority));
    if (!sent.ok()) return fail(sent.error());
    Reply reply;
    JsonList::Ptr verdicts = new JsonList;
    for (std::size_t i = 0; i < sent->size(); ++i) {
        const Verdict& verdict = (*sent)[i];
        Json::Ptr o = new Json;
        o->set("to", i < to.size() ? to[i] : "");
        o->set("verdict", kind_name(verdict.kind));
        o->set("reason", reason_name(verdict.reason));
        o->set("text", verdict.text);
        verdicts->add(o);
        if (verdict.message != 0) reply.body->set("id", Poco::Int64(verdict.message));
        if (!verdict.kept()) reply.status = 422;
    }
    reply.body->set("verdicts", verdicts);
    return reply;
}

void put_trace(Json& o, const Trace& found) {
    const Message& m = found.message.message;
    o.set("id", Poco::Int64(found.message.id));
    o.set("from", m.from.empty() ? "gateway" : m.from.uri());
    o.set("owner", found.message.owner);
    o.set("network", m.network);
    o.set("transport", m.transport);
    o.set("bytes", Poco::UInt64(std::max<std::uint64_t>(m.body.size, m.text.size())));
    o.set("privacy", privacy_name(m.privacy));
    o.set("created_ms", Poco::Int64(found.message.created_ms));
    JsonList::Ptr deliveries = new JsonList;
    for (const auto& row : found.deliveries) {
        Json::Ptr d = delivery_json(row);
        d->set("privacy", privacy_name(last_hop(found, row.id)));
        deliveries->add(d);
    }
    o.set("deliveries", deliveries);
    JsonList::Ptr events = new JsonList;
    for (const auto& event : found.events) {
        Json::Ptr e = new Json;
        e->set("at_ms", Poco::Int64(event.at_ms));
        e->set("event", event.kind);
        e->set("proof", to_string(event.proof));
        e->set("delivery", Poco::Int64(event.delivery));
        e->set("transport", event.transport);
        e->set("code", event.code);
        e->set("detail", event.detail);
        e->set("privacy", privacy_name(event.privacy));
        events->add(e);
    }
    o.set("events", events);
}

namespace {

// On the box itself in anybody's name; by the console only in one's own.
Reply send(Desk& desk, const Request& request) {
    const auto from = request.body->optValue<std::string>("from", request.visitor.handle);
    if (!request.visitor.session.empty() && from != request.visitor.handle)
        return fail(403, "refused", "who signs in writes in his own name");
    return send_as(desk, request, from, 0);
}

// Envelopes and events; the text itself is for its owner, not for whoever looks at a trace.
Reply trace(Desk& desk, const Request& request) {
    const auto found = desk.trace(number_in(request, 0));
    if (!found.ok()) return fail(found.error());
    Reply reply;
    put_trace(*reply.body, *found);
    return reply;
}

}  // namespace

std::vector<Route> message_routes() {
    return {{"POST", "/messages", send}, {"GET", "/messages/{id}/trace", trace}};
}

}  // namespace waypost::api
