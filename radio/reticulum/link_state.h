// SPDX-License-Identifier: Apache-2.0
// What the node knows of one link. Internal to the node.
#pragma once

#include <set>

#include "radio/reticulum/node.h"

namespace waypost::reticulum {

inline constexpr BoxTime kNever = BoxTime::max();

struct Node::LinkState {
    std::string id;
    InterfaceNumber on = 0;
    std::string peer;  // destination of the other side; empty: it has not said who it is
    int hops = -1;     // -1: not known
    std::optional<LinkInitiation> asked;  // by us, and no proof came yet
    std::optional<Link> link;             // before the resources: they need it
    bool open = false;                    // both sides know it
    bool identified = false;              // we said who we are
    BoxTime since{};
    BoxTime deadline{};  // of an answer, while it is not open
    BoxTime heard{};     // the last packet that came on it
    BoxTime pinged{};    // the last keepalive that we sent
    BoxTime used{};      // for a message, either way
    milliseconds rtt{1000};
    std::map<std::string, std::string> sent;           // wire ids by hash of the packet
    std::map<std::string, IncomingResource> incoming;  // by hash
    std::set<std::string> taken;                       // of these: they were looked at, whole
    std::optional<OutgoingResource> outgoing;
    std::string outgoing_wire;  // id of its message

    bool initiator() const { return asked.has_value() || (link && link->initiator()); }
    bool busy() const { return !sent.empty() || outgoing || !incoming.empty(); }
};

}  // namespace waypost::reticulum
