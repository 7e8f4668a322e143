// SPDX-License-Identifier: Apache-2.0
// The console on the network: its page, and the API behind /api for who is signed in. Nothing but
// page, claim, sign-in and the portal of the box's own Wi-Fi answers without a session.
#pragma once

#include <memory>
#include <string>

#include "gateway/delivery/desk.h"
#include "web/site/encryption.h"
#include "web/site/portal.h"

namespace waypost::site {

struct SiteOptions {
    std::string listen;        // in clear: "127.0.0.1:8080"; empty: not
    std::string files;         // folder of the page
    std::string tls_listen{};  // with TLS: "0.0.0.0:443"; empty: not
    std::shared_ptr<tls::CertificateKeeper> certificates{};  // of TLS; shared with the desk
    Redirect redirect = Redirect::None;
    PortalOptions portal{};
};

// HTTP, in clear for the box's own protected network or behind a server that has TLS, and with TLS.
// Bodies of at most 256 KiB. Threads: one for each request that is answered and each page that
// listens to events, at most kMostThreads; before them one that takes connections
// (gateway/io/http/front.h).
class Site {
  public:
    static constexpr int kMostThreads = 80;

    // Throws std::runtime_error with a sentence for the operator.
    Site(Desk& desk, const SiteOptions& options);
    ~Site();
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;
    int port() const;      // in clear; 0: none
    int tls_port() const;  // 0: none

  private:
    struct Running;
    std::unique_ptr<Running> running_;
};

}  // namespace waypost::site
