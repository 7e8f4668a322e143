// SPDX-License-Identifier: Apache-2.0
// Texts in JSON for home automation, as firmware up to 2.7 put them on ROOT/2/json/CHANNEL/!node
// and took them on ROOT/2/json/mqtt/. In clear, and whoever may write to the broker says what he
// likes. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/base/result.h"

namespace waypost::meshtastic {

struct JsonText {
    std::uint32_t id = 0;
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint32_t channel = 0;  // its index on the radio
    std::int64_t at = 0;        // Unix seconds
    std::string sender;         // "!54d467a9", the radio that heard it
    std::string text;           // UTF-8
};
std::string json_of(const JsonText& text);

// What somebody wants a radio to say on a channel.
struct JsonWish {
    static constexpr std::size_t kMostBytes = 1024;

    std::uint32_t from = 0;     // the radio
    std::uint32_t channel = 0;  // its index there
    std::string text;           // one line of UTF-8, not empty
};
// BadInput: broken, or not of the form. Refused: something else than a text to a whole channel.
Result<JsonWish> read_wish(const std::string& payload);

}  // namespace waypost::meshtastic
