// SPDX-License-Identifier: Apache-2.0
// Sensors on an MQTT broker as a transport: what they say becomes messages, alarms and answers;
// how the box is, is shown there. Nobody is written to by it.
//
// Threads: the client's, which waits for the commit of what is told; one that ticks.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "bridges/sensors/box_states.h"
#include "bridges/sensors/sensor_desk.h"
#include "bridges/sensors/source.h"
#include "gateway/base/ticker.h"
#include "gateway/seen_transports.h"
#include "gateway/transport.h"

namespace waypost::sensors {

struct SensorTransportOptions {
    mqtt::MqttOptions broker;
    DeskOptions desk;
    std::string states;  // prefix of the topics that show the box; empty: it is not shown
};

class SensorTransport final : public Transport, public SeesTransports, private mqtt::MqttOwner {
  public:
    SensorTransport(TransportId id, SensorTransportOptions options, std::unique_ptr<Source> source);
    ~SensorTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override { return network(); }
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override { return {0, 16, false}; }
    Status status() const override;
    bool up() const override { return true; }  // what is said to a sensor goes nowhere
    std::optional<int> reach(const Address& to) const override;
    void stop() override;
    void see(std::function<std::vector<SeenTransport>()> all) override { others_ = std::move(all); }

  private:
    void mqtt_up() override;
    void mqtt_down(const std::string& why) override;
    bool mqtt_messages(std::vector<mqtt::MqttMessage> messages) override;
    void tick();
    void show_states();
    void command(const Rule& rule, bool begins);
    void send_commands();
    void command_answered(const std::string& key, const std::string& text, bool has_it);

    const TransportId id_;
    SensorTransportOptions options_;
    std::unique_ptr<Source> source_;
    std::function<std::vector<SeenTransport>()> others_;
    Office* office_ = nullptr;
    std::unique_ptr<SensorDesk> desk_;
    std::unique_ptr<BoxStates> states_;
    std::unique_ptr<mqtt::MqttClient> client_;
    std::atomic<bool> fresh_{false};  // the line is a new one: all states are said again
    std::atomic<std::uint64_t> strange_{0};
    mutable std::mutex mutex_;  // all below
    std::string why_ = "has not connected yet";
    struct WaitingCommand {
        std::string text;  // "TOPIC PAYLOAD"
        bool out = false;  // the broker is to answer for it
    };
    std::map<std::string, WaitingCommand> commands_;  // by key of the state
    Ticker ticker_;
};

}  // namespace waypost::sensors
