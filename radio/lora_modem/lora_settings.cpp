// SPDX-License-Identifier: Apache-2.0
#include "radio/lora_modem/lora_settings.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace waypost::lora_modem {
namespace {

std::string listed(std::initializer_list<std::string_view> words) {
    std::string out;
    for (const std::string_view word : words) (out += out.empty() ? "" : ", ") += word;
    return out;
}

const std::string* said(const ModemSettings& settings, std::string_view key) {
    const auto found = settings.more.find(std::string(key));
    return found == settings.more.end() ? nullptr : &found->second;
}

}  // namespace

void refuse(const std::string& sentence) { throw std::runtime_error(sentence); }

void require_known(const ModemSettings& settings, std::initializer_list<std::string_view> keys) {
    for (const auto& [key, value] : settings.more) {
        if (std::find(keys.begin(), keys.end(), key) == keys.end())
            refuse("this modem has no setting \"" + key + "\"; it has: " + listed(keys));
    }
}

std::string_view choice(const ModemSettings& settings, std::string_view key,
                        std::initializer_list<std::string_view> values) {
    const std::string* value = said(settings, key);
    if (value == nullptr) return *values.begin();
    const auto found = std::find(values.begin(), values.end(), *value);
    if (found == values.end())
        refuse(std::string(key) + " is one of: " + listed(values) + "; not \"" + *value + '"');
    return *found;
}

int number(const ModemSettings& settings, std::string_view key, int least, int most,
           int otherwise) {
    const std::string* text = said(settings, key);
    if (text == nullptr) return otherwise;
    int value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc() || end != text->data() + text->size() || text->empty())
        refuse(std::string(key) + " is a number, not \"" + *text + '"');
    require_range(key, value, least, most);
    return value;
}

void require_range(std::string_view what, std::int64_t value, std::int64_t least,
                   std::int64_t most) {
    if (value >= least && value <= most) return;
    refuse(std::string(what) + " is from " + std::to_string(least) + " to " + std::to_string(most) +
           " here, not " + std::to_string(value));
}

void require_lora(const LoraParams& lora) {
    require_range("the spreading factor", lora.spreading_factor, 7, 12);
    require_range("the coding rate", lora.coding_rate, 5, 8);
    if (lora.bandwidth_hz != 125'000 && lora.bandwidth_hz != 250'000 &&
        lora.bandwidth_hz != 500'000) {
        refuse("the bandwidth is 125, 250 or 500 kHz here, not " +
               std::to_string(lora.bandwidth_hz) + " Hz");
    }
    if (!lora.explicit_header || !lora.crc)
        refuse("frames of this modem have an explicit header and a CRC");
}

}  // namespace waypost::lora_modem
