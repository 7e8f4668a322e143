// SPDX-License-Identifier: Apache-2.0
// base58btc (draft-msporny-base58), as Multikeys are written in it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace waypost::activitypub {

// nullopt: a letter that is none of its own, or over 128 of them.
std::optional<std::string> from_base58(std::string_view text);

}  // namespace waypost::activitypub
