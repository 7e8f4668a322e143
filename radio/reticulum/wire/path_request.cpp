// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/path_request.h"

#include <stdexcept>

#include "radio/reticulum/wire/identity.h"

namespace waypost::reticulum {

const std::string& path_request_destination() {
    static const std::string hash = destination_hash(name_hash("rnstransport.path.request"), {});
    return hash;
}

bool is_path_request(const Packet& packet) {
    return packet.type == PacketType::Data && packet.destination_type == DestinationType::Plain &&
           packet.destination == path_request_destination();
}

Packet build_path_request(std::string_view target, std::string_view tag) {
    if (target.size() != kHash || tag.size() != kHash)
        throw std::logic_error("target and tag of a path request are 16 bytes each");
    Packet packet;
    packet.destination_type = DestinationType::Plain;
    packet.destination = path_request_destination();
    packet.data.append(target).append(tag);
    return packet;
}

Result<PathRequest> parse_path_request(const Packet& packet) {
    if (!is_path_request(packet)) return bad_input("no Reticulum path request");
    const std::string_view data = packet.data;
    if (data.size() <= kHash) return bad_input("a Reticulum path request without a tag");
    PathRequest request;
    request.target = data.substr(0, kHash);
    const bool by_transport = data.size() > 2 * kHash;
    if (by_transport) request.transport_id = data.substr(kHash, kHash);
    request.tag = data.substr(by_transport ? 2 * kHash : kHash, kHash);
    return request;
}

}  // namespace waypost::reticulum
