// SPDX-License-Identifier: Apache-2.0
#include "app/neighbours.h"

#include <stdexcept>

namespace waypost {

std::optional<GeoPoint> place_setting(const SectionValues& values, const std::string& section) {
    if (!values.has("place")) return std::nullopt;
    const auto place = parse_geo_point(values.text("place"));
    if (!place.ok()) throw std::runtime_error('[' + section + "] place: " + place.error().text);
    return *place;
}

std::vector<Neighbour> configured_neighbours(const Config& config) {
    std::vector<Neighbour> all;
    for (const SectionValues* values : config.instances("neighbour")) {
        Neighbour one;
        one.name = values->instance();
        one.domains = values->list("domain");
        for (const std::string& each : values->list("addresses")) {
            auto network = IpNetwork::parse(each);
            if (!network.ok())
                throw std::runtime_error("[neighbour." + one.name +
                                         "]: addresses: " + network.error().text);
            one.addresses.push_back(std::move(*network));
        }
        for (const char* way : {"nncp", "trunk"}) {
            if (values->has(way)) one.keys.push_back(way + (':' + values->text(way)));
        }
        one.fronted = values->boolean("front");
        one.fronted_per_day = static_cast<int>(values->integer("front_per_day"));
        // By a relay or by DNS it would come back to this machine.
        if (one.fronted && one.keys.empty())
            throw std::runtime_error("[neighbour." + one.name +
                                     "]: front needs a way of its own to it: nncp or trunk");
        one.place = place_setting(*values, "neighbour." + one.name);
        one.messages_per_day = static_cast<int>(values->integer("messages_per_day"));
        one.alarms_on_radio = values->text("alarms") == "radio";
        one.tell_alarms = values->boolean("tell_alarms");
        one.tell_forget = values->boolean("tell_forget");
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace waypost
