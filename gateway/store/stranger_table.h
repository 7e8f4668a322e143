// SPDX-License-Identifier: Apache-2.0
// Radios without a name that were heard once: what bounds how many are remembered.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/store/session.h"

namespace waypost::store {

class StrangerTable {
  public:
    explicit StrangerTable(Poco::Data::Session& session);
    ~StrangerTable();
    // Wall time in ms at which the stranger was heard whom `newer` others were heard after; nothing
    // if there are not so many.
    std::optional<std::int64_t> heard_after(int newer);
    // Addresses (URIs) of those not heard since `before` who have no message on record, the longest
    // unheard first.
    std::vector<std::string> unheard(std::int64_t before_ms, int most);
    // The radio with its contacts.
    void forget(const std::string& address_uri);
    std::int64_t count();

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store
