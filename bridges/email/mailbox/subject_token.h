// SPDX-License-Identifier: Apache-2.0
// The mark in a subject by which an answer is known where the provider has no plus-addresses:
// "Car broke down [#k3f9m2xq]". 8 of 32 letters are 40 bits: with all the thousand that a box
// remembers, a guess hits one time in a thousand million.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/random.h"

namespace waypost::email {

std::string make_subject_token(Random& random);
// All that have its shape, in lower case, in order; at most 10.
std::vector<std::string> subject_tokens(std::string_view subject);
std::string with_subject_token(std::string_view subject, std::string_view token);

}  // namespace waypost::email
