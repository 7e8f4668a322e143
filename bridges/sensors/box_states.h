// SPDX-License-Identifier: Apache-2.0
// The state of the box and of its transports as retained topics: PREFIX/VILLAGE/state and
// PREFIX/VILLAGE/transport/ID. Nothing of people or of what they write. One thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/io/mqtt/mqtt_client.h"
#include "gateway/seen_transports.h"

namespace waypost::sensors {

class BoxStates {
  public:
    // `prefix`: "waypost"; empty: nothing is shown.
    BoxStates(std::string prefix, std::string village);

    bool on() const { return !head_.empty(); }
    mqtt::MqttMessage alive() const { return {head_ + "state", "online", true}; }
    mqtt::MqttMessage will() const { return {head_ + "state", "offline", true}; }

    // What is another than it was said to be, or was said a minute ago; and of what is gone, an
    // empty payload, which takes the retained one away.
    std::vector<mqtt::MqttMessage> news(const std::vector<SeenTransport>& all, BoxTime now);
    void forget() { said_.clear(); }  // the broker may have lost them: all are said again

  private:
    struct Said {
        bool up = false;
        std::string why;
        BoxTime at{};
    };
    std::string head_;
    std::map<TransportId, Said> said_;
};

std::string state_json(const SeenTransport& transport);

}  // namespace waypost::sensors
