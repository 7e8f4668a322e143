// SPDX-License-Identifier: Apache-2.0
// Digests of a body: Digest (RFC 3230, RFC 5843) and Content-Digest (RFC 9530), SHA-256 and
// SHA-512. Pure.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::activitypub {

std::string digest_field(std::string_view body);          // "SHA-256=BASE64"
std::string content_digest_field(std::string_view body);  // "sha-256=:BASE64:"

// Every digest in it that is known fits the body, and one is known. Refused: one does not fit;
// BadInput: none is known, or it is malformed.
Result<void> check_digest(std::string_view field, std::string_view body);
Result<void> check_content_digest(std::string_view field, std::string_view body);

}  // namespace waypost::activitypub
