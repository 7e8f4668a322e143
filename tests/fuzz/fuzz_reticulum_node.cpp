// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "radio/reticulum/node.h"
#include "tests/unit/radio/reticulum/node/lxmf_peer.h"

// Whatever comes on an interface, cut into packets of any kind, as it is and with our address or an
// open link's in its place, while a message is under way; the office takes or puts off what comes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    using namespace waypost::reticulum;
    const auto chance = seeded_random(1);
    Node node(NodeOptions{}, Identity::generate(*chance), *chance);
    Now now{box_from_ms(1'000'000), wall_from_ms(1'800'000'000'000)};
    LxmfPeer ana("Ana", 2);
    const auto take = [&](NodeActions actions) {
        for (const PacketOut& each : actions.send) ana.hears(each.bytes);
        for (const MessageIn& each : actions.messages)
            node.accepted(each.id, each.lxmf.content.size() % 2 == 0);
    };
    const auto say = [&] {
        for (const std::string& each : ana.takes_out()) take(node.received(1, each, {}, now));
    };
    take(node.interface_up(1, {"phone", 0}, now));
    ana.announce();
    say();
    ana.say_on_link(std::string(300, 'x'));
    say();
    say();
    Outgoing out;
    out.attempt = {1, 1};
    out.to = ana.destination();
    out.wire_id = "w";
    out.text = "hi";
    take(node.send(out, now));
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    while (!bytes.empty()) {
        const std::size_t length =
            std::min<std::size_t>(bytes.size(), 1 + 2 * static_cast<unsigned char>(bytes[0]));
        std::string packet(bytes.substr(1, length - 1));
        bytes.remove_prefix(length);
        take(node.received(1, packet, {}, now));
        if (auto parsed = parse_packet(packet); parsed.ok()) {
            parsed->transport_id.clear();
            parsed->destination = node.destination();
            if (const auto again = packet_bytes(*parsed); again.ok())
                take(node.received(1, *again, {}, now));
        }
        if (packet.size() < kMtu / 2 && !ana.box().empty()) {
            ana.say_bytes(packet);
            say();
        }
        now.box += milliseconds(700);
        now.wall += milliseconds(700);
        take(node.tick(now));
    }
    now.box += std::chrono::minutes(20);
    take(node.tick(now));
    take(node.interface_down(1, now));
    take(node.give_back());
    return 0;
}
