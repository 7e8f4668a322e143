// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/gateway/gateway_transport.h"

#include <algorithm>

#include "gateway/base/log.h"
#include "meshtastic.pb.h"
#include "radio/line_is_down.h"
#include "radio/meshtastic/node/packet_rules.h"

namespace waypost::meshtastic {
namespace {

// True: it was not there.
bool add(LruMap<char>& seen, const std::string& key) {
    if (seen.find(key) != nullptr) return false;
    seen.put(key, 1);
    return true;
}

}  // namespace

GatewayTransport::GatewayTransport(TransportId id, GatewayTransportOptions options,
                                   std::shared_ptr<BrokerHub> hub)
    : id_(std::move(id)),
      options_(std::move(options)),
      rules_(options_.bounds),
      hub_(std::move(hub)) {}

GatewayTransport::~GatewayTransport() { stop(); }

const std::string& GatewayTransport::network() const {
    static const std::string kNetwork = "meshtastic_gateway";
    return kNetwork;
}

void GatewayTransport::start(Office& office) {
    office_ = &office;
    mqtt::MqttOptions broker = std::move(options_.broker);
    broker.client_id = "waypost-" + office.domain() + '-' + id_;
    broker.topics = rules_.filters();
    broker.most_bytes = std::max(Envelopes::kMostBytes, JsonWish::kMostBytes);
    // What was said while we were away is not for the air any more.
    broker.session = std::chrono::seconds(0);
    client_ = std::make_unique<mqtt::MqttClient>(
        std::move(broker), static_cast<mqtt::MqttOwner&>(*this), office.random());
    client_->start();
    hub_->add_gateway(*this);
}

void GatewayTransport::stop() {
    hub_->remove_gateway(*this);
    if (client_) client_->stop();
}

// No address leads here.
void GatewayTransport::deliver(Delivery delivery) {
    office_->report(delivery.attempt, line_is_down());
}

bool GatewayTransport::is_ours(const TransportId& radio) const {
    const std::string instance = radio.substr(radio.find('.') + 1);
    return options_.radios.empty() || std::find(options_.radios.begin(), options_.radios.end(),
                                                instance) != options_.radios.end();
}

void GatewayTransport::radio_is(const TransportId& radio, BrokerFactsPtr facts) {
    if (!is_ours(radio)) return;
    std::string trouble;
    {
        const std::lock_guard lock(mutex_);
        radios_[radio].is = facts ? radio_of(facts) : GatewayRadio{};
        if (facts) trouble = trouble_of(*facts, rules_.bounds());
    }
    if (!trouble.empty())
        log(Level::Warning, "meshtastic_gateway", "radio-set-otherwise",
            {{"id", id_}, {"radio", radio}, {"why", trouble}});
}

void GatewayTransport::from_radio(const TransportId& radio, const FromDevice& message) {
    const std::lock_guard lock(mutex_);
    const auto found = radios_.find(radio);
    if (found == radios_.end() || !found->second.is.facts) return;
    const std::int64_t now = to_ms(office_->clock().wall()) / 1000;
    const auto heard = GatewayRules::heard(*found->second.is.facts, message);
    if (!heard.ok()) return count(heard.error());
    // It has it, whether or not others may.
    const std::string key = seen_key(heard->packet().from(), heard->packet().id());
    add(found->second.seen, key);
    auto goes = rules_.up(found->second.is, *heard, message.payload, now);
    if (!goes.ok()) return count(goes.error());
    if (!add(gone_up_, key)) {
        ++repeats_;
        return;
    }
    if (goes->envelope) outbox_.put(std::move(*goes->envelope));
    if (goes->json) outbox_.put(std::move(*goes->json));
    pump();
}

void GatewayTransport::pump() {
    if (!client_ || !client_->up()) return;
    while (auto next = outbox_.next()) {
        const std::uint64_t number = next->number;
        const auto sent = client_->publish(
            next->message, [this, number](bool has_it) { answered(number, has_it); });
        if (sent.ok()) continue;
        // One that the library does not take at all would hold up all that comes after it.
        const bool later = sent.error().retry;
        outbox_.answered(number, !later);
        if (later) return;
    }
}

void GatewayTransport::answered(std::uint64_t number, bool has_it) {
    const std::lock_guard lock(mutex_);
    outbox_.answered(number, has_it);
    if (!has_it) return;
    ++up_;
    pump();
}

void GatewayTransport::mqtt_up() {
    log(Level::Info, "meshtastic_gateway", "up", {{"id", id_}});
    const std::lock_guard lock(mutex_);
    why_.clear();
    pump();
}

void GatewayTransport::mqtt_down(const std::string& why) {
    bool changed = false;
    {
        const std::lock_guard lock(mutex_);
        changed = why_ != why;
        why_ = why;
    }
    if (changed) log(Level::Warning, "meshtastic_gateway", "down", {{"id", id_}, {"why", why}});
}

// Nothing of it is the box's: it is acknowledged at once.
bool GatewayTransport::mqtt_messages(std::vector<mqtt::MqttMessage> messages) {
    Handed handed;
    {
        const std::lock_guard lock(mutex_);
        for (const mqtt::MqttMessage& message : messages)
            rules_.is_wish(message.topic) ? take_wish(message, handed) : take_down(message, handed);
    }
    for (auto& [radio, item] : handed) {
        item.share_percent = options_.share_percent;
        if (!hub_->to_radio(radio, std::move(item))) ++no_room_;
    }
    return true;
}

bool GatewayTransport::is_of_ours(std::uint32_t number) const {
    return std::any_of(radios_.begin(), radios_.end(), [&](const auto& each) {
        return each.second.is.facts && each.second.is.facts->number == number;
    });
}

void GatewayTransport::take_down(const mqtt::MqttMessage& message, Handed& handed) {
    auto goes = rules_.down(message);
    if (!goes.ok()) return count(goes.error());
    if (is_of_ours(goes->from)) {
        ++repeats_;
        return;
    }
    const std::string key = seen_key(goes->from, goes->id);
    bool fresh = false;
    for (auto& [id, radio] : radios_) {
        if (!radio.is.facts || !GatewayRules::takes(*radio.is.facts, *goes)) continue;
        if (!add(radio.seen, key)) continue;
        handed.emplace_back(id, goes->item);
        fresh = true;
    }
    ++(fresh ? down_ : repeats_);
}

void GatewayTransport::take_wish(const mqtt::MqttMessage& message, Handed& handed) {
    const auto wish =
        message.retained ? Result<JsonWish>(bad_input("retained")) : read_wish(message.payload);
    if (!wish.ok()) return count(wish.error());
    for (const auto& [id, radio] : radios_) {
        if (!radio.is.facts || radio.is.facts->number != wish->from) continue;
        auto item = rules_.wish(*radio.is.facts, *wish);
        if (!item.ok()) return count(item.error());
        handed.emplace_back(id, std::move(*item));
        ++down_;
        return;
    }
    count({Code::Refused, "no radio of ours", false});
}

void GatewayTransport::count(const Error& error) {
    error.code == Code::Refused ? ++refused_[error.text] : ++strange_;
}

Status GatewayTransport::status() const {
    Status status;
    if (!client_) return status;
    status.up = client_->up();
    const mqtt::MqttCounters counters = client_->counters();
    const std::lock_guard lock(mutex_);
    status.why = status.up ? std::string() : why_;
    bool any = false;
    for (const auto& [radio, is] : radios_) {
        if (!is.is.facts) continue;
        any = true;
        const std::string trouble = trouble_of(*is.is.facts, rules_.bounds());
        status.details[radio] = trouble.empty() ? "passes on" : trouble;
    }
    if (status.up && !any) status.why = "none of its radios is there";
    for (const auto& [why, times] : refused_)
        status.details["not passed: " + why] = std::to_string(times);
    status.details["gone up"] = std::to_string(up_);
    status.details["handed to radios"] = std::to_string(down_);
    status.details["no room at a radio"] = std::to_string(no_room_);
    status.details["repeats"] = std::to_string(repeats_);
    status.details["no packets"] = std::to_string(strange_ + counters.too_large);
    status.details["given up"] = std::to_string(outbox_.given_up());
    status.details["waiting"] = std::to_string(outbox_.waiting());
    status.metrics["waiting"] = static_cast<double>(outbox_.waiting());
    return status;
}

}  // namespace waypost::meshtastic
