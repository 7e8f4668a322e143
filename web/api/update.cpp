// SPDX-License-Identifier: Apache-2.0
// Updates of a box that is an image: what runs, what is offered, how an install goes, and how the
// last one ended.
#include "gateway/update/update_desk.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

UpdateDesk* updates_of(Desk& desk) {
    return desk.control() == nullptr ? nullptr : desk.control()->updates();
}

template <class Do>
Reply with_updates(Desk& desk, Do what) {
    UpdateDesk* updates = updates_of(desk);
    if (updates == nullptr)
        return fail(404, "not-found", "this box is no image: its packages are updated by apt");
    return what(*updates);
}

Json::Ptr offer_json(const UpdateOffer& offer) {
    Json::Ptr o = new Json;
    o->set("version", offer.version);
    o->set("is", offer.is);
    o->set("from", offer.from);
    o->set("bytes", Poco::UInt64(offer.bytes));
    return o;
}

Json::Ptr job_json(const UpdateJob& job) {
    Json::Ptr o = new Json;
    o->set("doing", job.doing);
    o->set("percent", job.percent);
    o->set("code", job.code);
    o->set("text", job.text);
    o->set("version", job.version);
    return o;
}

Json::Ptr result_json(const UpdateResult& result) {
    Json::Ptr o = new Json;
    o->set("result", result.result);
    o->set("version", result.version);
    o->set("from", result.from);
    o->set("why", result.why);
    o->set("at_ms", Poco::Int64(result.at * 1000));
    return o;
}

Json::Ptr upload_json(const UpdateUpload& upload) {
    Json::Ptr o = new Json;
    o->set("name", upload.name);
    o->set("bytes", Poco::UInt64(upload.bytes));
    o->set("there", Poco::UInt64(upload.there));
    return o;
}

Reply facts(Desk& desk, const Request&) {
    UpdateDesk* updates = updates_of(desk);
    const auto facts = updates == nullptr ? std::nullopt : updates->facts();
    Reply reply;
    reply.body->set("image", facts.has_value());
    if (!facts) return reply;
    reply.body->set("slot", facts->slot);
    reply.body->set("version", facts->version);
    reply.body->set("board", facts->board);
    reply.body->set("good", facts->good);
    if (facts->offer) reply.body->set("offer", offer_json(*facts->offer));
    if (facts->job) reply.body->set("job", job_json(*facts->job));
    if (facts->result) reply.body->set("result", result_json(*facts->result));
    if (const auto upload = updates->upload()) reply.body->set("upload", upload_json(*upload));
    return reply;
}

Reply begin(Desk& desk, const Request& request) {
    return with_updates(desk, [&](UpdateDesk& updates) {
        const auto bytes = request.body->getValue<Poco::Int64>("bytes");
        if (bytes < 0) return fail(400, "bad-input", "a file has no fewer bytes than none");
        return done(updates.begin(request.body->getValue<std::string>("name"),
                                  static_cast<std::uint64_t>(bytes)));
    });
}

Reply piece(Desk& desk, const Request& request) {
    return with_updates(desk, [&](UpdateDesk& updates) {
        const auto at = query_number(request, "at", -1);
        if (at < 0) return fail(400, "bad-input", "`at` has to say where the piece goes");
        const auto there = updates.add(static_cast<std::uint64_t>(at), request.bytes);
        if (!there.ok()) return fail(there.error());
        Reply reply;
        reply.body->set("there", Poco::UInt64(*there));
        return reply;
    });
}

Reply cancel(Desk& desk, const Request&) {
    return with_updates(desk, [](UpdateDesk& updates) {
        updates.cancel();
        return Reply{};
    });
}

Reply install(Desk& desk, const Request&) {
    return with_updates(desk, [](UpdateDesk& updates) { return done(updates.install()); });
}

Reply discard(Desk& desk, const Request&) {
    return with_updates(desk, [](UpdateDesk& updates) { return done(updates.discard()); });
}

Reply restart_machine(Desk& desk, const Request&) {
    return with_updates(desk, [](UpdateDesk& updates) { return done(updates.restart_machine()); });
}

}  // namespace

std::vector<Route> update_routes() {
    return {{"GET", "/update", facts},
            {"POST", "/update/upload", begin, Role::Admin},
            {"PUT", "/update/upload", piece, Role::Admin, true},
            {"DELETE", "/update/upload", cancel, Role::Admin},
            {"POST", "/update/install", install, Role::Admin},
            {"DELETE", "/update/offer", discard, Role::Admin},
            {"POST", "/update/restart", restart_machine, Role::Admin}};
}

}  // namespace waypost::api
