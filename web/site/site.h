// SPDX-License-Identifier: Apache-2.0
// The console on the network: its page, and the API behind /api for who is signed in. Nothing but
// page, claim and sign-in answers without a session.
#pragma once

#include <memory>
#include <string>

#include "gateway/delivery/desk.h"

namespace waypost::site {

struct SiteOptions {
    std::string listen;  // "127.0.0.1:8080"
    std::string files;   // folder of the page
};

// HTTP without encryption: on the box's own protected network, or behind a server that has it.
// Bodies of at most 256 KiB. Threads: one for each request that is answered and each page that
// listens to events, at most kMostThreads.
class Site {
  public:
    static constexpr int kMostThreads = 80;

    // Throws std::runtime_error with a sentence for the operator.
    Site(Desk& desk, const SiteOptions& options);
    ~Site();
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;
    int port() const;

  private:
    struct Running;
    std::unique_ptr<Running> running_;
};

}  // namespace waypost::site
