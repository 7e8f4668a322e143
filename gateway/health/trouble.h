// SPDX-License-Identifier: Apache-2.0
// The few things that an operator has to do something about, and how they are found in what the box
// knows of itself. Values and rules, without a store or a clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/custody/health_settings.h"
#include "gateway/power/power_watch.h"
#include "gateway/store/records.h"
#include "gateway/transport.h"

namespace waypost {

const char* to_string(Trouble trouble);  // "way", as in settings, API and metrics
std::optional<Trouble> trouble_named(std::string_view name);
const std::vector<Trouble>& all_troubles();

// What the box knows of itself just now.
struct HealthFacts {
    struct Way {
        TransportId id;
        std::string network;
        Status status;
    };
    std::vector<Way> ways;
    std::map<std::string, store::Ms> oldest_letter;  // by network: since when it waits, wall
    std::uint64_t disk_free = 0;                     // bytes
    bool disk_full = false;
    std::string store_problem;
    std::string clock_doubt;
    std::optional<store::Ms> backup_box_ms;  // of the last that was made here; none: none yet
    std::string backup_problem;              // of one that failed after it
    std::string settings_problem;
    std::optional<store::Ms> certificate_ends_ms;  // wall
    std::map<std::string, store::Ms> heard_ms;     // neighbours that were heard ever, wall
    PowerFacts power;
    store::Ms wall_ms = 0;
    store::Ms box_ms = 0;
};

// Something that is so just now. It counts once it has lasted for `least`.
struct Finding {
    Trouble trouble = Trouble::Way;
    std::string of;      // a transport, a network or a neighbour; empty: the box
    std::string detail;  // in the words of who found it, English; may be empty
    bool grave = false;  // the box does not do what it is there for
    milliseconds least{0};
    std::optional<milliseconds> lasts;  // where that is known by itself

    std::string name() const {  // "way meshtastic.roof"
        return to_string(trouble) + (of.empty() ? std::string() : ' ' + of);
    }
};

std::vector<Finding> find_troubles(const HealthFacts& facts, const HealthSettings& settings);

// Whether it can be told just now that this is so, or is over: what needs a time of day cannot
// while that is doubted.
bool is_sure(Trouble trouble, const HealthFacts& facts);
// Whether anybody still looks at it: what is left out of the settings ends without a word.
bool is_watched(Trouble trouble, const std::string& of, const HealthFacts& facts,
                const HealthSettings& settings);

}  // namespace waypost
