// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "radio/meshcore/air_seal.h"

// A packet from the air: what is read of it is written as it came, and what its payload holds is
// within its bounds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost::meshcore;
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const auto packet = parse_packet(bytes);
    if (packet.ok() && packet_bytes(*packet) != bytes) std::abort();
    const std::string& payload = packet.ok() ? packet->payload : bytes;
    if (const auto parts = parse_sealed(payload); parts.ok()) {
        open_sealed(public_channel_secret(), parts->sealed);
        if (sealed_payload(*parts) != payload) std::abort();
    }
    if (const auto parts = parse_group(payload); parts.ok()) {
        const auto plain = open_sealed(public_channel_secret(), parts->sealed);
        if (plain && parse_text(*plain).ok() && plain->size() > kMostPayload) std::abort();
    }
    if (const auto advert = parse_advert(payload); advert.ok()) {
        is_genuine(*advert);
        if (advert_payload(*advert) != payload) std::abort();
    }
    if (const auto text = parse_text(payload); text.ok()) {
        if (text->text.find('\0') != std::string::npos) std::abort();
    }
    parse_ack(payload);
    return 0;
}
