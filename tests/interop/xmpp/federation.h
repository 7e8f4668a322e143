// SPDX-License-Identifier: Apache-2.0
// Two Prosodys that speak to each other as on the Internet, with TLS and certificates of one
// authority: hill.test, whose component is a village, and far.test. Names come from a file, by
// libunbound (RFC 6761: of "test." it asks nobody), and each has an address of 127/8 of its own,
// for servers meet at port 5269.
#pragma once

#include <memory>

#include "tests/interop/xmpp/xmpp_servers.h"

namespace waypost::interop {

class Federation {
  public:
    Federation();
    Prosody& hill() { return *hill_; }
    Prosody& far() { return *far_; }

  private:
    std::string settings(const std::string& domain, const std::string& address) const;

    Folder folder_;
    std::unique_ptr<Prosody> hill_, far_;
};

}  // namespace waypost::interop
