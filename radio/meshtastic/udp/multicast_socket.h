// SPDX-License-Identifier: Apache-2.0
// A socket in an IPv4 multicast group, on interfaces that are chosen (RFC 1112). It never waits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/fd.h"
#include "gateway/base/result.h"

namespace waypost::meshtastic {

struct MulticastGroup {
    std::string address;  // "224.0.0.69"
    int port = 0;
};
bool is_multicast(const std::string& address);

// Indexes of interfaces that are up and have an IPv4 address, in order. `which`: the name or an
// address of one; empty: all that are on a network (no loopback, no tunnel). Empty: there is none.
std::vector<int> find_interfaces(const std::string& which);

class MulticastSocket {
  public:
    // Other programs on this machine may be in the group, too, and hear what is sent here. On
    // interfaces that cannot be joined it is not; if that is all of them, there is an Error.
    static Result<MulticastSocket> open(const MulticastGroup& group,
                                        const std::vector<int>& interfaces);

    // By each interface. False: none took it. Any thread.
    bool send(const std::string& bytes) const;
    // The next datagram that is there, cut after `most` bytes.
    std::optional<std::string> receive(std::size_t most) const;
    int fd() const { return fd_.get(); }

  private:
    MulticastSocket(Fd fd, const MulticastGroup& group, std::vector<int> interfaces)
        : fd_(std::move(fd)), group_(group), interfaces_(std::move(interfaces)) {}

    Fd fd_;
    MulticastGroup group_;
    std::vector<int> interfaces_;
};

}  // namespace waypost::meshtastic
