// SPDX-License-Identifier: Apache-2.0
// What the bodies of API frames say (Digi user guides, "API frames"; numbers are big-endian): one
// struct per layout, in the order of the bytes. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/base/result.h"

namespace waypost::xbee {

inline constexpr std::uint64_t kBroadcast = 0xFFFF;
inline constexpr std::uint16_t kNoAddress16 = 0xFFFE;  // DigiMesh has no 16-bit addresses

enum class Delivery : std::uint8_t {  // 8B
    Ok = 0x00,
    NoMacAck = 0x01,
    ChannelBusy = 0x02,
    NoSpectrum = 0x03,
    NoNetworkAck = 0x21,
    NoRoute = 0x25,
    NoBuffer = 0x31,
    NoBufferEither = 0x32,
    TooLong = 0x74,
    Unrequested = 0x75,
};

enum AtStatus : std::uint8_t { kAtOk = 0, kAtError = 1, kAtUnknown = 2, kAtBadValue = 3 };

// The addressing of Digi's applications, in the explicit frames.
struct Endpoints {
    std::uint8_t source = 0xE8;
    std::uint8_t destination = 0xE8;
    std::uint16_t cluster = 0x0011;  // 0012: the far modem sends it back by itself
    std::uint16_t profile = 0xC105;
};
inline bool is_data(const Endpoints& e) {
    return e.source == 0xE8 && e.destination == 0xE8 && e.cluster == 0x0011 && e.profile == 0xC105;
}

struct AtCommand {  // 08; queued: 09
    std::uint8_t id = 0;
    std::string name;   // two characters
    std::string value;  // empty: a question
    bool queued = false;
};
struct Transmit {  // 10; with endpoints: 11
    std::uint8_t id = 0;
    std::uint64_t to = kBroadcast;
    std::uint16_t to16 = kNoAddress16;
    std::optional<Endpoints> endpoints;
    std::uint8_t radius = 0;
    std::uint8_t options = 0;
    std::string data;
};
struct RemoteAt {  // 17
    std::uint8_t id = 0;
    std::uint64_t to = 0;
    std::uint16_t to16 = kNoAddress16;
    std::uint8_t options = 0;  // 02: at once
    std::string name;
    std::string value;
};
struct AtAnswer {  // 88
    std::uint8_t id = 0;
    std::string name;
    std::uint8_t status = kAtOk;
    std::string value;
};
struct ModemStatus {  // 8A
    std::uint8_t status = 0;
    std::string rest;  // newer firmware may say more
};
struct TransmitStatus {  // 8B
    std::uint8_t id = 0;
    std::uint16_t to16 = kNoAddress16;
    std::uint8_t retries = 0;
    Delivery delivery = Delivery::Ok;
    std::uint8_t discovery = 0;
    std::string rest;
};
struct Receive {  // 90; with endpoints: 91
    std::uint64_t from = 0;
    std::uint16_t from16 = kNoAddress16;
    std::optional<Endpoints> endpoints;
    std::uint8_t options = 0;
    std::string data;
};
struct NodeDescription {  // also the value of an 88 to ND
    std::uint16_t address16 = kNoAddress16;
    std::uint64_t address = 0;
    std::string name;  // any bytes but 0
    std::uint16_t parent16 = kNoAddress16;
    std::uint8_t device_type = 0;
    std::uint8_t event = 0;
    std::uint16_t profile = 0;
    std::uint16_t manufacturer = 0;
    std::string rest;  // DD (4) and RSSI (1), as the sender's NO says
};
struct NodeIdentification {  // 95
    std::uint64_t from = 0;
    std::uint16_t from16 = kNoAddress16;
    std::uint8_t options = 0;
    NodeDescription node;
};
struct RemoteAtAnswer {  // 97
    std::uint8_t id = 0;
    std::uint64_t from = 0;
    std::uint16_t from16 = kNoAddress16;
    std::string name;
    std::uint8_t status = kAtOk;
    std::string value;
};
struct Unknown {  // also 8D, which is for diagnosis only
    std::uint8_t type = 0;
    std::string rest;
};

using Packet = std::variant<AtCommand, Transmit, RemoteAt, AtAnswer, ModemStatus, TransmitStatus,
                            Receive, NodeIdentification, RemoteAtAnswer, Unknown>;

// BadInput: too short for its type.
Result<Packet> parse(std::string_view body);
Result<NodeDescription> parse_node(std::string_view bytes);
// The body that parse() reads again; names of AT commands must have two characters.
std::string encode(const Packet& packet);

}  // namespace waypost::xbee
