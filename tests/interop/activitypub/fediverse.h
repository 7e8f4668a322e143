// SPDX-License-Identifier: Apache-2.0
// A small fediverse on loopback: names of servers, an authority whose certificates they have, and
// the peers. Each has an address of its own and TLS on port 443, as actors' ids have no port.
#pragma once

#include <memory>
#include <string>

#include "tests/interop/console_tls/child.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {

// One in a process, on the main thread, before all else.
class Fediverse {
  public:
    Fediverse();

    const Folder& folder() const { return folder_; }
    // "hill.test" 127.0.1.1, "dale.test" .2, "oak.test" .3, "elm.test" .4, "village.test" .5
    static std::string address_of(const std::string& host);
    // PEM: of the authority; of the certificate for all names, and its key.
    std::string authority() const { return folder_ / "ca.crt"; }
    std::string certificate() const { return folder_ / "hosts.crt"; }
    std::string key() const { return folder_ / "hosts.key"; }

  private:
    const Folder folder_;
};

// Debian's nginx, with TLS for a host whose own server has none and listens on this port.
class TlsProxy {
  public:
    TlsProxy(const Fediverse& world, const std::string& host, int port);

  private:
    std::string settings(const Fediverse& world, const std::string& host, int port) const;
    const Folder folder_;
    std::unique_ptr<Child> nginx_;
};

}  // namespace waypost::interop
