// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/encoding.h"
#include "gateway/delivery/care_door.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

Json::Ptr command(const CareReport& report) {
    Json::Ptr o = new Json;
    o->set("at_ms", Poco::Int64(report.at_ms));
    o->set("who", report.who);
    o->set("way", report.way);
    o->set("command", report.command);
    o->set("answer", report.answer);
    return o;
}

Reply list(Desk& desk, const Request&) {
    CareDoor* care = desk.office().care();
    if (care == nullptr) return listed("commands", std::vector<CareReport>{}, command);
    return listed("commands", care->reports(), command);
}

Reply run(Desk& desk, const Request& request) {
    CareDoor* care = desk.office().care();
    if (care == nullptr || !care->is_open())
        return fail({Code::NotFound, "no key is known here: [care.NAME] of the settings", false});
    const auto packet = from_base64(request.body->getValue<std::string>("packet"));
    if (!packet.ok()) return fail(packet.error());
    const auto answer = care->run(*packet, "console");
    if (!answer.ok()) return fail(answer.error());
    Reply reply;
    reply.body->set("answer", *answer);
    return reply;
}

}  // namespace

std::vector<Route> care_routes() { return {{"GET", "/care", list}, {"POST", "/care", run}}; }

}  // namespace waypost::api
