// SPDX-License-Identifier: Apache-2.0
// What moves packets between the box's own node and others: a broker, a local network. Beside it
// only the node's transport is needed (node_transport.h).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gateway/transport.h"
#include "radio/meshtastic/node/own_node.h"

namespace waypost::meshtastic {

// The node's side. On a thread of the carrier's.
class NodeDoor {
  public:
    virtual ~NodeDoor() = default;
    // All that came together: its messages share a commit, for which this waits. False: the store
    // did not take them; nothing of it may be acknowledged, and it may be handed over again.
    virtual bool came(const std::vector<pb::MeshPacket>& packets) = 0;
    virtual void carrier_changed() = 0;  // up or down
};

class NodeCarrier {
  public:
    virtual ~NodeCarrier() = default;
    // Before the first packet: whose it is. May throw std::runtime_error: bad configuration.
    virtual void start(Office& office, NodeDoor& door, std::uint32_t own_number) = 0;
    virtual void stop() = 0;  // returns when no call of it comes any more
    // Any thread, does not block. False: there is no line, and nothing left. `taken`: the next
    // machine has it, or the line was lost before it said so; may be empty.
    virtual bool send(const NodePacket& packet, std::function<void(bool)> taken) = 0;
    virtual bool up() const = 0;
    virtual std::string why_down() const = 0;
    virtual std::map<std::string, std::string> details() const = 0;
};

}  // namespace waypost::meshtastic
