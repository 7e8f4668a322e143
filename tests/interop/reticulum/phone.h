// SPDX-License-Identifier: Apache-2.0
// A program like Sideband on somebody's phone: an LXMF endpoint on the tests' own code above the
// wire, over a real TCP connection and in real time.
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "radio/reticulum/wire/hdlc.h"
#include "tests/unit/radio/reticulum/node/lxmf_peer.h"

namespace waypost::interop {

class Phone {
  public:
    Phone(const std::string& name, std::uint64_t seed) : lxmf(name, seed) {}

    void connect(int port);  // to the box; tries for five seconds, then throws
    // The other way round: the box connects to this phone.
    int listen();
    void take_the_box();
    void hang_up();
    // Sends and hears until it is so; false after the time.
    bool until(const std::function<bool()>& is,
               std::chrono::seconds within = std::chrono::seconds(30));
    bool hears_of_box() {
        return until([this] { return !lxmf.box().empty(); });
    }
    std::size_t times(const std::string& text) const;  // until now, of different messages
    bool proved(const std::string& id) {
        return until([this, id] { return lxmf.delivered(id); });
    }
    std::string texts() const;
    std::string uri() const { return "lxmf:" + lxmf.address(); }

    void step();  // sends and hears what there is now

    reticulum::LxmfPeer lxmf;

  private:
    bool read();

    std::unique_ptr<Poco::Net::ServerSocket> listener_;
    std::unique_ptr<Poco::Net::StreamSocket> socket_;
    reticulum::HdlcParser parser_;
};

// The same for several at once.
bool phones_until(const std::vector<Phone*>& phones, const std::function<bool()>& is,
                  std::chrono::seconds within = std::chrono::seconds(60));

}  // namespace waypost::interop
