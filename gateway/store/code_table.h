// SPDX-License-Identifier: Apache-2.0
// Codes by which another radio becomes a person's: one for each person, of which the hash is kept.
// See tables.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/store/records.h"
#include "gateway/store/session.h"

namespace waypost::store {

class CodeTable {
  public:
    explicit CodeTable(Poco::Data::Session& session);
    ~CodeTable();
    std::optional<CodeRow> find(const std::string& handle);
    void put(const CodeRow& row);  // in place of an older one
    void erase(const std::string& handle);
    std::vector<CodeRow> over(Ms box_now);  // whose time has passed

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store
