// SPDX-License-Identifier: Apache-2.0
// A radio on the local network: radio.mjs, which shares no code with the box.
#pragma once

#include <string>
#include <vector>

#include "app/demo/process.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {

class UdpRadio {
  public:
    // `address` of the interface it is on, where this process is now.
    UdpRadio(const Folder& folder, const std::string& address);

    const std::string& id() const { return id_; }  // "!1234abcd"
    // A line of what radio.mjs takes, which it has done when this returns.
    void does(const std::string& command);
    // It told a line with this in it, now or within half a minute.
    bool told(const std::string& text);
    std::size_t times(const std::string& text);  // until now
    // The number of the node that calls itself so, when it has told who it is; else empty.
    std::string knows(const std::string& name);
    std::string lines() const;

  private:
    bool read(std::chrono::milliseconds patience);

    demo::Child child_;
    std::string id_;
    std::vector<std::string> lines_;
    std::size_t done_ = 0;
};

}  // namespace waypost::interop
