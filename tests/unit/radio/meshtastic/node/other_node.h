// SPDX-License-Identifier: Apache-2.0
// A radio out there, as packets of its know it: what the tests of the box's own node talk with.
#pragma once

#include <string>

#include "meshtastic.pb.h"
#include "radio/meshtastic/node/channel_key.h"
#include "radio/meshtastic/node/node_key.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {

class OtherNode {
  public:
    explicit OtherNode(ChannelKey channel) : channel_(std::move(channel)) {}

    std::uint32_t number() const { return key.number(); }

    pb::MeshPacket head(std::uint32_t to) {
        pb::MeshPacket packet;
        packet.set_from(number());
        packet.set_to(to);
        packet.set_id(++last_id);
        packet.set_hop_limit(3);
        packet.set_hop_start(3);
        return packet;
    }
    pb::MeshPacket on_channel(std::uint32_t to, const pb::Data& data) {
        pb::MeshPacket packet = head(to);
        packet.set_channel(channel_.hash);
        packet.set_encrypted(crypt(channel_, number(), packet.id(), data.SerializeAsString()));
        return packet;
    }
    pb::MeshPacket says(std::uint32_t to, std::uint32_t port, const std::string& payload) {
        pb::Data data;
        data.set_portnum(port);
        data.set_payload(payload);
        return on_channel(to, data);
    }
    pb::MeshPacket sealed(std::uint32_t to, const std::string& to_key, const std::string& text) {
        pb::MeshPacket packet = head(to);
        pb::Data data;
        data.set_portnum(kText);
        data.set_payload(text);
        packet.set_want_ack(true);
        packet.set_encrypted(key.seal(to_key, number(), packet.id(), 9, data.SerializeAsString()));
        return packet;
    }
    pb::MeshPacket who(const std::string& name, bool asks = false, const std::string& other = {}) {
        pb::User user;
        user.set_long_name(name);
        user.set_short_name(name.substr(0, 4));
        user.set_public_key(other.empty() ? key.public_key() : other);
        pb::Data data;
        data.set_portnum(kNodeInfo);
        data.set_payload(user.SerializeAsString());
        data.set_want_response(asks);
        return on_channel(kBroadcast, data);
    }
    pb::MeshPacket routing(std::uint32_t to, std::uint32_t request, std::uint32_t error) {
        pb::Routing said;
        said.set_error_reason(error);
        pb::Data data;
        data.set_portnum(kRouting);
        data.set_payload(said.SerializeAsString());
        data.set_request_id(request);
        return on_channel(to, data);
    }
    // What a packet on the channel, or one sealed to us by `from_key`, says.
    pb::Data reads(const std::string& bytes, const std::string& from_key = {}) {
        pb::MeshPacket packet;
        packet.ParseFromString(bytes);
        pb::Data data;
        if (packet.channel() == channel_.hash)
            data.ParseFromString(crypt(channel_, packet.from(), packet.id(), packet.encrypted()));
        else
            data.ParseFromString(
                key.open(from_key, packet.from(), packet.id(), packet.encrypted()).value_or(""));
        return data;
    }

    NodeKey key = NodeKey::make();
    std::uint32_t last_id = 100;

  private:
    ChannelKey channel_;
};

}  // namespace waypost::meshtastic
