// SPDX-License-Identifier: Apache-2.0
// Whatever a device hands over for a broker, a broker for a device, and home automation in JSON.
#include <cstdint>
#include <cstdlib>

#include "meshtastic.pb.h"
#include "radio/meshtastic/gateway/gateway_rules.h"
#include "radio/meshtastic/stream_codec.h"

namespace {

using namespace waypost;
using namespace waypost::meshtastic;

Result<GoesUp> up(const GatewayRules& rules, const GatewayRadio& radio, const FromDevice& message) {
    const auto heard = GatewayRules::heard(*radio.facts, message);
    if (!heard.ok()) return heard.error();
    return rules.up(radio, *heard, message.payload, 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    BrokerFacts facts{0x54d467a9, true, true, true, false, {}};
    facts.channels[0] = {"LongFast", std::string(1, '\1'), true, true, 13};
    const GatewayRadio radio = radio_of(std::make_shared<BrokerFacts>(facts));
    GatewayBounds bounds;
    bounds.up = bounds.down = {"LongFast", "PKI"};
    bounds.json_up = bounds.json_down = {"LongFast"};
    bounds.everybody = true;
    const GatewayRules rules(bounds);
    for (const char* topic : {"msh/2/e/LongFast/!54d467a9", "msh/2/e/PKI/!54d467a9"}) {
        (void)up(rules, radio, {topic, bytes});
        const auto down = rules.down({topic, bytes, false});
        if (!down.ok()) continue;
        pb::ServiceEnvelope envelope;
        const bool good = envelope.ParseFromString(down->item.envelope) &&
                          envelope.packet().via_mqtt() && envelope.packet().hop_limit() <= 1 &&
                          !envelope.packet().has_decoded();
        if (!good) std::abort();
    }
    // As what stands within a packet under the channel's key.
    pb::ServiceEnvelope envelope;
    envelope.set_channel_id("LongFast");
    envelope.set_gateway_id(node_id(facts.number));
    envelope.mutable_packet()->set_from(7);
    envelope.mutable_packet()->set_id(8);
    const ChannelKey& key = radio.keys.at("LongFast");
    envelope.mutable_packet()->set_channel(key.hash);
    envelope.mutable_packet()->set_encrypted(crypt(key, 7, 8, bytes));
    const auto goes = up(rules, radio, {"x/2/e/LongFast/!54d467a9", envelope.SerializeAsString()});
    if (goes.ok() && goes->json && goes->json->payload.find('\n') != std::string::npos)
        std::abort();
    const auto wish = read_wish(bytes);
    if (wish.ok() && (wish->text.empty() || wish->from == 0)) std::abort();
    return 0;
}
