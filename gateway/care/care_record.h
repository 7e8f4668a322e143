// SPDX-License-Identifier: Apache-2.0
// What is on record of operators' signed commands: the highest number of each key, and the last
// commands with their answers. In the writer's transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/care/packet.h"
#include "gateway/store/tables.h"

namespace waypost {

struct CareRecord {
    store::Ms at_ms = 0;  // wall time at which it came
    std::string who;      // the key's name in the settings
    std::string way;      // "mail carl@city.example", "nncp:laptop", "console"
    std::string command;
    std::string answer;        // once it is done
    std::string key;           // short hash of the public key
    std::uint64_t number = 0;  // of the packet
    std::string print;         // short hash of the packet
    std::string note;          // about its age, before the answer
    Address reply;             // where the answer goes; empty: nowhere
    bool begun = false;        // what is begun is not begun again, whatever became of it
};

// One key's, by its public key: another name in the settings changes nothing.
std::string care_key_hash(const care::PublicKey& key);
std::uint64_t last_care_number(store::Tables& tables, const std::string& key);
std::optional<CareRecord> care_record(store::Tables& tables, const std::string& key,
                                      std::uint64_t number);
// The number counts as used from here on. The oldest records go, numbers stay.
void begin_care(store::Tables& tables, const CareRecord& record);
void put_care(store::Tables& tables, const CareRecord& record);
std::vector<CareRecord> care_records(store::Tables& tables);  // newest first

}  // namespace waypost
