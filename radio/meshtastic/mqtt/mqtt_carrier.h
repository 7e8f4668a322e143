// SPDX-License-Identifier: Apache-2.0
// Packets of the box's own node by a broker, as firmware's gateways put them there. Never one of
// another node: what the box hears by its radios is not passed on here.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/io/mqtt/mqtt_client.h"
#include "radio/meshtastic/mqtt/envelope.h"
#include "radio/meshtastic/node/node_carrier.h"

namespace waypost::meshtastic {

struct MqttCarrierOptions {
    mqtt::MqttOptions broker;
    std::string root;                   // "msh/EU_868"
    std::vector<std::string> channels;  // names
    bool open = false;                  // channels in clear
    std::string instance;               // for the client id
};

class MqttCarrier final : public NodeCarrier, private mqtt::MqttOwner {
  public:
    explicit MqttCarrier(MqttCarrierOptions options) : options_(std::move(options)) {}
    ~MqttCarrier() override;

    void start(Office& office, NodeDoor& door, std::uint32_t own_number) override;
    void stop() override;
    bool send(const NodePacket& packet, std::function<void(bool)> taken) override;
    bool up() const override { return up_; }
    std::string why_down() const override;
    std::map<std::string, std::string> details() const override;

  private:
    void mqtt_up() override;
    void mqtt_down(const std::string& why) override;
    bool mqtt_messages(std::vector<mqtt::MqttMessage> messages) override;

    MqttCarrierOptions options_;
    NodeDoor* door_ = nullptr;
    std::unique_ptr<Envelopes> envelopes_;
    std::unique_ptr<mqtt::MqttClient> client_;
    std::atomic<bool> up_{false};
    std::atomic<std::uint64_t> strange_{0}, own_{0};
    mutable std::mutex mutex_;
    std::string why_ = "has not connected yet";  // under mutex_
};

}  // namespace waypost::meshtastic
