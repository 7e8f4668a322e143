// SPDX-License-Identifier: Apache-2.0
// A handheld whose mesh is on a broker by one or several gateways: its packets, with its own key.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "gateway/base/random.h"
#include "gateway/io/mqtt/mqtt_client.h"
#include "tests/interop/mail/peers.h"
#include "tests/unit/radio/meshtastic/node/other_node.h"

namespace waypost::interop {

// The channel that box and radios are in, and the file with it for the box.
meshtastic::ChannelKey village_channel();
std::string channels_file(const Folder& folder);

class MqttRadio final : private mqtt::MqttOwner {
  public:
    MqttRadio(const std::string& name, int port, meshtastic::ChannelKey channel);
    ~MqttRadio() override;

    std::string address() const { return "meshtastic:" + meshtastic::node_id(node_.number()); }
    bool knows_box() const;                               // its key was heard
    void tell_who();                                      // on the channel
    void say(const std::string& text, int gateways = 1);  // sealed to the box, brought by so many
    void cry(const std::string& text);                    // on the channel, as an alarm
    bool shows(const std::string& text) const;            // now or within half a minute
    bool acked(std::size_t count) const;
    std::vector<std::string> screen() const;
    std::size_t copies(const std::string& text) const;  // lines with it, under whatever id
    std::string last_envelope() const { return last_envelope_; }

    static constexpr char kRoot[] = "msh/EU_868";

  private:
    void mqtt_up() override {}
    void mqtt_down(const std::string&) override {}
    bool mqtt_messages(std::vector<mqtt::MqttMessage> messages) override;
    void take(const meshtastic::pb::MeshPacket& packet);
    void put(const meshtastic::pb::MeshPacket& packet, const std::string& channel, int gateway);

    const std::string name_;
    meshtastic::ChannelKey channel_;
    mutable std::mutex mutex_;  // all below but the client
    meshtastic::OtherNode node_;
    std::uint32_t box_ = 0;
    std::string box_key_;
    std::vector<std::string> screen_;
    std::vector<std::uint32_t> seen_;
    std::size_t acks_ = 0;
    std::string last_envelope_;
    std::unique_ptr<Random> random_ = system_random();
    mqtt::MqttClient client_;
};

}  // namespace waypost::interop
