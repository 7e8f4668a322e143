// SPDX-License-Identifier: Apache-2.0
// What the operator wants to be told of one sensor, as its rules file says it. Values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/clock.h"

namespace waypost::sensors {

// A number among the bytes of a payload.
struct ByteField {
    std::size_t offset = 0;
    std::size_t length = 1;  // 1 to 4
    bool is_signed = false;
    bool little = false;  // its first byte is the lowest
    double scale = 1;
    double add = 0;
};

// What a LoRaWAN device is told when it begins, and when it is over.
struct Downlink {
    std::string application;  // of ChirpStack
    std::string device;       // DevEUI
    int port = 1;
    std::string begins, over;  // bytes; empty: nothing
};

struct Rule {
    std::string name;  // of the sensor: "river"
    // Where its values come: a topic of MQTT, or a LoRaWAN device (DevEUI in small letters).
    std::string topic;
    std::string device;
    int port = 0;       // of the device's uplinks; 0: any
    std::string value;  // JSON pointer (RFC 6901); empty: the payload is the number
    std::optional<ByteField> bytes;

    std::optional<double> above, below;          // it begins beyond them
    double hysteresis = 0;                       // it is over when it is back by so much
    milliseconds lasts{0};                       // readings are beyond for so long
    milliseconds repeat{std::chrono::hours(1)};  // between two tellings, at least
    std::string text;                            // with {value}, {name}
    std::string over;                            // likewise; empty: nothing is said
    std::vector<std::string> to;                 // handles, "#news"
    bool alarm = false;                          // it calls the responders
    std::string ask;   // the word that asks for its last value: "water" answers "water?"
    std::string unit;  // behind the value
    std::optional<Downlink> down;
};

// "2.5", at most three places.
std::string number_text(double value);
// The rule's text about this value; within `text` nothing else is replaced.
std::string fill(const std::string& text, const Rule& rule, double value);

}  // namespace waypost::sensors
