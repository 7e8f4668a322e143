// SPDX-License-Identifier: Apache-2.0
// What was found, since when, and what was told of it: in the state of the store, so that neither a
// restart nor a kill tells it twice or forgets that it is to be told as over.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/custody/ledger.h"
#include "gateway/health/trouble.h"

namespace waypost {

struct TroubleRecord {
    store::Ms since_box_ms = 0;  // 0: it is not so any more
    store::Ms told_box_ms = 0;   // when its beginning was told last; 0: never
    bool open = false;           // told, and that it is over was not
    std::vector<DeliveryId> told;
};
using TroubleRecords = std::map<std::string, TroubleRecord>;  // by Finding::name()

TroubleRecords trouble_records(store::Tables& tables);

// What follows from the findings of one look.
struct HealthStep {
    struct Telling {
        Finding finding;
        milliseconds lasted{0};
        bool over = false;
    };
    std::map<std::string, std::optional<TroubleRecord>> changed;  // nullopt: it goes
    std::vector<Telling> tellings;
    std::optional<store::Ms> next_box_ms;  // when something found now begins to count
};

// Pure. That the store cannot write is no part of it: it could not be put on record.
HealthStep next_step(const TroubleRecords& records, const std::vector<Finding>& findings,
                     const HealthFacts& facts, const HealthSettings& settings);

// In the transaction: reads the records again, writes what follows and tells it.
void take_step(Ledger& ledger, const std::vector<Finding>& findings, const HealthFacts& facts);

}  // namespace waypost
