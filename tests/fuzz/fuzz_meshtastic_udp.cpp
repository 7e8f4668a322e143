// SPDX-License-Identifier: Apache-2.0
// Whatever somebody on the local network sends to the group, and what the node makes of it.
#include <cstdint>
#include <cstdlib>

#include "meshtastic.pb.h"
#include "radio/meshtastic/node/own_node.h"
#include "radio/meshtastic/udp/datagram.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    using namespace waypost::meshtastic;
    const auto packet = read_datagram({reinterpret_cast<const char*>(data), size});
    if (!packet.ok()) return 0;
    if (size > kMostDatagram || packet->has_decoded() || packet->pki_encrypted()) std::abort();
    const auto random = seeded_random(1);
    OwnNodeOptions options;
    options.name = "Hill";
    options.channels = {*channel_key("LongFast", std::string(1, '\x01'), 13)};
    auto key = NodeKey::of(Secret(std::string(kNodeKeyBytes, 'k')));
    if (!key.ok()) std::abort();
    OwnNode node(options, std::move(*key), *random);
    const BoxTime now = box_from_ms(1'000'000);
    for (const TextIn& text : node.received(*packet, now).texts)
        node.accepted(text.from, text.packet_id, true, now);
    return 0;
}
