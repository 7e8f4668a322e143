// SPDX-License-Identifier: Apache-2.0
// Names that are asked for, codes, lost radios, and who is to be forgotten.
#include "gateway/delivery/desk_persons.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

Reply counted(const Result<std::size_t>& count) {
    if (!count.ok()) return fail(count.error());
    Reply reply;
    reply.body->set("radios", static_cast<Poco::Int64>(*count));
    return reply;
}

Json::Ptr matter_json(const store::MatterRow& row, store::Ms now) {
    const bool move = row.kind == store::MatterRow::Kind::Move;
    const bool key = row.kind == store::MatterRow::Kind::Key;
    Json::Ptr o = new Json;
    o->set("kind", move ? "move" : key ? "key" : "name");
    o->set("handle", row.handle);
    o->set("radio", row.radio.uri());
    o->set("message", Poco::Int64(row.message));
    if (move)
        o->set("seconds_left", Poco::Int64(std::max<store::Ms>(row.due_box_ms - now, 0) / 1000));
    o->set("vouched", list_of(row.vouched));
    return o;
}

Reply matters(Desk& desk, const Request&) {
    const store::Ms now = desk.office().box().box_ms();
    return listed("matters", open_matters(desk.office()),
                  [now](const store::MatterRow& row) { return matter_json(row, now); });
}

Reply approve(Desk& desk, const Request& request) {
    return done(decide_matter(desk.office(), request.path.at(0), true));
}

Reply refuse(Desk& desk, const Request& request) {
    return done(decide_matter(desk.office(), request.path.at(0), false));
}

Reply code(Desk& desk, const Request& request) {
    const auto made = code_for(desk.office(), request.path.at(0));
    if (!made.ok()) return fail(made.error());
    Reply reply;
    reply.body->set("code", *made);
    return reply;
}

Reply lost(Desk& desk, const Request& request) {
    return counted(suspend_lost(desk.office(), request.path.at(0)));
}

Reply found(Desk& desk, const Request& request) {
    return counted(lift_found(desk.office(), request.path.at(0)));
}

Reply forget(Desk& desk, const Request& request) {
    const auto forgot = forget_at_desk(desk.office(), request.path.at(0));
    if (!forgot.ok()) return fail(forgot.error());
    Reply reply;
    reply.body->set("texts", static_cast<Poco::Int64>(forgot->texts));
    reply.body->set("cancelled", static_cast<Poco::Int64>(forgot->cancelled));
    reply.body->set("contacts", static_cast<Poco::Int64>(forgot->contacts));
    reply.body->set("items", static_cast<Poco::Int64>(forgot->items));
    reply.body->set("radios", static_cast<Poco::Int64>(forgot->radios));
    reply.body->set("neighbours", static_cast<Poco::Int64>(forgot->neighbours));
    reply.body->set("mailbox", forgot->mailbox);
    return reply;
}

}  // namespace

std::vector<Route> person_routes() {
    return {{"GET", "/matters", matters},
            {"POST", "/people/{handle}/approve", approve},
            {"POST", "/people/{handle}/refuse", refuse},
            {"POST", "/people/{handle}/code", code},
            {"POST", "/people/{handle}/lost", lost},
            {"POST", "/people/{handle}/found", found},
            {"POST", "/people/{handle}/forget", forget}};
}

}  // namespace waypost::api
