// SPDX-License-Identifier: Apache-2.0
// libmosquitto's client for one connection, driven by one thread without a loop of the library's.
// Told that it is threaded, the library only queues what it sends, acknowledgements too, and
// write() is what lets them go: so they leave after the commit. Only publish() may be called by
// another thread.
#pragma once

#include <mosquitto.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/io/mqtt/mqtt_client.h"

namespace waypost::mqtt {

class MqttHandle {
  public:
    explicit MqttHandle(const MqttOptions& options);
    ~MqttHandle();
    MqttHandle(const MqttHandle&) = delete;
    MqttHandle& operator=(const MqttHandle&) = delete;

    // Each: empty, or why the line is lost.
    std::string open();
    std::string read();  // a packet, if there is one
    std::string write();
    std::string keep_alive();
    int socket() const;  // -1: none
    bool wants_write() const;
    void goodbye();

    Result<int> publish(const MqttMessage& message, int qos);  // its id

    // The broker has let us in: publish() may begin. What it kept for us comes before the answer to
    // our subscriptions, and may have to be answered.
    std::atomic<bool> let_in{false};
    // What read() brought; whoever reads takes it out.
    bool ready = false;  // the subscriptions are in force
    std::vector<MqttMessage> messages;
    std::vector<int> acknowledged;  // ids of publish()
    std::size_t too_large = 0;

  private:
    struct Free {
        void operator()(mosquitto* handle) const noexcept { mosquitto_destroy(handle); }
    };
    void set_callbacks();
    void connected(int reason);
    void subscribed(const int* granted, int count);
    void came(const mosquitto_message& message);
    std::string lost(int error) const;

    const MqttOptions& options_;
    std::unique_ptr<mosquitto, Free> handle_;
    std::string refused_;  // what the broker said to CONNECT or SUBSCRIBE
};

}  // namespace waypost::mqtt
