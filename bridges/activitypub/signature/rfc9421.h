// SPDX-License-Identifier: Apache-2.0
// HTTP Message Signatures (RFC 9421), as far as servers of the fediverse use them. Pure.
#pragma once

#include "bridges/activitypub/signature/signature.h"
#include "bridges/activitypub/signature/structured_field.h"

namespace waypost::activitypub {

// What one member of Signature-Input says; its signature and base are yet to come.
Result<SignatureClaim> parse_rfc9421(const StringList& input);
// Section 2.5. Components with parameters of their own, and those of responses, are BadInput.
Result<std::string> rfc9421_base(const SignedMessage& message, const StringList& input);

}  // namespace waypost::activitypub
