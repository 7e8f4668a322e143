// SPDX-License-Identifier: Apache-2.0
// Who is to be told if a person is silent: at most one row for each person.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/store/records.h"
#include "gateway/store/session.h"

namespace waypost::store {

struct CheckInRow {
    std::string owner;              // his handle
    Address radio;                  // that set it: he is asked there
    std::vector<Address> contacts;  // empty: the responders
    Ms after_ms = 0;                // how long he may be silent
    Ms heard_ms = 0;                // his last sign of life
    Ms end_box_ms = 0;              // the silence has lasted then
    Ms due_box_ms = 0;              // something is to be done; 0: all is done
    bool asked = false;
    int told = 0;  // how often his contacts were
};

class CheckInTable {
  public:
    explicit CheckInTable(Poco::Data::Session& session);
    ~CheckInTable();
    void put(const CheckInRow& row);
    bool remove(const std::string& owner);
    std::optional<CheckInRow> find(const std::string& owner);
    std::vector<CheckInRow> list();
    std::vector<CheckInRow> due(Ms box_now, int most);
    std::optional<Ms> next_due();

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store
