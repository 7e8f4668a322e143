// SPDX-License-Identifier: Apache-2.0
// Between the Meshtastic radios of a box and what connects them to brokers. Firmware whose MQTT
// module has its client proxy on hands its host what it would publish, and takes what the host
// reads for it (MqttClientProxyMessage of mesh.proto); which packets these are is decided there.
//
// Any thread. What it calls it calls under its lock, on the caller's thread: it must not come back.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/message/delivery.h"

namespace waypost::meshtastic {

struct DeviceChannel {
    std::string name;  // as in topics; that of the preset where it has none of its own
    std::string psk;   // as the device has it; a secondary one without has the first one's
    bool uplink = false;
    bool downlink = false;
    int precision = 0;  // bits of a position that it may carry
};

// What a device says of itself in its handshake.
struct BrokerFacts {
    std::uint32_t number = 0;
    bool mqtt = false;      // the module is on
    bool proxy = false;     // its client proxy too
    bool encrypts = false;  // what goes to the broker goes as on the air
    bool ignores = false;   // lora.ignore_mqtt: what comes by MQTT it drops
    std::map<std::uint32_t, DeviceChannel> channels;  // by index; those that are on
};
using BrokerFactsPtr = std::shared_ptr<const BrokerFacts>;

struct FromDevice {
    std::string topic;
    std::string payload;
};

// Either an envelope for its MQTT module, or a text of ours on a channel.
struct ForDevice {
    static constexpr std::size_t kMostEnvelope = 435;  // bytes that firmware has room for

    std::string topic;
    std::string envelope;  // empty: the text
    std::string text;
    std::uint32_t channel = 0;  // of the text: its index there
    std::size_t air_bytes = 0;  // of a frame that the device may send for it; 0: none
    int share_percent = 100;    // of this radio's airtime, for all that comes by a broker
};

class BrokerHub {
  public:
    class Gateway {
      public:
        virtual ~Gateway() = default;
        // Null: it is gone.
        virtual void radio_is(const TransportId& radio, BrokerFactsPtr facts) = 0;
        virtual void from_radio(const TransportId& radio, const FromDevice& message) = 0;
    };
    using Put = std::function<bool(ForDevice)>;  // false: too much waits

    void add_radio(const TransportId& id, Put put);
    void remove_radio(const TransportId& id);
    void add_gateway(Gateway& gateway);  // it is told of the radios that are there
    void remove_gateway(Gateway& gateway);

    void radio_is(const TransportId& radio, BrokerFactsPtr facts);
    void from_radio(const TransportId& radio, const FromDevice& message);
    bool to_radio(const TransportId& radio, ForDevice item);

  private:
    struct Radio {
        Put put;
        BrokerFactsPtr facts;
    };
    std::mutex mutex_;  // both below
    std::map<TransportId, Radio> radios_;
    std::vector<Gateway*> gateways_;
};

}  // namespace waypost::meshtastic
