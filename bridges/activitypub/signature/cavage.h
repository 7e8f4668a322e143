// SPDX-License-Identifier: Apache-2.0
// The Signature header of draft-cavage-http-signatures-12. Pure.
#pragma once

#include "bridges/activitypub/signature/signature.h"

namespace waypost::activitypub {

inline constexpr std::string_view kRequestTarget = "(request-target)";

// What it says of itself; times only where they are covered. Section 2.1.
Result<SignatureClaim> parse_cavage(std::string_view field);
// Section 2.3. `target`: of the message, or without its query.
Result<std::string> cavage_base(const SignedMessage& message, const SignatureClaim& claim,
                                std::string_view target);
std::string cavage_field(const SignatureClaim& claim);

}  // namespace waypost::activitypub
