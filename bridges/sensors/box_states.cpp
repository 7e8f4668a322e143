// SPDX-License-Identifier: Apache-2.0
#include "bridges/sensors/box_states.h"

#include <Poco/JSON/Object.h>

#include <algorithm>
#include <sstream>

namespace waypost::sensors {
namespace {

constexpr std::chrono::minutes kSayAgain{1};

}  // namespace

BoxStates::BoxStates(std::string prefix, std::string village) {
    if (!prefix.empty()) head_ = std::move(prefix) + '/' + std::move(village) + '/';
}

std::string state_json(const SeenTransport& transport) {
    const Status& status = transport.status;
    Poco::JSON::Object json;
    json.set("network", transport.network);
    json.set("up", status.up);
    if (!status.why.empty()) json.set("why", status.why);
    if (status.airtime_limited) {
        json.set("airtime_used_s", static_cast<double>(status.airtime_used.count()) / 1000);
        json.set("airtime_left_s", static_cast<double>(status.airtime_left.count()) / 1000);
    }
    for (const auto& [name, value] : status.metrics) json.set(name, value);
    std::ostringstream text;
    json.stringify(text);
    return text.str();
}

std::vector<mqtt::MqttMessage> BoxStates::news(const std::vector<SeenTransport>& all, BoxTime now) {
    std::vector<mqtt::MqttMessage> out;
    if (!on()) return out;
    const std::string head = head_ + "transport/";
    for (const SeenTransport& each : all) {
        const auto [place, is_new] = said_.try_emplace(each.id);
        Said& said = place->second;
        const bool same = !is_new && said.up == each.status.up && said.why == each.status.why;
        if (same && now - said.at < kSayAgain) continue;
        said = {each.status.up, each.status.why, now};
        out.push_back({head + each.id, state_json(each), true});
    }
    for (auto each = said_.begin(); each != said_.end();) {
        const bool gone = std::none_of(all.begin(), all.end(), [&](const SeenTransport& seen) {
            return seen.id == each->first;
        });
        if (gone) out.push_back({head + each->first, {}, true});
        each = gone ? said_.erase(each) : std::next(each);
    }
    return out;
}

}  // namespace waypost::sensors
