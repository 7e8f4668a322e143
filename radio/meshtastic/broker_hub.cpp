// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/broker_hub.h"

namespace waypost::meshtastic {

void BrokerHub::add_radio(const TransportId& id, Put put) {
    const std::lock_guard lock(mutex_);
    radios_[id] = {std::move(put), nullptr};
}

void BrokerHub::remove_radio(const TransportId& id) {
    radio_is(id, nullptr);
    const std::lock_guard lock(mutex_);
    radios_.erase(id);
}

void BrokerHub::add_gateway(Gateway& gateway) {
    const std::lock_guard lock(mutex_);
    gateways_.push_back(&gateway);
    for (const auto& [id, radio] : radios_)
        if (radio.facts) gateway.radio_is(id, radio.facts);
}

void BrokerHub::remove_gateway(Gateway& gateway) {
    const std::lock_guard lock(mutex_);
    std::erase(gateways_, &gateway);
}

void BrokerHub::radio_is(const TransportId& radio, BrokerFactsPtr facts) {
    const std::lock_guard lock(mutex_);
    const auto found = radios_.find(radio);
    if (found == radios_.end()) return;
    found->second.facts = facts;
    for (Gateway* each : gateways_) each->radio_is(radio, facts);
}

void BrokerHub::from_radio(const TransportId& radio, const FromDevice& message) {
    const std::lock_guard lock(mutex_);
    for (Gateway* each : gateways_) each->from_radio(radio, message);
}

bool BrokerHub::to_radio(const TransportId& radio, ForDevice item) {
    const std::lock_guard lock(mutex_);
    const auto found = radios_.find(radio);
    return found != radios_.end() && found->second.put(std::move(item));
}

}  // namespace waypost::meshtastic
