// SPDX-License-Identifier: Apache-2.0
// What a device is asked first and tells about itself: it works only once it has said all of it.
#include <algorithm>

#include "gateway/message/text.h"
#include "meshtastic.pb.h"
#include "radio/meshtastic/session.h"

namespace waypost::meshtastic {
namespace {

constexpr std::chrono::seconds kHandshakeWait{45};

}  // namespace

std::string Session::why_down() const {
    if (phase_ == Phase::Closed) return "no connection to the device";
    if (phase_ == Phase::Handshake) return "waiting for the device to tell about itself";
    if (device_.region == 0) return "the device's region is not set: it may not send";
    if (meshtastic_duty_cycle(device_.region) <= 0)
        return "unknown region " + std::to_string(device_.region) +
               ": what its law allows is not known, so it may not send; set another in the "
               "device's LoRa settings, or install a newer Waypost";
    return {};
}

Actions Session::opened(BoxTime now) {
    Actions actions;
    parser_.reset();
    phase_ = Phase::Handshake;
    broker_ = {};
    drop_for_device();
    config_nonce_ = static_cast<std::uint32_t>(random_.below(0x7fffffff)) + 100'000;
    deadline_ = now + kHandshakeWait;
    last_heard_ = last_bytes_ = now;
    // 32 start bytes wake and resynchronise a device that reads a serial line.
    actions.write = std::string(32, '\xC3');
    pb::ToRadio hello;
    hello.set_want_config_id(config_nonce_);
    actions.write += frame(hello.SerializeAsString());
    promise_flights_again(actions);
    return done(std::move(actions), now);
}

void Session::take_lora(const pb::LoRaConfig& lora) {
    device_.region = static_cast<int>(lora.region());
    device_.preset = static_cast<int>(lora.modem_preset());
    device_.use_preset = lora.use_preset();
    broker_.ignores = lora.ignore_mqtt();
    device_.hop_limit = lora.hop_limit() == 0 ? 3 : std::min(lora.hop_limit(), 7u);
}

void Session::handle_node(const pb::NodeInfo& info, BoxTime now) {
    const std::uint32_t number = info.num();
    if (number == 0 || (nodes_.size() >= kMostNodes && nodes_.count(number) == 0)) return;
    Node& node = nodes_[number];
    if (info.has_user()) {
        node.name = one_line(clean_utf8(info.user().long_name()), 40);
        node.short_name = one_line(clean_utf8(info.user().short_name()), 8);
        node.public_key = info.user().public_key();
        node.messageable = !info.user().is_unmessagable();
        if (number == device_.number) device_.name = node.name;
    }
    node.channel = info.channel();
    if (info.has_hops_away()) node.hops = static_cast<int>(info.hops_away());
    if (number == device_.number && info.has_device_metrics())
        take_metrics(info.device_metrics(), now);
}

void Session::handle_complete(BoxTime now, Actions& actions) {
    const bool first = phase_ != Phase::Ready;
    phase_ = Phase::Ready;
    queue_free_ = 16;
    next_heartbeat_ = now + options_.heartbeat;
    next_send_ = now;
    set_budget();
    actions.changed = first;
    actions.facts = broker_facts();
    // What was under way when the device went has no verdict to come: the same packets again.
    for (auto& [id, flight] : flights_) pending_.push_front(flight.out);
    flights_.clear();
}

}  // namespace waypost::meshtastic
