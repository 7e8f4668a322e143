// SPDX-License-Identifier: Apache-2.0
// The box's Meshtastic radios on a broker: what they hear goes up, what others put there goes out
// by them, within the operator's bounds. Nobody is written to by it; it is a transport for its
// connection, its state and its settings.
//
// What goes up waits in memory until the broker has it: no message of the box is among it, these
// are deliveries. Threads: the client's; those of the radios call from_radio() and radio_is().
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/base/lru_map.h"
#include "gateway/io/mqtt/mqtt_client.h"
#include "gateway/io/mqtt/outbox.h"
#include "gateway/transport.h"
#include "radio/meshtastic/gateway/gateway_rules.h"

namespace waypost::meshtastic {

struct GatewayTransportOptions {
    mqtt::MqttOptions broker;
    GatewayBounds bounds;
    std::vector<std::string> radios;  // their instances; empty: all
    int share_percent = 25;           // of a radio's airtime, for what comes from the broker
};

class GatewayTransport final : public Transport, public BrokerHub::Gateway, public mqtt::MqttOwner {
  public:
    GatewayTransport(TransportId id, GatewayTransportOptions options,
                     std::shared_ptr<BrokerHub> hub);
    ~GatewayTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override { return network(); }
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override { return {}; }
    Status status() const override;
    std::optional<int> reach(const Address&) const override { return std::nullopt; }
    void stop() override;

    void radio_is(const TransportId& radio, BrokerFactsPtr facts) override;
    void from_radio(const TransportId& radio, const FromDevice& message) override;
    void mqtt_up() override;
    void mqtt_down(const std::string& why) override;
    bool mqtt_messages(std::vector<mqtt::MqttMessage> messages) override;

  private:
    static constexpr std::size_t kRemembered = 8192;
    using SeenPackets = LruMap<char>;
    struct Radio {
        GatewayRadio is;                // its facts are null: it is not there
        SeenPackets seen{kRemembered};  // heard by it, or handed to it
    };
    using Handed = std::vector<std::pair<TransportId, ForDevice>>;

    bool is_ours(const TransportId& radio) const;
    void take_down(const mqtt::MqttMessage& message, Handed& handed);  // under mutex_
    void take_wish(const mqtt::MqttMessage& message, Handed& handed);  // likewise
    bool is_of_ours(std::uint32_t number) const;                       // likewise
    void count(const Error& error);                                    // likewise
    void pump();                                                       // likewise
    void answered(std::uint64_t number, bool has_it);

    const TransportId id_;
    GatewayTransportOptions options_;
    const GatewayRules rules_;
    std::shared_ptr<BrokerHub> hub_;
    Office* office_ = nullptr;
    std::unique_ptr<mqtt::MqttClient> client_;
    std::atomic<std::uint64_t> no_room_{0};
    mutable std::mutex mutex_;  // all below
    std::string why_ = "has not connected yet";
    std::map<TransportId, Radio> radios_;
    SeenPackets gone_up_{kRemembered};
    mqtt::Outbox outbox_;
    std::uint64_t up_ = 0, down_ = 0, repeats_ = 0, strange_ = 0;
    std::map<std::string, std::uint64_t> refused_;  // by why
};

}  // namespace waypost::meshtastic
