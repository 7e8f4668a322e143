// SPDX-License-Identifier: Apache-2.0
#include "bridges/lorawan/chirpstack.h"

#include <Poco/JSON/Object.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "bridges/sensors/reading.h"
#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost::lorawan {
namespace {

using sensors::Rule;

constexpr std::size_t kMostData = 256;  // more than any LoRaWAN frame has
constexpr char kUp[] = "/event/up";

std::string text_at(const Poco::Dynamic::Var& json, const std::string& pointer) {
    const auto found = sensors::at_pointer(json, pointer);
    return found && found->isString() ? found->extract<std::string>() : std::string();
}

// Of "application/APPLICATION/device/DEVEUI/event/up"; empty: another topic.
std::string device_in(const std::string& topic) {
    const std::size_t device = topic.find("/device/");
    if (topic.rfind("application/", 0) != 0 || device == std::string::npos) return {};
    const std::size_t begin = device + std::string("/device/").size();
    const std::size_t end = topic.find('/', begin);
    if (end == std::string::npos || topic.substr(end) != kUp) return {};
    return lower_ascii(topic.substr(begin, end - begin));
}

// A field of what ChirpStack's own codec made of it, or bytes of the device's data.
std::optional<double> value_in(const Poco::Dynamic::Var& json, const Rule& rule) {
    if (!rule.bytes) {
        const auto place = sensors::at_pointer(json, "/object" + rule.value);
        return place ? sensors::number_in(*place) : std::nullopt;
    }
    const auto data = from_base64(text_at(json, "/data"));
    if (!data.ok() || data->size() > kMostData) return std::nullopt;
    return sensors::read_bytes(*data, *rule.bytes);
}

}  // namespace

std::vector<std::string> ChirpStack::topics() const {
    std::set<std::string> all;
    for (const Rule& rule : rules_) all.insert("application/+/device/" + rule.device + kUp);
    return {all.begin(), all.end()};
}

sensors::Readings ChirpStack::read(const mqtt::MqttMessage& message) const {
    sensors::Readings found;
    const std::string device = device_in(message.topic);
    const bool ours = std::any_of(rules_.begin(), rules_.end(),
                                  [&](const Rule& rule) { return rule.device == device; });
    if (!ours || message.retained) {
        found.strange = true;
        return found;
    }
    const auto json = sensors::read_json(message.payload);
    if (!json.ok() || lower_ascii(text_at(*json, "/deviceInfo/devEui")) != device) {
        found.strange = true;
        return found;
    }
    const auto port = sensors::at_pointer(*json, "/fPort");
    const double on = port ? sensors::number_in(*port).value_or(0) : 0;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        const Rule& rule = rules_[i];
        if (rule.device != device || (rule.port != 0 && rule.port != static_cast<int>(on)))
            continue;
        if (const auto value = value_in(*json, rule))
            found.all.push_back({i, *value});
        else
            found.strange = true;
    }
    return found;
}

std::optional<mqtt::MqttMessage> ChirpStack::command(const Rule& rule, bool begins) const {
    if (!rule.down) return std::nullopt;
    const std::string& bytes = begins ? rule.down->begins : rule.down->over;
    if (bytes.empty()) return std::nullopt;
    Poco::JSON::Object json;
    json.set("devEui", rule.down->device);
    json.set("confirmed", true);
    json.set("fPort", rule.down->port);
    json.set("data", to_base64(bytes));
    std::ostringstream text;
    json.stringify(text);
    return mqtt::MqttMessage{
        "application/" + rule.down->application + "/device/" + rule.down->device + "/command/down",
        text.str(), false};
}

}  // namespace waypost::lorawan
