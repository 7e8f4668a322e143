// SPDX-License-Identifier: Apache-2.0
#include "app/transports.h"

#include "bridges/email/email_transport.h"
#include "gateway/config/config.h"
#include "radio/meshtastic/meshtastic_transport.h"

namespace waypost {

const std::vector<TransportKind>& transport_kinds() {
    static const std::vector<TransportKind> kKinds = {
        meshtastic::meshtastic_kind(),
        email::email_kind(),
    };
    return kKinds;
}

std::span<const Section* const> all_sections() {
    static const std::vector<const Section*> kAll = [] {
        const auto core = core_sections();
        std::vector<const Section*> all(core.begin(), core.end());
        for (const TransportKind& kind : transport_kinds()) all.push_back(kind.section);
        return all;
    }();
    return kAll;
}

}  // namespace waypost
