// SPDX-License-Identifier: Apache-2.0
// What there is to say of each neighbour: when it was heard, its last problem, its last alarm.
#pragma once

#include <memory>
#include <string>

#include "gateway/message/message.h"
#include "gateway/store/session.h"

namespace waypost::store {

struct NeighbourRow {
    std::string name;
    std::int64_t heard_ms = 0;  // wall time, as all of these; 0: never
    std::string problem;        // a sentence; empty: none so far
    std::int64_t problem_ms = 0;
    MessageId alarm = 0;  // its last one
    std::int64_t alarm_ms = 0;
    std::int64_t hour = 0;  // since 1970, in which `told` alarms went to radios
    int told = 0;
};

class NeighbourTable {
  public:
    explicit NeighbourTable(Poco::Data::Session& session);
    ~NeighbourTable();
    NeighbourRow get(const std::string& name);  // of who never was here: nothing but his name
    void put(const NeighbourRow& row);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store
