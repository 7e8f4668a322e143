// SPDX-License-Identifier: Apache-2.0
// What a map of the village and its neighbours shows. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/delivery/office.h"

namespace waypost {

struct MapPlace {
    enum class Kind { Box, Neighbour, Alarm };
    Kind kind = Kind::Box;
    std::string name;  // of the village, of the neighbour, of who called
    GeoPoint point;
    int metres = 0;            // it lies within so many of there; 0: not said
    store::Ms at_ms = 0;       // of the measurement; 0: the settings say it
    store::AlarmId alarm = 0;  // of an alarm
};

// Between this box and a neighbour.
struct MapLink {
    std::string neighbour;
    TransportId transport;
    bool up = false;
    std::optional<double> loss;  // percent
    std::optional<double> snr_db;
    store::Ms heard_ms = 0;  // 0: not since the box runs
};

// That was heard.
struct MapRadio {
    TransportId transport;  // that heard it last
    Address address;
    std::string person;  // handle; empty: nobody's
    std::string name;    // as it says itself
    store::Ms heard_ms = 0;
    int hops = -1;  // -1: not known
    std::optional<float> snr_db;
};

struct MapReport {
    std::vector<MapPlace> places;  // people's only while an alarm of theirs is open
    std::vector<MapLink> links;
    std::vector<MapRadio> radios;  // at most 500, heard last first
    bool tiles = false;            // there is a file for the ground
};

Result<MapReport> map_report(GatewayOffice& office);

}  // namespace waypost
