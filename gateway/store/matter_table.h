// SPDX-License-Identifier: Apache-2.0
// What is asked for in somebody's name and not decided yet: at most one name or move for each name,
// and one matter for each radio. See tables.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/store/records.h"
#include "gateway/store/session.h"

namespace waypost::store {

class MatterTable {
  public:
    explicit MatterTable(Poco::Data::Session& session);
    ~MatterTable();
    std::optional<MatterRow> find(MessageId message);
    // A name or a move; by the address of a radio, the matter of its key.
    std::optional<MatterRow> of_handle(const std::string& handle);
    std::optional<MatterRow> of_radio(const Address& radio);
    std::vector<MatterRow> due(Ms box_now);
    std::vector<MatterRow> all();  // oldest first
    std::int64_t count(MatterRow::Kind kind);
    void put(const MatterRow& row);  // new, or with another `vouched`
    void erase(MessageId message);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store
