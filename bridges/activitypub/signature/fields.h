// SPDX-License-Identifier: Apache-2.0
// Header fields of a message as signatures see them, within limits. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bridges/activitypub/signature/signature.h"

namespace waypost::activitypub {

inline constexpr std::size_t kMostFieldBytes = 8192;
inline constexpr std::size_t kMostCovered = 32;  // components of one signature
inline constexpr std::size_t kMostKeyIdBytes = 2048;
inline constexpr std::size_t kMostSignatureBytes = 1024;  // RSA of 8192 bits
inline constexpr std::size_t kMostSignatures = 4;         // of one message

bool has_field(const SignedMessage& message, const std::string& name);
// Its one value, without space at its ends. BadInput: it is not there, there is more than one (two
// servers could each take another for the one that is signed), or it is no line.
Result<std::string_view> one_field(const SignedMessage& message, const std::string& name);

std::string_view trim_spaces(std::string_view text);  // spaces and tabs
// "Hill.Example:443" -> "hill.example" (RFC 9421 section 2.2.3); the port stays where it is not
// that of the scheme.
std::string plain_authority(std::string_view host, std::string_view scheme);
std::string_view path_of(std::string_view target);

}  // namespace waypost::activitypub
