// SPDX-License-Identifier: Apache-2.0
// What the LoRa modems share in reading ModemSettings. All throw std::runtime_error with a sentence
// for the operator.
#pragma once

#include <initializer_list>
#include <string_view>

#include "radio/modem_kind.h"

namespace waypost::lora_modem {

// Each key of `more` is one of these.
void require_known(const ModemSettings& settings, std::initializer_list<std::string_view> keys);
// The value of `key`, one of `values`; the first of them if it is not said.
std::string_view choice(const ModemSettings& settings, std::string_view key,
                        std::initializer_list<std::string_view> values);
// The value of `key` as a number from least to most; `otherwise` if it is not said.
int number(const ModemSettings& settings, std::string_view key, int least, int most, int otherwise);
void require_range(std::string_view what, std::int64_t value, std::int64_t least,
                   std::int64_t most);
// SF 7..12, 125, 250 or 500 kHz, 4/5..4/8.
void require_lora(const LoraParams& lora);
[[noreturn]] void refuse(const std::string& sentence);

}  // namespace waypost::lora_modem
