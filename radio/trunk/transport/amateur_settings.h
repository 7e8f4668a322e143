// SPDX-License-Identifier: Apache-2.0
// `service = "amateur"` of a link, as an operator writes it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/config/setting.h"
#include "radio/modem_kind.h"

namespace waypost::trunk {

struct AmateurOptions {
    std::string call_sign;
    bool in_each_frame = false;         // the modem says it in each of them
    std::vector<std::string> licensed;  // handles
};

// nullopt: the service is the licence-free one. Throws std::runtime_error with a sentence if the
// settings make no sense together, or with this kind of modem. Gives the modem its call sign.
std::optional<AmateurOptions> amateur_options(const SectionValues& values, const ModemKind& kind,
                                              ModemSettings& modem);

}  // namespace waypost::trunk
