// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_map.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

const char* to_string(MapPlace::Kind kind) {
    switch (kind) {
        case MapPlace::Kind::Box:
            return "box";
        case MapPlace::Kind::Neighbour:
            return "neighbour";
        case MapPlace::Kind::Alarm:
            break;
    }
    return "alarm";
}

// Null where it is not known.
template <class T>
Poco::Dynamic::Var known(const std::optional<T>& value) {
    return value ? Poco::Dynamic::Var(static_cast<double>(*value)) : Poco::Dynamic::Var();
}

Json::Ptr place(const MapPlace& place) {
    Json::Ptr o = new Json;
    o->set("kind", to_string(place.kind));
    o->set("name", place.name);
    o->set("latitude", place.point.latitude);
    o->set("longitude", place.point.longitude);
    o->set("metres", place.metres);
    o->set("at_ms", Poco::Int64(place.at_ms));
    o->set("alarm", Poco::Int64(place.alarm));
    return o;
}

Json::Ptr link(const std::string& village, const MapLink& link) {
    Json::Ptr o = new Json;
    o->set("from", village);
    o->set("to", link.neighbour);
    o->set("transport", link.transport);
    o->set("up", link.up);
    o->set("loss", known(link.loss));
    o->set("snr_db", known(link.snr_db));
    o->set("heard_ms", Poco::Int64(link.heard_ms));
    return o;
}

Json::Ptr radio(const MapRadio& radio) {
    Json::Ptr o = new Json;
    o->set("transport", radio.transport);
    o->set("address", radio.address.uri());
    o->set("person", radio.person);
    o->set("name", radio.name);
    o->set("heard_ms", Poco::Int64(radio.heard_ms));
    o->set("hops", radio.hops < 0 ? Poco::Dynamic::Var() : Poco::Dynamic::Var(radio.hops));
    o->set("snr_db", known(radio.snr_db));
    return o;
}

Reply map_of(Desk& desk, const Request&) {
    const auto report = map_report(desk.office());
    if (!report.ok()) return fail(report.error());
    const std::string& village = desk.office().box().settings->village;
    Reply reply;
    reply.body->set("places", list_of(report->places, place));
    reply.body->set(
        "links", list_of(report->links, [&](const MapLink& each) { return link(village, each); }));
    reply.body->set("radios", list_of(report->radios, radio));
    reply.body->set("tiles", report->tiles);
    return reply;
}

}  // namespace

std::vector<Route> map_routes() { return {{"GET", "/map", map_of}}; }

}  // namespace waypost::api
