// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_preferences.h"

#include <algorithm>

#include "gateway/custody/quiet_hours.h"

namespace waypost {

Result<void> set_quiet(GatewayOffice& office, const std::string& handle, const std::string& hours) {
    const auto parsed = parse_quiet(hours);
    return office.decide<void>([&](Ledger& ledger) -> Result<void> {
        auto row = ledger.tables().people.person(handle);
        if (!row) return Error{Code::NotFound, "nobody here is called " + handle, false};
        if (!parsed && !hours.empty() && hours != kNoQuiet)
            return bad_input("quiet hours look like 22:00-06:30, or are off");
        row->quiet = parsed ? to_string(*parsed) : hours;
        ledger.tables().people.put_person(*row);
        quiet_changed(ledger, handle);
        ledger.effects().people_changed = true;
        return {};
    });
}

std::vector<AirtimeUse> airtime_use(const GatewayOffice& office) {
    std::vector<AirtimeUse> all;
    for (const auto& [network, accounts] : office.airtime_accounts()) {
        for (const auto& [who, left] : accounts) all.push_back({network, who, left});
    }
    std::sort(all.begin(), all.end(),
              [](const AirtimeUse& a, const AirtimeUse& b) { return a.left < b.left; });
    return all;
}

}  // namespace waypost
