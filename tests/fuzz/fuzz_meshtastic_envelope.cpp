// SPDX-License-Identifier: Apache-2.0
// Whatever a broker hands over on a topic of ours: an envelope, its packet, and what the node makes
// of it in clear and under a key.
#include <cstdint>
#include <cstdlib>

#include "meshtastic.pb.h"
#include "radio/meshtastic/mqtt/envelope.h"
#include "radio/meshtastic/node/channel_list.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    using namespace waypost::meshtastic;
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const auto random = seeded_random(1);
    OwnNodeOptions options;
    options.name = "Hill";
    options.takes_open = true;
    options.channels = {*channel_key("LongFast", std::string(1, '\x01'), 13)};
    auto key = NodeKey::of(Secret(std::string(kNodeKeyBytes, 'k')));
    if (!key.ok()) std::abort();
    OwnNode node(options, std::move(*key), *random);
    const Envelopes envelopes("msh", {"LongFast"}, node.number(), true);
    const BoxTime now = box_from_ms(1'000'000);
    for (const char* topic : {"msh/2/e/LongFast/!54d467a9", "msh/2/e/PKI/!54d467a9"}) {
        const auto envelope = envelopes.read(topic, bytes);
        if (!envelope.ok()) continue;
        const pb::MeshPacket& packet = envelope->packet();
        if (!packet.via_mqtt() || packet.pki_encrypted()) std::abort();
        for (const TextIn& text : node.received(packet, now).texts)
            node.accepted(text.from, text.packet_id, true, now);
    }
    // As what stands within a packet under the channel's key.
    pb::MeshPacket packet;
    packet.set_from(7);
    packet.set_to(node.number());
    packet.set_id(static_cast<std::uint32_t>(size) + 1);
    packet.set_channel(options.channels[0].hash);
    packet.set_encrypted(crypt(options.channels[0], 7, packet.id(), bytes));
    node.received(packet, now);
    (void)read_channel_list(bytes);
    return 0;
}
