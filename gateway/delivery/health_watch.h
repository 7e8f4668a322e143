// SPDX-License-Identifier: Apache-2.0
// Looks at the box itself, as the house is kept: what is wrong, since when; and has it told. One
// list for the alerts, for `GET /health`, for the page and for the metrics.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "gateway/delivery/office.h"
#include "gateway/health/alerts.h"
#include "gateway/health/records.h"
#include "gateway/health/trouble.h"

namespace waypost {

// Degraded: something needs somebody. Down: the box does not do what it is there for; it takes
// nothing new, or nothing goes out.
enum class Health { Ok, Degraded, Down };
const char* to_string(Health health);  // "ok"

struct HealthMatter {
    Trouble trouble = Trouble::Way;
    std::string of;      // a transport, a network or a neighbour; empty: the box
    std::string detail;  // English; may be empty
    bool grave = false;  // alone makes it Down
    store::Ms since_ms = 0;
};

struct HealthReport {
    Health health = Health::Ok;
    std::vector<HealthMatter> matters;
    HealthFacts facts;  // that they were found in
};

// What app/ knows and the core does not. Each may be empty; any thread.
struct HealthSources {
    std::function<std::string()> settings_problem;
    std::function<std::optional<store::Ms>()> certificate_ends_ms;  // wall
    std::function<std::set<TransportId>()> pulled_out;              // devices that are not back yet
    std::function<PowerFacts()> power;
};

class HealthWatch {
  public:
    HealthWatch(GatewayOffice& office, HealthSources sources)
        : office_(office), sources_(std::move(sources)) {}

    // The house's thread. Puts on record what changed and tells it. When to look again, box time,
    // where that is known.
    std::optional<store::Ms> look();
    // Any thread. At most a second old.
    HealthReport report();
    Result<std::vector<AlertEnds>> told();
    PowerFacts power() const { return sources_.power ? sources_.power() : PowerFacts{}; }

  private:
    struct Memory {
        std::optional<store::Ms> began_box_ms;
        std::optional<store::Ms> store_fails_since;  // box time
    };
    struct Seen {
        HealthFacts facts;
        std::vector<Finding> findings;
        TroubleRecords records;
    };
    Seen see(Memory& memory);
    void add_ways(HealthFacts& facts, const TroubleRecords& records, store::Ms age);
    HealthReport report_of(Seen seen, const Memory& memory) const;
    void tell_store_failed(milliseconds lasted);
    Memory memory();

    GatewayOffice& office_;
    const HealthSources sources_;
    std::mutex mutex_;  // of what follows; not held while others are asked
    Memory memory_;     // changed by look() only
    std::optional<HealthReport> report_;
    store::Ms reported_box_ms_ = 0;
};

// What the desk notes of backups, for the watch. Does not wait.
void note_backup(GatewayOffice& office, const Result<void>& made);

}  // namespace waypost
