// SPDX-License-Identifier: Apache-2.0
// What this gateway does for an operator who is not there.
#pragma once

#include <functional>
#include <memory>

#include "gateway/care/care_acts.h"
#include "gateway/delivery/desk.h"

namespace waypost {

struct CareTools {
    // Makes the instance of this id anew, and waits for that; ids are known ones.
    std::function<Result<CareActs::Done>(const TransportId&)> restart;
    // Begins the update of this name, or the one that is offered; empty: none is offered here.
    std::function<Result<CareActs::Done>(const std::string&)> start_update;
    // Opens the gateway anew; empty: nobody can.
    std::function<void()> open_anew;
};

// `desk` outlives it.
std::unique_ptr<CareActs> care_acts(Desk& desk, CareTools tools);

}  // namespace waypost
