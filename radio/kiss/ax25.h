// SPDX-License-Identifier: Apache-2.0
// AX.25 (version 2.2, sections 3 and 4.3.3.6), no more of it than datagrams need: addresses and UI
// frames, without the frame check sequence, which the modem makes and checks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace waypost::ax25 {

inline constexpr std::size_t kMostInfo = 256;  // of ours (N1); others send up to kMostFrame
inline constexpr std::size_t kMostFrame = 2048;
inline constexpr std::size_t kMostRepeaters = 8;
inline constexpr std::uint8_t kNoLayer3 = 0xF0;

struct Address {
    std::string call;   // 1..6 of A-Z and 0-9
    int ssid = 0;       // 0..15
    bool mark = false;  // sender and receiver: C (command); repeater: H (has repeated it)
    int reserved = 3;   // two bits, 3 where nobody uses them

    bool operator==(const Address&) const = default;
};

struct UiFrame {
    Address to, from;
    std::vector<Address> via;  // at most kMostRepeaters
    bool poll = false;
    std::uint8_t pid = kNoLayer3;
    std::string info;

    bool operator==(const UiFrame&) const = default;
};

// "DB0ABC", "DB0ABC-7", in any case of letters.
Result<Address> parse_address(std::string_view text);
std::string to_string(const Address& address);

// Exact: encode() of what parse() gives are the bytes it had. parse() takes UI frames alone; any
// other is an Error that says what it is. A frame that breaks the limits above makes encode() throw
// std::logic_error.
Result<UiFrame> parse(std::string_view bytes);
std::string encode(const UiFrame& frame);

}  // namespace waypost::ax25
