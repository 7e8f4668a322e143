// SPDX-License-Identifier: Apache-2.0
// One supervised connection to an MQTT broker (OASIS MQTT 5.0 and 3.1.1, by libmosquitto): opened
// again whenever it is lost, subscriptions at QoS 1 in a session that the broker keeps.
//
// Custody. What comes is handed over in batches, and acknowledged to the broker only when the owner
// says that all of the batch is on disk: what a kill cuts off, the broker brings again. What goes
// out is acknowledged by the broker or given back; nothing is kept here, its owner holds it as
// deliveries.
//
// Threads: one of its own, on which the owner is called. publish() by any thread, also within a
// call of the owner.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"
#include "gateway/base/wake.h"

namespace waypost::mqtt {

struct MqttMessage {
    std::string topic;
    std::string payload;
    bool retained = false;  // was there before we came
};

struct MqttOptions {
    std::string host;
    int port = 1883;
    bool tls = false;
    std::string ca_file;  // empty: the system's authorities
    std::string user;     // empty: none
    Secret password;
    std::string client_id;            // the same at each start: the broker's session hangs on it
    bool version5 = true;             // else 3.1.1
    std::vector<std::string> topics;  // filters, subscribed at QoS 1
    std::optional<MqttMessage> will;  // retained; published for us when we vanish
    std::size_t most_bytes = 16384;   // of a payload; longer ones are counted and dropped
    // How long the broker keeps what comes meanwhile; 0: not at all.
    std::chrono::seconds session{7 * 24 * 3600};
    std::chrono::milliseconds first_pause{1000};  // before it is opened again; grows to a minute
};

class MqttOwner {
  public:
    virtual ~MqttOwner() = default;
    virtual void mqtt_up() = 0;                          // the broker has taken the subscriptions
    virtual void mqtt_down(const std::string& why) = 0;  // lost, or could not be opened
    // False: the store failed. Nothing of it is acknowledged, the line is opened anew, and the
    // broker brings it again. May block for the commit.
    virtual bool mqtt_messages(std::vector<MqttMessage> messages) = 0;
};

struct MqttCounters {
    std::uint64_t received = 0, published = 0, connections = 0, too_large = 0;
};

class MqttHandle;

class MqttClient {
  public:
    MqttClient(MqttOptions options, MqttOwner& owner, Random& random);
    ~MqttClient();
    MqttClient(const MqttClient&) = delete;
    MqttClient& operator=(const MqttClient&) = delete;

    void start();
    void stop();  // says goodbye; then every publish() has been answered and no call comes any more

    // QoS 1. `done(true)`: the broker has it; `done(false)`: the line was lost before it said so,
    // it may have it or not. Not called if this fails: there is no line, or too much is under way.
    using Done = std::function<void(bool)>;
    Result<void> publish(const MqttMessage& message, Done done);

    bool up() const { return up_; }
    MqttCounters counters() const;

    // QoS 0: what costs nothing if it is lost. Nobody answers for it.
    Result<void> mention(const MqttMessage& message);

    static constexpr std::size_t kMostUnanswered = 1000;

  private:
    void run();
    std::string serve();  // why it ended
    std::string loop(MqttHandle& handle);
    std::string take_batch(MqttHandle& handle);
    void answer(MqttHandle& handle);
    void give_back_all();
    Result<int> put(const MqttMessage& message, int qos);  // under mutex_; its id

    MqttOptions options_;
    MqttOwner& owner_;
    Random& random_;
    Wake wake_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> up_{false};
    std::atomic<std::uint64_t> received_{0}, published_{0}, connections_{0}, too_large_{0};
    std::mutex mutex_;                // both below
    MqttHandle* open_ = nullptr;      // null: no line
    std::map<int, Done> unanswered_;  // by message id of this connection
    std::thread thread_;
};

// True: a filter of MQTT that a client may subscribe to (MQTT 5.0 section 4.7).
bool is_topic_filter(const std::string& text);
bool is_topic(const std::string& text);
bool topic_matches(const std::string& filter, const std::string& topic);

}  // namespace waypost::mqtt
