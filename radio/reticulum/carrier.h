// SPDX-License-Identifier: Apache-2.0
// What moves packets between the box's node and others: a TCP connection, phones that connect to
// the box, an RNode. Each has interfaces, which come and go: a way on which packets are heard and
// sent. Beside it only the transport is needed (reticulum_transport.h).
#pragma once

#include <map>
#include <string>

#include "gateway/transport.h"

namespace waypost::reticulum {

using InterfaceNumber = int;  // from 1; never used twice in a run

struct InterfaceInfo {
    std::string name;         // for people: "tcp:10.0.0.1:4242", "192.168.4.7"
    int bits_per_second = 0;  // of a slow one; 0: what is sent there need not be reckoned
};

struct HeardSignal {
    std::optional<int> rssi_dbm;
    std::optional<float> snr_db;
};

// The node's side. On a thread of the carrier's, which holds no lock of its own meanwhile.
class CarrierDoor {
  public:
    virtual ~CarrierDoor() = default;
    virtual void interface_up(InterfaceNumber on, const InterfaceInfo& info) = 0;
    virtual void interface_down(InterfaceNumber on) = 0;
    virtual void came(InterfaceNumber on, const std::string& packet, const HeardSignal& signal) = 0;
    virtual void carrier_changed() = 0;  // up or down, or why
};

class Carrier {
  public:
    // Of a packet: it is with the line, or why it is not.
    enum class Took { Yes, NoLine, NoRoom, NoAirtime };

    virtual ~Carrier() = default;
    // May throw std::runtime_error: bad configuration.
    virtual void start(Office& office, const TransportId& id, CarrierDoor& door) = 0;
    virtual void stop() = 0;  // returns when no call of it comes any more
    // Any thread, does not block.
    virtual Took send(InterfaceNumber on, const std::string& packet, bool alarm) = 0;
    virtual bool up() const = 0;
    // Up, airtime, why and details; the node's own are added.
    virtual Status status() const = 0;
    // Until when there is no airtime for a packet of this size; nothing: there is.
    virtual std::optional<std::chrono::seconds> airtime_in(std::size_t bytes, bool alarm) const {
        (void)bytes;
        (void)alarm;
        return std::nullopt;
    }
};

}  // namespace waypost::reticulum
