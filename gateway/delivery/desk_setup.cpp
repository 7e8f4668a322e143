// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_setup.h"

#include <algorithm>
#include <array>

namespace waypost {
namespace {

constexpr std::array<const char*, 6> kSteps{"place", "wifi", "radios", "mail", "people", "backup"};
constexpr char kOwner[] = "setup";  // of the rows

}  // namespace

Result<std::vector<SetupStep>> setup_steps(GatewayOffice& office) {
    return office.box().store.read([](store::Tables& t) {
        std::vector<SetupStep> all;
        for (const char* step : kSteps)
            all.push_back({step, t.state.get(kOwner, step).value_or("")});
        return all;
    });
}

Result<void> set_setup_step(GatewayOffice& office, const std::string& step,
                            const std::string& state) {
    if (std::find(kSteps.begin(), kSteps.end(), step) == kSteps.end())
        return Error{Code::NotFound, "no such step: " + step, false};
    if (state != "" && state != "done" && state != "skipped")
        return Error{Code::BadInput, "a step is done, skipped or nothing", false};
    return office.decide<void>([&](Ledger& ledger) -> Result<void> {
        ledger.tables().state.put(kOwner, step, state);
        return {};
    });
}

}  // namespace waypost
