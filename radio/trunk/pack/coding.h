// SPDX-License-Identifier: Apache-2.0
// Texts to code and back by a model's state: the number of symbols (varint), then their bits
// (range_coder.h), each as likely as the predictor says. Deterministic, without a library, so that
// it can be run by itself on another processor.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "radio/trunk/pack/alphabet.h"
#include "radio/trunk/pack/journal.h"
#include "radio/trunk/pack/model_state.h"

namespace waypost::pack {

// Learns texts that are divided by 0x1E.
void prime(ModelState& state, std::string_view training, Script script);

// Both leave the state as it was.
std::string encode(ModelState& state, Journal& journal, std::string_view text, Script script);
// BadInput: not what encode() makes. TooLarge: it says that it is longer than `limit` bytes.
Result<std::string> decode(ModelState& state, Journal& journal, std::string_view code,
                           Script script, std::size_t limit);

}  // namespace waypost::pack
