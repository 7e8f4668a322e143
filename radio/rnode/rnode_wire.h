// SPDX-License-Identifier: Apache-2.0
// The commands between an RNode (firmware 1.52 and later) and its host: KISS frames whose type has
// all eight bits. Numbers are big-endian.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "radio/kiss/kiss_codec.h"

namespace waypost::rnode {

enum Command : std::uint8_t {
    kData = 0x00,
    kFrequency = 0x01,  // 4 bytes, Hz
    kBandwidth = 0x02,  // 4 bytes, Hz
    kTxPower = 0x03,    // 1 byte, dBm
    kSpreadingFactor = 0x04,
    kCodingRate = 0x05,  // 5..8
    kRadioState = 0x06,
    kDetect = 0x08,
    kShortAirtime = 0x0B,  // 2 bytes, percent x 100: of the last seconds
    kLongAirtime = 0x0C,   // likewise, of the last hour
    kReady = 0x0F,         // for the next packet
    kRssi = 0x23,          // of the packet that follows: value - 157 dBm
    kSnr = 0x24,           // likewise: signed, x 0.25 dB
    kChannelUse = 0x25,    // airtime short and long, load short and long: 2 bytes, percent x 100
    kPhy = 0x26,           // symbol ms x 1000, symbol rate, preamble symbols, ...: 2 bytes each
    kPlatform = 0x48,
    kMcu = 0x49,
    kFirmware = 0x50,  // 2 bytes
    kReset = 0x55,
    kError = 0x90,
};

inline constexpr char kDetectAsk = 0x73, kDetectAnswer = 0x46, kResetByte = '\xF8';

enum Trouble : std::uint8_t {
    kRadioDoesNotStart = 1,
    kTxFailed = 2,
    kEepromLocked = 3,
    kQueueFull = 4,
    kMemoryLow = 5,
    kModemTimeout = 6,
};

// A LoRa frame has 255 bytes, of which the firmware takes one. More than fits is sent as two.
inline constexpr std::size_t kOneFrame = 254, kTwoFrames = 508;

inline std::string command(Command command, std::string data) {
    return kiss::encode({command, std::move(data)});
}

inline std::string big_endian(std::uint32_t value, int bytes) {
    std::string out;
    while (bytes-- > 0) out += static_cast<char>(value >> 8 * bytes & 255);
    return out;
}

// nullopt unless there are exactly so many bytes.
inline std::optional<std::uint32_t> number(std::string_view data, std::size_t bytes) {
    if (data.size() != bytes) return std::nullopt;
    std::uint32_t value = 0;
    for (const char byte : data) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

}  // namespace waypost::rnode
