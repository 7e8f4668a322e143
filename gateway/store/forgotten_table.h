// SPDX-License-Identifier: Apache-2.0
// Who wanted to be forgotten, as hashes: a restored backup that is older forgets them again. Rows
// outlive a restore (app/restore.cpp). What neighbours and a hub are to be told begins here too.
// See tables.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/store/records.h"
#include "gateway/store/session.h"

namespace waypost::store {

std::string forgotten_hash(const std::string& handle);

class ForgottenTable {
  public:
    explicit ForgottenTable(Poco::Data::Session& session);
    ~ForgottenTable();
    void put(const ForgottenRow& row);  // the later of two times stays
    std::optional<ForgottenRow> find(const std::string& hash);
    std::vector<ForgottenRow> all();

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store
