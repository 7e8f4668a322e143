// SPDX-License-Identifier: Apache-2.0
#include "bridges/sensors/sensor_transport.h"

#include "bridges/sensors/reading.h"
#include "gateway/base/log.h"

namespace waypost::sensors {
namespace {

constexpr std::chrono::seconds kTick{5};
constexpr char kCommand[] = "down/";  // "TOPIC PAYLOAD", until the broker has it
constexpr std::size_t kId = 8;

}  // namespace

SensorTransport::SensorTransport(TransportId id, SensorTransportOptions options,
                                 std::unique_ptr<Source> source)
    : id_(std::move(id)), options_(std::move(options)), source_(std::move(source)) {}

SensorTransport::~SensorTransport() { stop(); }

const std::string& SensorTransport::network() const {
    static const std::string kNetwork = "sensor";
    return kNetwork;
}

void SensorTransport::start(Office& office) {
    office_ = &office;
    desk_ = std::make_unique<SensorDesk>(
        options_.desk, id_, office,
        [this](const Rule& rule, bool begins) { command(rule, begins); });
    states_ = std::make_unique<BoxStates>(options_.states, office.village());
    for (const auto& [key, text] : office.state(id_).with_prefix(kCommand))
        commands_[key] = {text, false};
    mqtt::MqttOptions broker = std::move(options_.broker);
    broker.client_id = "waypost-" + office.domain() + '-' + id_;
    broker.topics = source_->topics();
    broker.most_bytes = kMostPayload;
    if (states_->on()) broker.will = states_->will();
    client_ = std::make_unique<mqtt::MqttClient>(
        std::move(broker), static_cast<mqtt::MqttOwner&>(*this), office.random());
    client_->start();
    ticker_.start(kTick, [this] { tick(); });
}

void SensorTransport::stop() {
    ticker_.stop();
    if (client_ && states_->on() && client_->up()) (void)client_->publish(states_->will(), {});
    if (client_) client_->stop();
    if (desk_) desk_->tick();
}

// An answer of the gateway to an alarm that a sensor raised: a sensor reads nothing.
void SensorTransport::deliver(Delivery delivery) {
    const AttemptId attempt = delivery.attempt;
    office_->begin(attempt, office_->random().hex(kId), [office = office_, attempt](bool go) {
        if (!go) return;
        Outcome done = outcome(Outcome::Kind::Delivered, "sensor");
        done.privacy = Privacy::Here;
        office->report(attempt, std::move(done));
    });
}

std::optional<int> SensorTransport::reach(const Address& to) const {
    if (to.scheme != network()) return std::nullopt;
    for (const Rule& rule : options_.desk.rules)
        if (rule.name == to.value) return 1;
    return std::nullopt;
}

Status SensorTransport::status() const {
    Status status;
    if (!client_) return status;
    status.up = client_->up();
    {
        const std::lock_guard lock(mutex_);
        status.why = status.up ? std::string() : why_;
    }
    const mqtt::MqttCounters counters = client_->counters();
    status.details = desk_->last_values();
    status.details["received"] = std::to_string(counters.received);
    status.details["connections"] = std::to_string(counters.connections);
    status.details["not readable"] = std::to_string(strange_ + counters.too_large);
    status.details["told"] = std::to_string(desk_->told());
    status.details["refused"] = std::to_string(desk_->refused());
    return status;
}

void SensorTransport::mqtt_up() {
    {
        const std::lock_guard lock(mutex_);
        why_.clear();
    }
    log(Level::Info, "sensors", "up", {{"id", id_}});
    fresh_ = true;
}

void SensorTransport::mqtt_down(const std::string& why) {
    bool changed = false;
    {
        const std::lock_guard lock(mutex_);
        changed = why_ != why;
        why_ = why;
    }
    if (changed) log(Level::Warning, "sensors", "down", {{"id", id_}, {"why", why}});
}

// A retained one is the newest that there is: it counts like any other.
bool SensorTransport::mqtt_messages(std::vector<mqtt::MqttMessage> messages) {
    for (const mqtt::MqttMessage& message : messages) {
        const Readings readings = source_->read(message);
        if (readings.strange) ++strange_;
        for (const Reading& reading : readings.all)
            if (!desk_->take(reading)) return false;
    }
    return true;
}

void SensorTransport::tick() {
    desk_->tick();
    if (!client_->up()) return;
    show_states();
    send_commands();
}

void SensorTransport::show_states() {
    if (!states_->on() || !others_) return;
    if (fresh_.exchange(false)) {
        states_->forget();
        (void)client_->publish(states_->alive(), {});
    }
    // What the line does not take now is said with the next change, or in a minute.
    for (mqtt::MqttMessage& each : states_->news(others_(), office_->clock().box()))
        (void)client_->publish(each, {});
}

// On record with the state of its rule, until the broker has it.
void SensorTransport::command(const Rule& rule, bool begins) {
    const auto message = source_->command(rule, begins);
    if (!message) return;
    const std::string text = message->topic + ' ' + message->payload;
    office_->state(id_).put(kCommand + rule.name, text);
    const std::lock_guard lock(mutex_);
    commands_[kCommand + rule.name] = {text, false};
}

void SensorTransport::send_commands() {
    std::vector<std::pair<std::string, std::string>> due;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [key, command] : commands_) {
            if (!std::exchange(command.out, true)) due.emplace_back(key, command.text);
        }
    }
    for (const auto& [key, text] : due) {
        const std::size_t space = text.find(' ');
        const auto sent = client_->publish(
            {text.substr(0, space), text.substr(space + 1), false},
            [this, key = key, text = text](bool has_it) { command_answered(key, text, has_it); });
        if (!sent.ok()) command_answered(key, text, false);
    }
}

// Another may have taken its place meanwhile.
void SensorTransport::command_answered(const std::string& key, const std::string& text,
                                       bool has_it) {
    const std::lock_guard lock(mutex_);
    const auto found = commands_.find(key);
    if (found == commands_.end() || found->second.text != text) return;
    found->second.out = false;
    if (!has_it) return;
    commands_.erase(found);
    office_->state(id_).erase(key);
}

}  // namespace waypost::sensors
