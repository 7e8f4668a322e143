// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/mqtt/mqtt_handle.h"

#include <mqtt_protocol.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <stdexcept>

namespace waypost::mqtt {
namespace {

// Debian's package ca-certificates makes it.
constexpr char kAuthorities[] = "/etc/ssl/certs/ca-certificates.crt";
constexpr int kKeepAlive = 60;         // seconds
constexpr int kReceiveMaximum = 5000;  // unacknowledged ones that the broker may send (MQTT 5)
constexpr int kQos = 1;
constexpr int kBadProtocol = 1;              // CONNACK of 3.1.1
constexpr int kBadProtocol5 = 0x84;          // the same of MQTT 5
constexpr int kFailure = 0x80;               // SUBACK: this and above
constexpr std::uint32_t kPacketRoom = 4096;  // beside a payload: topic and properties

void begin_library() {
    static std::once_flag once;
    std::call_once(once, [] { mosquitto_lib_init(); });
}

MqttHandle& self(void* object) { return *static_cast<MqttHandle*>(object); }

struct Properties {
    mosquitto_property* list = nullptr;
    ~Properties() { mosquitto_property_free_all(&list); }
};

}  // namespace

MqttHandle::MqttHandle(const MqttOptions& options) : options_(options) {
    begin_library();
    // MQTT 3.1.1 calls it a clean session, MQTT 5 a clean start.
    const bool clean = options.session.count() == 0;
    handle_.reset(mosquitto_new(options.client_id.c_str(), clean, this));
    if (!handle_) throw std::runtime_error("libmosquitto: no memory");
    mosquitto* const h = handle_.get();
    mosquitto_threaded_set(h, true);
    mosquitto_int_option(h, MOSQ_OPT_PROTOCOL_VERSION,
                         options.version5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311);
    mosquitto_int_option(h, MOSQ_OPT_RECEIVE_MAXIMUM, kReceiveMaximum);
    if (!options.user.empty()) {
        const std::string password(options.password.reveal());
        mosquitto_username_pw_set(h, options.user.c_str(),
                                  password.empty() ? nullptr : password.c_str());
    }
    if (options.will) {
        mosquitto_will_set(h, options.will->topic.c_str(),
                           static_cast<int>(options.will->payload.size()),
                           options.will->payload.data(), kQos, true);
    }
    set_callbacks();
}

MqttHandle::~MqttHandle() = default;

// The library calls them within read() and write(). Nothing may be thrown through it.
void MqttHandle::set_callbacks() {
    mosquitto* const h = handle_.get();
    mosquitto_connect_v5_callback_set(
        h, [](mosquitto*, void* object, int reason, int, const mosquitto_property*) {
            self(object).connected(reason);
        });
    mosquitto_subscribe_callback_set(
        h, [](mosquitto*, void* object, int, int count, const int* granted) {
            self(object).subscribed(granted, count);
        });
    mosquitto_message_callback_set(h,
                                   [](mosquitto*, void* object, const mosquitto_message* message) {
                                       self(object).came(*message);
                                   });
    mosquitto_publish_callback_set(
        h, [](mosquitto*, void* object, int id) { self(object).acknowledged.push_back(id); });
}

std::string MqttHandle::open() {
    mosquitto* const h = handle_.get();
    if (options_.tls) {
        const char* const file = options_.ca_file.empty() ? kAuthorities : options_.ca_file.c_str();
        const int set = mosquitto_tls_set(h, file, nullptr, nullptr, nullptr, nullptr);
        if (set != MOSQ_ERR_SUCCESS)
            return std::string("ca_file ") + file + ": " + mosquitto_strerror(set);
    }
    Properties properties;
    if (options_.version5) {
        mosquitto_property_add_int32(&properties.list, MQTT_PROP_SESSION_EXPIRY_INTERVAL,
                                     static_cast<std::uint32_t>(options_.session.count()));
        mosquitto_property_add_int32(&properties.list, MQTT_PROP_MAXIMUM_PACKET_SIZE,
                                     static_cast<std::uint32_t>(options_.most_bytes) + kPacketRoom);
    }
    errno = 0;
    const int opened = mosquitto_connect_bind_v5(h, options_.host.c_str(), options_.port,
                                                 kKeepAlive, nullptr, properties.list);
    return opened == MOSQ_ERR_SUCCESS ? std::string() : lost(opened);
}

void MqttHandle::connected(int reason) {
    if (reason == 0) {
        let_in = true;
        std::vector<char*> filters;
        for (const std::string& topic : options_.topics)
            filters.push_back(const_cast<char*>(topic.c_str()));
        if (filters.empty())
            ready = true;
        else
            mosquitto_subscribe_multiple(handle_.get(), nullptr, static_cast<int>(filters.size()),
                                         filters.data(), kQos, 0, nullptr);
        return;
    }
    if (reason == kBadProtocol || reason == kBadProtocol5) {
        refused_ = options_.version5 ? "the broker does not speak MQTT 5: set version = \"3.1.1\""
                                     : "the broker does not speak MQTT 3.1.1: set version = \"5\"";
        return;
    }
    refused_ =
        std::string("the broker refuses us: ") +
        (options_.version5 ? mosquitto_reason_string(reason) : mosquitto_connack_string(reason));
}

void MqttHandle::subscribed(const int* granted, int count) {
    for (int i = 0; i < count; ++i) {
        if (granted[i] >= kFailure && refused_.empty())
            refused_ = "the broker does not let us read " +
                       options_.topics.at(static_cast<std::size_t>(i));
    }
    ready = refused_.empty();
}

void MqttHandle::came(const mosquitto_message& message) {
    const auto bytes = static_cast<std::size_t>(message.payloadlen);
    if (bytes > options_.most_bytes) {
        ++too_large;
        return;
    }
    MqttMessage& taken = messages.emplace_back();
    taken.topic = message.topic;
    taken.payload.assign(static_cast<const char*>(message.payload), bytes);
    taken.retained = message.retain;
}

std::string MqttHandle::lost(int error) const {
    if (!refused_.empty()) return refused_;
    if (error == MOSQ_ERR_ERRNO && errno != 0) return std::strerror(errno);
    if (error == MOSQ_ERR_TLS || error == MOSQ_ERR_EAI)
        return std::string(mosquitto_strerror(error)) +
               (options_.tls ? " Does ca_file name the broker's authority, and broker its name?"
                             : "");
    return mosquitto_strerror(error);
}

std::string MqttHandle::read() {
    errno = 0;
    const int error = mosquitto_loop_read(handle_.get(), 1);
    if (error != MOSQ_ERR_SUCCESS) return lost(error);
    return refused_;
}

std::string MqttHandle::write() {
    errno = 0;
    const int error = mosquitto_loop_write(handle_.get(), 1);
    return error == MOSQ_ERR_SUCCESS ? std::string() : lost(error);
}

std::string MqttHandle::keep_alive() {
    errno = 0;
    const int error = mosquitto_loop_misc(handle_.get());
    return error == MOSQ_ERR_SUCCESS ? std::string() : lost(error);
}

int MqttHandle::socket() const { return mosquitto_socket(handle_.get()); }
bool MqttHandle::wants_write() const { return mosquitto_want_write(handle_.get()); }

void MqttHandle::goodbye() {
    mosquitto_disconnect(handle_.get());
    mosquitto_loop_write(handle_.get(), 1);
}

Result<int> MqttHandle::publish(const MqttMessage& message, int qos) {
    int id = 0;
    const int error = mosquitto_publish(handle_.get(), &id, message.topic.c_str(),
                                        static_cast<int>(message.payload.size()),
                                        message.payload.data(), qos, message.retained);
    if (error == MOSQ_ERR_SUCCESS) return id;
    const bool line = error == MOSQ_ERR_NO_CONN || error == MOSQ_ERR_CONN_LOST;
    return Error{line ? Code::Network : Code::BadInput, mosquitto_strerror(error), line};
}

bool is_topic_filter(const std::string& text) {
    return !text.empty() &&
           mosquitto_sub_topic_check2(text.data(), text.size()) == MOSQ_ERR_SUCCESS &&
           mosquitto_validate_utf8(text.data(), static_cast<int>(text.size())) == MOSQ_ERR_SUCCESS;
}

bool is_topic(const std::string& text) {
    return !text.empty() &&
           mosquitto_pub_topic_check2(text.data(), text.size()) == MOSQ_ERR_SUCCESS &&
           mosquitto_validate_utf8(text.data(), static_cast<int>(text.size())) == MOSQ_ERR_SUCCESS;
}

bool topic_matches(const std::string& filter, const std::string& topic) {
    bool matches = false;
    return mosquitto_topic_matches_sub(filter.c_str(), topic.c_str(), &matches) ==
               MOSQ_ERR_SUCCESS &&
           matches;
}

}  // namespace waypost::mqtt
