// SPDX-License-Identifier: Apache-2.0
// What waits for a broker in memory, so many at most, in the order in which it came: for who has no
// store behind it. A message stays until the broker has it; where the box ends before, it is lost.
// Pure; not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "gateway/io/mqtt/mqtt_client.h"

namespace waypost::mqtt {

class Outbox {
  public:
    struct Limits {
        std::size_t messages = 10'000;
        std::size_t bytes = 4 << 20;  // of topics and payloads
        std::size_t under_way = 200;  // published, and not answered for yet
    };
    struct Next {
        std::uint64_t number = 0;
        MqttMessage message;
    };

    Outbox() = default;
    explicit Outbox(const Limits& limits) : limits_(limits) {}

    // Where there is no room, what has waited longest goes.
    void put(MqttMessage message);
    // To be published; it is under way from now on. nullopt: nothing waits, or enough is under way.
    std::optional<Next> next();
    // False: it waits again, before all that came after it.
    void answered(std::uint64_t number, bool has_it);

    std::size_t waiting() const { return waiting_.size() + under_way_.size(); }
    std::size_t bytes() const { return bytes_; }
    std::uint64_t given_up() const { return given_up_; }

  private:
    using Messages = std::map<std::uint64_t, MqttMessage>;  // by number, thus in order

    void make_room();

    Limits limits_;
    Messages waiting_, under_way_;
    std::uint64_t last_ = 0;
    std::size_t bytes_ = 0;
    std::uint64_t given_up_ = 0;
};

}  // namespace waypost::mqtt
