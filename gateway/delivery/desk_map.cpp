// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_map.h"

#include <algorithm>
#include <filesystem>

#include "gateway/custody/alarm_text.h"

namespace waypost {
namespace {

constexpr int kMostAlarms = 100;
constexpr int kMostCallers = 20;  // of one alarm
constexpr std::size_t kMostRadios = 500;

void add_settled(std::vector<MapPlace>& places, const BoxSettings& settings) {
    if (settings.place)
        places.push_back({MapPlace::Kind::Box, settings.village, *settings.place, 0, 0, 0});
    for (const Neighbour& each : settings.neighbours) {
        if (each.place)
            places.push_back({MapPlace::Kind::Neighbour, each.name, *each.place, 0, 0, 0});
    }
}

// As old as an alarm shows it, and no older.
std::optional<MapPlace> place_of_radio(store::Tables& tables, const Box& box,
                                       const Address& radio) {
    const auto row = tables.places.find(radio);
    if (!row || box.wall_ms() - row->at_ms > milliseconds(kKeepPlaces).count()) return std::nullopt;
    MapPlace place;
    place.kind = MapPlace::Kind::Alarm;
    place.point = {static_cast<double>(row->latitude) / 1e7,
                   static_cast<double>(row->longitude) / 1e7};
    place.metres = row->metres;
    place.at_ms = row->at_ms;
    return place;
}

void add_callers(std::vector<MapPlace>& places, store::Tables& tables, const Box& box,
                 const store::AlarmRow& alarm) {
    for (const store::AlarmCallerRow& caller : tables.alarms.callers(alarm.id, kMostCallers)) {
        auto place = place_of_radio(tables, box, caller.radio);
        if (!place) continue;
        place->alarm = alarm.id;
        place->name = caller.owner == alarm.owner ? alarm.who : caller.owner;
        places.push_back(std::move(*place));
    }
}

// By the key that the operator gave it: "trunk:dale" is what [trunk.dale] brings, "nncp:dale" comes
// by whatever packets there are.
bool leads_to(const Neighbour& neighbour, const TransportId& id) {
    return std::any_of(neighbour.keys.begin(), neighbour.keys.end(), [&](const std::string& key) {
        if (key.rfind("nncp:", 0) == 0) return id.rfind("nncp.", 0) == 0;
        const std::size_t colon = key.find(':');
        return id == key.substr(0, colon) + '.' + key.substr(colon + 1);
    });
}

std::optional<double> metric(const Status& status, const char* name) {
    const auto found = status.metrics.find(name);
    return found == status.metrics.end() ? std::nullopt : std::optional(found->second);
}

// `came_ms`: when it last brought something, for a way that does not say when it was heard.
MapLink link_of(const Neighbour& neighbour, const Transport& transport, store::Ms now_ms,
                store::Ms came_ms) {
    const Status status = transport.status();
    MapLink link;
    link.neighbour = neighbour.name;
    link.transport = transport.id();
    link.up = status.up;
    link.loss = metric(status, "loss");
    link.snr_db = metric(status, "snr_db");
    const auto ago = metric(status, "heard_ago_s");
    link.heard_ms = ago ? now_ms - static_cast<store::Ms>(*ago * 1000) : came_ms;
    return link;
}

std::vector<MapLink> links_of(GatewayOffice& office, store::Tables& tables) {
    std::vector<MapLink> links;
    const Box& box = office.box();
    for (const auto& transport : office.transports().all()) {
        for (const Neighbour& neighbour : box.neighbours.all()) {
            if (!leads_to(neighbour, transport->id())) continue;
            const store::Ms came_ms = tables.neighbours.get(neighbour.name).heard_ms;
            links.push_back(link_of(neighbour, *transport, box.wall_ms(), came_ms));
        }
    }
    return links;
}

MapRadio radio_of(GatewayOffice& office, const store::EndpointRow& row) {
    MapRadio radio{row.transport, row.address, row.person, row.name, row.heard_ms, -1, {}};
    const auto heard = office.heard_of(row.address);
    if (!heard) return radio;
    const Box& box = office.box();
    radio.transport = heard->transport;
    radio.hops = heard->hops;
    radio.snr_db = heard->snr_db;
    radio.heard_ms = box.wall_ms() - (box.box_ms() - to_ms(heard->at));
    return radio;
}

std::vector<MapRadio> radios_of(GatewayOffice& office) {
    std::vector<MapRadio> radios;
    const auto people = office.box().directory.get();
    for (const auto& [address, row] : people->endpoints()) {
        if (row.heard_ms > 0) radios.push_back(radio_of(office, row));
    }
    std::stable_sort(radios.begin(), radios.end(),
                     [](const auto& a, const auto& b) { return a.heard_ms > b.heard_ms; });
    if (radios.size() > kMostRadios) radios.resize(kMostRadios);
    return radios;
}

}  // namespace

Result<MapReport> map_report(GatewayOffice& office) {
    const Box& box = office.box();
    MapReport report;
    add_settled(report.places, *box.settings);
    const auto read = office.box().store.read([&](store::Tables& tables) {
        for (const store::AlarmRow& alarm : tables.alarms.list(false, kMostAlarms)) {
            // What is only asked for may yet be called off.
            if (alarm.state != store::AlarmState::Asked)
                add_callers(report.places, tables, box, alarm);
        }
        report.links = links_of(office, tables);
        return 0;
    });
    if (!read.ok()) return read.error();
    report.radios = radios_of(office);
    std::error_code unknown;
    report.tiles = std::filesystem::is_regular_file(box.settings->tiles, unknown);
    return report;
}

}  // namespace waypost
